"""Files that cannot be meant: a clear error, nothing lost, nothing half written."""

import gzip
import json
from importlib.metadata import distribution
from pathlib import Path

import pytest

from huitou.cli import main
from huitou.connectors.files import errors as files
from huitou.kit.errors import HuitouError
from tests.services.incoming import HEADER, bring_in, csv, everything, roll_back, rows

pytestmark = pytest.mark.django_db
GOOD = "1001,C1,2026-01-05,120.00,CNY,A,1,,"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        pytest.param(b"", files.EmptyFile, id="an empty file"),
        pytest.param(HEADER.encode(), files.HeaderOnly, id="a header only"),
        pytest.param(
            b"customer,ordered_at\nC1,2026-01-05\n", files.ColumnMissing, id="no column of money"
        ),
        pytest.param(
            b"customer,customer,ordered_at,amount\nC1,C1,2026-01-05,1\n",
            files.DuplicateHeader,
            id="two columns of one name",
        ),
        pytest.param(
            HEADER.encode() + b"1,C\0,2026-01-05,1,CNY,A,1,,\n",
            files.FileUnreadable,
            id="a NUL byte",
        ),
        pytest.param(
            HEADER.encode()
            + "1,张三,2026-01-05,1,CNY,A,1,,\n".encode() * 50
            + "2,李四,2026-01-05,1,CNY,A,1,,\n".encode("gb18030"),
            files.FileUnreadable,
            id="two encodings in one file",
        ),
        pytest.param(
            HEADER.encode() + b"x" * 40_000_000, files.FileUnreadable, id="one endless line"
        ),
        pytest.param(
            gzip.compress(HEADER.encode() + b"0" * 300_000_000, compresslevel=9),
            files.FileUnreadable,
            id="a bomb of zeros",
        ),
        pytest.param(b"PK\x03\x04 this is no workbook", files.FileUnreadable, id="half a workbook"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_leaves_nothing(tmp_path, content, error):
    before = everything()
    path = tmp_path / ("bad.csv.gz" if content[:2] == b"\x1f\x8b" else "bad.csv")
    path.write_bytes(content)
    with pytest.raises(error) as refused:
        bring_in(path)
    assert isinstance(refused.value, HuitouError)
    assert everything() == before


def test_two_date_formats_in_one_column_are_not_mixed_up(tmp_path):
    file = csv(
        tmp_path,
        "a.csv",
        "1,C1,25/12/2025,1,CNY,A,1,,",
        "2,C1,12/25/2025,1,CNY,A,1,,",
        "3,C1,2026-01-05,1,CNY,A,1,,",
    )
    result = bring_in(file)
    assert not result.applied
    assert {r.field for r in result.rejections} == {"ordered_at"}
    assert {r.line for r in result.rejections} == {2, 3}


def test_a_hundred_thousand_rejected_rows_are_counted_and_the_first_thousand_told(tmp_path):
    lines = (f"{n},C{n % 9},2026-02-30,1,CNY,A,1,," for n in range(100_000))
    file = csv(tmp_path, "a.csv", GOOD.replace("1001", "good"), *lines)
    result = bring_in(file, skip_rejected=True)
    assert (result.rows.rejected, result.things.rejected, result.things.new) == (
        100_000,
        100_000,
        1,
    )
    assert [r.line for r in result.rejections[:2]] == [3, 4]
    assert len(result.rejections) == 1_000
    assert len(Path(result.rejections_file).read_text().splitlines()) == 100_001
    Path(result.rejections_file).unlink()


def test_a_formula_stays_text_on_its_way_in(tmp_path):
    bring_in(csv(tmp_path, "a.csv", "1,=cmd|' /C calc'!A0,2026-01-05,1,CNY,+A1,1,,"))
    assert rows("SELECT code FROM customers_customer") == [("=cmd|' /C calc'!A0",)]


def test_names_of_every_script_survive(tmp_path):
    names = ["مرحبا بالعالم", "👩‍🚀🇨🇳", "𠮷野家", "Zoë Ångström", "\u202eabc"]
    bring_in(
        csv(
            tmp_path,
            "a.csv",
            *(f"{n},{name},2026-01-05,1,CNY,A,1,," for n, name in enumerate(names)),
        )
    )
    assert sorted(code for (code,) in rows("SELECT code FROM customers_customer")) == sorted(names)


def test_the_command_prints_the_contract_also_when_it_refuses(tmp_path, capsys):
    path = csv(tmp_path, "empty.csv", header="")
    assert main.run(["import", "orders", str(path), "--json"]) == 1
    shown = json.loads(capsys.readouterr().out)
    assert (shown["import_id"], shown["applied"], shown["error"]["code"]) == (
        None,
        False,
        "files.empty",
    )
    assert shown["orders"] == {"new": 0, "changed": 0, "unchanged": 0, "rejected": 0}


def test_the_command_refuses_rejected_rows_with_exit_1_and_skips_them_with_0(tmp_path, capsys):
    path = csv(tmp_path, "a.csv", GOOD, "1003,C1,2026-02-30,1,CNY,A,1,,")
    assert main.run(["import", "orders", str(path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "imports.rows_rejected"
    assert main.run(["import", "orders", str(path), "--dry-run"]) == 0
    out = str(tmp_path / "rejects.csv")
    assert main.run(["import", "orders", str(path), "--skip-rejected", "--rejects", out]) == 0
    shown = capsys.readouterr().out
    assert (
        shown.splitlines()[4].startswith("Nothing was written")
        or "Sales with a known customer: 100.0%" in shown
    )
    assert main.run(["import", "orders", str(path), "--nonsense"]) == 2


def test_real_purchases_of_the_music_shop_come_in_whole():
    """69,659 purchases of 23,570 customers; Σ of the published file."""
    path = Path(str(distribution("lifetimes").locate_file("lifetimes/datasets/CDNOW_master.txt")))
    result = bring_in(path, preset="cdnow", currency="USD")
    assert (result.things.new, result.rows.new) == (69_659, 69_659)
    assert rows("SELECT count(*) FROM customers_customer") == [(23_570,)]
    assert rows("SELECT min(ordered_on)::text, max(ordered_on)::text FROM orders_order") == [
        ("1997-01-01", "1998-06-30")
    ]


# Beside the checkout; the tests do not need it.
UCI = Path(__file__).parents[3] / "shared" / "data" / "online_retail.csv.gz"


@pytest.mark.skipif(
    not UCI.exists(), reason="the Online Retail file is not beside the checkout (shared/data)"
)
def test_real_invoices_of_the_gift_shop_come_in_whole_and_go_again():
    """The totals of the raw file as published with it."""
    result = bring_in(UCI, preset="online-retail")
    assert result.rows.new + result.rows.ignored == 541_909
    assert result.rows.rejected == 0
    assert rows("SELECT count(*) FROM customers_customer") == [(4_372,)]
    counted = rows(
        "SELECT count(*), sum(round(quantity * unit_price, 3)) "
        "FROM orders_v_line l JOIN orders_v_net o USING (order_id) "
        "WHERE o.customer_id IS NOT NULL AND quantity > 0 AND unit_price > 0"
    )
    assert [(n, str(total)) for n, total in counted] == [(397_884, "8911407.904")]
    assert (
        rows("SELECT count(*), count(*) FILTER (WHERE number LIKE 'C%%') FROM orders_order")[0][1]
        > 3_000
    )
    roll_back(result.import_id)
    assert rows(
        "SELECT (SELECT count(*) FROM orders_order) + (SELECT count(*) FROM customers_customer)"
    ) == [(0,)]
