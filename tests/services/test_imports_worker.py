"""A file sent to a screen: checked by the worker, confirmed by a person, written by the worker."""

import os

import pytest

from huitou.flows import imports, tasks
from huitou.flows.types import Wishes
from huitou.platform import files, jobs
from huitou.platform import queries as platform
from huitou.platform.errors import ImportBusy
from huitou.platform.imports import queries as records
from tests.services.incoming import NOW, csv, empty_the_house, rows, source

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = "1001,C1,2026-01-05,120.00,CNY,A,1,,"
BAD = "1002,C1,2026-02-30,1,CNY,A,1,,"


@pytest.fixture(autouse=True)
def _empty_house():
    empty_the_house()
    yield
    empty_the_house()


def submitted(path, **wishes):
    return imports.submit(source(path), Wishes(**wishes), actor="user:1", now=NOW)


def test_a_file_is_planned_confirmed_and_written(tmp_path):
    path = csv(tmp_path, "a.csv", GOOD)
    public_id = submitted(path)
    path.unlink()  # the worker has its own copy
    assert (records.one(public_id).state, records.one(public_id).counts) == ("planned", {})
    tasks.plan_import(public_id)
    planned = records.one(public_id)
    assert (planned.state, planned.counts["orders"]["new"], planned.applied_at) == (
        "planned",
        1,
        None,
    )
    assert rows("SELECT count(*) FROM orders_order") == [(0,)]
    assert platform.progress(f"import:{public_id}").finished_at is not None
    imports.confirm(public_id, skip_rejected=False, actor="user:1", now=NOW)
    assert imports.heal(now=NOW) == 0, "it waits for its worker"
    tasks.apply_import(public_id, skip_rejected=False)
    applied = records.one(public_id)
    assert (applied.state, applied.figures["known_customer_share"]) == ("applied", 1.0)
    assert rows("SELECT count(*) FROM orders_order") == [(1,)]


def test_rejected_rows_are_on_record_until_a_person_decides(tmp_path):
    public_id = submitted(csv(tmp_path, "a.csv", GOOD, BAD))
    tasks.plan_import(public_id)
    planned = records.one(public_id)
    assert (planned.state, planned.counts["rejected"]) == ("planned", 1)
    assert planned.rejections[0]["line"] == 3
    assert {"message", "facts", "reason", "field", "value"} <= set(planned.rejections[0])
    imports.confirm(public_id, skip_rejected=True, actor="user:1", now=NOW)
    tasks.apply_import(public_id, skip_rejected=True)
    applied = records.one(public_id)
    assert applied.state == "applied"
    assert files.path(applied.rejections_path).read_text().splitlines()[1] == BAD


def test_without_leave_to_skip_a_confirmed_file_with_rejected_rows_is_refused(tmp_path):
    public_id = submitted(csv(tmp_path, "a.csv", GOOD, BAD))
    imports.confirm(public_id, skip_rejected=False, actor="user:1", now=NOW)
    tasks.apply_import(public_id, skip_rejected=False)
    refused = records.one(public_id)
    assert (refused.state, refused.error["code"]) == ("refused", "imports.rows_rejected")
    assert rows("SELECT count(*) FROM orders_order") == [(0,)]


def test_an_import_is_confirmed_once(tmp_path):
    public_id = submitted(csv(tmp_path, "a.csv", GOOD))
    imports.confirm(public_id, skip_rejected=False, actor="user:1", now=NOW)
    with pytest.raises(ImportBusy):
        imports.confirm(public_id, skip_rejected=False, actor="user:1", now=NOW)
    tasks.apply_import(public_id, skip_rejected=False)
    tasks.apply_import(public_id, skip_rejected=False)  # a job may come twice
    assert rows("SELECT count(*) FROM orders_order") == [(1,)]


def test_a_file_that_is_no_longer_kept_is_said_to_be_gone(tmp_path):
    public_id = submitted(csv(tmp_path, "a.csv", GOOD))
    files.path(records.one(public_id).kept_path).unlink()
    tasks.plan_import(public_id)
    gone = records.one(public_id)
    assert (gone.state, gone.error["code"]) == ("failed", "imports.file_gone")


def test_the_jobs_are_those_the_worker_knows():
    from procrastinate.contrib.django import app

    assert {"imports.plan", "imports.apply"} <= set(app.tasks)
    assert callable(jobs.defer)


def test_files_of_people_are_deleted_when_nobody_needs_them_any_more(tmp_path):
    old, new = csv(tmp_path, "old.csv", GOOD), csv(tmp_path, "new.csv", BAD)
    first, second = submitted(old), submitted(new)
    tasks.plan_import(first)
    kept = files.path(records.one(first).kept_path)
    long_ago = NOW.timestamp() - 31 * 86_400
    os.utime(kept, (long_ago, long_ago))
    fresh = files.path(records.one(second).kept_path)
    os.utime(fresh, (NOW.timestamp(), NOW.timestamp()))
    assert imports.forget_files(now=NOW) == 1
    assert not kept.exists()
    assert fresh.exists()
