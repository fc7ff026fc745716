"""Mail handed in over the interface: what came back, and what a customer wrote."""

import base64
from typing import Any

import pytest
from django.utils import timezone

from huitou.flows import contacting
from huitou.platform import models
from huitou.staff import services as staff
from huitou.voice.models import Case
from tests.doors.api_shop import System, system
from tests.rules.returned_mails import dsn, letter
from tests.services.outbox_house import NOW, one, queue, states, subscriber

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(company: None) -> System:
    return system("integrator", "messages:write")


def handed_in(provider: System, raw: bytes, *, key: str = "") -> Any:
    coded = base64.b64encode(raw).decode()
    return provider.send("/messages/incoming", {"raw": coded}, key=key)


def test_a_bounce_handed_in_is_written_to_its_message_once(provider: System) -> None:
    queue("a", subscriber("a"), now=timezone.now())
    models.Message.objects.update(state="sending")
    models.Message.objects.update(state="sent", began_at=NOW, ended_at=NOW)
    raw = dsn(contacting.surroundings("email", now=NOW).mark(one("a").ref), to="a@example.com")
    answer = handed_in(provider, raw, key="m-1")
    assert answer.status_code == 200, answer.content
    assert answer.json() == {"kind": "report", "reports": 1, "unmatched": 0, "case": ""}
    assert states() == {"a": ("bounced", "came_back")}
    assert handed_in(provider, raw, key="m-1").headers["Idempotency-Replayed"] == "true"
    assert handed_in(provider, raw).json()["reports"] == 1, "the same mail again changes nothing"
    assert models.Return.objects.count() == 1


def test_a_letter_becomes_a_case_only_where_the_shop_wants_it(provider: System) -> None:
    assert handed_in(provider, letter("杯子漏了")).json()["case"] == ""
    today = timezone.localdate()
    staff.set_setting(
        name="letters_become_cases", value=True, valid_from=today, actor="cli", now=timezone.now()
    )
    case = handed_in(provider, letter("杯子漏了")).json()["case"]
    assert Case.objects.get().public_id == case
    assert handed_in(provider, letter("杯子漏了")).json()["case"] == case, "one letter, one case"


def test_what_is_no_base64_is_refused(provider: System) -> None:
    answer = provider.send("/messages/incoming", {"raw": "abcde"})
    assert (answer.status_code, answer.json()["code"]) == (422, "messages.not_coded")


def test_a_key_for_something_else_hands_nothing_in(company: None) -> None:
    assert handed_in(system("integrator", "orders:write"), letter("x")).status_code == 403
    assert handed_in(system("marketer"), letter("x")).status_code == 403
