"""Every container, encoding and layout gives the same rows with the right line numbers."""

import contextlib
import csv
import datetime
import gzip
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from huitou.connectors.files import errors, reading, records
from huitou.connectors.files.types import Dialect, Options

HEADER = ["订单编号", "会员号", "下单时间", "实付金额", "备注"]
ROWS = [
    ["A1", "C7", "2026-03-05 10:20:00", "12.50", "好喝"],
    ["A2", "C8", "2026-03-06 08:00:00", "8.00", "带走, 两行\n备注"],
    ["A3", "", "2026-03-07 21:15:09", "-3.00", 'say "hi"'],
]
CANONICAL = [
    ("A1", "C7", "2026-03-05 10:20:00", "12.50"),
    ("A2", "C8", "2026-03-06 08:00:00", "8.00"),
    ("A3", "", "2026-03-07 21:15:09", "-3.00"),
]
FIELDS = ("order_id", "customer", "ordered_at", "amount")


def written(delimiter: str = ",", line_end: str = "\r\n") -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=line_end)
    writer.writerows([HEADER, *ROWS])
    return buffer.getvalue()


def inspected_and_read(path: Path, kind: str = "orders") -> tuple[Dialect, list[dict[str, object]]]:
    seen = reading.inspect(path, kind=kind)
    assert not seen.refusals
    tables = reading.rows(
        path, kind=kind, preset=seen.preset, dialect=seen.dialect, mapping=seen.mapping
    )
    return seen.dialect, [row for table in tables for row in table.to_pylist()]


def cells(rows: Sequence[dict[str, object]]) -> list[tuple[object, ...]]:
    return [tuple(row[name] for name in FIELDS) for row in rows]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        pytest.param(written().encode(), "utf-8", id="utf-8"),
        pytest.param(b"\xef\xbb\xbf" + written().encode(), "utf-8", id="utf-8 with a mark"),
        pytest.param(written().encode("gb18030"), "gb18030", id="gb18030"),
        pytest.param(b"\xff\xfe" + written().encode("utf-16-le"), "utf-16-le", id="utf-16 little"),
        pytest.param(b"\xfe\xff" + written().encode("utf-16-be"), "utf-16-be", id="utf-16 big"),
        pytest.param(gzip.compress(written().encode("gbk")), "gb18030", id="gzipped gbk"),
        pytest.param(
            gzip.compress(written().encode()[:50]) + gzip.compress(written().encode()[50:]),
            "utf-8",
            id="two gzip members",
        ),
    ],
)
def test_encodings_are_told_apart(tmp_path: Path, content: bytes, encoding: str) -> None:
    path = tmp_path / "orders"
    path.write_bytes(content)
    dialect, rows = inspected_and_read(path)
    assert dialect.encoding == encoding
    assert cells(rows) == CANONICAL
    assert [row["line"] for row in rows] == [2, 3, 5]  # A2 takes two physical lines


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_delimiters_are_told_apart(tmp_path: Path, delimiter: str, line_end: str) -> None:
    path = tmp_path / "orders.txt"
    path.write_bytes(written(delimiter, line_end).encode())
    dialect, rows = inspected_and_read(path)
    assert dialect.delimiter == delimiter
    assert cells(rows) == CANONICAL


def test_line_ends_of_an_old_mac_are_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(b"customer,date,amount\rC1,2026-03-05,1\rC2,2026-03-06,2\r")
    _, rows = inspected_and_read(path)
    assert [(row["customer"], row["line"]) for row in rows] == [("C1", 2), ("C2", 3)]


def test_titles_above_the_header_and_blank_lines_keep_the_line_numbers(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "某某咖啡 订单导出\n导出时间：2026-04-01\n\n"
        "会员号,日期,金额\nC1,2026-03-05,1\n\n,,\nC2,2026-03-06,2\n"
    )
    dialect, rows = inspected_and_read(path)
    assert dialect.header_line == 4
    assert [(row["customer"], row["line"]) for row in rows] == [("C1", 5), ("C2", 8)]


def test_a_file_without_a_header_has_numbered_columns(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("C1,2026-03-05,1\nC2,2026-03-06,2\n")
    seen = reading.inspect(path, kind="orders")
    assert (seen.header, seen.dialect.header_line) == (("1", "2", "3"), 0)
    mapping = {"customer": "1", "ordered_at": "2", "amount": "3"}
    tables = reading.rows(
        path, kind="orders", preset="generic", dialect=seen.dialect, mapping=mapping
    )
    assert [row["line"] for table in tables for row in table.to_pylist()] == [1, 2]


def test_a_dialect_survives_json() -> None:
    dialect = Dialect(container="text", delimiter="\t", header_line=0, date_order="dmy")
    assert Dialect.from_json(dialect.as_json()) == dialect


def test_a_workbook_gives_the_same_rows_as_text(tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    page.title = "订单"
    page.append([None])
    page.append(HEADER)
    page.append(["A1", "C7", datetime.datetime(2026, 3, 5, 10, 20), 12.5, "好喝"])  # noqa: DTZ001
    page.append([20260306, "0078", datetime.date(2026, 3, 6), 8, "=1+1"])
    page.append(["4501202603050000001", 139, "2026年3月7日 21:15", "¥1,203.00", None])
    page.append([4.501202603050001e18, "C9", "2026-03-08", 1, None])
    book.save(tmp_path / "kept-without-an-ending")
    dialect, rows = inspected_and_read(tmp_path / "kept-without-an-ending")
    assert (dialect.container, dialect.sheet, dialect.header_line) == ("xlsx", "订单", 2)
    assert cells(rows)[:3] == [
        ("A1", "C7", "2026-03-05 10:20:00", "12.5"),
        ("20260306", "0078", "2026-03-06", "8"),
        ("4501202603050000001", "139", "2026-03-07 21:15:00", "1203.00"),
    ]
    assert [(row["line"], row["problem"]) for row in rows] == [
        (3, ""),
        (4, ""),
        (5, ""),
        (6, "number_rounded"),
    ]


def test_parquet_gives_plain_text_of_its_values(tmp_path: Path) -> None:
    instant = datetime.datetime(2026, 3, 5, 2, 20, tzinfo=datetime.UTC)
    table = pa.table(
        {
            "order_id": [1, 2],
            "customer": pa.array([17850.0, None]),
            "ordered_at": pa.array([instant, instant], pa.timestamp("ms", "Asia/Shanghai")),
            "paid_at": pa.array([instant.date(), None]),
            "amount": pa.array(["12.50", "3.00"]).cast(pa.decimal128(9, 2)),
            "store": pa.array(["滨江", "滨江"]).dictionary_encode(),
        }
    )
    pq.write_table(table, tmp_path / "orders.parquet")
    _, rows = inspected_and_read(tmp_path / "orders.parquet")
    assert cells(rows) == [
        ("1", "17850", "2026-03-05 02:20:00+00:00", "12.50"),
        ("2", "", "2026-03-05 02:20:00+00:00", "3.00"),
    ]
    assert [(row["paid_at"], row["store"], row["line"]) for row in rows] == [
        ("2026-03-05", "滨江", 2),
        ("", "滨江", 3),
    ]


def test_chunks_are_no_longer_than_asked(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("customer,date,amount\n" + "C1,2026-03-05,1\n" * 25)
    tables = list(
        reading.rows(
            path,
            kind="orders",
            preset="generic",
            dialect=Dialect(),
            options=Options(chunk_rows=10, currency="EUR"),
        )
    )
    assert [table.num_rows for table in tables] == [10, 10, 5]
    assert tables[2].column("line").to_pylist()[-1] == 26
    assert set(tables[0].column("currency").to_pylist()) == {"EUR"}


def test_wrappings_of_spreadsheets_are_taken_off(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "order_id,customer,date,amount,phone\n"
        '="0012","=""C7""",2026-03-05\t,　￥１２．５０　,\'13800000000\n'
        '"0013\t",C8,2026-03-05,-5,138****1234\n'
    )
    _, rows = inspected_and_read(path)
    assert [(r["order_id"], r["customer"], r["amount"], r["phone"]) for r in rows] == [
        ("0012", "C7", "12.50", "13800000000"),
        ("0013", "C8", "-5", "138****1234"),
    ]


def test_customers_without_a_number_are_told_apart_by_phone(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("手机号,日期,金额\n13800000001,2026-03-05,1\n")
    seen = reading.inspect(path, kind="orders")
    assert seen.mapping["customer"] == seen.mapping["phone"] == "手机号"
    assert [note.code for note in seen.notes] == ["customer_by_contact"]
    _, rows = inspected_and_read(path)
    assert rows[0]["customer"] == rows[0]["phone"] == "13800000001"


def test_customers_and_answers_are_found_by_chinese_names(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "会员号,姓名,手机号,生日,归属门店,短信同意\nC1,王芳,13800000001,1990年1月2日,滨江店,拒绝\n"
    )
    _, rows = inspected_and_read(people, "customers")
    assert {
        k: rows[0][k] for k in ("customer", "name", "birth_date", "home_store", "consent_sms")
    } == {
        "customer": "C1",
        "name": "王芳",
        "birth_date": "1990-01-02",
        "home_store": "滨江店",
        "consent_sms": "拒绝",
    }
    answers = tmp_path / "answers.csv"
    answers.write_text("会员号,填写时间,满意度,推荐意愿,复购意愿\nC1,2026/3/5 9:05,很满意,9,80%\n")
    _, rows = inspected_and_read(answers, "answers")
    assert (rows[0]["answered_at"], rows[0]["satisfaction"], rows[0]["repurchase_probability"]) == (
        "2026-03-05 09:05:00",
        "很满意",
        "80%",
    )


text = st.text(st.sampled_from("ab,\"\n '=é王"), max_size=6)
table_rows = st.lists(st.lists(text, min_size=3, max_size=3), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@given(rows=table_rows, block_bytes=st.sampled_from([1, 20, 1 << 20]))
def test_any_quoted_text_is_read_as_it_was_written_with_its_lines(
    rows: list[list[str]], block_bytes: int
) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n")
    expected = []
    for row in rows:
        expected.append((1 + buffer.getvalue().count("\n"), row))
        writer.writerow(row)
    shape = records.Shape(",", '"', 3, (0, 1, 2), 1)
    before = records.BLOCK_BYTES
    records.BLOCK_BYTES = block_bytes  # type: ignore[misc]  # blocks must end anywhere
    try:
        tables = records.tables([buffer.getvalue().encode()], encoding="utf-8", shape=shape)
        read = [
            (row["line"], [row["0"], row["1"], row["2"]], row["problem"])
            for table in tables
            for row in table.to_pylist()
        ]
    finally:
        records.BLOCK_BYTES = before  # type: ignore[misc]
    assert read == [(line, row, "") for line, row in expected]


@settings(max_examples=60, deadline=None)
@given(junk=st.binary(max_size=300))
def test_no_bytes_whatever_break_the_reader(junk: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "junk"
        path.write_bytes(junk)
        with contextlib.suppress(errors.FileUnreadable):
            seen = reading.inspect(path, kind="orders")
            list(reading.rows(path, kind="orders", preset=seen.preset, dialect=seen.dialect))


def test_a_column_of_consent_we_do_not_know_is_not_dropped_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("customer,consent_sms,consent_fax\nC1,no,yes\n", encoding="utf-8")
    found = reading.inspect(path, kind="customers")
    assert [(note.code, note.facts) for note in found.notes] == [
        ("consent_left_out", {"column": "consent_fax"})
    ]
