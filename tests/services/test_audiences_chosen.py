"""Whom a condition chooses among four people: fields, spans, aggregates, sight, reach, why."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from huitou.audiences import queries, registry
from huitou.audiences.presets import PRESETS
from huitou.audiences.types import Sight
from huitou.customers import queries as customers
from huitou.customers.models import Consent, Customer
from huitou.kit.conditions.parsing import parse
from tests.services import four_people as shop
from tests.services.four_people import AT, NOW, TODAY, codes, count_of_orders, expression, leaf

pytestmark = pytest.mark.django_db


@pytest.fixture
def stores():
    return shop.two_stores()


@pytest.fixture
def people(stores):
    return shop.four_people(stores)


@pytest.mark.parametrize(
    ("node", "chosen"),
    [
        pytest.param({"all": []}, ["A", "B", "C", "D"], id="everybody"),
        pytest.param(leaf("layer", "in", ["active", "lost"]), ["A"], id="a layer"),
        pytest.param(
            {"not": leaf("layer", "eq", "active")}, ["B", "C", "D"], id="not includes the unknown"
        ),
        pytest.param(leaf("layer", "ne", "active"), ["B"], id="the unknown is not another layer"),
        pytest.param(leaf("layer", "known", False), ["C", "D"], id="not measured"),
        pytest.param(leaf("level", "known", True), [], id="an empty level is not known"),
        pytest.param(leaf("tags", "has", "VIP"), ["A"], id="a tag"),
        pytest.param(leaf("tags", "has", "vip"), [], id="tags are compared exactly"),
        pytest.param(leaf("name", "starts_with", "安"), ["A"], id="a name"),
        pytest.param(leaf("birthday", "lte", 7), ["A"], id="a birthday within a week"),
        pytest.param(leaf("birthday", "lte", 2), [], id="three days are more than two"),
        pytest.param(leaf("days_since_purchase", "gte", 200), ["B"], id="200 days are reached"),
        pytest.param(leaf("days_since_purchase", "gt", 200), [], id="and not passed"),
        pytest.param(leaf("net", "gte", 800), ["A", "B"], id="money in minor units"),
        pytest.param(leaf("purchases", "eq", 0), ["C", "D"], id="no purchase is zero purchases"),
        pytest.param(leaf("risk", "gte", 0.8), ["B"], id="a chance"),
        pytest.param(leaf("money_score", "eq", 5), ["A"], id="a digit of the scores"),
        pytest.param(leaf("consent_sms", "eq", "given"), ["A"], id="the newest statement counts"),
        pytest.param(leaf("consent_sms", "eq", "unknown"), ["C", "D"], id="never asked"),
        pytest.param(leaf("reachable_sms", "eq", True), ["A"], id="an address and a consent"),
        pytest.param(count_of_orders("gte", 2, {"days": 30}), ["A"], id="twice in 30 days"),
        pytest.param(
            count_of_orders("eq", 2, {"days": 30}), ["A"], id="today and 29 days ago are two"
        ),
        pytest.param(count_of_orders("eq", 3, {"days": 31}), ["A"], id="30 days ago is the 31st"),
        pytest.param(count_of_orders("eq", 0, {"days": 30}), ["B", "C", "D"], id="none of them"),
        pytest.param(
            count_of_orders("gte", 1, where=[leaf("category", "in", ["beans"])]),
            ["A", "B"],
            id="bought beans",
        ),
        pytest.param(
            {"agg": "sum", "of": "orders.net", "window": {"since": "2026-06-01"}, "op": "eq",
             "value": 5000},
            ["A"],
            id="the sum since a day",
        ),
        pytest.param(
            {"agg": "average", "of": "orders.net", "window": "ever", "op": "eq", "value": 1625},
            ["A"],
            id="the mean, exactly",
        ),
        pytest.param(
            {"agg": "last", "of": "answers.satisfaction", "window": "ever", "op": "eq",
             "value": "satisfied"},
            ["A"],
            id="the latest answer, not any answer",
        ),
    ],
)  # fmt: skip
def test_a_condition_chooses_these_people(people, node, chosen):
    assert codes(node) == chosen
    assert queries.count(expression(node), **AT) == len(chosen)


def test_every_field_and_collection_there_is_can_be_asked_of_real_people(people):
    for bound in registry.fields().values():
        asked = expression(leaf(bound.field.name, "known", True))
        queries.why(asked, queries.members(asked, **AT).tolist(), **AT)
    for bound in registry.collections().values():
        name = bound.collection.name
        for field in bound.collection.fields:
            last = {"agg": "last", "of": f"{name}.{field.name}", "op": "known", "value": True}
            asked = expression(last)
            ids = queries.members(asked, **AT).tolist()
            assert all(one.why[0].holds for one in queries.why(asked, ids, **AT))


def test_a_random_hundredth_is_always_the_same_and_parts_do_not_overlap(people):
    parts = [queries.members(expression(leaf("random_bucket", "eq", n)), **AT) for n in range(100)]
    everyone = np.sort(np.concatenate(parts))
    assert everyone.tolist() == queries.members(expression(), **AT).tolist()


def test_a_reader_of_one_store_counts_only_the_customers_of_that_store(people, stores):
    north = Sight((stores[0].pk,), TODAY - timedelta(days=729))
    south = Sight((stores[1].pk,), TODAY - timedelta(days=729))
    assert codes(sight=north) == ["A"]
    assert codes(sight=south) == ["B"]
    assert queries.count(expression(), **AT, sight=south) == 1
    assert queries.reach(expression(), **AT, sight=south)[0].people == 1


def test_reach_says_for_each_channel_why_not_the_rest(people):
    reach = {row.channel: row for row in queries.reach(expression(), **AT)}
    assert reach["sms"][1:] == (4, 1, 2, 0, 0, 1, 0, 0)  # the masked number is no address
    assert reach["email"][1:] == (4, 0, 2, 1, 1, 0, 0, 0)
    assert reach["wechat"][1:] == (4, 0, 3, 1, 0, 0, 0, 0)
    for row in reach.values():
        assert sum(row[2:]) == row.people


@pytest.mark.parametrize(
    ("node", "moment"),
    [
        pytest.param(leaf("layer", "eq", "active"), None, id="no clock in it"),
        pytest.param(
            leaf("days_since_purchase", "gte", 10), datetime(2026, 7, 9, 16, tzinfo=UTC),
            id="ten days after today's purchase, at midnight of the shop",
        ),
        pytest.param(
            leaf("days_since_purchase", "gte", 201), datetime(2026, 6, 30, 16, tzinfo=UTC),
            id="tonight the old purchase is 201 days away",
        ),
        pytest.param(
            leaf("birthday", "lte", 2), datetime(2026, 6, 30, 16, tzinfo=UTC),
            id="days of the year are looked at every midnight",
        ),
        pytest.param(
            count_of_orders("gte", 2, {"days": 30}), datetime(2026, 6, 30, 16, tzinfo=UTC),
            id="an order leaves the span",
        ),
        pytest.param(
            count_of_orders("gte", 2, {"hours": 48}), NOW + timedelta(hours=48),
            id="a span of hours ends to the second",
        ),
    ],
)  # fmt: skip
def test_the_clock_next_changes_an_audience_at_one_known_moment(people, node, moment):
    zone = ZoneInfo("Asia/Shanghai")
    assert queries.next_crossing(expression(node), **AT, zone=zone) == moment


def test_many_conditions_are_counted_in_one_statement(people, django_assert_num_queries):
    nodes = [expression(leaf("layer", "eq", "active")).where, expression().where]
    with django_assert_num_queries(1):
        assert queries.counts(nodes, **AT) == [1, 4]


def test_reach_agrees_with_who_owns_every_sending(people):
    """Of each channel the audience counts whom the sender would let through, shared addresses and
    "do not contact" included."""
    shared = Customer.objects.create(
        code="E", phone="+8613800000002", email="a@example.cn", created_at=NOW
    )
    stopped = Customer.objects.create(
        code="F", phone="+8613800000009", email="f@example.cn", created_at=NOW
    )
    beside = Customer.objects.create(  # at the phone and e-mail of one not to be contacted
        code="G", phone="+8613800000009", email="f@example.cn", created_at=NOW
    )
    for customer, channel, purpose, state in (
        (shared, "sms", "marketing", "given"),  # B, at the same number, withdrew
        (shared, "email", "marketing", "given"),
        (people["A"], "email", "marketing", "refused"),  # at the same address
        (stopped, "sms", "marketing", "given"),
        (stopped, "any", "any", "withdrawn"),
        (beside, "sms", "marketing", "given"),
        (beside, "email", "marketing", "given"),
    ):
        Consent.objects.create(
            customer=customer, channel=channel, purpose=purpose, state=state, stated_at=NOW
        )
    for customer in Customer.objects.all():  # as every writer of a phone keeps it
        customer.phone_reversed = customer.phone.removeprefix("+")[::-1]
        customer.save()
    ids = queries.members(expression(), **AT).tolist()
    for row in queries.reach(expression(), **AT):
        sender = customers.reach(ids, channel=row.channel, purpose="marketing").values()
        may = sum(1 for one in sender if one.address and one.refusal is None)
        assert row.reachable == may
        assert codes(leaf(f"reachable_{row.channel}", "eq", True)) == sorted(
            Customer.objects.get(pk=one).code
            for one, said in customers.reach(ids, channel=row.channel, purpose="marketing").items()
            if said.address and said.refusal is None
        )
        assert sum(row[2:]) == row.people
    assert codes(leaf("do_not_contact", "eq", True)) == ["F"]


def test_a_sample_is_drawn_from_the_chosen_alone_and_another_seed_draws_others(people):
    everyone = expression()
    drawn = {tuple(queries.sample_ids(everyone, 2, seed=str(n), **AT)) for n in range(20)}
    assert len(drawn) > 3
    again = queries.sample_ids(everyone, 2, seed="3", **AT)
    assert queries.sample_ids(everyone, 2, seed="3", **AT) == again
    chosen = queries.sample_ids(expression(leaf("layer", "eq", "active")), 5, seed="1", **AT)
    assert chosen == [people["A"].pk]


def test_why_gives_the_value_of_every_condition(people):
    asked = expression(
        leaf("days_since_purchase", "lt", 60),
        {"not": leaf("layer", "eq", "lost")},
        count_of_orders("gte", 2, {"days": 30}),
    )
    (chosen,) = queries.why(asked, [people["A"].pk], **AT)
    assert [(one.value, one.negated, one.holds) for one in chosen.why] == [
        (0, False, True),
        ("active", True, False),
        (2, False, True),
    ]


def test_values_seen_are_offered_the_commonest_first(people):
    assert queries.seen("category", of="orders") == ["coffee", "beans"]
    assert queries.seen("tags") == ["VIP", "friend"]


def test_the_four_plans_and_the_watched_groups_find_their_people(people):
    found = {
        preset.code: queries.count(parse(preset.expression, registry.registry()), **AT)
        for preset in PRESETS
    }
    assert found == {
        "new": 0, "developing": 0, "active": 1, "cooling": 0, "easy_win_back": 0,
        "hard_win_back": 1, "lost": 0, "no_purchase": 0, "key": 1, "at_risk_and_valuable": 0,
        "satisfied_but_gone": 0, "birthday": 1,
    }  # fmt: skip
