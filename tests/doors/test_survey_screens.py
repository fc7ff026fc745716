"""Surveys in the console: made, asked, printed, closed; each by whom may do it."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from huitou.platform.models import Message
from huitou.voice import models, services
from huitou.voice.types import Given, Sheet, SurveyIn, TouchpointIn
from tests.doors import shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def found():
    return shop.measured()


@pytest.fixture
def marketer(found):
    return shop.client_of(shop.user("marketer"))


def survey(name="Summer", answers=0, member_id=None):
    now = timezone.now()
    public_id = services.open_survey(
        survey=SurveyIn(name, horizon_days=60), actor="user:1", now=now
    )
    token = services.open_touchpoint(
        survey=public_id, touchpoint=TouchpointIn("store", "Till 1"), actor="user:1", now=now
    )
    for number in range(answers):
        said = Given(
            "satisfied" if number else "dissatisfied", "possible", "even", f"word {number}"
        )
        services.answer(
            sheet=Sheet(token, f"{name}{number}", "en", said),
            member_id=member_id,
            zone=ZoneInfo("Asia/Shanghai"),
            now=now + timedelta(seconds=number),
        )
    return public_id, token


def test_a_survey_is_made_in_two_steps_and_takes_answers_at_once(marketer):
    assert "Nobody has been asked yet" in marketer.get("/surveys").content.decode()
    made = marketer.post("/surveys/new", {"name": "Summer", "greeting_zh": "", "greeting_en": ""})
    row = models.Survey.objects.get()
    assert made.headers["Location"] == f"/surveys/{row.public_id}"
    assert row.horizon_days == 60  # of the measurement in force
    page = marketer.post(
        f"/surveys/{row.public_id}/places/new", {"kind": "cup", "name": "Latte cup", "store_id": ""}
    )
    assert page.status_code == 302
    place = models.Touchpoint.objects.get()
    assert Client().get(f"/a/{place.token}").status_code == 200
    again = marketer.post("/surveys/new", {"name": "Summer"})
    assert again.status_code == 422
    assert "There is a survey called Summer already" in again.content.decode()


def test_the_code_leads_to_the_page_and_can_be_printed(marketer):
    public_id, token = survey()
    code = marketer.get(f"/surveys/{public_id}/places/{token}/code.svg")
    assert code.headers["Content-Type"] == "image/svg+xml"
    assert b"<svg" in code.content
    kept = marketer.get(f"/surveys/{public_id}/places/{token}/code.svg?download")
    assert kept.headers["Content-Disposition"] == f'attachment; filename="{token}.svg"'
    sheet = marketer.get(f"/surveys/{public_id}/sheet").content.decode()
    assert f"{settings.PUBLIC_URL}/a/{token}" in sheet
    assert "扫一扫" in sheet
    assert marketer.get(f"/surveys/{public_id}/places/nothere/code.svg").status_code == 404


def test_under_five_answers_there_is_no_figure_and_from_five_on_share_and_interval(marketer):
    public_id, _ = survey(answers=4)
    html = marketer.get(f"/surveys/{public_id}").content.decode()
    assert "fewer than 5 answers" in html
    assert "95% interval" not in html
    public_id, _ = survey("Autumn", answers=8)
    html = marketer.get(f"/surveys/{public_id}").content.decode()
    # 7 of 8 satisfied: Wilson 95 % is 52.9 to 97.8.
    assert "87.5%" in html
    assert re.search(r"95% interval\s+52\.9\D+97\.8%", html)
    assert ">few<" in html
    assert "Dissatisfied (2/5)" in html


def test_answers_are_read_with_names_by_whom_may_see_the_customers(found, marketer):
    public_id, _ = survey(answers=2, member_id=found.customers[1].pk)
    html = marketer.get(f"/surveys/{public_id}").content.decode()
    assert "顾长风" in html
    other = shop.client_of(shop.user("analyst", stores=[found.stores[0]]))
    html = other.get(f"/surveys/{public_id}").content.decode()
    assert "顾长风" not in html
    assert "word 1" in html


def test_the_page_of_a_survey_asks_the_database_a_bounded_number_of_times(
    marketer, django_assert_max_num_queries
):
    public_id, _ = survey(answers=25)
    with django_assert_max_num_queries(16):  # session, user, company and stores included
        marketer.get(f"/surveys/{public_id}")


def test_older_answers_are_a_page_away(marketer):
    public_id, _ = survey(answers=25)
    html = marketer.get(f"/surveys/{public_id}").content.decode()
    older = re.search(r'href="([^"]+older=[^"]+)"', html)[1].replace("&amp;", "&")
    rest = marketer.get(older).content.decode()
    words = set(re.findall(r"word \d+", html)) | set(re.findall(r"word \d+", rest))
    assert len(words) == 25
    assert marketer.get(f"/surveys/{public_id}?older=rubbish").status_code == 200


def test_inviting_is_looked_at_first_and_sent_by_a_second_step(found, marketer):
    public_id, _ = survey()
    first = marketer.get(f"/surveys/{public_id}/invite").content.decode()
    key = re.search(r'name="key" value="(\w+)"', first)[1]
    wish = {"key": key, "audience": "", "channel": "email", "sample_size": "", "language": "en"}
    looked = marketer.get(f"/surveys/{public_id}/invite", wish).content.decode()
    assert "No address for this channel is known" in looked
    assert (models.Wave.objects.count(), Message.objects.count()) == (0, 0)
    refused = marketer.post(f"/surveys/{public_id}/invite", wish)
    assert refused.status_code == 422  # the only address belongs to somebody who refused e-mails
    beyond = marketer.post(f"/surveys/{public_id}/invite", wish | {"sample_size": "9" * 20})
    assert beyond.status_code == 422
    found.customers[1].email = "gu@example.com"
    found.customers[1].save()
    sent = marketer.post(f"/surveys/{public_id}/invite", wish)
    assert sent.status_code == 302
    assert Message.objects.get().customer_id == found.customers[1].pk
    assert f"{settings.PUBLIC_URL}/a/" in Message.objects.get().text
    assert marketer.post(f"/surveys/{public_id}/invite", wish).status_code == 302
    assert Message.objects.count() == 1
    html = marketer.get(f"/surveys/{public_id}").content.decode()
    assert "Not invited, and why" in html


def test_closing_and_reopening(marketer):
    public_id, token = survey()
    marketer.post(f"/surveys/{public_id}/close")
    assert Client().get(f"/a/{token}").status_code == 410
    marketer.post(f"/surveys/{public_id}/reopen")
    assert Client().get(f"/a/{token}").status_code == 200
    marketer.post(f"/surveys/{public_id}/places/{token}/close")
    assert Client().get(f"/a/{token}").status_code == 410


def test_who_may_only_look_changes_nothing(found):
    public_id, token = survey()
    analyst = shop.client_of(shop.user("analyst"))
    html = analyst.get(f"/surveys/{public_id}").content.decode()
    assert "Close survey" not in html
    assert "Invite customers" not in html
    for path in ("close", "reopen", "invite", f"places/{token}/close", "places/new"):
        assert analyst.post(f"/surveys/{public_id}/{path}").status_code == 403, path
    cashier = shop.client_of(shop.user("cashier"))
    assert cashier.get("/surveys").status_code == 403
