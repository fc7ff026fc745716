"""What we write opens safely in a spreadsheet; rejects come back in the file's own format."""

import csv
import datetime
import gzip
import io
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitou.connectors.files import cells, errors, reading, rejects, texts, writing
from huitou.connectors.files.source import FileSource
from huitou.connectors.files.types import Dialect


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+86 138", "'+86 138"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        (" =1", "' =1"),
        ("＝1+1", "'＝1+1"),
        ("-5.20", "-5.20"),
        ("+13800000000", "+13800000000"),
        ("-1e5", "-1e5"),
        ("王芳", "王芳"),
        ("🦊", "🦊"),
        ("", ""),
        ("a=b", "a=b"),
    ],
)
def test_a_cell_that_looks_like_a_formula_is_written_as_text(text: str, safe: str) -> None:
    assert cells.safe_cell(text) == safe
    assert cells.safe_column(pa.chunked_array([[text]])).to_pylist() == [safe]


@given(st.text(st.sampled_from("=+-@＝\t\r\n '0aé"), max_size=5))
def test_one_cell_and_a_column_are_made_safe_alike(text: str) -> None:
    safe = cells.safe_cell(text)
    assert cells.safe_column(pa.chunked_array([[text, None]])).to_pylist() == [safe, None]
    assert not safe.strip().startswith(("=", "@", "＝"))


@given(st.text(st.sampled_from("=+-@＝＋\t\r' 0aé"), max_size=6))
def test_what_was_made_safe_is_read_back_as_it_was(text: str) -> None:
    if not (text.startswith("'") and text[1:2].isdigit()):  # a spreadsheet's mark of a text
        assert cells.plain_cell(cells.safe_cell(text)) == text
    (row,) = csv.reader(io.StringIO(cells.written([[text, "x"]]).decode(), newline=""))
    assert row == [cells.safe_cell(text), "x"]


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "+86 138", "-2+3", "＝1+1", "-x", "'t Hooft"])
def test_an_import_reads_a_name_back_that_an_export_made_safe(name: str) -> None:
    assert texts.clean_text(cells.safe_cell(name)) == name
    assert texts.cleaned(pa.chunked_array([[cells.safe_cell(name)]])).to_pylist() == [name]


def test_a_table_is_written_as_its_name_says(tmp_path: Path) -> None:
    table = pa.table(
        {
            "customer": pa.array(["=cmd()", "王芳", None]).dictionary_encode(),
            "p_repeat": [0.5, None, -1.0],
        }
    )
    as_text = writing.write_table(table, tmp_path / "scores.csv").read_bytes()
    assert as_text.startswith(b"customer,p_repeat\n")
    rows = list(csv.reader(io.StringIO(as_text.decode())))
    assert rows == [["customer", "p_repeat"], ["'=cmd()", "0.5"], ["王芳", ""], ["", "-1"]]
    written = pq.read_table(writing.write_table(table, tmp_path / "scores.parquet"))
    assert written.column("customer").to_pylist() == ["=cmd()", "王芳", None]
    with pytest.raises(errors.FormatUnknown):
        writing.write_table(table, tmp_path / "scores.docx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scores.csv", "scores.parquet"]


def test_only_a_table_for_excel_begins_with_the_mark(tmp_path: Path) -> None:
    table = pa.table({"name": ["王芳"]})
    for_excel = writing.write_table(table, tmp_path / "names.csv", for_excel=True).read_bytes()
    assert for_excel == '\ufeffname\n"王芳"\n'.encode()


def rejected(path: Path, lines: list[int], out: Path) -> Dialect:
    dialect = reading.inspect(path, kind="orders").dialect
    assert rejects.write_rejects(path, dialect=dialect, lines=lines, out=out) == out
    return dialect


TITLES = "某某咖啡\r\n"
HEADER = "单号,会员号,日期,金额,备注\r\n"
PLAIN = "A1,C1,2026-03-05,1.00,\r\n"
QUOTED = 'A2,C2,2026-03-06,bad,"两行\r\n备注, ""引号"""\r\n'
LAST = "A3,C3,2026-02-30,3.00,=1+1\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_rejected_records_are_copied_as_they_stand(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes((TITLES + HEADER + PLAIN + QUOTED + LAST).encode(encoding))
    out = tmp_path / "rejects.csv"
    rejected(path, [4, 6], out)
    assert out.read_bytes() == (TITLES + HEADER + QUOTED + LAST).encode(encoding)


def test_mended_rejects_are_read_again(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv.gz"
    path.write_bytes(gzip.compress((HEADER + PLAIN + QUOTED + LAST).encode("gb18030")))
    out = tmp_path / "rejects.csv"
    dialect = rejected(path, [3, 5], out)
    assert rejects.rejects_suffix(dialect) == ".csv"
    seen = reading.inspect(out, kind="orders")
    tables = reading.rows(out, kind="orders", preset=seen.preset, dialect=seen.dialect)
    rows = [row for table in tables for row in table.to_pylist()]
    assert [(row["order_id"], row["line"]) for row in rows] == [("A2", 2), ("A3", 4)]


def test_rejected_rows_of_a_workbook_keep_their_types_and_stay_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["order_id", "customer", "ordered_at", "amount"])
    book.active.append(["A1", "C1", datetime.datetime(2026, 3, 5, 10), 1])  # noqa: DTZ001
    book.active.append(["0012", "=1+1", datetime.datetime(2026, 3, 6, 9, 30), 2.5])  # noqa: DTZ001
    book.active["B3"].data_type = "s"
    book.save(tmp_path / "orders.xlsx")
    out = tmp_path / "rejects.xlsx"
    rejected(tmp_path / "orders.xlsx", [3], out)
    page = openpyxl.load_workbook(out).active
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["order_id", "customer", "ordered_at", "amount"],
        ["0012", "=1+1", datetime.datetime(2026, 3, 6, 9, 30), 2.5],  # noqa: DTZ001
    ]
    assert page["B2"].data_type == "s"


def test_rejected_rows_of_parquet_keep_their_types(tmp_path: Path) -> None:
    table = pa.table({"customer": ["C1", "C2"], "ordered_at": ["x", "y"], "amount": [1.5, 2.5]})
    pq.write_table(table, tmp_path / "orders.parquet")
    out = tmp_path / "rejects.parquet"
    rejected(tmp_path / "orders.parquet", [3], out)
    assert pq.read_table(out).to_pylist() == [{"customer": "C2", "ordered_at": "y", "amount": 2.5}]


def test_rejects_of_a_file_between_blanks_are_read_again(tmp_path: Path) -> None:
    path = tmp_path / "cdnow.txt"
    path.write_text(
        " customer_id  date number_of_cds  dollar_value\n 1 19970101 1 2.0\n 2 x 1 3.0\n"
    )
    out = tmp_path / "rejects.txt"
    assert rejects.rejects_suffix(rejected(path, [3], out)) == ".txt"
    assert out.read_text() == " customer_id  date number_of_cds  dollar_value\n 2 x 1 3.0\n"


def test_a_source_writes_rejects_without_having_been_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes((TITLES + HEADER + PLAIN + QUOTED + LAST).encode("gb18030"))
    source = FileSource(kind="orders", preset="generic", path=path, file_name=path.name)
    assert sum(table.num_rows for table in source.chunks()) == 3
    source.write_rejects([6], tmp_path / "rejects.csv")
    assert (tmp_path / "rejects.csv").read_bytes() == (TITLES + HEADER + LAST).encode("gb18030")


def test_a_writing_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("customer,date,amount\nC1,2026-03-05,1\n")
    with pytest.raises(errors.DamagedFile):
        rejects.write_rejects(
            path, dialect=Dialect(container="text", is_gzip=True), lines=[2], out=tmp_path / "r.csv"
        )
    assert [p.name for p in tmp_path.iterdir()] == ["orders.csv"]
