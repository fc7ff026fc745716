"""Saved audiences: versions, names, what is built on what; and the people they choose."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction

from huitou.audiences import errors, models, queries, registry, services
from huitou.audiences.presets import PRESETS
from huitou.audiences.types import Sight
from huitou.customers.models import Consent, Customer, Identity
from huitou.kit.conditions.errors import ConditionError
from huitou.kit.conditions.parsing import parse
from huitou.orders.models import Order
from huitou.platform.models import AuditEntry, Fact
from huitou.staff.models import Store
from huitou.voice.models import Answer

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 30)
NOW = datetime(2026, 6, 30, 4, tzinfo=UTC)
AT = {"today": TODAY, "now": NOW}
EVERYBODY = {"v": 1, "where": {"all": []}}


def leaf(field, op, value):
    return {"field": field, "op": op, "value": value}


def condition(*nodes):
    return {"v": 1, "where": {"all": list(nodes)}}


def expression(*nodes):
    return queries.read(condition(*nodes))


def codes(*nodes, sight=None):
    ids = queries.members(expression(*nodes), **AT, sight=sight).tolist()
    return sorted(Customer.objects.filter(pk__in=ids).values_list("code", flat=True))


@pytest.fixture
def stores():
    made = [Store(code=code, name=code, zone="Asia/Shanghai", created_at=NOW) for code in "NS"]
    return Store.objects.bulk_create(made)


@pytest.fixture
def people(stores):
    """A: buys often and agreed to messages. B: bought once long ago and withdrew. C: never bought,
    never asked, no address. D: no longer wants messages, nothing else is known."""
    a, b, c, d = Customer.objects.bulk_create(
        [
            Customer(
                code="A", name="安", name_folded="安", phone="+8613800000001", email="a@example.cn",
                home_store=stores[0], tags=["VIP", "friend"], birth_date=date(1990, 7, 3),
                created_at=NOW,
            ),
            Customer(code="B", name="柏", phone="+8613800000002", home_store=stores[1],
                     created_at=NOW),
            Customer(code="C", created_at=NOW),
            Customer(code="D", phone="+86138****0004", phone_is_masked=True, email="d@example.cn",
                     created_at=NOW),
        ]
    )  # fmt: skip
    Identity.objects.create(source="wechat", value="o-1", customer=a)
    for customer, channel, state, hours in (
        (a, "sms", "refused", 30),
        (a, "sms", "given", 20),
        (b, "sms", "given", 30),
        (b, "sms", "withdrawn", 20),
        (d, "email", "refused", 5),
    ):
        Consent.objects.create(
            customer=customer, channel=channel, purpose="marketing", state=state,
            stated_at=NOW - timedelta(hours=hours),
        )  # fmt: skip
    for customer, days, net, category in (
        (a, 0, 3000, "beans"),
        (a, 29, 2000, "coffee"),
        (a, 30, 1000, "coffee"),
        (a, 200, 500, "coffee"),
        (b, 200, 800, "beans"),
    ):
        _order(customer, stores[0], days, net, category)
    for customer, days, satisfaction in ((a, 9, "dissatisfied"), (a, 3, "satisfied")):
        Answer.objects.create(
            customer=customer, answered_at=NOW - timedelta(days=days), satisfaction=satisfaction,
            answered_on=TODAY - timedelta(days=days),
        )  # fmt: skip
    models.Person.objects.bulk_create(
        [
            models.Person(customer_id=a.pk, first_ordered_on=TODAY - timedelta(200),
                          last_ordered_on=TODAY, purchases=4, net_minor=6500),
            models.Person(customer_id=b.pk, first_ordered_on=TODAY - timedelta(200),
                          last_ordered_on=TODAY - timedelta(200), purchases=1, net_minor=800),
        ]
    )  # fmt: skip
    _stand(a, "active", risk=0.12, rfm="555")
    _stand(b, "low_win_back", risk=0.8, rfm="211")
    models.StandingSlot.objects.create(slot=1, run_id=1, put_at=NOW)
    models.StorePerson.objects.create(
        customer_id=a.pk, store_id=stores[0].pk, last_ordered_on=TODAY
    )
    return {"A": a, "B": b, "C": c, "D": d}


def _order(customer, store, days, net, category):
    day = TODAY - timedelta(days=days)
    Order.objects.create(
        source="pos", number=f"{customer.code}-{days}", customer=customer, store=store,
        status="paid", ordered_on=day, ordered_at=NOW - timedelta(days=days), total_minor=net,
        main_category=category, is_counted=True, digest=b"", import_id=1, created_import_id=1,
    )  # fmt: skip


def _stand(customer, layer, *, risk, rfm):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audiences_standing (slot, customer_id, layer, stage, health, purchases,"
            " net_minor, net_360_minor, rfm, band, risk, loyalty_level, grid_cell, mark)"
            " VALUES (1, %s, %s, 'repeat_purchase', 'active', 1, 1, 1, %s, '', %s, '', '', '')",
            [customer.pk, layer, rfm, risk],
        )


def count_of_orders(op, value, window="ever", where=()):
    return {
        "agg": "count", "of": "orders", "window": window, "where": list(where), "op": op,
        "value": value,
    }  # fmt: skip


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
    assert reach["sms"][1:] == (4, 1, 2, 0, 0, 1)  # the masked number is no address
    assert reach["email"][1:] == (4, 0, 2, 1, 1, 0)
    assert reach["wechat"][1:] == (4, 0, 3, 1, 0, 0)
    for row in reach.values():
        assert sum(row[2:]) == row.people


def test_many_conditions_are_counted_in_one_statement(people, django_assert_num_queries):
    nodes = [expression(leaf("layer", "eq", "active")).where, expression().where]
    with django_assert_num_queries(1):
        assert queries.counts(nodes, **AT) == [1, 4]


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


def test_a_saved_audience_keeps_every_version(people):
    made = services.save(
        name=" Regulars ", expression=condition(leaf("layer", "eq", "active")), now=NOW
    )
    assert (made.name, made.version) == ("Regulars", 1)
    changed = services.change(
        public_id=made.public_id,
        version=1,
        name="Regulars",
        expression=condition(leaf("layer", "in", ["active", "cooling"])),
        now=NOW,
    )
    again = services.change(
        public_id=made.public_id, version=2, name="Regulars", expression=changed.expression, now=NOW
    )
    assert again.version == 2
    kept = models.AudienceVersion.objects.filter(audience_id=made.id).order_by("version")
    assert [row.expression["where"]["all"][0]["op"] for row in kept] == ["eq", "in"]
    facts = list(Fact.objects.filter(name="audiences.saved").values_list("payload", flat=True))
    assert facts == [{"audience_id": made.id, "version": n} for n in (1, 2)]
    assert AuditEntry.objects.filter(subject=f"audience:{made.public_id}").count() == 2


def test_a_version_once_saved_cannot_be_rewritten(people):
    services.save(name="Regulars", expression=EVERYBODY, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.AudienceVersion.objects.update(name="Others")


def test_who_saves_over_a_version_that_is_gone_hears_so(people):
    made = services.save(name="Regulars", expression=EVERYBODY, now=NOW)
    said = {"public_id": made.public_id, "name": "R", "expression": EVERYBODY, "now": NOW}
    services.change(version=1, **said)
    with pytest.raises(errors.AudienceChanged) as refused:
        services.change(version=1, **said | {"name": "Q"})
    assert refused.value.facts == {"version": 2}


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x00b"])
def test_a_name_must_be_there_and_short(name):
    with pytest.raises(errors.AudienceNameInvalid):
        services.save(name=name, expression=EVERYBODY, now=NOW)


def test_one_name_means_one_audience_until_it_is_archived():
    first = services.save(name="Regulars", expression=EVERYBODY, now=NOW)
    with pytest.raises(errors.AudienceNameTaken):
        services.save(name="Regulars", expression=EVERYBODY, now=NOW)
    services.archive(public_id=first.public_id, now=NOW)
    second = services.save(name="Regulars", expression=EVERYBODY, now=NOW)
    with pytest.raises(errors.AudienceNameTaken):
        services.restore(public_id=first.public_id, now=NOW)
    services.archive(public_id=second.public_id, now=NOW)
    services.restore(public_id=first.public_id, now=NOW)
    assert [row.public_id for row in queries.audiences()] == [first.public_id]


def test_an_audience_may_be_built_on_others_and_follows_their_changes(people):
    base = services.save(name="Base", expression=condition(leaf("layer", "eq", "active")), now=NOW)
    built = services.save(
        name="Built", expression=condition({"not": {"audience": "Base"}}), now=NOW
    )
    assert codes({"not": {"audience": "Base"}}) == ["B", "C", "D"]
    services.change(
        public_id=base.public_id, version=1, name="Base",
        expression=condition(leaf("layer", "known", True)), now=NOW,
    )  # fmt: skip
    asked = queries.expression(queries.audience(built.public_id))
    assert queries.count(asked, **AT) == 2


def test_what_others_are_built_on_is_neither_renamed_nor_archived(people):
    base = services.save(name="Base", expression=EVERYBODY, now=NOW)
    services.save(name="Built", expression=condition({"audience": "Base"}), now=NOW)
    with pytest.raises(errors.AudienceInUse) as refused:
        services.archive(public_id=base.public_id, now=NOW)
    assert refused.value.facts == {"names": "Built"}
    with pytest.raises(errors.AudienceInUse):
        services.change(
            public_id=base.public_id, version=1, name="Other", expression=EVERYBODY, now=NOW
        )


def test_an_audience_cannot_contain_itself(people):
    base = services.save(name="Base", expression=EVERYBODY, now=NOW)
    services.save(name="Built", expression=condition({"audience": "Base"}), now=NOW)
    with pytest.raises(ConditionError) as refused:
        services.change(
            public_id=base.public_id, version=1, name="Base",
            expression=condition({"audience": "Built"}), now=NOW,
        )  # fmt: skip
    assert refused.value.reason == "audience_circle"
    assert queries.audience(base.public_id).version == 1


def test_a_copy_is_an_audience_of_its_own():
    first = services.save(name="Regulars", expression=EVERYBODY, preset="active", now=NOW)
    second = services.copy(public_id=first.public_id, name="Mine", now=NOW)
    assert (second.name, second.preset, second.version) == ("Mine", "active", 1)
    with pytest.raises(errors.AudienceMissing):
        services.copy(public_id="aud_0", name="Mine too", now=NOW)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.code)
def test_every_ready_made_audience_can_be_saved_and_counted(people, preset):
    made = services.save(
        name=preset.name, expression=preset.expression, preset=preset.code, now=NOW
    )
    assert queries.count(queries.expression(made), **AT) >= 0


def test_the_four_plans_and_the_watched_groups_find_their_people(people):
    found = {
        preset.code: queries.count(parse(preset.expression, registry.registry()), **AT)
        for preset in PRESETS
    }
    assert found == {
        "new": 0, "active": 1, "cooling": 0, "easy_win_back": 0, "hard_win_back": 1, "key": 1,
        "at_risk_and_valuable": 0, "satisfied_but_gone": 0, "birthday": 1,
    }  # fmt: skip
