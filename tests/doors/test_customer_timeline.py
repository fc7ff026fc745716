"""The line of time goes back to the first day: page by page nothing is lost and nothing twice, also
where much happened at one instant; and one kind at a time."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huitou.console import customer_timeline
from huitou.customers import services as customers
from huitou.customers.types import ContactIn, NewcomerIn, Statement
from huitou.platform.messages import services as outbox
from huitou.platform.messages.types import Outgoing
from huitou.points import services as points
from huitou.points.types import POINTS, Award
from huitou.voice import services as voice
from huitou.voice.types import CaseIn
from tests.doors import member_shop

pytestmark = pytest.mark.django_db
STATEMENTS = 12
EACH = 40


@pytest.fixture
def busy(signed_in):
    """A customer with forty contacts, statements, messages, cases and awards at few instants, and
    what the shop itself adds; who looks, and the customer."""
    owner = signed_in(language="en")
    member_shop.start_programme()
    now = timezone.now() - timedelta(days=1)
    pk = customers.welcome(newcomer=NewcomerIn("许明朗", "ming@example.com"), now=now)
    for number in reversed(range(EACH)):
        at = now - timedelta(hours=number // 20)  # twenty of every kind at one instant
        _speaks(pk, number, at)
        case = CaseIn("enquiry", "phone", f"case-{number:02}.", customer_id=pk, key=f"c{number}")
        voice.open_case(case=case, actor="system", now=at)
    return owner, pk


def _speaks(pk, number, at):
    contact = ContactIn("note", f"contact-{number:02}.", f"k{number}")
    customers.note(customer_id=pk, contact=contact, user_id=None, now=at)
    state = "withdrawn" if number % 2 else "given"
    said = Statement("sms", "marketing", state, f"consent-{number:02}.")
    customers.state_consent(customer_id=pk, statement=said, now=at)
    letter = Outgoing(channel="email", purpose="service", customer_id=pk, address="m@example.com",
                      subject="s", text="t", key=f"m{number}", source="test")  # fmt: skip
    outbox.queue(letter, now=at)
    award = Award(source="test", external_id=f"a{number}", customer_id=pk, unit=POINTS,
                  points=number + 1, occurred_at=at, effective_on=at.date(), expires_on=None,
                  rule_version=1)  # fmt: skip
    points.post(1, [award], now=at)


def walk(owner, address):
    """Every page from ``address`` on."""
    path = address.partition("?")[0]
    while address:
        with CaptureQueriesContext(connection) as seen:
            page = owner.get(address).content.decode()
        assert len(seen) <= STATEMENTS, [row["sql"][:90] for row in seen]
        yield page
        older = page.partition('rel="next"')[0].rpartition('href="')[2].rstrip('" ')
        address = path + older.replace("&amp;", "&") if 'rel="next"' in page else ""


def shown(pages, word):
    """The numbers shown with ``word``, in the order of the pages."""
    return [part[:2] for page in pages for part in page.split(f"{word}-")[1:] if part[2] == "."]


def test_page_by_page_every_moment_is_there_once(busy):
    owner, pk = busy
    pages = list(walk(owner, f"/customers/{pk}/timeline"))
    everything = [f"{number:02}" for number in range(EACH)]
    for word in ("contact", "consent", "case"):
        assert sorted(shown(pages, word)) == everything, word
    lines = sum(page.count('<span class="mark"') for page in pages)
    assert lines == 5 * EACH
    assert len(pages) == -(-lines // customer_timeline.SHOWN)
    assert "To the newest" in pages[-1]


def test_one_kind_at_a_time_newest_first(busy):
    owner, pk = busy
    pages = list(walk(owner, f"/customers/{pk}/timeline?kind=contacts"))
    newest = [f"{number:02}" for number in range(EACH)]
    assert shown(pages, "contact") == newest
    assert shown(pages, "consent") == []
    assert '?kind=contacts" aria-current="page"' in pages[0]
    got = [page.count(" points: ") for page in walk(owner, f"/customers/{pk}/timeline?kind=points")]
    assert sum(got) == EACH


@pytest.mark.parametrize("place", ["x", "2026-01-01T00:00:00", "9999-12-31T23:59:59+00:00~1~2~3"])
def test_an_address_nobody_made_is_the_first_page(busy, place):
    owner, pk = busy
    page = owner.get(f"/customers/{pk}/timeline", {"older": place, "kind": "nothing"})
    assert page.status_code == 200
    assert "To the newest" not in page.content.decode()


def test_who_may_not_see_cases_is_offered_none(busy, signed_in):
    _owner, pk = busy
    analyst = signed_in("analyst", language="en")
    page = analyst.get(f"/customers/{pk}/timeline?kind=cases").content.decode()
    assert 'href="?kind=cases"' not in page
    assert "case-" not in page
