"""Codes as words, and numbers as stylesheets want them."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext

from huitou.console import ladders
from huitou.staff.queries import allows

register = template.Library()


@register.filter
def css(value: float | int | None) -> str:
    """A number for ``style="--value: 38.5"``: a plain decimal whatever the language; nothing known
    is 0."""
    return f"{float(value or 0):.1f}"


@register.filter
def band_rows(bands: Mapping[str, int]) -> list[dict[str, Any]]:
    """``{high, middle, low}`` as rows of a word and a number, highest first."""
    return [
        {"word": gettext(word), "customers": bands.get(code, 0)}
        for code, word in ladders.BANDS.items()
    ]


@register.filter
def layer_word(code: str) -> str:
    """A layer's code as its word."""
    return ladders.ladder_word("layer", code)


@register.filter
def hundredfold(share: float | None) -> float | None:
    """A share 0..1 on a scale of 100; unknown stays unknown."""
    return None if share is None else share * 100


@register.filter
def get(mapping: Mapping[Any, Any], key: Any) -> Any:
    """``mapping[key]``, or nothing."""
    return mapping.get(key)


@register.filter
def may(user: Any, action: str) -> bool:
    """Whether the reader's role may do ``action``: for buttons; the doors behind them ask again."""
    return allows(getattr(user, "role", ""), action)
