"""What ``huitou import`` answers when something other than a row of the file is wrong."""

import json

import pytest

from huitou.cli import main
from huitou.flows import imports
from huitou.platform.errors import DatabaseDown
from tests.services.incoming import csv, everything

pytestmark = pytest.mark.django_db
GOOD = "1001,C1,2026-01-05,120.00,CNY,A,1,,"
BAD = "1003,C1,2026-02-30,1,CNY,A,1,,"
PROMISED = {
    "import_id",
    "applied",
    "new",
    "changed",
    "unchanged",
    "rejected",
    "ignored",
    "orders",
    "rejections",
    "rejections_file",
    "error",
}


def answer(capsys, *args):
    code = main.run(["import", "orders", *args, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_rejects_never_replace_the_file_they_come_from(tmp_path, capsys):
    path = csv(tmp_path, "a.csv", GOOD, BAD)
    content, before = path.read_bytes(), everything()
    other_name = tmp_path / "b.csv"
    other_name.symlink_to(path)
    for rejects in (path, other_name):
        code, shown = answer(capsys, str(path), "--skip-rejected", "--rejects", str(rejects))
        assert (code, shown["error"]["code"]) == (1, "imports.rejects_over_source")
    assert path.read_bytes() == content
    assert everything() == before


@pytest.mark.parametrize("place", ["", "no/such/folder/rejects.csv"])
def test_rejects_without_a_place_are_refused_before_anything_is_read(tmp_path, capsys, place):
    path = csv(tmp_path, "a.csv", GOOD, BAD)
    before = everything()
    code, shown = answer(capsys, str(path), "--skip-rejected", "--rejects", str(tmp_path / place))
    assert (code, shown["error"]["code"]) == (1, "imports.rejects_unwritable")
    assert everything() == before


def test_the_promised_keys_are_there_when_the_database_cannot_be_opened(
    tmp_path, capsys, monkeypatch
):
    def gone(_needs):
        raise DatabaseDown

    monkeypatch.setattr("huitou.cli.opening.prepare", gone)
    code, shown = answer(capsys, str(csv(tmp_path, "a.csv", GOOD)))
    assert (code, shown["error"]["code"]) == (1, DatabaseDown.code)
    assert shown.keys() >= PROMISED


def test_the_promised_keys_are_there_after_ctrl_c(tmp_path, capsys, monkeypatch):
    def stopped(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(imports, "run", stopped)
    code, shown = answer(capsys, str(csv(tmp_path, "a.csv", GOOD)))
    assert (code, shown["error"]["code"]) == (1, "imports.stopped")
    assert shown.keys() >= PROMISED


@pytest.mark.parametrize("limit", ["0", "-1", "99999999999999999999", "many"])
def test_a_length_of_the_list_that_cannot_be_is_wrong_usage(limit):
    assert main.run(["import", "list", "--limit", limit]) == 2
