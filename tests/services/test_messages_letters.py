"""Letters in the mailbox of returned mail: left alone, or cases where the shop wants it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from huitou.flows import incoming
from huitou.staff import services as staff
from huitou.voice import models as voice
from huitou.voice import services as voices
from huitou.voice.types import CaseIn, Contact
from tests.rules.returned_mails import dsn, letter
from tests.services.outbox_house import NOW, person, states, subscriber
from tests.services.returned_house import look, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]


def test_letters_and_automatic_answers_are_left_as_they_are(box):
    box.put(letter("我的订单呢？"))
    box.put(letter("我在休假。", extra="Auto-Submitted: auto-replied", number=2))
    row = look()
    assert (row.reports, row.cases, voice.Case.objects.count()) == (0, 0, 0)
    assert box.seen() == [False, False]


def test_a_letter_becomes_a_case_where_the_shop_wants_it(box, letters):
    pk = person("chen", email="chen@example.com")
    box.put(letter("杯子漏了。", subject="漏水"))
    box.put(letter("我在休假。", extra="Auto-Submitted: auto-replied", number=2))
    now = timezone.now()
    row = look(now)
    case = voice.Case.objects.get()
    assert (case.source, case.kind, case.customer_id) == ("email", "enquiry", pk)
    assert (case.contact_email, case.contact_name) == ("chen@example.com", "陈一诺")
    assert voice.CaseMessage.objects.get().text == "漏水\n\n杯子漏了。"
    assert (row.cases, box.seen()) == (1, [True, False])
    look(now)
    assert voice.Case.objects.count() == 1


def test_letters_from_before_the_shop_wanted_it_stay_letters(box):
    box.put(letter("很久以前的信。"))
    ahead = timezone.now() + timedelta(hours=1)
    staff.set_setting(
        name="letters_become_cases", value=True, valid_from=NOW.date(), actor="cli", now=NOW
    )
    look(ahead)
    assert voice.Case.objects.count() == 0


def answered_case(address="chen@example.com"):
    """A case of somebody whose letter of ours they can answer; its number and the letter's mark."""
    case = CaseIn("complaint", "portal", "杯子漏了", contact=Contact("陈", address, ""), key="c1")
    number = voices.open_case(case=case, actor="system", now=NOW).public_id
    return number, sent("re", purpose="service", source=f"case:{number}", address=address)


def test_an_answer_to_a_letter_of_a_case_is_a_word_in_it(box, letters):
    number, made = answered_case()
    box.put(letter("谢谢，但是还漏。\n\n> 您好", answers=made))
    look(timezone.now())
    told = voice.CaseMessage.objects.filter(case__public_id=number).latest("pk")
    assert (told.text, told.author, told.channel) == ("谢谢，但是还漏。", "customer", "email")
    assert voice.Case.objects.count() == 1


def test_an_answer_to_a_closed_case_opens_it_again(box, letters):
    number, made = answered_case()
    voice.Case.objects.update(answered_at=NOW, closed_at=NOW)
    box.put(letter("又漏了。", answers=made))
    look(timezone.now())
    case = voice.Case.objects.get(public_id=number)
    assert (case.closed_at, case.round) == (None, 2)
    again = letter("又漏了。", answers=made)
    incoming.take(again, letters=True, received_at=None, now=timezone.now())
    told = voice.CaseMessage.objects.filter(case=case, author="customer")
    assert (told.count(), told.latest("pk").channel) == (2, "email"), "the same letter says it once"


def test_a_letter_the_house_refuses_does_not_hold_up_the_next(box, letters):
    _number, made = answered_case()
    for n in range(31):  # more than a person writes within an hour
        box.put(letter(f"第{n}封", answers=made, number=n))
    box.put(dsn(sent("b", customer_id=subscriber("b")), to="b@example.com"))
    row = look(timezone.now())
    assert row.cases == 30
    assert states()["b"] == ("bounced", "came_back")
    assert box.seen().count(False) == 1, "a person looks at it"


def test_a_flood_of_letters_makes_no_flood_of_cases(box, letters, monkeypatch):
    monkeypatch.setattr("huitou.voice.services.hearing.MOST_OF_STRANGERS", 3)
    for n in range(5):
        box.put(letter(f"第{n}封", sender=f"nobody{n}@spam.example", number=n))
    assert look(timezone.now()).cases == 3
    assert box.seen() == [True, True, True, False, False], "a person looks at the others"
