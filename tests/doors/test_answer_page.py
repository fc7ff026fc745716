"""The page that asks, for everyone: no login, two languages, nothing recorded by looking."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huitou.customers import services as customers
from huitou.platform.models import Fact
from huitou.voice import models, services
from huitou.voice.types import SurveyIn, TouchpointIn
from tests.doors import shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    """A measured shop and a code on its counter."""
    found = shop.measured()
    models.Answer.objects.all().delete()
    now = timezone.now()
    public_id = services.open_survey(
        survey=SurveyIn("2026 夏", "谢谢您来山野。", "Thanks for coming.", 60),
        actor="user:1",
        now=now,
    )
    token = services.open_touchpoint(
        survey=public_id,
        touchpoint=TouchpointIn("store", "收银台", found.stores[0].pk),
        actor="user:1",
        now=now,
    )
    return found, public_id, token


def key_of(page):
    return re.search(r'name="key" value="(\w+)"', page.content.decode())[1]


def send(browser, token, **said):
    page = browser.get(f"/a/{token}")
    return browser.post(f"/a/{token}", {"key": key_of(page), **said})


def test_a_stranger_answers_without_signing_in_and_is_thanked(asked):
    _, _, token = asked
    browser = Client()
    answer = send(
        browser, token, satisfaction="satisfied", recommendation="possible", intention="likely",
        comment="奶泡凉了",
    )  # fmt: skip
    assert answer.status_code == 302
    row = models.Answer.objects.get()
    assert (row.customer_id, row.satisfaction, row.comment) == (None, "satisfied", "奶泡凉了")
    assert row.repurchase_probability == 0.8
    thanks = browser.get(answer.headers["Location"])
    assert thanks.status_code == 200
    assert "谢谢您" in thanks.content.decode()


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_records_nothing_and_leaves_no_cookie_of_ours(asked, method):
    _, _, token = asked
    before = Fact.objects.count()
    page = getattr(Client(), method)(f"/a/{token}?s=1")
    assert page.status_code == 200
    assert set(page.cookies) <= {"csrftoken"}
    assert models.Answer.objects.count() == 0
    assert Fact.objects.count() == before


def test_a_link_of_a_letter_chooses_the_face_and_sends_nothing(asked):
    _, _, token = asked
    html = Client().get(f"/a/{token}?s=2").content.decode()
    assert re.findall(r'value="(\w+)" checked', html) == ["dissatisfied"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-CN", ["很满意", "谢谢您来山野。", "接下来 60 天里", "8 成", "不记录您的设备"]),
        (
            "en-GB",
            ["Very satisfied", "Thanks for coming.", "within 60 days", "8 in 10", "no trace"],
        ),
    ],
)
def test_the_page_speaks_the_readers_language(asked, language, words):
    _, _, token = asked
    html = Client().get(f"/a/{token}", headers={"accept-language": language}).content.decode()
    for word in words:
        assert word in html
    # Best first, each with its number.
    numbers = re.findall(r"<b>([1-5])</b>", html)
    assert numbers == ["5", "4", "3", "2", "1"]


def test_nothing_chosen_is_refused_in_words_and_the_text_is_not_lost(asked):
    _, _, token = asked
    browser = Client()
    page = browser.get(f"/a/{token}")
    refused = browser.post(f"/a/{token}", {"key": key_of(page), "comment": "字" * 2_001})
    assert refused.status_code == 422
    assert "2001 个字" in refused.content.decode()
    assert "字" * 2_001 in refused.content.decode()
    assert browser.post(f"/a/{token}", {"key": key_of(page)}).status_code == 422
    assert models.Answer.objects.count() == 0


def test_the_same_form_twice_is_one_answer(asked):
    _, _, token = asked
    browser = Client()
    form = {"key": key_of(browser.get(f"/a/{token}")), "satisfaction": "satisfied"}
    assert browser.post(f"/a/{token}", form).status_code == 302
    assert browser.post(f"/a/{token}", form).status_code == 302
    assert models.Answer.objects.count() == 1


def test_what_somebody_writes_is_shown_as_text_and_never_run(asked):
    _, _, token = asked
    browser = Client()
    page = browser.get(f"/a/{token}")
    evil = "<script>alert(1)</script>" + "字" * 2_000
    refused = browser.post(f"/a/{token}", {"key": key_of(page), "comment": evil})
    assert "<script>alert" not in refused.content.decode()


def test_no_log_line_and_no_fact_says_what_somebody_wrote(asked, caplog):
    _, _, token = asked
    with caplog.at_level("DEBUG"), caplog.at_level("DEBUG", logger="huitou"):
        send(Client(), token, satisfaction="dissatisfied", comment="金丝雀 13900007351")
    told = " ".join(record.getMessage() + str(record.__dict__) for record in caplog.records)
    told += " ".join(str(fact.payload) for fact in Fact.objects.all())
    assert "voice.answered" in told
    assert "金丝雀" not in told
    assert "7351" not in told
    assert token not in told


def test_a_form_from_elsewhere_is_not_taken(asked):
    _, _, token = asked
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(f"/a/{token}", {"satisfaction": "satisfied"}).status_code == 403
    assert models.Answer.objects.count() == 0


def test_a_signed_in_member_is_told_that_the_answer_bears_their_name(asked):
    found, _, token = asked
    browser = Client()
    session = customers.open_session(customer_id=found.customers[0].pk, now=timezone.now())
    browser.cookies["huitou_member"] = session
    page = browser.get(f"/a/{token}")
    assert "记在您的名下" in page.content.decode()
    browser.post(f"/a/{token}", {"key": key_of(page), "satisfaction": "satisfied"})
    row = models.Answer.objects.exclude(survey=None).get()
    assert (row.customer_id, row.layer) == (found.customers[0].pk, "active")


def test_an_invitation_can_be_answered_once_and_then_says_so(asked):
    found, public_id, _ = asked
    now = timezone.now()
    wave = models.Wave.objects.create(
        public_id="wav_1", survey=models.Survey.objects.get(public_id=public_id), key="k",
        channel="email", rest_days=90, language="en", asked_by="user:1", asked_at=now,
        expires_at=now + timedelta(days=30),
    )  # fmt: skip
    models.Invitation.objects.create(
        wave=wave, customer=found.customers[1], state="asked", token="t" * 16, asked_at=now
    )
    browser = Client()
    assert send(browser, "t" * 16, satisfaction="very_satisfied").status_code == 302
    again = browser.get("/a/" + "t" * 16)
    assert "已经回答过" in again.content.decode()
    wave.expires_at = now
    wave.save()
    models.Invitation.objects.create(
        wave=wave, customer=found.customers[2], state="asked", token="u" * 16, asked_at=now
    )
    assert browser.get("/a/" + "u" * 16).status_code == 410


def test_a_closed_code_says_so_kindly_and_an_unknown_one_is_a_404(asked):
    _, public_id, token = asked
    services.close_survey(survey=public_id, now=timezone.now())
    over = Client().get(f"/a/{token}")
    assert over.status_code == 410
    assert "已经结束" in over.content.decode()
    assert Client().get("/a/nobodyknows").status_code == 404
