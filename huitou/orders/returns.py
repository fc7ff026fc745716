"""Which sale a return goes back to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Final

from huitou.orders.types import Match, ReturnLine, SaleLine

# Day, instant, order, position: of a sale row and of a return row alike.
_time: Final = itemgetter(4, 5, 0, 1)


class _Lot:
    """What of a sale row has not come back yet."""

    __slots__ = ("amount_minor", "line", "quantity")

    def __init__(self, line: SaleLine, taken: tuple[int, int]) -> None:
        self.line = line
        self.quantity = line.quantity - taken[0]
        self.amount_minor = line.amount_minor - taken[1]


def matched(
    sales: Iterable[SaleLine],
    returns: Iterable[ReturnLine],
    *,
    taken: Mapping[tuple[int, int], tuple[int, int]] | None = None,
) -> list[Match]:
    """Take each return back from sales, never more than was sold and not yet returned.

    A return that names its order takes from that order alone: from the row it is of where that is
    known, else of its product, or of any row if the product is not there. The others go back
    through the customer's sales of that product, latest first, the day of the return included.
    Where product or quantity is not known, money is taken instead of pieces. Named returns are
    served first, then by time.

    Args:
        sales: sale rows that may be returned; rows wholly returned by their own status are left
            out by the caller.
        returns: return rows.
        taken: by (order, position) of a sale row, the pieces and the money that returns not among
            ``returns`` took.

    Returns:
        Pieces and money by pair of rows, in the order they were taken. What is not in it found no
        sale.
    """
    by_order: dict[int, list[_Lot]] = defaultdict(list)
    by_product: dict[tuple[int, int | None], list[_Lot]] = defaultdict(list)
    for sale in sorted(sales, key=_time):
        lot = _Lot(sale, (taken or {}).get((sale.order_id, sale.position), (0, 0)))
        by_order[sale.order_id].append(lot)
        if sale.customer_id is not None:
            by_product[sale.customer_id, sale.product_id].append(lot)
    matches: list[Match] = []
    in_time = sorted(returns, key=_time)
    for line in sorted(in_time, key=lambda line: line.names_order is None):
        if line.names_order is not None:
            lots = by_order.get(line.names_order, [])
            own = next((lot for lot in lots if lot.line.position == line.names_row), None)
            if own is not None and _is_within(line, own):
                matches.append(_take_own(line, own))
                continue
            same = [lot for lot in lots if lot.line.product_id == line.product_id]
            by_pieces = bool(same) and line.product_id is not None and line.quantity > 0
            matches += _take(line, same or lots, len(same or lots), by_pieces=by_pieces)
        elif line.customer_id is not None:
            lots = by_product.get((line.customer_id, line.product_id), [])
            by_pieces = line.product_id is not None and line.quantity > 0
            matches += _take(line, lots, _end(lots, line), by_pieces=by_pieces)
    return matches


def _is_within(line: ReturnLine, lot: _Lot) -> bool:
    is_same = lot.line.product_id == line.product_id
    return is_same and line.quantity <= lot.quantity and line.amount_minor <= lot.amount_minor


def _take_own(line: ReturnLine, lot: _Lot) -> Match:
    lot.quantity -= line.quantity
    lot.amount_minor -= line.amount_minor
    sale = lot.line
    return Match(
        line.order_id, line.position, sale.order_id, sale.position, line.quantity, line.amount_minor
    )


def _end(lots: list[_Lot], line: ReturnLine) -> int:
    """How many of the lots were sold up to the day of the return; used up ones at the end are
    forgotten."""
    while lots and lots[-1].quantity <= 0 and lots[-1].amount_minor <= 0:
        lots.pop()
    end = len(lots)
    while end and lots[end - 1].line.ordered_on_days > line.ordered_on_days:
        end -= 1
    return end


def _take(line: ReturnLine, lots: Sequence[_Lot], end: int, *, by_pieces: bool) -> list[Match]:
    taken: list[Match] = []
    pieces_left, money_left = line.quantity, line.amount_minor
    for lot in map(lots.__getitem__, range(end - 1, -1, -1)):
        if (pieces_left if by_pieces else money_left) <= 0:
            break
        if (lot.quantity if by_pieces else lot.amount_minor) <= 0:
            continue
        if by_pieces:
            pieces = min(pieces_left, lot.quantity)
            pieces_left -= pieces
            # The money due up to here less what was due before: no minor unit is lost to rounding.
            due = money_left - line.amount_minor * pieces_left // line.quantity
        else:
            pieces, due = 0, money_left
        money = min(due, max(lot.amount_minor, 0))
        money_left -= due if by_pieces else money
        lot.quantity -= pieces
        lot.amount_minor -= money
        taken.append(
            Match(line.order_id, line.position, lot.line.order_id, lot.line.position, pieces, money)
        )
    return taken
