"""Phones, addresses and names as files write them, and a row of a customers file."""

from datetime import date

import pytest

from huitou.customers.names import name_keys
from huitou.customers.rules import REASONS, customer_in, email, phone
from huitou.customers.types import CustomerIn, Rejected

TODAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("13812345678", "+8613812345678", id="a Chinese mobile number"),
        pytest.param("138-1234-5678", "+8613812345678", id="with dashes"),
        pytest.param("８６ 138 1234 5678", "+8613812345678", id="with its country, full width"),
        pytest.param("+86 138 1234 5678", "+8613812345678", id="in international form"),
        pytest.param("0086-13812345678", "+8613812345678", id="with two zeros"),
        pytest.param("010-62345678", "+861062345678", id="a landline of Beijing"),
        pytest.param("(0755) 8234 5678", "+8675582345678", id="a landline of Shenzhen"),
        pytest.param("+86 755 8234 5678", "+8675582345678", id="the same from abroad"),
        pytest.param("400-820-8820", "+864008208820", id="a service number"),
        pytest.param("+44 20 7946 0000", "+442079460000", id="London"),
        pytest.param("+852 9123 4567", "+85291234567", id="Hong Kong"),
        pytest.param("12345", None, id="too short to be one"),
        pytest.param("unknown", None, id="a word"),
        pytest.param("=1+1", None, id="a formula"),
    ],
)
def test_a_phone_number_is_kept_in_international_form(text, number):
    found = phone(text)
    assert (found.number if found else None) == number
    assert found is None or not found.is_masked


def test_a_masked_number_cannot_be_reached_but_its_tail_can_be_looked_for():
    found = phone("138****5678")
    assert (found.number, found.is_masked, found.reversed_digits) == ("138****5678", True, "8765")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Zhang.San@Example.COM ", "zhang.san@example.com"),
        ("no-at-sign.example.com", None),
        ("two@@example.com", None),
        ("a@b", None),
        ("a@b.com, c@d.com", None),
    ],
)
def test_an_address_is_kept_in_lower_case(text, address):
    assert email(text) == address


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        pytest.param("陈一诺", ("陈一诺", "chenyinuo", "cyn"), id="by pinyin and initials"),
        pytest.param(
            "单小明", ("单小明", "shanxiaoming", "sxm"), id="a family name of its own sound"
        ),
        pytest.param("曾乐", ("曾乐", "zengle", "zl"), id="and another"),
        pytest.param("尉迟恭", ("尉迟恭", "yuchigong", "ycg"), id="a family name of two"),
        pytest.param("Zoë Ångström", ("zoë ångström", "zoëångström", "zå"), id="not Chinese"),
        pytest.param("ＡＢＣ公司", ("abc公司", "abcgongsi", "ags"), id="both"),
        pytest.param("مرحبا", ("مرحبا", "مرحبا", "م"), id="right to left"),
        pytest.param("👩‍🚀", ("👩‍🚀", "", ""), id="no letters at all"),
    ],
)
def test_a_name_is_found_by_its_keys(name, keys):
    assert name_keys(name) == keys


def test_an_empty_cell_says_nothing():
    found = customer_in({"customer": "C1", "name": "", "tags": ""}, line=2, today=TODAY)
    assert found == CustomerIn(line=2, customer="C1")


def test_a_row_is_read_with_chinese_words():
    row = {
        "customer": "C1",
        "kind": "公司",
        "calendar": "农历",
        "birth_date": "1990-03-31",
        "tags": "VIP；常客,VIP",
        "consent_sms": "拒绝",
        "consent_email": "同意",
        "consent_evidence": "form 12",
    }
    found = customer_in(row, line=2, today=TODAY)
    assert (found.kind, found.birth_calendar, found.birth_date) == (
        "company",
        "lunar",
        date(1990, 3, 31),
    )
    assert (found.tags, found.consents) == (("VIP", "常客"), {"sms": "refused", "email": "given"})


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        pytest.param({"customer": ""}, "customer", "empty", id="nobody"),
        pytest.param({"name": "a\nb"}, "name", "control_character", id="a line end in a name"),
        pytest.param({"phone": "12345"}, "phone", "not_a_phone", id="no phone"),
        pytest.param({"email": "x"}, "email", "not_an_email", id="no address"),
        pytest.param({"birth_date": "1990-02-30"}, "birth_date", "not_a_date", id="30 February"),
        pytest.param(
            {"birth_date": "2031-01-01"}, "birth_date", "not_a_birthday", id="not born yet"
        ),
        pytest.param({"calendar": "mayan"}, "calendar", "not_a_calendar", id="another calendar"),
        pytest.param({"kind": "ghost"}, "kind", "not_a_kind", id="no kind"),
        pytest.param(
            {"consent_sms": "given"}, "consent_sms", "no_evidence", id="consent without evidence"
        ),
        pytest.param({"consent_sms": "maybe"}, "consent_sms", "not_a_consent", id="half a consent"),
    ],
)
def test_a_row_that_cannot_be_meant_is_rejected(cells, field, reason):
    found = customer_in({"customer": "C1", **cells}, line=7, today=TODAY)
    assert isinstance(found, Rejected)
    assert (found.line, found.field, found.reason) == (7, field, reason)
    assert reason in REASONS
