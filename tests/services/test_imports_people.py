"""Customers and their answers come in from files, once, and can be taken back."""

import pytest

from huitou.customers import queries as customers
from huitou.customers.errors import RollbackBlocked
from huitou.platform.imports import queries as records
from huitou.voice import queries as voice
from huitou.voice.errors import ScaleUnknown
from tests.services.incoming import bring_in, csv, everything, roll_back, rows

pytestmark = pytest.mark.django_db
PEOPLE = (
    "customer,name,phone,email,birth_date,calendar,home_store,source,tags,consent_sms,"
    "consent_evidence\n"
)
SAID = (
    "customer,answered_at,wave,satisfaction,recommendation,repurchase_probability,"
    "benefit_staff,comment\n"
)
CHEN = "C1,陈一诺,13812345678,Chen@Example.com,1990-03-31,农历,S1,friend,VIP；常客,refused,"


def people(folder, name, *lines):
    return csv(folder, name, *lines, header=PEOPLE)


def said(folder, name, *lines):
    return csv(folder, name, *lines, header=SAID)


def test_customers_come_in_with_the_keys_they_are_found_by(tmp_path):
    result = bring_in(people(tmp_path, "a.csv", CHEN), kind="customers")
    assert (result.applied, result.things.new) == (True, 1)
    customer_id = customers.by_code("C1")
    for text in ("陈一诺", "chenyi", "cyn", "5678", "chen@example.com", "C1"):
        assert customers.search(text).ids == (customer_id,), text
    contact = customers.contact(customer_id)
    assert (contact.phone, contact.birth_calendar, contact.tags) == (
        "+8613812345678",
        "lunar",
        ["VIP", "常客"],
    )
    assert [(c.channel, c.state) for c in customers.consents(customer_id)] == [("sms", "refused")]
    assert rows(
        "SELECT s.code FROM staff_store s JOIN customers_v_customer c ON c.home_store_id = s.id"
    ) == [("S1",)]


def test_the_same_customers_twice_change_nothing(tmp_path):
    file = people(tmp_path, "a.csv", CHEN, "C2,李娜,,,,,,,,,")
    bring_in(file, kind="customers")
    before = everything()
    again = bring_in(file, kind="customers")
    assert (again.things.unchanged, again.things.new, again.things.changed) == (2, 0, 0)
    assert everything() == before


def test_an_empty_cell_changes_nothing_and_a_rollback_puts_back_the_rest(tmp_path):
    bring_in(people(tmp_path, "a.csv", CHEN), kind="customers")
    before = everything()
    second = bring_in(
        people(tmp_path, "b.csv", "C1,陈二,,,,,,,,,", "C9,新人,,,,,,,,,"), kind="customers"
    )
    assert (second.things.changed, second.things.new) == (1, 1)
    assert customers.contact(customers.by_code("C1")).email == "chen@example.com"
    roll_back(second.import_id)
    assert everything() == before


def test_a_customer_twice_in_one_file_is_rejected_with_the_first_line(tmp_path):
    result = bring_in(people(tmp_path, "a.csv", CHEN, "C1,陈二,,,,,,,,,"), kind="customers")
    assert not result.applied
    assert [(r.line, r.reason) for r in result.rejections] == [
        (3, "This customer stands in the file already, on line 2.")
    ]


def test_a_rollback_waits_for_later_changes_of_the_same_customers(tmp_path):
    first = bring_in(people(tmp_path, "a.csv", CHEN), kind="customers")
    second = bring_in(people(tmp_path, "b.csv", "C1,陈二,,,,,,,,,"), kind="customers")
    with pytest.raises(RollbackBlocked) as blocked:
        roll_back(first.import_id)
    assert blocked.value.facts == {"count": 1, "imports": second.import_id}


def test_orders_fill_what_is_not_known_of_a_customer_and_their_rollback_empties_it(tmp_path):
    bring_in(people(tmp_path, "a.csv", "C1,陈一诺,,,,,,,,,"), kind="customers")
    before = everything()
    header = "order_id,customer,customer_name,phone,ordered_at,amount\n"
    orders = csv(tmp_path, "o.csv", "1,C1,别名,13800000001,2026-01-05,1", header=header)
    result = bring_in(orders)
    contact = customers.contact(customers.by_code("C1"))
    assert contact.phone == "+8613800000001"
    assert rows("SELECT name FROM customers_v_customer") == [("陈一诺",)], "what is known stays"
    roll_back(result.import_id)
    assert everything() == before


def test_answers_come_in_and_are_read_newest_first(tmp_path):
    bring_in(people(tmp_path, "a.csv", CHEN), kind="customers")
    file = said(
        tmp_path,
        "s.csv",
        "C1,2026-01-05,2026Q1,很满意,很大可能,90%,5,好",
        "C1,2026-04-05,2026Q2,满意,,,,",
    )
    assert bring_in(file, kind="answers").things.new == 2
    found = voice.answers_of(customers.by_code("C1"))
    assert [(a.wave, a.satisfaction) for a in found] == [
        ("2026Q2", "satisfied"),
        ("2026Q1", "very_satisfied"),
    ]
    assert rows("SELECT benefit_staff FROM voice_v_answer ORDER BY answered_on") == [(5,), (None,)]
    before = everything()
    assert bring_in(file, kind="answers").things.unchanged == 2
    assert everything() == before


def test_answers_of_nobody_we_know_are_rejected_with_the_fix(tmp_path):
    result = bring_in(said(tmp_path, "s.csv", "C1,2026-01-05,,满意,,,,"), kind="answers")
    assert [(r.line, r.field, r.value) for r in result.rejections] == [(2, "customer", "C1")]
    assert "import their orders or a customers file first" in result.rejections[0].reason


def test_numbers_need_their_scale_and_a_scale_has_five_steps(tmp_path):
    bring_in(people(tmp_path, "a.csv", CHEN), kind="customers")
    file = said(tmp_path, "s.csv", "C1,2026-01-05,,4,,,,")
    assert not bring_in(file, kind="answers").applied
    assert bring_in(file, kind="answers", scale="1-5").applied
    with pytest.raises(ScaleUnknown):
        bring_in(file, kind="answers", scale="0-10")


def test_a_changed_answer_is_put_back_by_a_rollback(tmp_path):
    bring_in(people(tmp_path, "a.csv", CHEN), kind="customers")
    bring_in(said(tmp_path, "s.csv", "C1,2026-01-05,,满意,,,,"), kind="answers")
    before = everything()
    second = bring_in(
        said(tmp_path, "t.csv", "C1,2026-01-05,,不满意,,,,", "C1,2026-02-05,,满意,,,,"),
        kind="answers",
    )
    assert (second.things.changed, second.things.new) == (1, 1)
    roll_back(second.import_id)
    assert everything() == before
    assert records.one(second.import_id).state == "rolled_back"


def test_a_customer_who_answered_survives_the_rollback_of_their_orders(tmp_path):
    header = "order_id,customer,ordered_at,amount\n"
    orders = bring_in(
        csv(tmp_path, "o.csv", "1,C1,2026-01-05,1", "2,C2,2026-01-05,1", header=header)
    )
    bring_in(said(tmp_path, "s.csv", "C1,2026-01-06,,满意,,,,"), kind="answers")
    roll_back(orders.import_id)
    assert customers.by_code("C1") is not None
    assert customers.by_code("C2") is None
