"""The page of one case: where it stands, what was said, who the customer is, what comes next."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from huitou.audiences import queries as audiences
from huitou.console import case_forms, case_lines, customer_words, ladders
from huitou.console.access import allowed, may
from huitou.console.case_letters import address_of
from huitou.console.visibility import may_see, visible_stores
from huitou.platform.messages import queries as outbox
from huitou.platform.messages.types import STATES
from huitou.staff import queries as staff
from huitou.staff.types import UserRow
from huitou.ui import case_words
from huitou.voice import queries as voice
from huitou.voice import steps
from huitou.voice.types import DATA, CaseRow, PromiseRow, StoryRow

SIMILAR_DAYS: Final = 90


@allowed("see_cases")
@require_GET
def case(request: HttpRequest, public_id: str) -> HttpResponse:
    """The page of a case the reader may see; to others there is no such case."""
    return page(request, seen(request, public_id))


def seen(request: HttpRequest, public_id: str) -> CaseRow:
    """The case, if the reader may see it; a 404 if not."""
    row = voice.case(public_id, reader_id=request.user.pk or 0, stores=visible_stores(request))
    if row is None:
        raise Http404
    return row


def page(
    request: HttpRequest,
    row: CaseRow,
    *,
    filled: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; ``filled`` are forms that were sent and not taken, by their names."""
    now = timezone.now()
    story = voice.story(row.case_id)
    people = staff.users()
    names = {user.id: user.name for user in people}
    who = row.customer_name or row.contact_name or gettext("Anonymous")
    promises, elsewhere = _promises(request, row)
    customer = _customer(request, row, now)
    context = {
        "case": row,
        "who": who,
        "about": _about(row),
        "chip": _chip(row, now),
        "steps": case_lines.stepper(row),
        "present": case_lines.present(row, story, names, now),
        "talk": case_lines.conversation(story, names, who, _sent(row, story)),
        "trail": case_lines.trail(story, names),
        "promises": [promise_line(one, timezone.localdate(now)) for one in promises],
        "open_promises": sum(one.kept_on is None and not one.withdrawn_at for one in promises),
        "also_promised": [promise_line(one, timezone.localdate(now)) for one in elsewhere],
        "customer": customer,
        "similar": _similar(row, customer.get("alike"), now),
        "may_handle": may(request, "handle_cases"),
        "may_compensate": may(request, "give_compensation"),
        "missing": _missing(row),
        "is_about_data": row.topic == DATA,
        "may_erase": may(request, "erase_customers"),
        **_clock(row, story, now),
        **_forms(request, row, people, now),
        **(filled or {}),
    }
    return render(request, "console/cases/case.html", context, status=status)


def owner_choices(
    request: HttpRequest, people: list[UserRow], present: int | None
) -> list[tuple[str, str]]:
    """Whom the reader may put in charge: everyone who handles cases, or only themselves."""
    own = request.user.pk
    may_assign = may(request, "assign_cases")
    found = [
        (str(user.id), user.name)
        for user in people
        if user.id in {own, present}
        or (may_assign and user.is_active and staff.allows(user.role, "handle_cases"))
    ]
    if may_assign or present is None:
        found.insert(0, ("", gettext("nobody in charge yet")))
    return found


def store_choices() -> list[tuple[str, str]]:
    """Every store as a choice of a form."""
    return [(str(store.id), store.name or store.code) for store in staff.stores()]


def channels_of(row: CaseRow) -> list[tuple[str, Any]]:
    """How a reply can reach the customer of this case."""
    address = address_of(row)
    found = (
        [("email", gettext("by e-mail to {address}").format(address=address))] if address else []
    )
    return [
        *found,
        ("page", gettext("on the page where the customer follows it")),
        ("phone", gettext("told by phone")),
        ("in_person", gettext("told in person")),
    ]


def promise_line(row: PromiseRow, today: Any) -> dict[str, Any]:
    """A promise with its state in words: due today, overdue 2 days, kept, withdrawn."""
    late = (today - row.due_on).days
    if row.withdrawn_at is not None:
        word, tone = gettext("withdrawn"), ""
    elif row.kept_on is not None:
        was_late = (row.kept_on - row.due_on).days
        word = gettext("kept late") if was_late > 0 else gettext("kept")
        tone = "warn" if was_late > 0 else "ok"
    elif late > 0:
        word, tone = gettext("{n} days overdue").format(n=late), "bad"
    elif late == 0:
        word, tone = gettext("due today"), "warn"
    else:
        word, tone = gettext("open"), ""
    is_open = row.withdrawn_at is None and row.kept_on is None
    return {"row": row, "word": word, "tone": tone, "is_open": is_open}


def _sent(row: CaseRow, story: list[StoryRow]) -> dict[int, dict[str, str]]:
    """What became of the e-mails that carried replies, by the message's id."""
    if not any(one.outbox_id for one in story):
        return {}
    found = outbox.latest(states=tuple(STATES), source=f"case:{row.public_id}")
    return {one.id: case_lines.sent(one.state, one.reason) for one in found}


def _promises(request: HttpRequest, row: CaseRow) -> tuple[list[PromiseRow], list[PromiseRow]]:
    """What was promised in this case, and what is still open for this customer from others that
    the reader may see."""
    if row.customer_id is None:
        return voice.promises_of_case(row.case_id), []
    stores = visible_stores(request)
    found = voice.promises_to(row.customer_id, stores=stores, case_id=row.case_id)
    here = [one for one in found if one.case_public_id == row.public_id]
    elsewhere = [
        one
        for one in found
        if one.case_public_id != row.public_id and one.kept_on is None and not one.withdrawn_at
    ]
    return sorted(here, key=lambda one: (one.made_at, one.promise_id)), elsewhere


def _about(row: CaseRow) -> str:
    parts = [
        row.public_id,
        case_words.kind_word(row.kind),
        case_words.topic_word(row.topic),
        case_words.source_word(row.source),
        row.store_name,
    ]
    return " · ".join(part for part in parts if part)


def _chip(row: CaseRow, now: datetime) -> case_words.Clock:
    return case_words.clock(
        kind=row.kind,
        due_at=row.due_at,
        warn_at=row.warn_at,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        now=now,
    )


def _clock(row: CaseRow, story: list[StoryRow], now: datetime) -> dict[str, Any]:
    """The clock of the answer: its share, and why it stands as it does."""
    found = voice.answer_clock(row, story, now=now)
    if found is None:
        return {"clock": None}
    first = next((one.at for one in story if one.what == "message" and one.code == "staff"), None)
    tone = {"overdue": "bad", "late": "bad", "in_time": "ok"}.get(found.state, "brand")
    if found.state == "running" and row.warn_at is not None and now >= row.warn_at:
        tone = "warn"
    return {
        "clock": found,
        "clock_percent": min(found.share, 1) * 100,
        "clock_tone": tone,
        "why": [case_words.explained(line.code, dict(line.facts)) for line in found.explanation],
        "first_word": "" if first is None else case_words.span(first - row.received_at),
    }


def _missing(row: CaseRow) -> list[str]:
    words = {
        "owner": gettext("who is in charge"),
        "topic": gettext("what it is about"),
        "remedy": gettext("the remedy"),
    }
    codes = steps.missing_for_answer(
        kind=row.kind,
        has_owner=True,  # who replies takes charge of what nobody has
        topic=row.topic,
        remedy=row.remedy,
    )
    return [words[code] for code in codes]


def _customer(request: HttpRequest, row: CaseRow, now: datetime) -> dict[str, Any]:
    """Who told us, what they told us before, what was promised to them."""
    contact = [one for one in (row.contact_phone, row.contact_email) if one]
    found: dict[str, Any] = {"contact": contact if may(request, "see_contact_data") else []}
    if row.customer_id is None:
        return found
    today = timezone.localdate(now)
    if not may_see(request, row.customer_id, today):
        return found
    person = audiences.person(row.customer_id)
    told, alike = voice.beside(
        row,
        reader_id=request.user.pk or 0,
        stores=visible_stores(request),
        since=now - timedelta(SIMILAR_DAYS),
    )
    earlier = [one for one in told if one.public_id != row.public_id]
    return found | {
        "person": person,
        "glance": customer_words.glance(row.customer_id),
        "layer": ladders.layer_chip(person.layer, silent_days=person.dormancy_days)
        if person and person.layer
        else None,
        "earlier": [case_lines.line(one, now) for one in earlier[:5]],
        "earlier_count": len(earlier),
        "alike": alike,
    }


def _similar(row: CaseRow, alike: tuple[int, int] | None, now: datetime) -> dict[str, Any] | None:
    """How many cases are about the same, where they are not counted yet."""
    if not row.topic:
        return None
    everywhere, here = alike or voice.similar_count(row, since=now - timedelta(SIMILAR_DAYS))
    return {"days": SIMILAR_DAYS, "everywhere": everywhere, "here": here}


def _forms(
    request: HttpRequest, row: CaseRow, people: list[UserRow], now: datetime
) -> dict[str, Any]:
    if not may(request, "handle_cases"):
        return {}
    if row.closed_at is not None:
        return {"reopen_form": case_forms.ReopenForm()}
    channels = channels_of(row)
    return {
        "reply_form": case_forms.ReplyForm(
            channels=channels,
            initial={
                "key": case_forms.new_key(),
                "channel": channels[0][0],
                "is_answer": row.answered_at is None and not _missing(row),
            },
        ),
        "classify_form": case_forms.ClassifyForm(
            stores=store_choices(),
            people=owner_choices(request, people, row.owner_id),
            initial={
                "kind": row.kind,
                "topic": row.topic,
                "store": str(row.store_id or ""),
                "owner": str(row.owner_id or ""),
            },
        ),
        "work_form": case_forms.WorkForm(
            initial={"summary": row.summary, "cause": row.cause, "remedy": row.remedy}
        ),
        "remark_form": case_forms.RemarkForm(auto_id="id_remark_%s"),
        "promise_form": case_forms.PromiseForm.fresh(timezone.localdate(now)),
        "close_form": case_forms.CloseForm(initial={"lesson": row.lesson}),
    }
