"""Points in one round trip: what a process remembers never decides, and the first door lets in
only what it should."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from huitou.points import queries as points
from huitou.programmes import queries as programmes
from huitou.programmes import services
from huitou.programmes.types import Expiry, ExpiryKind
from huitou.staff import queries as staff
from huitou.staff import services as people
from huitou.staff.types import CompanyIn
from tests.doors.api_shop import ROOT, System
from tests.doors.member_shop import Member
from tests.doors.tills import code_of, give, take

pytestmark = pytest.mark.django_db(transaction=True)


def balance(who: Member) -> int:
    found = programmes.programme()
    assert found is not None
    return points.account(found.id, who.customer_id).balance


def test_points_are_given_and_taken_once_for_a_key(till: System, known: Member) -> None:
    first = take(till, known, 30, key="r")
    assert (first.status_code, first.json()["balance"]) == (200, 70)
    assert "Idempotency-Replayed" not in first.headers
    again = take(till, known, 30, key="r")
    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")
    other = take(till, known, 31, key="r")
    assert (other.status_code, other.json()["code"]) == (409, "points.conflict")
    short = take(till, known, 71)
    assert (short.status_code, short.json()["facts"]) == (409, {"needed": 71, "available": 70})
    assert balance(known) == 70
    assert points.audit().is_sound


def test_a_revoked_key_gives_and_takes_nothing_from_that_moment(
    till: System, known: Member
) -> None:
    key = staff.api_key(till.secret)
    assert key is not None
    people.revoke_key(key_public_id=key.public_id, actor="cli", now=timezone.now())
    for answer in (give(till, known, 5), take(till, known, 5), give(till, known, 0)):
        assert (answer.status_code, answer.json()["code"]) == (401, "staff.key_unknown")
    assert balance(known) == 100


def test_who_left_is_no_member_from_that_moment(till: System, known: Member) -> None:
    code = code_of(known)
    services.leave(customer_id=known.customer_id, actor="cli", now=timezone.now())
    given = till.send("/points/earn", {"customer": code, "points": 5})
    assert (given.status_code, given.json()["code"]) == (409, "programmes.not_member")
    stranger = till.send("/points/earn", {"customer": "nobody", "points": 5})
    assert (stranger.status_code, stranger.json()["code"]) == (404, "customers.no_such")


def test_points_last_as_the_rules_of_the_moment_say(till: System, known: Member) -> None:
    today = timezone.localdate(timezone=ZoneInfo("Asia/Shanghai"))
    before = programmes.rules_on(today)
    assert before is not None
    rules = replace(before.rules, expiry=Expiry(ExpiryKind.NEVER))
    services.change_rules(rules=rules, valid_from=today, actor="cli", now=timezone.now())
    assert give(till, known, 7).status_code == 200
    assert last_line(till, known)["expires_on"] is None


# At every hour, one of the two has another day than Shanghai.
@pytest.mark.parametrize("place", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_day_is_that_of_the_company_as_it_is_now(
    till: System, known: Member, place: str
) -> None:
    company = CompanyIn("山野咖啡", place, "CNY", "cafe")
    people.set_company(company=company, actor="cli", now=timezone.now())
    assert give(till, known, 3).status_code == 200
    line = last_line(till, known)
    day = datetime.fromisoformat(line["occurred_at"]).astimezone(ZoneInfo(place)).date()
    a_year_later = day.replace(
        year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day
    )
    assert date.fromisoformat(line["expires_on"]) == a_year_later


def test_the_same_request_coming_in_at_once_happens_once(till: System, known: Member) -> None:
    def send(_n: int) -> tuple[int, bytes]:
        try:
            answer = give(till, known, 10, key="twin")
        finally:
            connection.close()
        return answer.status_code, answer.content

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(send, range(16)))
    assert [status for status, _ in found] == [200]
    assert balance(known) == 110
    assert points.audit().is_sound


def test_two_tills_at_once_cannot_spend_the_same_points(till: System, known: Member) -> None:
    def spend(n: int) -> int:
        try:
            return take(till, known, 80, key=f"spend-{n}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        found = sorted(pool.map(spend, range(8)))
    assert found == [200] + [409] * 7
    assert balance(known) == 20


def test_an_answer_says_how_it_is_to_be_kept_and_read(till: System, known: Member) -> None:
    answer = give(till, known, 5)
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert len(answer.headers["X-Request-ID"]) == 16
    assert not answer.cookies


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        pytest.param("en-GB, zh;q=0.5", "en", id="who asks for English gets it"),
        pytest.param("zh-CN, en;q=0.5", "zh-Hans", id="who asks for Chinese gets it"),
        pytest.param("fr", "zh-Hans", id="who asks for another gets that of the house"),
    ],
)
def test_the_language_is_the_one_asked_for(company: None, asked: str, language: str) -> None:
    answer = Client(headers={"Accept-Language": asked}).get(f"{ROOT}/audiences")
    assert answer.status_code == 401
    assert answer.headers["Content-Language"] == language


def test_a_name_that_is_not_ours_is_not_answered(till: System) -> None:
    answer = till.client.get(f"{ROOT}/audiences", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400


def test_a_proxy_that_speaks_tls_is_told_to_go_on_so(till: System, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 3_600
    plain, safe = (
        till.client.get(f"{ROOT}/audiences", secure=is_safe) for is_safe in (False, True)
    )
    assert "Strict-Transport-Security" not in plain.headers
    assert safe.headers["Strict-Transport-Security"] == "max-age=3600"


def last_line(caller: System, who: Member) -> dict[str, Any]:
    lines = caller.get(f"/customers/{code_of(who)}/statement", limit=1).json()["lines"]
    found: dict[str, Any] = lines[0]
    return found
