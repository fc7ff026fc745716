"""The examples of docs/api.md, run in their order: each does what the page says it does."""

import json
import re
import shlex
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from django.test import Client
from django.utils import timezone

from huitou.audiences import services as audiences
from huitou.programmes import services
from huitou.programmes.types import BatchIn, CouponKind
from huitou.staff import queries as staff
from huitou.voice import services as voice
from huitou.voice.types import SurveyIn
from tests.doors.api_shop import system
from tests.doors.member_shop import start_programme

pytestmark = pytest.mark.django_db
PAGE: Final = Path(__file__).resolve().parent.parent.parent / "docs" / "api.md"
# What an answer says and later examples need.
TOLD: Final = {"digest": "DIGEST", "number": "NUMBER", "case": "CASE"}


def examples() -> list[list[str]]:
    """Every curl of the page, as its arguments."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    commands = re.split(r"(?m)^(?=curl |export )", "".join(blocks))
    return [shlex.split(one.replace("\\\n", " ")) for one in commands if one.startswith("curl ")]


def sent(client: Client, words: list[str], known: dict[str, str]) -> Any:
    """One of them, sent without a network."""
    method, body, headers, address = "GET", "", {}, ""
    rest = iter(words[1:])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-d":
            body = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        else:
            address = word

    def filled(text: str) -> str:
        return re.sub(r"\$([A-Z]+)", lambda found: known[found[1]], text)

    kind = headers.pop("Content-Type", "application/json")
    headers = {name: filled(value) for name, value in headers.items()}
    return client.generic(method, filled(address), filled(body), content_type=kind, headers=headers)


def test_every_example_of_the_page_works(company: None) -> None:
    start_programme()
    now = timezone.now()
    batch = services.add_batch(
        batch=BatchIn(
            "九折", CouponKind.PERCENT, percent=10, ends_on=timezone.localdate() + timedelta(days=9)
        ),
        actor="user:1",
        now=now,
    )
    audience = audiences.save(
        name="所有人",
        expression={"v": 1, "where": {"all": []}},
        now=now,
    )
    known = {
        "URL": "",
        "KEY": system().secret,
        "STORE": staff.stores()[0].code,
        "BATCH": batch,
        "SURVEY": voice.open_survey(survey=SurveyIn("门店问卷"), actor="user:1", now=now),
        "AUDIENCE": audience.public_id,
    }
    found = examples()
    assert len(found) > 25
    for words in found:
        answer = sent(Client(), words, known)
        assert answer.status_code in {200, 201}, (words, answer.content.decode())
        told = json.loads(answer.content)
        for name, variable in TOLD.items():
            if isinstance(told, dict) and name in told:
                known[variable] = told[name]
        if words[-1] == '{"customers": ["W-1001"], "count": 10}':
            known["COUPON"] = told["of_customers"]["W-1001"]
