"""A column by its distinct texts: what is asked of a text is asked once, not once a row."""

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from huitou.connectors.files.arrow import Column
from huitou.connectors.files.arrow import compute as pc

_FEW = 0.5  # share of distinct texts up to which it is worth to ask them alone


@dataclass(frozen=True)
class Spelled:
    """``words`` are texts; row i has the one at ``places[i]``, or the i-th without ``places``."""

    words: Column
    places: Column | None = None

    @classmethod
    def of(cls, column: Column) -> "Spelled":
        """The column by its distinct texts if these are few, else as it is."""
        coded = column.combine_chunks().dictionary_encode()
        if coded.null_count or len(coded.dictionary) > len(coded) * _FEW:
            return cls(column)
        return cls(pa.chunked_array([coded.dictionary], pa.string()), coded.indices)

    def changed(self, change: Callable[[Column], Column]) -> "Spelled":
        """With ``change``, which looks at each text alone, applied to the words."""
        return Spelled(change(self.words), self.places)

    def filter(self, keep: Column) -> "Spelled":
        """The rows where ``keep`` is true."""
        if self.places is None:
            return Spelled(self.words.filter(keep))
        kept = keep.combine_chunks() if isinstance(keep, pa.ChunkedArray) else keep
        return Spelled(self.words, self.places.filter(kept))

    def column(self, words: Column | None = None) -> Column:
        """Row by row: the words, or what ``words`` says of each of them."""
        said = self.words if words is None else words
        if self.places is None:
            return said
        flat = said.combine_chunks() if isinstance(said, pa.ChunkedArray) else said
        return pa.chunked_array([pc.take(flat, self.places)])
