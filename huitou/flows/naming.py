"""Functions by their name ``module:function``, loaded when they are first called."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any


@cache
def function_named(name: str) -> Callable[..., Any]:
    """The function called ``module:function``.

    Raises:
        LookupError: there is no such module or function.
    """
    module, _, function = name.partition(":")
    try:
        found: Callable[..., Any] = getattr(import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise LookupError(f"nothing is called {name}") from error
    return found
