"""Arrow's kernels and columns, typed as far as its stubs can be followed.

The stubs describe every kernel by overloads over arrays and scalars of one type, which no
checker resolves for chunked strings and plain Python literals mixed; so kernels are taken as they
are.
"""

from typing import Any, Final, TypeAlias

import pyarrow as pa
import pyarrow.compute

Column: TypeAlias = Any  # a pyarrow ChunkedArray or Array, of strings unless a docstring says else

compute: Final[Any] = pyarrow.compute
arrays: Final[Any] = pa


def whole_numbers(start: int, count: int) -> Column:
    """``start``, ``start + 1``, ... as int64."""
    return arrays.arange(start, start + count)


def repeated(text: str, count: int) -> Column:
    """The same string ``count`` times."""
    return arrays.repeat(arrays.scalar(text, pa.string()), count)
