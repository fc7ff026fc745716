"""The audit finds whatever breaks the ledger; the nightly job fails loudly; the past is sealed."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection, connections

from huitou.cli import points as command
from huitou.points import errors, models, queries, services
from huitou.points.types import Entry
from tests.services import ledger

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sabotage() -> Callable[..., None]:
    """Change the ledger behind its back, as only the database's owner can."""
    entries: list[Entry] = [
        ledger.award("a", 50, expires_on=ledger.later(9)),
        ledger.award("b", 50, expires_on=ledger.later(20)),
        ledger.award("c", 50),
        ledger.redeem("spent", 60),
        ledger.claw_back("back", "b", 20),
        ledger.give_back("returned", "spent", 15),
        ledger.award("d", 30, customer_id=2),
        ledger.redeem("all", 30, customer_id=2),
        ledger.claw_back("owes", "d", 30),
    ]
    for entry in entries:
        services.post(1, [entry], now=ledger.NOW, zone=ledger.ZONE)
    services.expire_due(ledger.later(12), now=ledger.NOW)
    assert services.verify(now=ledger.NOW).is_sound

    def run(*statements: str) -> None:
        known = connections["owner"].settings_dict
        with psycopg.connect(
            host=known["HOST"],
            port=known["PORT"],
            user=known["USER"],
            password=known["PASSWORD"],
            dbname=known["NAME"],
        ) as owner:
            owner.execute("SET session_replication_role = replica")
            for statement in statements:
                owner.execute(statement)

    return run


OF = "(SELECT id FROM points_transfer WHERE external_id = '{}' AND leg > 0)"
A, B, SPENT = OF.format("a"), OF.format("b"), OF.format("spent")
A_PAID = f"transfer_id = {SPENT} AND lot_id = {A}"


@pytest.mark.parametrize(
    ("names", "statements"),
    [
        pytest.param({"I2", "I3"}, ["balance = balance + 1"], id="a balance without a transfer"),
        pytest.param({"I2"}, ["points_transfer: balance_after = 7"], id="a balance in between"),
        pytest.param({"I15"}, ["version = version + 1"], id="a version too many"),
        pytest.param({"I15"}, ["points_transfer: fact_id = 0"], id="a transfer nobody told of"),
    ],
)
def test_the_audit_names_what_does_not_hold(sabotage, names, statements):
    for statement in statements:
        table, _, change = statement.rpartition(": ")
        if table:
            sabotage(f"UPDATE {table} SET {change} WHERE id = {B}")
        else:
            sabotage(f"UPDATE points_account SET {change} WHERE customer_id = 1")
    assert found() - {"I9"} == names


@pytest.mark.parametrize(
    ("names", "statement"),
    [
        pytest.param(
            {"I2", "I4"},
            f"UPDATE points_transfer SET points = points + 1 WHERE id = {B}",
            id="more points than were given",
        ),
        pytest.param(
            {"I1"},
            "UPDATE points_transfer SET debit = (SELECT id FROM points_account WHERE "
            f"customer_id = 2) WHERE id = {B}",
            id="points from another member",
        ),
        pytest.param(
            {"I3", "I4"},
            "UPDATE points_openlot SET remaining = remaining + 1 WHERE expires_on = 'infinity'",
            id="a lot that grew",
        ),
        pytest.param(
            {"I4", "I5"},
            f"UPDATE points_draw SET points = points + 1 WHERE {A_PAID}",
            id="a draw that grew",
        ),
        pytest.param(
            {"I4", "I5"},
            f"DELETE FROM points_draw WHERE {A_PAID}",
            id="a draw that is gone",
        ),
        pytest.param(
            {"I11"},
            "UPDATE points_clawback SET asked = 90, waived = 70 WHERE external_id = 'back'",
            id="more taken back than was given",
        ),
        pytest.param(
            {"I11"},
            "UPDATE points_clawback SET taken = 19, waived = 1 WHERE external_id = 'back'",
            id="a claw-back that says something else",
        ),
        pytest.param(
            set(),
            "UPDATE points_transfer SET why = '{\"n\": 1}' WHERE external_id = 'a'",
            id="a why that was rewritten",
        ),
        pytest.param(
            set(),
            "UPDATE points_transfer SET rule_version = 9 WHERE external_id = 'c'",
            id="rules that were exchanged",
        ),
    ],
)
def test_the_audit_finds_every_row_that_was_tampered_with(sabotage, names, statement):
    sabotage(statement)
    breached = found()
    is_past = statement.startswith("UPDATE points_transfer")
    assert ("I9" in breached) is is_past  # the seal knows every transfer
    assert names <= breached


def found() -> set[str]:
    return {breach.invariant.split()[0] for breach in queries.audit().breaches}


def test_a_redemption_that_passed_over_a_lot_is_found(sabotage):
    """Lot c, which never expires, is made to pay for what lot b should have paid."""
    c = OF.format("c")
    sabotage(
        f"UPDATE points_draw SET lot_id = {c} WHERE transfer_id = {SPENT} AND lot_id = {B}",
        f"UPDATE points_openlot SET remaining = remaining + 10 WHERE transfer_id = {B}",
        f"UPDATE points_openlot SET remaining = remaining - 10 WHERE transfer_id = {c}",
    )
    breach = next(each for each in queries.audit().breaches if each.invariant.startswith("I6"))
    spent = models.Transfer.objects.get(external_id="spent").pk
    assert (breach.times, breach.example) == (1, spent)


def test_where_the_sums_differ_the_row_is_looked_for(sabotage):
    sabotage(
        f"UPDATE points_draw SET points = points + 1 WHERE transfer_id = {SPENT} AND lot_id = {A}"
    )
    breaches = {each.invariant.split()[0]: each for each in queries.audit().breaches}
    assert breaches["I4"][1:] == (1, models.Transfer.objects.get(external_id="a").pk)
    assert breaches["I5"][1:] == (1, models.Transfer.objects.get(external_id="spent").pk)


def test_an_unsound_ledger_is_not_sealed_and_fails_the_nightly_job(sabotage):
    sabotage("UPDATE points_account SET balance = balance + 1 WHERE customer_id = 1")
    seals = models.Seal.objects.count()
    with pytest.raises(errors.LedgerUnsound):
        services.verify_or_raise(now=datetime.now(UTC))
    assert models.Seal.objects.count() == seals == 1


def test_the_command_says_what_holds_and_what_does_not(sabotage, capsys):
    import argparse

    def run(*words: str) -> tuple[int, str]:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        code = command.run(parser.parse_args(["verify", *words]))
        return code, capsys.readouterr().out

    code, said = run("--json")
    answer = json.loads(said)
    assert (code, answer["sound"], answer["breaches"]) == (0, True, [])
    assert answer["transfers"] == models.Transfer.objects.count()
    sabotage("UPDATE points_account SET version = version + 1 WHERE customer_id = 1")
    code, said = run("--json")
    assert (code, json.loads(said)["breaches"][0]["times"]) == (1, 1)
    code, said = run()
    assert code == 1
    assert "I15" in said


def test_the_worker_sweeps_and_verifies(transactional_db):
    from huitou.points import tasks
    from huitou.staff import services as staff
    from huitou.staff.types import CompanyIn

    company = CompanyIn("回头咖啡", "Asia/Shanghai", "CNY", "cafe")
    staff.set_company(company=company, has_orders=False, actor="cli", now=ledger.NOW)
    services.post(1, [ledger.award("a", 5, expires_on=ledger.later(1))], now=ledger.NOW)
    tasks.expire(0)
    tasks.verify(0)
    assert queries.account(1, 1).balance == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM points_seal")
        assert cursor.fetchone() == (1,)
