"""Conditions in JSON: what is read, what is refused and where, and how it is said in words."""

from datetime import date
from decimal import Decimal

import pytest

from huitou.kit.conditions.errors import ConditionError
from huitou.kit.conditions.parsing import parse, to_json
from huitou.kit.conditions.readable import Speech, readable
from huitou.kit.conditions.types import Clock, Collection, Field, InAudience, Kind, Leaf, Registry

REGISTRY = Registry.of(
    [
        Field("layer", Kind.CHOICE, "Layer", choices=(("new", "New"), ("lost", "Lost"))),
        Field("name", Kind.TEXT, "Name"),
        Field("risk", Kind.NUMBER, "Risk of leaving", unit="percent"),
        Field("silent", Kind.NUMBER, "Days of silence", unit="days", clock=Clock.DAYS_SINCE),
        Field("spent", Kind.MONEY, "Spent", unit="money"),
        Field("joined", Kind.DATE, "Joined"),
        Field("tags", Kind.SET, "Tags"),
        Field("open_case", Kind.FLAG, "Open case"),
    ],
    [
        Collection(
            "orders",
            "orders",
            (
                Field("net", Kind.MONEY, "net amount", unit="money"),
                Field("sku", Kind.CHOICE, "code"),
            ),
        )
    ],
)
SPEECH = Speech(
    gettext=lambda text: text,
    ngettext=lambda one, many, n: one if n == 1 else many,
    money=lambda minor: f"¥{minor / 100:.2f}",
    major=str,
    day=date.isoformat,
    code=lambda field, code: code,
)


def condition(node):
    return {"v": 1, "where": node}


def leaf(field, op, value):
    return {"field": field, "op": op, "value": value}


def count(**changed):
    whole = {"agg": "count", "of": "orders", "window": {"days": 30}, "op": "gte", "value": 2}
    return {**whole, **changed}


@pytest.mark.parametrize(
    ("given", "path", "reason"),
    [
        pytest.param([], "", "not_an_object", id="a list is no condition"),
        pytest.param({"v": 2, "where": {"all": []}}, "v", "unknown_version", id="the version"),
        pytest.param({"v": 1}, "where", "not_an_object", id="no condition in it"),
        pytest.param(condition({}), "where", "unknown_shape", id="an empty object"),
        pytest.param(
            condition({"all": [], "any": []}), "where.any", "unknown_part", id="two shapes in one"
        ),
        pytest.param(
            condition({"all": [leaf("layer", "in", ["new"]), leaf("shoe", "eq", 1)]}),
            "where.all[1].field",
            "unknown_field",
            id="a field nobody knows",
        ),
        pytest.param(
            condition(leaf("layer", "lt", "new")),
            "where.op",
            "unknown_op",
            id="choices have no order",
        ),
        pytest.param(
            condition(leaf("name", "gte", "a")), "where.op", "unknown_op", id="text has no order"
        ),
        pytest.param(
            condition(leaf("layer", "in", ["new", "gone"])),
            "where.value",
            "unknown_choice",
            id="a code that is no choice",
        ),
        pytest.param(
            condition(leaf("layer", "in", [])), "where.value", "empty_list", id="one of nothing"
        ),
        pytest.param(
            condition(leaf("risk", "gte", "0.5")), "where.value", "bad_value", id="a number as text"
        ),
        pytest.param(
            condition(leaf("risk", "gte", True)), "where.value", "bad_value", id="yes is no number"
        ),
        pytest.param(
            condition(leaf("risk", "gte", float("nan"))), "where.value", "bad_value", id="no number"
        ),
        pytest.param(
            condition(leaf("spent", "gte", 10.5)),
            "where.value",
            "bad_value",
            id="half a cent",
        ),
        pytest.param(
            condition(leaf("silent", "gte", 1.5)),
            "where.value",
            "bad_value",
            id="half a day of age",
        ),
        pytest.param(
            condition(leaf("joined", "gte", "2026-02-30")),
            "where.value",
            "bad_value",
            id="no such day",
        ),
        pytest.param(
            condition(leaf("risk", "between", [0.5, 0.2])),
            "where.value",
            "backwards",
            id="backwards",
        ),
        pytest.param(
            condition(leaf("open_case", "eq", 1)), "where.value", "bad_value", id="one is not yes"
        ),
        pytest.param(
            condition({"audience": "Friends"}),
            "where.audience",
            "unknown_audience",
            id="an audience",
        ),
        pytest.param(
            condition(count(agg="median")), "where.agg", "unknown_part", id="an aggregate"
        ),
        pytest.param(
            condition(count(agg="sum", of="orders.sku")),
            "where.agg",
            "unknown_agg",
            id="sum of codes",
        ),
        pytest.param(condition(count(of="visits")), "where.of", "unknown_field", id="a collection"),
        pytest.param(
            condition(count(window={"weeks": 2})), "where.window", "bad_window", id="weeks"
        ),
        pytest.param(
            condition(count(window={"days": 0})), "where.window", "bad_window", id="no days at all"
        ),
        pytest.param(
            condition(count(where=[{"all": []}])),
            "where.where[0]",
            "unknown_shape",
            id="groups of rows",
        ),
        pytest.param(
            condition(count(where=[leaf("layer", "in", ["new"])])),
            "where.where[0].field",
            "unknown_field",
            id="a person's field among rows",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(given, path, reason):
    with pytest.raises(ConditionError) as refused:
        parse(given, REGISTRY)
    assert (refused.value.path, refused.value.reason) == (path, reason)
    assert refused.value.facts["path"] == path


def test_groups_in_groups_end_somewhere():
    node = leaf("risk", "gte", 0)
    for _ in range(20):
        node = {"not": node}
    with pytest.raises(ConditionError, match="deep"):
        parse(condition(node), REGISTRY)
    with pytest.raises(ConditionError, match="more than 200"):
        parse(condition({"all": [leaf("risk", "gte", 0)] * 300}), REGISTRY)


def test_text_is_kept_as_its_stored_key():
    expression = parse(condition(leaf("name", "starts_with", "  ＡＮＮ ")), REGISTRY)
    assert expression.where == Leaf(REGISTRY.fields["name"], expression.where.op, "ann")


def test_a_decimal_goes_through_json_unchanged():
    for written in (0.1, 0.3, 45.25, Decimal("0.45"), 7):
        expression = parse(condition(leaf("risk", "gte", written)), REGISTRY)
        assert expression.where.value == Decimal(str(written))
        assert parse(to_json(expression), REGISTRY) == expression


def test_an_audience_that_exists_may_be_named():
    expression = parse(condition({"audience": "Friends"}), REGISTRY, audiences={"Friends"})
    assert expression.where == InAudience("Friends")


@pytest.mark.parametrize(
    ("node", "words"),
    [
        pytest.param({"all": []}, "everybody", id="no condition"),
        pytest.param(leaf("layer", "in", ["new"]), "Layer is New", id="one of one is that one"),
        pytest.param(
            {"all": [leaf("layer", "in", ["new", "lost"]), leaf("risk", "gte", 0.45)]},
            "Layer is one of New, Lost, and Risk of leaving at least 45%",
            id="percent of a share",
        ),
        pytest.param(
            {"any": [leaf("silent", "gt", 1), {"not": leaf("open_case", "eq", True)}]},
            "Days of silence above 1 day, or not Open case",
            id="or, not, and a unit",
        ),
        pytest.param(
            {"all": [leaf("tags", "in", ["a", "b"]), {"any": [leaf("name", "known", False)]}]},
            "Tags include any of a, b, and Name is not known",
            id="a group of one needs no brackets",
        ),
        pytest.param(
            count(agg="sum", of="orders.net", where=[leaf("sku", "eq", "X1")], value=5000),
            "sum of net amount (only: code is X1) in the last 30 days at least ¥50.00",
            id="an aggregate with its span and its rows",
        ),
        pytest.param(
            leaf("joined", "between", ["2026-01-01", "2026-06-30"]),
            "Joined from 2026-01-01 to 2026-06-30",
            id="both ends",
        ),
    ],
)
def test_a_condition_reads_as_a_sentence(node, words):
    assert readable(parse(condition(node), REGISTRY), SPEECH) == words
