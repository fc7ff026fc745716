"""R9: refunds before, on and after the last day, of what is unspent, partly and wholly spent, at
once and in thirds, of orders and of rewards; and whether the sweep came first does not matter."""

import itertools

import pytest

from huitou.points import errors, queries, services
from huitou.points.types import Entry, Policy
from tests.services import ledger

pytestmark = pytest.mark.django_db
PROGRAMMES = itertools.count(9_000)
LAST_DAY = 10
WHEN = {"before": 9, "on": 10, "after": 11}
PARTS = {"full": [1], "thirds": [3, 3, 3]}


def post(programme_id: int, *entries: Entry) -> None:
    services.post(programme_id, entries, now=ledger.NOW, zone=ledger.ZONE)


def sweep(programme_id: int, day: int) -> None:
    services.expire_due(ledger.later(day), now=ledger.NOW, programme_id=programme_id)


def key(programme_id: int, name: str) -> str:
    return f"{programme_id}-{name}"


@pytest.mark.parametrize("is_swept", [False, True], ids=["unswept", "swept"])
@pytest.mark.parametrize("parts", PARTS)
@pytest.mark.parametrize("spent", [0, 30, 90], ids=["unspent", "part", "spent"])
@pytest.mark.parametrize("when", WHEN)
def test_a_refunded_order_takes_its_award_back_once(when, spent, parts, is_swept):
    programme_id, day = next(PROGRAMMES), WHEN[when]
    order = key(programme_id, "order")
    post(programme_id, ledger.award(order, 90, expires_on=ledger.later(LAST_DAY)))
    if spent:
        post(programme_id, ledger.redeem(key(programme_id, "spent"), spent, day=ledger.later(5)))
    if is_swept:
        sweep(programme_id, day)
    for number, share in enumerate(PARTS[parts]):
        refund = key(programme_id, f"refund-{number}")
        post(programme_id, ledger.claw_back(refund, order, 90 // share, day=ledger.later(day)))
    sweep(programme_id, 30)
    # Whatever the way: what was spent is owed, what was not is gone, once.
    account = queries.account(programme_id, 1)
    assert (account.balance, account.owed, account.shown) == (-spent, spent, 0)
    totals = queries.totals(programme_id, ledger.on(ledger.MONDAY, 0), ledger.on(ledger.later(60)))
    expired = 90 - spent if when == "after" else 0
    assert (totals.issued, totals.redeemed, totals.expired, totals.reversed) == (
        90,
        spent,
        expired,
        90 - expired,
    )
    with pytest.raises(errors.ReversedBeyond) as beyond:
        post(programme_id, ledger.claw_back(key(programme_id, "more"), order, 1))
    assert beyond.value.facts["left"] == 0
    assert queries.audit().breaches == []


@pytest.mark.parametrize("has_grace", [False, True], ids=["no grace", "grace"])
@pytest.mark.parametrize("is_swept", [False, True], ids=["unswept", "swept"])
@pytest.mark.parametrize("parts", PARTS)
@pytest.mark.parametrize("spent", [0, 15, 30], ids=["unspent", "part", "spent"])
@pytest.mark.parametrize("when", WHEN)
def test_a_returned_reward_fills_the_lots_it_came_from(when, spent, parts, is_swept, has_grace):
    programme_id, day = next(PROGRAMMES), WHEN[when]
    reward, last, grace_until = key(programme_id, "reward"), ledger.later(LAST_DAY), None
    post(
        programme_id,
        ledger.award(key(programme_id, "a"), 40, expires_on=last),
        ledger.award(key(programme_id, "b"), 50, expires_on=last),
        ledger.redeem(reward, 60, day=ledger.later(2)),
    )
    if spent:
        post(programme_id, ledger.redeem(key(programme_id, "also"), spent, day=ledger.later(5)))
    if is_swept:
        sweep(programme_id, day)
    if has_grace:
        grace_until = ledger.later(40)
    for number, share in enumerate(PARTS[parts]):
        entry = ledger.give_back(
            key(programme_id, f"return-{number}"),
            reward,
            60 // share,
            day=ledger.later(day),
            grace_until=grace_until,
        )
        post(programme_id, entry)
    sweep(programme_id, day)
    lots: dict[object, int] = {}
    for lot in queries.lots(programme_id, 1):
        lots[lot.expires_on] = lots.get(lot.expires_on, 0) + lot.points
    if when != "after":
        assert lots == {last: 90 - spent}
    else:
        assert lots == ({grace_until: 60} if has_grace else {})
    with pytest.raises(errors.ReversedBeyond):
        post(programme_id, ledger.give_back(key(programme_id, "more"), reward, 1))
    assert queries.audit().breaches == []


def test_what_stays_spent_is_what_a_smaller_reward_would_have_drawn():
    programme_id = next(PROGRAMMES)
    soon, late = ledger.later(5), ledger.later(50)
    post(
        programme_id,
        ledger.award(key(programme_id, "soon"), 50, expires_on=soon),
        ledger.award(key(programme_id, "late"), 50, expires_on=late),
        ledger.redeem(key(programme_id, "reward"), 80),
        ledger.give_back(key(programme_id, "return"), key(programme_id, "reward"), 40),
    )
    lots = [(lot.points, lot.expires_on) for lot in queries.lots(programme_id, 1)]
    assert lots == [(10, soon), (50, late)]  # as if 40 had been redeemed


@pytest.mark.parametrize(
    ("policy", "balance", "owed"),
    [
        pytest.param(Policy.WITHIN_BALANCE, 0, 0, id="what is not there goes"),
        pytest.param(Policy.DEBT, -70, 70, id="what is not there is owed"),
        pytest.param(Policy.ALLOW_NEGATIVE, -70, 70, id="and shown where the programme says so"),
    ],
)
def test_the_policy_decides_what_becomes_of_spent_points(policy, balance, owed):
    programme_id = next(PROGRAMMES)
    order = key(programme_id, "order")
    post(
        programme_id,
        ledger.award(order, 100),
        ledger.redeem(key(programme_id, "spent"), 70),
        ledger.claw_back(key(programme_id, "refund"), order, 100, policy=policy),
    )
    account = queries.account(programme_id, 1)
    assert (account.balance, account.owed, account.usable) == (balance, owed, 0)


def test_the_next_award_pays_first_what_is_owed():
    programme_id = next(PROGRAMMES)
    order = key(programme_id, "order")
    post(
        programme_id,
        ledger.award(order, 30),
        ledger.redeem(key(programme_id, "spent"), 30),
        ledger.claw_back(key(programme_id, "refund"), order, 30),
        ledger.award(key(programme_id, "next"), 100),
    )
    state = ledger.stored(programme_id)
    assert state.moves[1][-1] == ledger.MoveRow("award", 100, 70, ((4, "repay", 30),))
    assert [lot.remaining for lot in state.lots[1]] == [70]
    assert queries.account(programme_id, 1).owed == 0


def test_a_claw_back_that_finds_nothing_is_remembered_all_the_same():
    programme_id = next(PROGRAMMES)
    order, within = key(programme_id, "order"), Policy.WITHIN_BALANCE
    refund = ledger.claw_back(key(programme_id, "refund"), order, 10, policy=within)
    post(
        programme_id, ledger.award(order, 10), ledger.redeem(key(programme_id, "spent"), 10), refund
    )
    post(programme_id, ledger.award(key(programme_id, "next"), 50))
    answer = services.post(programme_id, [refund], now=ledger.NOW, zone=ledger.ZONE)[0]
    assert (answer.state.value, answer.transfers, answer.balance) == ("repeated", (), 0)
    assert queries.account(programme_id, 1).balance == 50
