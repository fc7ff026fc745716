"""Returns go back to sales: latest first, never more than was sold and not yet returned."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitou.orders.returns import matched
from huitou.orders.types import Match, ReturnLine, SaleLine

PIECE = 1_000_000
HOUR = 3_600_000_000


def sale(order_id, day, *, position=1, **said):
    """A sale of one piece for 100 to customer 1, unless said otherwise."""
    cells = {"customer": 1, "product": 7, "pieces": 1, "amount": 100, **said}
    at = (24 * day + 12) * HOUR
    return SaleLine(
        order_id,
        position,
        cells["customer"],
        cells["product"],
        day,
        at,
        cells["pieces"] * PIECE,
        cells["amount"],
    )


def back(order_id, day, *, names_order=None, **said):
    """A return of the same, an hour earlier in the day."""
    line = sale(order_id, day, **said)
    return ReturnLine(*line._replace(ordered_at_us=line.ordered_at_us - HOUR), names_order)


@pytest.mark.parametrize(
    ("sales", "returns", "expected"),
    [
        pytest.param(
            [sale(1, 0), sale(2, 5)], [back(9, 8)], [(9, 2, 1, 100)], id="the latest sale first"
        ),
        pytest.param(
            [sale(1, 0), sale(2, 8)],
            [back(9, 8)],
            [(9, 2, 1, 100)],
            id="the day of the return is included",
        ),
        pytest.param(
            [sale(1, 0), sale(2, 9)], [back(9, 8)], [(9, 1, 1, 100)], id="a later sale is not"
        ),
        pytest.param(
            [sale(1, 0, pieces=2, amount=200), sale(2, 5)],
            [back(9, 8, pieces=3, amount=300)],
            [(9, 2, 1, 100), (9, 1, 2, 200)],
            id="what one sale cannot take goes to the one before",
        ),
        pytest.param(
            [sale(1, 0)],
            [back(9, 8, pieces=3, amount=300)],
            [(9, 1, 1, 100)],
            id="the rest finds no sale",
        ),
        pytest.param([sale(1, 0, product=8)], [back(9, 8)], [], id="another product takes nothing"),
        pytest.param([sale(1, 0, customer=2)], [back(9, 8)], [], id="nor another customer"),
        pytest.param(
            [sale(1, 0), sale(2, 5)],
            [back(9, 8, names_order=1)],
            [(9, 1, 1, 100)],
            id="a named order is believed",
        ),
        pytest.param(
            [sale(1, 0)],
            [back(9, 8, names_order=-1)],
            [],
            id="a named order we do not have takes nothing",
        ),
        pytest.param(
            [sale(1, 0), sale(2, 5)],
            [back(8, 6), back(9, 8, names_order=2)],
            [(9, 2, 1, 100), (8, 1, 1, 100)],
            id="named returns are served first",
        ),
        pytest.param(
            [sale(1, 0, customer=None)],
            [back(9, 8, customer=None, names_order=1)],
            [(9, 1, 1, 100)],
            id="an anonymous return that names its order",
        ),
        pytest.param(
            [sale(1, 0, customer=None)],
            [back(9, 8, customer=None)],
            [],
            id="an anonymous one that does not",
        ),
        pytest.param(
            [sale(1, 0, amount=80)],
            [back(9, 8, amount=100)],
            [(9, 1, 1, 80)],
            id="no more money than the sale brought",
        ),
        pytest.param(
            [sale(1, 0, amount=200)],
            [back(9, 8, pieces=0, amount=50)],
            [(9, 1, 0, 50)],
            id="money alone leaves the goods",
        ),
        pytest.param(
            [sale(1, 0, product=None, amount=200)],
            [back(9, 8, product=None, amount=50)],
            [(9, 1, 0, 50)],
            id="without a product money is taken",
        ),
        pytest.param(
            [sale(1, 0, product=8), sale(1, 0, product=9, position=2)],
            [back(9, 8, product=None, amount=150, names_order=1)],
            [(9, 1, 0, 100), (9, 1, 0, 50)],
            id="a named order without a product gives from its last row back",
        ),
        pytest.param(
            [sale(1, 0, pieces=3, amount=100)],
            [back(8, 1, amount=33), back(9, 2, pieces=2, amount=67)],
            [(8, 1, 1, 33), (9, 1, 2, 67)],
            id="thirds lose no fen",
        ),
    ],
)
def test_a_return_finds_its_sale(sales, returns, expected):
    found = matched(sales, returns)
    assert [
        (m.return_order_id, m.sale_order_id, m.quantity // PIECE, m.amount_minor) for m in found
    ] == expected


def test_what_others_took_is_not_given_twice():
    assert matched([sale(1, 0)], [back(9, 8)], taken={(1, 1): (PIECE, 100)}) == []


SALES = st.lists(
    st.builds(
        sale,
        st.integers(1, 20),
        st.integers(0, 9),
        pieces=st.integers(0, 4),
        amount=st.integers(0, 500),
        product=st.sampled_from([7, 8, None]),
        customer=st.sampled_from([1, 2]),
    ),
    max_size=12,
    unique_by=lambda line: line.order_id,
)
RETURNS = st.lists(
    st.builds(
        back,
        st.integers(21, 40),
        st.integers(0, 9),
        pieces=st.integers(0, 5),
        amount=st.integers(0, 600),
        product=st.sampled_from([7, 8, None]),
        customer=st.sampled_from([1, 2]),
        names_order=st.one_of(st.none(), st.integers(1, 20)),
    ),
    max_size=12,
    unique_by=lambda line: line.order_id,
)


def totals(matches, side):
    pieces, money = Counter(), Counter()
    for match in matches:
        pieces[getattr(match, side)] += match.quantity
        money[getattr(match, side)] += match.amount_minor
    return pieces, money


@given(sales=SALES, returns=RETURNS)
def test_matched_returns_never_exceed_sales_nor_the_return(sales, returns):
    found = matched(sales, returns)
    assert all(match.quantity >= 0 and match.amount_minor >= 0 for match in found)
    pieces, money = totals(found, "sale_order_id")
    for line in sales:
        assert pieces[line.order_id] <= line.quantity
        assert money[line.order_id] <= line.amount_minor
    pieces, money = totals(found, "return_order_id")
    for line in returns:
        assert pieces[line.order_id] <= line.quantity
        assert money[line.order_id] <= line.amount_minor


@given(sales=SALES, returns=RETURNS, order=st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(sales, returns, order):
    shuffled = sales[:], returns[:]
    for rows in shuffled:
        order.shuffle(rows)
    assert sorted(matched(*shuffled)) == sorted(matched(sales, returns))


@given(sales=SALES, returns=RETURNS)
def test_a_match_is_of_one_customer_and_no_later_sale_unless_it_is_named(sales, returns):
    sold = {line.order_id: line for line in sales}
    returned = {line.order_id: line for line in returns}
    for match in matched(sales, returns):
        assert isinstance(match, Match)
        line, origin = returned[match.return_order_id], sold[match.sale_order_id]
        if line.names_order is not None:
            assert origin.order_id == line.names_order
        else:
            assert (origin.customer_id, origin.product_id) == (line.customer_id, line.product_id)
            assert origin.ordered_on_days <= line.ordered_on_days
