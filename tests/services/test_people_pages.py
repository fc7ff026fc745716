"""Lists of customers in pages: every order, both directions, nobody twice, nobody lost, only whom a
store may see."""

from datetime import UTC, date, datetime
from itertools import chain

import pytest
from django.db import connection

from huitou.audiences import models, queries
from huitou.customers.models import Customer
from huitou.staff.models import Store

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
STANDING = (
    "slot, customer_id, layer, stage, health, dormancy_days, purchases, net_minor,"
    " net_360_minor, rfm, p_repeat,"
    " band, risk, risk_days, value_at_risk, loyalty_level, grid_cell, mark"
)

PLACES = """
UPDATE audiences_standing s SET value_place = p.by_value, risk_place = p.by_risk,
       layer_code = CASE layer WHEN 'active' THEN 2 WHEN 'cooling' THEN 3 ELSE 7 END,
       stage_code = 3
FROM  (SELECT customer_id,
              row_number() OVER (ORDER BY coalesce(value_at_risk, -1), customer_id) AS by_value,
              row_number() OVER (ORDER BY coalesce(risk, -1), customer_id) AS by_risk
       FROM audiences_standing) p
WHERE p.customer_id = s.customer_id
"""


@pytest.fixture
def stores():
    made = [
        Store(code=code, name=code, zone="Asia/Shanghai", created_at=NOW)
        for code in ("north", "south")
    ]
    return Store.objects.bulk_create(made)


@pytest.fixture
def people(stores):
    """Twenty customers: equal values on purpose, one without any purchase, one the run has not
    seen."""
    names = ["chenyinuo", "lina", "lina", "zhangwei", ""]
    made = Customer.objects.bulk_create(
        Customer(
            code=f"M-{i:03}",
            name=f"名{i}",
            name_pinyin=names[i % 5],
            home_store=stores[i % 2],
            created_at=NOW,
        )
        for i in range(20)
    )
    models.Person.objects.bulk_create(
        models.Person(
            customer_id=customer.pk,
            first_ordered_on=date(2026, 1, 1),
            last_ordered_on=date(2026, 6, 1 + i % 4),
            purchases=i,
            net_minor=100 * (i % 3),
        )
        for i, customer in enumerate(made[:19])
    )
    with connection.cursor() as cursor:
        for i, customer in enumerate(made[:19]):
            layer, silent = (
                ("no_purchase", None) if i == 18 else ("active" if i % 2 else "cooling", 30 - i % 4)
            )
            cursor.execute(
                f"INSERT INTO audiences_standing ({STANDING}) VALUES"
                " (1, %s, %s, 'repeat_purchase', 'active', %s, %s, %s, 0, '', .5, 'middle', %s, 90,"
                " %s, '', '', '')",
                [
                    customer.pk,
                    layer,
                    silent,
                    i,
                    100 * (i % 3),
                    None if i == 18 else i % 5 / 5,
                    i % 5 * 1.1,
                ],
            )
        cursor.execute(PLACES)
    models.StandingSlot.objects.create(slot=1, run_id=7, put_at=NOW)
    return made


def walk(filters, sort, *, descending, limit=3):
    """All pages forward, then all pages back from the last one: the two lists of ids."""
    pages, place = [], None
    while True:
        page = queries.people(
            filters, slot=1, sort=sort, descending=descending, place=place, limit=limit
        )
        pages.append([row.customer_id for row in page.rows])
        if page.after is None:
            break
        place = page.after
    back = [pages[-1]]
    while page.before is not None:
        page = queries.people(
            filters, slot=1, sort=sort, descending=descending, place=page.before, limit=limit
        )
        back.insert(0, [row.customer_id for row in page.rows])
    return list(chain(*pages)), list(chain(*back))


@pytest.mark.parametrize("sort", queries.SORTS)
@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize(
    "filters", [queries.Filters(), queries.Filters(stage="repeat_purchase")], ids=["all", "stage"]
)
def test_every_customer_stands_on_exactly_one_page_both_ways(people, sort, descending, filters):
    forward, back = walk(filters, sort, descending=descending)
    expected = {customer.pk for customer in people}
    if filters.stage or sort in ("value_at_risk", "risk"):
        expected.remove(people[19].pk)  # nobody has measured the newcomer
    elif sort != "name":
        expected.remove(people[19].pk)  # ordered by orders, only buyers are listed
    assert len(forward) == len(set(forward))
    assert set(forward) == expected
    assert back == forward


def test_value_at_risk_comes_first_highest_and_ties_go_by_id(people):
    page = queries.people(
        queries.Filters(), slot=1, sort="value_at_risk", descending=True, limit=50
    )
    order = [(row.value_at_risk, row.customer_id) for row in page.rows]
    assert order == sorted(order, reverse=True)
    assert (page.before, page.after) == (None, None)


def test_names_stand_in_the_order_of_their_pinyin(people):
    page = queries.people(queries.Filters(), slot=1, sort="name", descending=False, limit=50)
    keys = {customer.pk: (customer.name_pinyin, customer.pk) for customer in people}
    assert [keys[row.customer_id] for row in page.rows] == sorted(keys.values())


def test_filters_leave_only_whom_they_name(people):
    page = queries.people(
        queries.Filters(layer="cooling"), slot=1, sort="last_purchase", descending=True
    )
    assert {row.layer for row in page.rows} == {"cooling"}
    assert len(page.rows) == 9
    assert [row.dormancy_days for row in page.rows] == sorted(
        row.dormancy_days for row in page.rows
    )


def test_a_store_sees_home_customers_and_those_it_sold_to_in_730_days(people, stores):
    north = stores[0]
    bought, long_ago = people[1], people[3]  # both at home in the south
    models.StorePerson.objects.bulk_create(
        [
            models.StorePerson(
                customer_id=bought.pk, store_id=north.pk, last_ordered_on=date(2026, 5, 1)
            ),
            models.StorePerson(
                customer_id=long_ago.pk, store_id=north.pk, last_ordered_on=date(2024, 6, 1)
            ),
        ]
    )
    filters = queries.Filters(visible=(north.pk,), sold_since=date(2024, 7, 1))
    for sort in queries.SORTS:
        page = queries.people(filters, slot=1, sort=sort, descending=True)
        seen = {row.customer_id for row in page.rows}
        assert bought.pk in seen
        assert long_ago.pk not in seen
        assert seen - {bought.pk} <= {customer.pk for customer in people[::2]}
    rule = {"visible": [north.pk], "sold_since": date(2024, 7, 1)}
    assert queries.is_visible(people[0].pk, **rule)
    assert queries.is_visible(bought.pk, **rule)
    assert not queries.is_visible(long_ago.pk, **rule)


def test_a_page_is_two_statements_whatever_its_length(people, django_assert_num_queries):
    with django_assert_num_queries(2):
        queries.people(queries.Filters(), slot=1, sort="risk", descending=True, limit=50)


def test_before_a_measurement_orders_and_names_order_the_list(people):
    models.StandingSlot.objects.all().delete()
    page = queries.people(queries.Filters(), slot=None, sort="net", descending=True)
    assert [row.net_minor for row in page.rows] == sorted(
        (row.net_minor for row in page.rows), reverse=True
    )
    assert {row.layer for row in page.rows} == {None}
    assert (
        queries.people(queries.Filters(layer="new"), slot=None, sort="name", descending=False).rows
        == []
    )
    with pytest.raises(ValueError, match="cannot order"):
        queries.people(queries.Filters(), slot=None, sort="risk", descending=True)
