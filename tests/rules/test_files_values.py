"""Dates and numbers as people and shop systems write them become ISO dates and plain decimals."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitou.connectors.files import dates, decimals, statuses, texts


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2026-03-05", "2026-03-05"),
        ("2026-3-5", "2026-03-05"),
        ("2026/3/5 8:05", "2026-03-05 08:05:00"),
        ("2026.03.05", "2026-03-05"),
        ("20260305", "2026-03-05"),
        ("20260305102030", "2026-03-05 10:20:30"),
        ("2026年3月5日", "2026-03-05"),
        ("2026年3月5日 10时20分", "2026-03-05 10:20:00"),
        ("2026年3月5日 下午3:07:09", "2026-03-05 15:07:09"),
        ("２０２６－０３－０５", "2026-03-05"),
        ("2026-03-05T10:20:30Z", "2026-03-05 10:20:30+00:00"),
        ("2026-03-05T10:20:30.123456789+08:00", "2026-03-05 10:20:30.123456+08:00"),
        ("2026-03-05 10:20:30 +0800", "2026-03-05 10:20:30+08:00"),
        ("2026-03-05 12:01 AM", "2026-03-05 00:01:00"),
        ("5 Mar 2026", "2026-03-05"),
        ("March 5, 2026 3:04 pm", "2026-03-05 15:04:00"),
        ("0001-01-01", "0001-01-01"),
        ("2026-02-30", "2026-02-30"),
        ("2026-13-05", "2026-13-05"),
        ("2026-03-05 25:00", "2026-03-05 25:00"),
        ("03/04/2026", "03/04/2026"),
        ("tomorrow", "tomorrow"),
        ("", ""),
    ],
)
def test_a_date_becomes_iso_or_stays_as_it_is(written: str, iso: str) -> None:
    assert dates.iso_text(written, "ymd") == iso


@pytest.mark.parametrize(
    ("written", "order", "iso"),
    [
        ("3/4/2026", "dmy", "2026-04-03"),
        ("3/4/2026", "mdy", "2026-03-04"),
        ("3.4.26 7:08", "dmy", "2026-04-03 07:08:00"),
        ("12/1/2010 8:26", "mdy", "2010-12-01 08:26:00"),
        ("31-12-1999", "dmy", "1999-12-31"),
        ("31/12/1999", "mdy", "31/12/1999"),
        ("1/2/70", "dmy", "1970-02-01"),
        ("1/2-2026", "dmy", "1/2-2026"),
    ],
)
def test_day_and_month_are_taken_in_the_order_of_the_file(
    written: str, order: str, iso: str
) -> None:
    assert dates.iso_text(written, order) == iso


@pytest.mark.parametrize(
    ("written", "mark", "plain"),
    [
        ("12.50", ".", "12.50"),
        ("1,234.50", ".", "1234.50"),
        ("1,23,456", ".", "123456"),
        ("1.234,50", ",", "1234.50"),
        ("1 234,50", ",", "1234.50"),
        ("1'234.50", ".", "1234.50"),
        ("￥1,234.50", ".", "1234.50"),
        ("¥ 12", ".", "12"),
        ("12元", ".", "12"),
        ("人民币12.5", ".", "12.5"),
        ("CNY 12.5", ".", "12.5"),
        ("-$5.20", ".", "-5.20"),
        ("$-5.20", ".", "-5.20"),
        ("(5.20)", ".", "-5.20"),
        ("5.20-", ".", "-5.20"),
        ("−5", ".", "-5"),
        ("+5", ".", "5"),
        (".5", ".", "0.5"),
        ("１２．５０", ".", "12.50"),
        ("1.999", ".", "1.999"),
        ("1,2", ".", "1,2"),
        ("1.2", ",", "1.2"),
        ("1e30", ".", "1e30"),
        ("NaN", ".", "NaN"),
        ("5 元 6", ".", "5 元 6"),
        ("-(5)", ".", "-(5)"),
        ("", ".", ""),
    ],
)
def test_a_number_becomes_plain_or_stays_as_it_is(written: str, mark: str, plain: str) -> None:
    assert decimals.plain_text(written, mark) == plain


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from([(",", "."), (".", ",")]))
def test_thousands_separators_never_change_a_number(
    number: Decimal, marks: tuple[str, str]
) -> None:
    thousands, mark = marks
    english = f"{number:,.2f}"
    written = english.replace(",", "t").replace(".", mark).replace("t", thousands)
    assert Decimal(decimals.plain_text(written, mark)) == number


@pytest.mark.parametrize(
    ("written", "currency"),
    [
        ("12元", "CNY"),
        ("£5", "GBP"),
        ("€5", "EUR"),
        ("HK$5", "HKD"),
        ("¥5", ""),
        ("$5", ""),
        ("5", ""),
    ],
)
def test_signs_name_a_currency_only_where_they_mean_one(written: str, currency: str) -> None:
    found = decimals.currency_of(pa.chunked_array([[written]]))
    assert (found.to_pylist() if found is not None else [""]) == [currency]


@pytest.mark.parametrize(
    ("cell", "clean"),
    [
        (' ="0012"\t', "0012"),
        ("'0012", "0012"),
        ("'t Hooft", "'t Hooft"),
        ("=1+1", "=1+1"),
        ("\u200bC7\ufeff", "C7"),
        ("a\x07b", "ab"),
        ("　王芳　", "王芳"),
        ("-5", "-5"),
        ("'", "'"),
    ],
)
def test_a_cell_is_made_plain_and_never_evaluated(cell: str, clean: str) -> None:
    assert texts.clean_text(cell) == clean
    assert texts.cleaned(pa.chunked_array([[cell]])).to_pylist() == [clean]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("交易成功", "paid"),
        ("买家已付款，等待卖家发货", "paid"),
        ("等待买家付款", "pending"),
        ("交易关闭", "cancelled"),
        ("退货", "returned"),
        ("wc-completed", "paid"),
        ("Cancelled", "cancelled"),
        ("mystery", "mystery"),
        ("", ""),
    ],
)
def test_words_for_the_state_of_an_order_are_understood(word: str, status: str) -> None:
    assert statuses.normalised(pa.chunked_array([[word]]), {}).to_pylist() == [status]
