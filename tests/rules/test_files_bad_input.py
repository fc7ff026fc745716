"""Files that cannot be read are refused with the reason; odd rows are marked, never lost."""

import gzip
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from huitou.connectors.files import errors, opening, reading
from huitou.connectors.files.types import Dialect
from huitou.kit.errors import HuitouError

HEADER = "order_id,customer,ordered_at,amount,currency\n"
ROW = "A1,C7,2026-03-05,12.50,CNY\n"

Row = Mapping[str, object]


def put(folder: Path, content: str | bytes, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def looked(path: Path) -> None:
    reading.inspect(path, kind="orders")


def read(path: Path, dialect: Dialect | None = None, **how: object) -> list[Row]:
    chosen = {"kind": "orders", "preset": "generic", **how}
    tables = reading.rows(path, dialect=dialect or Dialect(), **chosen)  # type: ignore[arg-type]
    return [row for table in tables for row in table.to_pylist()]


def refused(path: Path, error: type[HuitouError]) -> HuitouError:
    """The refusal, the same whether the file is looked at first or read at once."""
    with pytest.raises(error) as first:
        looked(path)
    with pytest.raises(error):
        read(path)
    return first.value


@pytest.mark.parametrize(
    ("content", "error"),
    [
        pytest.param(b"", errors.EmptyFile, id="no byte at all"),
        pytest.param(b" \r\n\n \n", errors.EmptyFile, id="blank lines only"),
        pytest.param(b"\xef\xbb\xbf", errors.EmptyFile, id="a byte order mark only"),
        pytest.param(gzip.compress(b""), errors.EmptyFile, id="an empty gzip"),
        pytest.param(HEADER.encode(), errors.HeaderOnly, id="a header only"),
        pytest.param(HEADER.encode() + b"\n \n", errors.HeaderOnly, id="a header and blank lines"),
        pytest.param(b"%PDF-1.7 and so on", errors.BinaryFile, id="a PDF"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(99), errors.BinaryFile, id="a picture"),
        pytest.param(bytes(range(32)) * 40, errors.BinaryFile, id="binary junk"),
        pytest.param(
            gzip.compress(b"\x7fELF" + bytes(99)), errors.BinaryFile, id="a gzipped program"
        ),
        pytest.param(gzip.compress(gzip.compress(b"x")), errors.BinaryFile, id="a gzip in a gzip"),
        pytest.param(gzip.compress(b"a,b\n1,2\n")[:-6], errors.DamagedFile, id="a broken off gzip"),
        pytest.param(b"\x1f\x8b\x08junk", errors.DamagedFile, id="a gzip that is none"),
        pytest.param(b"PK\x03\x04junk", errors.DamagedFile, id="a workbook that is none"),
        pytest.param(b"PAR1junkPAR1", errors.DamagedFile, id="a Parquet file that is none"),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1junk", errors.DamagedFile, id="an XLS that is none"
        ),
    ],
)
def test_a_file_without_rows_is_refused(
    tmp_path: Path, content: bytes, error: type[HuitouError]
) -> None:
    refused(put(tmp_path, content), error)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.csv", errors.FileMissing).facts == {"name": "none.csv"}


def test_nul_bytes_are_refused_with_their_line(tmp_path: Path) -> None:
    path = put(tmp_path, HEADER + ROW * 3 + "A2,C\0,2026-03-05,1,CNY\n")
    assert refused(path, errors.NulBytes).facts["line"] == 5


def test_one_endless_line_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = put(tmp_path, HEADER + ROW + "x" * (3 << 20))
    assert refused(path, errors.LineTooLong).facts["line"] == 3


def test_a_long_line_among_short_ones_is_refused_with_its_line(tmp_path: Path) -> None:
    path = put(tmp_path, HEADER + ROW * 9 + "x" * (1 << 20) + "y\n" + ROW * 9)
    assert refused(path, errors.LineTooLong).facts["line"] == 11


def test_an_endless_record_in_quotes_is_refused_with_its_first_line(tmp_path: Path) -> None:
    path = put(tmp_path, HEADER + ROW + 'A2,"open\n' + ROW * 60_000)
    looked(path)
    with pytest.raises(errors.LineTooLong) as refusal:
        read(path)
    assert refusal.value.facts["line"] == 3


def test_a_quote_never_closed_marks_its_record_instead_of_swallowing_silently(
    tmp_path: Path,
) -> None:
    rows = read(put(tmp_path, HEADER + ROW + 'A2,"C8,2026-03-05,1,CNY\n' + ROW))
    assert [(row["line"], row["problem"]) for row in rows] == [(2, ""), (3, "quote_open")]


def test_a_gzip_bomb_is_refused_while_it_unpacks(tmp_path: Path) -> None:
    bomb = gzip.compress((HEADER + ROW * 1_500_000).encode(), 9)
    assert len(bomb) < 1 << 20
    refused(put(tmp_path, bomb), errors.TooLargeExpanded)


def test_a_workbook_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (64 << 20))
    refused(path, errors.TooLargeExpanded)


def test_a_workbook_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "liar.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"<x/>" * 100_000)
    honest = path.read_bytes()
    path.write_bytes(honest.replace((400_000).to_bytes(4, "little"), (400).to_bytes(4, "little")))
    refused(path, errors.DamagedFile)


def test_a_parquet_bomb_is_refused_before_it_is_written_out(tmp_path: Path) -> None:
    text = pa.array(["x" * (1 << 19)])
    bomb = pa.DictionaryArray.from_arrays(pa.array([0] * 60_000, pa.int32()), text)
    table = pa.table({"customer": bomb, "ordered_at": bomb, "amount": bomb})
    pq.write_table(table, tmp_path / "bomb.parquet", store_schema=False)
    assert (tmp_path / "bomb.parquet").stat().st_size < 1 << 20
    refused(tmp_path / "bomb.parquet", errors.TooLargeExpanded)


def test_one_column_name_twice_in_parquet_is_refused_by_name(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array(["a"])] * 3, names=["customer", "amount", "amount"])
    pq.write_table(table, tmp_path / "orders.parquet")
    seen = reading.inspect(tmp_path / "orders.parquet", kind="orders")
    assert seen.refusals[0].facts == {"column": "amount"}
    with pytest.raises(errors.DuplicateHeader):
        read(tmp_path / "orders.parquet")


def test_a_sheet_with_a_cell_in_the_farthest_corner_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    book.active["A1"] = "customer"
    book.active["XFD1048576"] = "far"
    book.save(tmp_path / "far.xlsx")
    refused(tmp_path / "far.xlsx", errors.TooLargeExpanded)


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo.jpg", b"x")
    refused(path, errors.BinaryFile)


def test_one_column_name_twice_is_refused_by_name(tmp_path: Path) -> None:
    path = put(tmp_path, "customer,ordered_at,amount,amount\nC1,2026-03-05,1,2\n")
    assert [e.facts for e in reading.inspect(path, kind="orders").refusals] == [
        {"column": "amount"}
    ]
    with pytest.raises(errors.DuplicateHeader):
        read(path)


@pytest.mark.parametrize(
    ("header", "lacking"),
    [
        pytest.param("order_id,ordered_at,amount", "customer", id="no customer"),
        pytest.param("order_id,customer,amount", "ordered_at", id="no date"),
        pytest.param("order_id,customer,ordered_at", "amount", id="no money"),
    ],
)
def test_a_missing_column_is_named(tmp_path: Path, header: str, lacking: str) -> None:
    path = put(tmp_path, f"{header}\nA1,2026-03-05,5\n")
    seen = reading.inspect(path, kind="orders")
    assert seen.missing == (lacking,)
    assert [type(error) for error in seen.refusals] == [errors.ColumnMissing]
    with pytest.raises(errors.ColumnMissing) as refusal:
        read(path)
    assert refusal.value.facts == {"column": lacking}


def test_a_mapping_to_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, HEADER + ROW)
    mapping = {"customer": "customer", "ordered_at": "when", "amount": "amount"}
    with pytest.raises(errors.ColumnMissing) as refusal:
        read(path, mapping=mapping)
    assert refusal.value.facts == {"column": "when"}


def test_a_mapping_of_a_field_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, HEADER + ROW)
    with pytest.raises(errors.FieldUnknown):
        read(path, mapping={"customer": "customer", "colour": "amount"})


def test_bytes_of_no_encoding_we_know_are_refused_with_their_line(tmp_path: Path) -> None:
    path = put(tmp_path, (HEADER + ROW).encode() + b"A2,Zo\xeb \xffx,2026-03-05,1,EUR\n")
    assert refused(path, errors.UnknownEncoding).facts["line"] == 3


def test_western_text_is_read_when_its_encoding_is_named(tmp_path: Path) -> None:
    path = put(tmp_path, HEADER.encode() + "A2,Zoë,2026-03-05,1,EUR\n".encode("windows-1252"))
    rows = read(path, Dialect(encoding="windows-1252"))
    assert rows[0]["customer"] == "Zoë"


@pytest.mark.parametrize("name", ["GBK", "gb2312", "GB18030", "cp936"])
def test_encodings_go_by_their_usual_names(tmp_path: Path, name: str) -> None:
    path = put(tmp_path, (HEADER + "A2,王芳,2026-03-05,1,CNY\n").encode("gbk"))
    assert reading.inspect(path, kind="orders", overrides=Dialect(encoding=name)).refusals == ()
    assert read(path, Dialect(encoding=name))[0]["customer"] == "王芳"


@pytest.mark.parametrize("most", ["utf-8", "gb18030"])
def test_mixed_encodings_are_refused_at_the_line_that_differs(tmp_path: Path, most: str) -> None:
    other = "gb18030" if most == "utf-8" else "utf-8"
    usual = "A1,王小芳爱喝咖啡,2026-03-05,1,CNY\n".encode(most) * 6
    odd = "A2,李明明在门店,2026-03-05,1,CNY\n".encode(other)
    path = put(tmp_path, HEADER.encode() + usual + odd + usual)
    refusal = refused(path, errors.MixedEncodings)
    assert refusal.facts == {"line": 8, "encoding": most}


def test_bytes_that_break_utf8_late_in_a_file_are_refused_with_their_line(tmp_path: Path) -> None:
    path = put(tmp_path, (HEADER + ROW * 50_000).encode() + b"A2,\xff,2026-03-05,1,CNY\n")
    dialect = Dialect(encoding="utf-8")
    with pytest.raises(errors.UnknownEncoding) as refusal:
        read(path, dialect)
    assert refusal.value.facts == {"line": 50_002, "encoding": "utf-8"}


def test_dates_that_may_be_day_or_month_first_are_refused_until_chosen(tmp_path: Path) -> None:
    path = put(tmp_path, HEADER + "A1,C7,05/05/2026,1,CNY\nA2,C7,03/04/2026,1,CNY\n")
    seen = reading.inspect(path, kind="orders")
    assert seen.dialect.date_order is None
    assert [error.facts for error in seen.refusals] == [
        {"column": "ordered_at", "example": "03/04/2026", "line": 3}
    ]
    with pytest.raises(errors.DateOrderUnclear):
        read(path)
    assert read(path, Dialect(date_order="dmy"))[1]["ordered_at"] == "2026-04-03"
    assert read(path, Dialect(date_order="mdy"))[1]["ordered_at"] == "2026-03-04"


def test_the_order_of_dates_is_proven_in_the_column_that_is_mapped(tmp_path: Path) -> None:
    path = put(tmp_path, "customer,when,amount\nC7,25/04/2026,1\n")
    mapping = {"customer": "customer", "ordered_at": "when", "amount": "amount"}
    unmapped = reading.inspect(path, kind="orders").dialect
    assert unmapped.date_order is None
    assert read(path, unmapped, mapping=mapping)[0]["ordered_at"] == "2026-04-25"
    seen = reading.inspect(path, kind="orders", mapping=mapping)
    assert seen.dialect.date_order == "dmy"
    assert read(path, seen.dialect, mapping=mapping)[0]["ordered_at"] == "2026-04-25"
    assert read(path, Dialect(), mapping=mapping)[0]["ordered_at"] == "2026-04-25"


def test_a_date_that_proves_the_order_far_down_the_file_is_found(tmp_path: Path) -> None:
    rows = "A1,C7,03/04/2026,1,CNY\n" * 20_000 + "A2,C7,25/04/2026,1,CNY\n"
    path = put(tmp_path, HEADER + rows)
    assert reading.inspect(path, kind="orders").dialect.date_order == "dmy"


def test_dates_that_prove_two_orders_stay_as_they_are_to_be_rejected(tmp_path: Path) -> None:
    path = put(
        tmp_path,
        HEADER + "A1,C7,25/04/2026,1,CNY\nA2,C7,04/25/2026,1,CNY\nA3,C7,2026-04-25,1,CNY\n",
    )
    seen = reading.inspect(path, kind="orders")
    assert seen.dialect.date_order == "mixed"
    assert [note.code for note in seen.notes] == ["two_date_orders"]
    dates = [row["ordered_at"] for row in read(path, seen.dialect)]
    assert dates == ["25/04/2026", "04/25/2026", "2026-04-25"]


def test_a_comma_that_may_be_thousands_or_decimals_is_refused_until_chosen(tmp_path: Path) -> None:
    path = put(tmp_path, "customer;ordered_at;amount\nC1;2026-03-05;1,234\n")
    with pytest.raises(errors.DecimalMarkUnclear):
        read(path)
    assert read(path, Dialect(decimal_mark=","))[0]["amount"] == "1.234"
    assert read(path, Dialect(decimal_mark="."))[0]["amount"] == "1234"


@pytest.mark.parametrize(
    "amount",
    ["NaN", "1e30", "Infinity", "1.2.3", "one", "--5", "5 5", "0x10", "１e5", "99%"],
)
def test_a_number_that_cannot_be_read_stays_as_the_file_has_it(tmp_path: Path, amount: str) -> None:
    path = put(tmp_path, "customer,ordered_at,amount\nC1,2026-03-05," + f'"{amount}"\n')
    assert read(path)[0]["amount"] == amount


@pytest.mark.parametrize(
    "date",
    ["2026-02-30", "0001-01-01", "9999-12-31", "2026-13-01", "31.31.2026", "someday", "46086"],
)
def test_a_date_that_cannot_be_stays_as_the_file_has_it(tmp_path: Path, date: str) -> None:
    path = put(tmp_path, f"customer,ordered_at,amount\nC1,{date},1\nC1,25/04/2026,1\n")
    assert read(path)[0]["ordered_at"] == date


def test_rows_of_the_wrong_width_are_marked_and_the_others_read(tmp_path: Path) -> None:
    path = put(tmp_path, HEADER + ROW + "A2,C7\n" + ROW + "A3,C7,2026-03-05,1,CNY,x,y\n" + ROW)
    assert [(row["line"], row["problem"]) for row in read(path)] == [
        (2, ""),
        (3, "too_few_cells"),
        (4, ""),
        (5, "too_many_cells"),
        (6, ""),
    ]


def test_codes_a_spreadsheet_has_rounded_are_marked(tmp_path: Path) -> None:
    path = put(tmp_path, HEADER + "6.20123E+17,C7,2026-03-05,1,CNY\n" + ROW)
    assert [row["problem"] for row in read(path)] == ["number_rounded", ""]


def test_spreadsheet_errors_are_marked(tmp_path: Path) -> None:
    path = put(tmp_path, HEADER + "A1,C7,2026-03-05,#REF!,CNY\n" + ROW)
    assert [row["problem"] for row in read(path)] == ["cell_error", ""]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("محمد علي", id="right to left"),
        pytest.param("🦊 Lin", id="emoji"),
        pytest.param('=HYPERLINK("http://x","y")', id="a formula"),
        pytest.param("@SUM(A1)", id="an at-formula"),
        pytest.param("+8613800000000", id="a plus"),
        pytest.param("'t Hooft", id="an apostrophe that belongs"),
        pytest.param('O\'Neil, "Ann"', id="quotes and a comma"),
    ],
)
def test_names_come_through_as_plain_text(tmp_path: Path, name: str) -> None:
    quoted = name.replace('"', '""')
    path = put(tmp_path, HEADER + f'A1,"{quoted}",2026-03-05,1,CNY\n')
    assert read(path)[0]["customer"] == name


@pytest.mark.parametrize(
    ("setting", "given"),
    [
        ("encoding", "klingon"),
        ("delimiter", ",,"),
        ("delimiter", "\n"),
        ("quote", "x"),
        ("date_order", "ydm"),
        ("decimal_mark", "'"),
        ("header_line", 900),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name(
    tmp_path: Path, setting: str, given: object
) -> None:
    path = put(tmp_path, HEADER + ROW)
    dialect = Dialect.from_json({setting: given, "colour": "unknown names are left out"})
    with pytest.raises(errors.DialectWrong) as refusal:
        read(path, dialect)
    assert refusal.value.facts == {"setting": setting, "given": given}


def test_the_limits_are_what_the_documents_say() -> None:
    assert (opening.RATIO_LIMIT, opening.EXPANDED_LIMIT_BYTES) == (250, 8 << 30)
