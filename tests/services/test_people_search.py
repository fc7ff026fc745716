"""One box finds people by name, pinyin, initials, code, the end of a phone number, or e-mail."""

from datetime import UTC, datetime

import pytest

from huitou.customers import models, queries

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


@pytest.fixture
def people():
    def made(code, name, pinyin, initials, phone="", email=""):
        return models.Customer(
            code=code,
            name=name,
            name_folded=name.casefold(),
            name_pinyin=pinyin,
            name_initials=initials,
            phone=phone,
            phone_reversed=phone.lstrip("+")[::-1],
            email=email,
            created_at=NOW,
        )

    rows = [
        made("M-0182264", "陈一诺", "chenyinuo", "cyn", "+8613812345678"),
        made("M-0182265", "陈晨", "chenchen", "cc", "+8613812340678", "chen.chen@example.cn"),
        made("M-0990001", "O'Brien 100%", "", "", "+447700900123"),
        made("5678", "李娜", "lina", "ln"),
    ]
    return {row.name: row.pk for row in models.Customer.objects.bulk_create(rows)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("陈", {"陈一诺", "陈晨"}, id="a family name"),
        pytest.param("陈一诺", {"陈一诺"}, id="a whole name"),
        pytest.param("chenyi", {"陈一诺"}, id="pinyin from its beginning"),
        pytest.param("Chen Yi", {"陈一诺"}, id="pinyin with a blank and capitals"),
        pytest.param("cyn", {"陈一诺"}, id="initials"),
        pytest.param("0678", {"陈晨"}, id="the end of a phone number"),
        pytest.param("138 1234-5678", {"陈一诺"}, id="a phone number as people write it"),
        pytest.param("5678", {"陈一诺", "李娜"}, id="a number may be a phone's end and a code"),
        pytest.param("M-018", {"陈一诺", "陈晨"}, id="a code from its beginning"),
        pytest.param("Chen.Chen@example.cn", {"陈晨"}, id="an e-mail whole, whatever its case"),
        pytest.param("o'brien 100%", {"O'Brien 100%"}, id="signs are meant as they stand"),
        pytest.param("%", set(), id="a wildcard finds nobody"),
        pytest.param("'; DROP TABLE customers_customer; --", set(), id="a statement is only text"),
        pytest.param("78", set(), id="two digits are no phone's end"),
        pytest.param("  ", set(), id="blanks find nobody"),
        pytest.param("陈\x00", set(), id="a null byte finds nobody"),
    ],
)
def test_one_box_finds_by_what_was_typed(people, text, names):
    finds = queries.search(text)
    assert set(finds.ids) == {people[name] for name in names}
    assert not finds.is_cut


def test_a_search_is_one_statement_and_says_when_it_was_cut(people, django_assert_num_queries):
    with django_assert_num_queries(1):
        finds = queries.search("M-018", limit=1)
    assert len(finds.ids) == 1
    assert finds.is_cut
