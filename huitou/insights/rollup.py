"""From the people who answered to everyone they stand for: means weighted by layer and store."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huitou.insights import shares

# Neighbours in this order are alike in how long they have been silent: "the next layer".
LAYERS: Final = (
    "new",
    "developing",
    "active",
    "cooling",
    "high_win_back",
    "low_win_back",
    "lost",
)

Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RolledUp:
    """A weighted mean of a population and what it could not stand for."""

    mean: shares.StratifiedMean
    population: int
    not_represented: tuple[tuple[str, int], ...]  # layer, people

    @property
    def coverage(self) -> float | None:
        """Answers / population; None for no population."""
        return self.mean.n / self.population if self.population else None

    def facts(self) -> dict[str, Any]:
        """Mean, interval and marks for the report; under 5 answers only the counts."""
        n = self.mean.n
        if n < shares.NONE_BELOW:
            return {"mean": None, "lo": None, "hi": None, "n": n, "n_eff": None, "few": True}
        return {
            "mean": self.mean.mean,
            "lo": shares.number(self.mean.lo),
            "hi": shares.number(self.mean.hi),
            "n": n,
            "n_eff": self.mean.n_eff,
            "few": shares.is_few(self.mean.n_eff),
        }


def layer_codes(layer: NDArray[Any]) -> Codes:
    """Each layer as its place in ``LAYERS``; -1 for any other word."""
    codes = np.full(len(layer), -1, dtype=np.int64)
    for place, name in enumerate(LAYERS):
        codes[layer == name] = place
    return codes


def rolled_up(values: NDArray[np.float64], layer: NDArray[Any], store: NDArray[Any]) -> RolledUp:
    """The mean of ``values`` over the population, weighted by layer and store.

    Args:
        values: one per person of the population, NaN = no value, shape (n,).
        layer: codes of ``layer_codes`` or the words themselves, shape (n,).
        store: ids of the home stores, shape (n,).

    Returns:
        Cells are layer x store. A cell with fewer than 5 values joins the small cells of its
        layer over all stores; if that is still fewer than 5 the whole layer becomes one cell,
        then it joins the next layer (the last one the layer before it). A cell left without
        any value is named "not represented" and its people leave the weights.
    """
    layers = layer if layer.dtype.kind == "i" else layer_codes(layer)
    _, stores = np.unique(store, return_inverse=True)
    width = int(stores.max()) + 1 if len(stores) else 1
    fine = layers * width + stores
    answered = ~np.isnan(values)
    _, cell = np.unique(fine, return_inverse=True)
    cells = int(cell.max()) + 1 if len(cell) else 0
    people = np.bincount(cell, minlength=cells)
    answers = np.bincount(cell[answered], minlength=cells)
    layer_of_cell = np.zeros(cells, dtype=np.int64)
    layer_of_cell[cell] = layers
    group = _joined(answers, layer_of_cell)
    return _summed(values, group[cell], (people, group, layer_of_cell))


def _joined(answers: Codes, layer: Codes) -> Codes:
    """A group number for every cell, by the three steps of ``rolled_up``."""
    group = np.arange(len(answers), dtype=np.int64)
    present = np.unique(layer)
    for name in present:
        mine = layer == name
        small = mine & (answers < shares.NONE_BELOW)
        if not small.any():
            continue
        if answers[small].sum() >= shares.NONE_BELOW or small.sum() == mine.sum():
            group[small] = group[small].min()
        else:
            group[mine] = group[mine].min()
    for place, name in enumerate(present):
        mine = layer == name
        if answers[mine].sum() >= shares.NONE_BELOW or len(present) == 1:
            continue
        neighbour = present[place + 1] if place + 1 < len(present) else present[place - 1]
        both = mine | (layer == neighbour)
        group[both] = group[both].min()
    return group


def _summed(
    values: NDArray[np.float64], group: Codes, cells: tuple[Codes, Codes, Codes]
) -> RolledUp:
    people_of_cell, group_of_cell, layer_of_cell = cells
    size = int(group_of_cell.max()) + 1 if len(group_of_cell) else 0
    answered = ~np.isnan(values)
    n = np.bincount(group[answered], minlength=size)
    total = np.bincount(group[answered], weights=values[answered], minlength=size)
    people = np.bincount(group_of_cell, weights=people_of_cell, minlength=size)
    used = n > 0
    mean = np.divide(total, n, out=np.full(size, np.nan), where=used)
    squares = np.bincount(
        group[answered], weights=(values[answered] - mean[group[answered]]) ** 2, minlength=size
    )
    sd = np.sqrt(np.divide(squares, n - 1, out=np.full(size, np.nan), where=n > 1))
    missed: dict[str, int] = {}
    for cell in np.nonzero(~used[group_of_cell])[0]:
        code = int(layer_of_cell[cell])
        name = LAYERS[code] if code >= 0 else ""
        missed[name] = missed.get(name, 0) + int(people_of_cell[cell])
    return RolledUp(
        shares.stratified_mean(people[used], n[used], mean[used], sd[used]),
        int(people_of_cell.sum()),
        tuple(missed.items()),
    )
