"""Consent and privacy: what we may send, what we keep, taking it along, being forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huitou.customers import queries as customers
from huitou.customers import services
from huitou.customers.queries import ConsentRow
from huitou.customers.types import By, Statement
from huitou.flows import personal_data
from huitou.platform import logs
from huitou.portal.access import member_of, member_only
from huitou.portal.consents import CHOICES, Choice
from huitou.ui import personal_files
from huitou.voice import queries as voice_queries
from huitou.voice import services as voice
from huitou.voice.types import DATA, CaseIn


@dataclass(frozen=True, slots=True)
class Answer:
    """What the member said to one choice, as the page shows it."""

    choice: Choice
    words: str
    is_given: bool
    since: datetime | None
    is_out_of_reach: bool  # no address is known for it


@member_only
@require_http_methods(["GET", "POST"])
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what was agreed to; keep what changes."""
    member = member_of(request)
    answers = _answers(member.customer_id)
    if request.method == "POST":
        said = [_said(answer, answer.choice.name in request.POST) for answer in answers]
        changes = [statement for statement in said if statement is not None]
        services.state_consents(
            customer_id=member.customer_id, statements=changes, now=timezone.now()
        )
        messages.success(request, gettext("Saved. It counts from now on."))
        return redirect("portal_privacy")
    context = {
        "answers": answers,
        "is_stopped": customers.is_not_to_be_contacted(member.customer_id),
        "wish": _wish(member.customer_id),
    }
    return render(request, "portal/privacy.html", context)


@member_only
@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """Stop everything but answers to the member's own questions, or take that back."""
    change = services.allow_contact if "allow" in request.POST else services.stop_contact
    evidence = gettext("Portal, consent and privacy")
    change(
        customer_id=member_of(request).customer_id,
        evidence=evidence,
        by=By("portal"),
        now=timezone.now(),
    )
    return redirect("portal_privacy")


@member_only
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Everything kept about the member, as a file to take along."""
    now = timezone.now()
    found = personal_data.everything_about(member_of(request).customer_id, now=now)
    name = f"huitou-{timezone.localdate().isoformat()}"
    return personal_files.download(found, name=name, as_page="page" in request.GET)


@member_only
@require_http_methods(["GET", "POST"])
def forget(request: HttpRequest) -> HttpResponse:
    """Ask to be forgotten: a case with its 24 hours, because a person must look at it."""
    member = member_of(request)
    if (wish := _wish(member.customer_id)) is not None:
        return redirect("portal_case", wish)
    if request.method == "POST":
        today = timezone.localdate().isoformat()
        case = CaseIn(
            kind="enquiry",
            source="portal",
            text=gettext("Please erase everything you keep about me."),
            customer_id=member.customer_id,
            topic=DATA,
            key=f"{_key(member.customer_id)}{today}",
        )
        opened = voice.open_case(case=case, actor=logs.actor(), now=timezone.now())
        messages.success(request, gettext("Your wish has arrived. You get an answer here."))
        return redirect("portal_case", opened.public_id)
    return render(request, "portal/forget.html", {"member": member})


def _key(customer_id: int) -> str:
    return f"forget:{customer_id}:"


def _wish(customer_id: int) -> str | None:
    """The case in which the member asked to be forgotten, as long as it is open."""
    return voice_queries.open_with_key(customer_id, _key(customer_id))


def _answers(customer_id: int) -> list[Answer]:
    newest = {(row.channel, row.purpose): row for row in customers.consents(customer_id)}
    contact = customers.contact(customer_id)
    has_phone = bool(contact and contact.phone and not contact.phone_is_masked)
    known = {"": True, "email": bool(contact and contact.email), "phone": has_phone}
    found = []
    for choice in CHOICES:
        row = newest.get((choice.channel, choice.purpose))
        found.append(
            Answer(
                choice,
                gettext(choice.words),
                is_given=_is_given(choice, newest),
                since=row.stated_at if row else None,
                is_out_of_reach=not known[choice.needs],
            )
        )
    return found


def _is_given(choice: Choice, newest: Mapping[tuple[str, str], ConsentRow]) -> bool:
    """Whether we may: by what was said; surveys also as long as nothing was said against them."""
    row = newest.get((choice.channel, choice.purpose))
    if row is not None or choice.purpose != "survey":
        return row is not None and row.state == "given"
    spoken_for = newest.get((choice.channel, "marketing"))
    return spoken_for is None or spoken_for.state == "given"


def _said(answer: Answer, is_wanted: bool) -> Statement | None:
    """What changed, as a statement; ``None`` if nothing did."""
    if answer.is_given == is_wanted:
        return None
    page = gettext("Portal, consent and privacy")
    return answer.choice.said("given" if is_wanted else "withdrawn", page=page)
