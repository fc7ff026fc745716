"""Facts, audit, progress, imports on record, kept files and jobs on a real database."""

import contextlib
import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from huitou.flows import nightly
from huitou.platform import (
    audit,
    errors,
    facts,
    files,
    jobs,
    logs,
    models,
    progress,
    queries,
    types,
)
from huitou.platform.imports import queries as imports
from huitou.platform.imports import services as import_services
from huitou.staff import services as staff
from huitou.staff import types as staff_types

NOW = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)
COMPANY = staff_types.CompanyIn("回头咖啡", "Asia/Shanghai", "CNY", "cafe")


@dataclass(frozen=True, slots=True)
class CupBroken(facts.Fact):
    """For these tests only."""

    name: ClassVar[str] = "tests.cup_broken"
    cup_id: int


@pytest.fixture
def queue(transactional_db):
    """An empty queue; its tables are not Django's, so they are emptied by hand."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def new_import(**given):
    return types.NewImport(
        **{
            "kind": "orders",
            "source": "pos",
            "preset": "pos",
            "file_name": "a.csv",
            "file_sha256": "ab",
            **given,
        }
    )


def test_a_fact_carries_its_actor_and_is_one_line_of_the_log(db, caplog):
    with logs.bound(actor="user:12", request_id="r1"), caplog.at_level(logging.INFO):
        facts.record(CupBroken(7))
    row = models.Fact.objects.get()
    assert (row.name, row.payload, row.actor) == ("tests.cup_broken", {"cup_id": 7}, "user:12")
    line = json.loads(logs.JsonLines().format(caplog.records[-1]))
    assert (line["event"], line["cup_id"], line["level"]) == ("tests.cup_broken", 7, "info")
    assert logs.actor() == "system"


@pytest.mark.django_db(transaction=True)
def test_a_fact_vanishes_with_its_change():
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        facts.record(CupBroken(7))
        _ = 1 / 0
    assert not models.Fact.objects.exists()


def test_the_audit_trail_is_read_newest_first(db):
    for number in (1, 2):
        audit.note(
            actor="cli",
            action="x",
            subject="s",
            before=None,
            after=number,
            now=NOW + timedelta(seconds=number),
        )
    assert [line.after for line in audit.entries(subject="s")] == [2, 1]


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_before_the_work_commits():
    with transaction.atomic(), progress.stored("import:1") as reporter:
        reporter.stage("reading", 100)
        seen = other_session("SELECT stage, done, total FROM platform_progress")
        assert seen == ("reading", 0, 100)
        reporter.advance(40)
        reporter.advance(2)
    row = queries.progress("import:1")
    assert (row.done, row.total, row.error) == (42, 100, None)
    assert row.finished_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_work_that_fails_leaves_its_error_in_its_progress():
    with pytest.raises(errors.NotEmpty), progress.stored("measure"):
        raise errors.NotEmpty
    assert queries.progress("measure").error["code"] == "platform.not_empty"
    with progress.stored("measure") as again:
        again.stage("again", None)
        assert queries.progress("measure").error is None


def test_nobody_asked_is_no_progress(db):
    assert queries.progress("nothing") is None


def test_an_import_is_put_on_record_moved_on_and_finished(db):
    public_id = import_services.open(new_import(), actor="user:1", now=NOW)
    import_services.set_state(public_id, state="applying", was="planned")
    with pytest.raises(errors.ImportBusy):
        import_services.set_state(public_id, state="applying", was="planned")
    outcome = types.ImportOutcome(
        state="applied", counts={"new": 3}, rejections=[{"line": n} for n in range(2000)]
    )
    import_services.finish(public_id, outcome, now=NOW)
    found = imports.one(public_id)
    assert (found.state, found.counts, found.applied_at) == ("applied", {"new": 3}, NOW)
    assert len(found.rejections) == 1000
    assert found.created_by == "user:1"
    import_services.finish(public_id, types.ImportOutcome(state="rolled_back"), now=NOW)
    assert imports.one(public_id).counts == {"new": 3}


def test_a_missing_import_is_missing(db):
    with pytest.raises(errors.ImportMissing):
        imports.one("imp_0")
    with pytest.raises(errors.ImportMissing):
        import_services.set_state("imp_0", state="applied")
    with pytest.raises(errors.ImportMissing):
        import_services.finish("imp_0", types.ImportOutcome(state="failed"), now=NOW)


def test_imports_are_listed_newest_first_in_pages(db, django_assert_num_queries):
    ids = [import_services.open(new_import(), actor="cli", now=NOW) for _ in range(5)]
    with django_assert_num_queries(1):
        first = imports.latest(limit=2)
    assert [row.public_id for row in first] == ids[:2:-1]
    assert [row.public_id for row in imports.latest(limit=2, before=first[-1].id)] == ids[2:0:-1]
    assert imports.latest(kind="answers") == []


def test_the_same_content_is_recognised(db):
    public_id = import_services.open(new_import(file_sha256="cafe"), actor="cli", now=NOW)
    assert imports.with_content("cafe", kind="orders") == []
    import_services.finish(public_id, types.ImportOutcome(state="applied"), now=NOW)
    assert [row.public_id for row in imports.with_content("cafe", kind="orders")] == [public_id]


def test_a_mapping_is_remembered_for_its_header(db):
    for mapping in ({"customer": "会员"}, {"customer": "手机"}):
        import_services.remember_mapping(
            kind="orders", header_digest="h", preset="pos", mapping=mapping, dialect={}, now=NOW
        )
    found = imports.remembered_mapping(kind="orders", header_digest="h")
    assert found.mapping == {"customer": "手机"}
    assert imports.remembered_mapping(kind="orders", header_digest="other") is None


def test_a_file_is_kept_once_by_its_content(settings, tmp_path):
    settings.HOME = tmp_path / "home"
    source = tmp_path / "订单 2026.CSV.gz"
    source.write_bytes(b"order_id\n1\n")
    first = files.keep(source, kind="orders")
    assert files.keep(source, kind="orders") == first
    assert first.path == f"kept/orders/{first.sha256}.csv.gz"
    assert files.path(first.path).read_bytes() == b"order_id\n1\n"
    assert first.size_bytes == 11
    assert len(list((settings.HOME / "kept" / "orders").iterdir())) == 1


def test_a_full_disk_leaves_no_half_file(settings, tmp_path):
    """A limit on file sizes stands for the full disk: the copy fails in the middle."""
    import resource
    import signal

    settings.HOME = tmp_path / "home"
    source = tmp_path / "big.csv"
    source.write_bytes(b"x" * 2_000_000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(OSError, match="large"):
            files.keep(source, kind="orders")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert list((settings.HOME / "kept" / "orders").iterdir()) == []


@pytest.mark.parametrize("path", ["../outside", "kept/../../x", "/etc/passwd"])
def test_a_kept_path_never_leads_outside(settings, tmp_path, path):
    settings.HOME = tmp_path
    with pytest.raises(ValueError, match="inside"):
        files.path(path)


def test_a_job_is_asked_for_in_the_transaction_that_wants_it(queue):
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        jobs.defer("tests.never", import_id="imp_1")
        _ = 1 / 0
    assert waiting("tests.never") == 0
    jobs.defer("tests.never", import_id="imp_1")
    assert waiting("tests.never") == 1


def test_a_job_asked_for_twice_waits_once(queue):
    with transaction.atomic():
        assert jobs.defer("tests.never", only_once="m") is not None
        assert jobs.defer("tests.never", only_once="m") is None
        assert waiting("tests.never") == 1


DONE = []


def test_a_worker_does_what_waits_and_a_failing_job_does_not_stop_it(queue):
    @jobs.task("tests.write_down")
    def write_down(number):
        if number == 13:
            raise ValueError("unlucky")
        DONE.append(number)

    for number in (13, 7):
        jobs.defer("tests.write_down", number=number)
    try:
        jobs.run_worker(wait=False)
    finally:
        del app.tasks["tests.write_down"]
    assert DONE == [7]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text FROM procrastinate_jobs "
            "WHERE task_name = 'tests.write_down' ORDER BY id"
        )
        assert cursor.fetchall() == [("failed",), ("succeeded",)]


def test_the_night_is_measured_once_per_civil_day_of_the_company(queue):
    assert not nightly.defer_if_due(NOW)  # no company yet
    staff.set_company(company=COMPANY, actor="cli", now=NOW)
    early = datetime(2026, 6, 29, 19, 15, tzinfo=UTC)  # 03:15 on the 30th in Shanghai
    due = early + timedelta(minutes=15)
    assert not nightly.defer_if_due(early)
    assert nightly.defer_if_due(due)
    assert not nightly.defer_if_due(due + timedelta(hours=3))
    assert waiting(nightly.MEASURE) == 1
    assert nightly.defer_if_due(due + timedelta(days=1)) is True


def test_health_says_what_is_so(db):
    found = queries.health(last_measured_at=NOW, now=NOW)
    assert (found.database, found.migrations, found.worker) == ("ok", "ok", "silent")
    assert found.is_healthy
    assert found.last_measured_at == NOW


@pytest.mark.django_db(transaction=True)
def test_the_application_can_neither_make_nor_drop_nor_empty_what_is_the_owners():
    with connection.cursor() as cursor:
        for statement in ("CREATE TABLE x (a int)", "DROP TABLE staff_company"):
            with pytest.raises(Exception, match=r"permission denied|must be owner"):
                cursor.execute(statement)


def waiting(task_name):
    """How many jobs of this name wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo'",
            [task_name],
        )
        return cursor.fetchone()[0]


def other_session(statement):
    """One row as somebody else sees it."""
    import psycopg

    names = {
        "host": "HOST",
        "port": "PORT",
        "user": "USER",
        "password": "PASSWORD",
        "dbname": "NAME",
    }
    settings = connection.settings_dict
    with psycopg.connect(**{name: settings[key] for name, key in names.items()}) as other:
        return other.execute(statement).fetchone()
