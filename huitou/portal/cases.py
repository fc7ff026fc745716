"""My cases: write to us, follow the answer, say whether it is solved; signed in or by a link."""

from collections.abc import Mapping
from typing import Any, Final, cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from huitou.kit.errors import HTTP_STATUS, HuitouError
from huitou.orders import queries as orders
from huitou.platform import logs
from huitou.portal import case_lines
from huitou.portal.access import member_of, member_only, public
from huitou.portal.case_forms import Tell, Word, new_key
from huitou.portal.page import Portal
from huitou.staff import queries as staff
from huitou.ui import figures
from huitou.voice import queries as voice
from huitou.voice import services
from huitou.voice.types import (
    AskedAnswerRow,
    CaseIn,
    CaseRow,
    Contact,
    Letter,
    Opened,
)

ORDERS_OFFERED: Final = 10


@member_only
@require_http_methods(["GET", "POST"])
def cases(request: HttpRequest) -> HttpResponse:
    """What the member told us, and the form to tell something more."""
    member = member_of(request)
    offered = _orders(member.customer_id, _portal(request).currency)
    form = _form(request, {"order": request.GET.get("order", "")}, [one[:2] for one in offered])
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            order = next((one for one in offered if one[0] == form.cleaned_data["order"]), None)
            case = _case_in(form, "portal", member.customer_id, order)
            opened, status = _open(form, case, None)
            if opened is not None:
                messages.success(request, gettext("It has arrived. Thank you for telling us."))
                return redirect("portal_case", opened.public_id)
    lines = [case_lines.line(row) for row in voice.cases_of(member.customer_id)]
    context = {"lines": lines, "form": form, "member": member}
    return render(request, "portal/cases/list.html", context, status=status)


@member_only
@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, public_id: str) -> HttpResponse:
    """One case of the member; another's is not there."""
    row = voice.case_of_customer(public_id, member_of(request).customer_id)
    return _one(request, row, reverse("portal_case", args=[public_id]))


@public
@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest) -> HttpResponse:
    """Write to us without signing in; after a survey, about what was answered there."""
    answered = _answered(request)
    if _portal(request).member is not None and answered is None and request.method == "GET":
        return redirect("portal_cases")
    is_low = bool(answered and answered.satisfaction in {"dissatisfied", "very_dissatisfied"})
    begun = {
        "text": answered.comment if answered else "",
        "kind": "complaint" if is_low else "",
        "store": request.GET.get("store", ""),
    }
    form = _form(request, begun, [])
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            known = answered.customer_id if answered else _member_id(request)
            case = _case_in(form, "answer" if answered else "portal", known, None, answered)
            shop = _portal(request).shop
            address = form.cleaned_data["email"]

            def receipt(opened: Opened) -> Letter:
                return _receipt(opened, address, shop)

            opened, status = _open(form, case, receipt if address else None)
            if opened is not None:
                messages.success(request, gettext("It has arrived. Thank you for telling us."))
                return redirect("case_follow", opened.token)
    context = {"form": form, "answer": answered.key if answered else ""}
    return render(request, "portal/cases/tell.html", context, status=status)


@public
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """The case that a link follows, for who has the link."""
    row = voice.followed(token)
    return _one(request, row, reverse("case_follow", args=[token]), is_link=True)


def _one(
    request: HttpRequest, row: CaseRow | None, address: str, *, is_link: bool = False
) -> HttpResponse:
    if row is None:
        raise Http404
    form = Word(request.POST or None, initial={"key": new_key()})
    status = 200
    if request.method == "POST":
        done, status = _act(request, row, form)
        if done:
            messages.success(request, done)
            return HttpResponseRedirect(address)
    now = timezone.now()
    story = voice.story(row.case_id, for_customer=True)
    state, tone = case_lines.state_of(row)
    context = {
        "case": row,
        "state": state,
        "tone": tone,
        "milestones": case_lines.milestones(row, story, now),
        "talk": case_lines.conversation(row, story, _portal(request).shop),
        "promises": case_lines.promises(voice.promises_of_case(row.case_id)),
        "form": form,
        "address": address,
        "link": request.build_absolute_uri(address) if is_link else "",
    }
    return render(request, "portal/cases/one.html", context, status=status)


def _act(request: HttpRequest, row: CaseRow, form: Word) -> tuple[str, int]:
    """Do what the customer asks; what to say of it, or "" and the status of what is wrong."""
    now, actor = timezone.now(), logs.actor()
    try:
        if request.POST.get("part") == "solved":
            services.confirm(public_id=row.public_id, actor=actor, now=now)
            return gettext("Thank you. We are glad that it is solved."), 200
        if not form.is_valid():
            return "", 422
        text, key = form.cleaned_data["text"], form.cleaned_data["key"]
        goes_on = services.say_more(
            public_id=row.public_id, text=text, key=key, actor=actor, now=now
        )
        if goes_on:
            return gettext("We look at it again, and answer within 24 hours."), 200
        return gettext("Added. Thank you."), 200
    except HuitouError as error:
        form.refuse(error)
        return "", HTTP_STATUS[error.kind]


def _open(form: Tell, case: CaseIn, receipt: Any) -> tuple[Opened | None, int]:
    """The opened case, or the form with what was refused and the status of the page."""
    if form.cleaned_data["website"]:
        form.add_error(None, gettext("This looked like a program. Please send it once more."))
        emptied = cast(QueryDict, form.data).copy()
        emptied["website"] = ""
        form.data = emptied
        return None, 422
    try:
        opened = services.open_case(
            case=case, actor=logs.actor(), now=timezone.now(), receipt=receipt
        )
    except HuitouError as error:
        field = str(error.facts.get("field", ""))
        form.refuse(error, field if field in {"email", "phone", "text"} else None)
        return None, HTTP_STATUS[error.kind]
    return opened, 200


def _form(request: HttpRequest, begun: Mapping[str, str], offered: list[Any]) -> Tell:
    initial = {"key": new_key(), **{name: value for name, value in begun.items() if value}}
    return Tell(request.POST or None, initial=initial, orders=offered)


def _case_in(
    form: Tell,
    source: str,
    customer_id: int | None,
    order: tuple[str, str, str, str, int] | None,
    answered: AskedAnswerRow | None = None,
) -> CaseIn:
    said = form.cleaned_data
    return CaseIn(
        kind=said["kind"],
        source=source,
        text=said["text"],
        customer_id=customer_id,
        store_id=_store(order, answered, said["store"]),
        contact=Contact(said["name"], said["email"], said["phone"]),
        topic=said["topic"],
        order=(order[2], order[3]) if order else ("", ""),
        key=said["key"],
    )


def _store(
    order: tuple[str, str, str, str, int] | None, answered: AskedAnswerRow | None, code: str
) -> int | None:
    """Where it happened: the store of the order, of the survey, or of the code that was read."""
    if order is not None:
        return order[4]
    if answered is not None:
        return answered.store_id
    return next((store.id for store in staff.stores() if code and store.code == code), None)


def _answered(request: HttpRequest) -> AskedAnswerRow | None:
    """The answer to a survey this is about, by the key only its giver has: not one of another
    system, whose keys may be guessed."""
    key = request.POST.get("answer", "") or request.GET.get("answer", "")
    return voice.asked_answer(key) if key.isalnum() else None


def _receipt(opened: Opened, address: str, shop: str) -> Letter:
    link = settings.PUBLIC_URL.rstrip("/") + reverse("case_follow", args=[opened.token])
    words = gettext(
        "Your case {case} has arrived. You get an answer within 24 hours.\n\n"
        "Follow it here, or add a word:\n{link}"
    )
    return Letter(
        address=address,
        subject=gettext("We have received your case {case}").format(case=opened.public_id),
        text=words.format(case=opened.public_id, link=link) + f"\n\n{shop}\n",
    )


def _orders(customer_id: int, currency: str) -> list[tuple[str, str, str, str, int]]:
    """The member's latest orders: the value of the choice, its words, source, number, store."""
    stores = {store.id: store.name or store.code for store in staff.stores()}
    language = get_language() or "zh-hans"
    return [
        (
            str(row.order_id),
            " · ".join(
                (
                    figures.day(row.ordered_on, language),
                    stores.get(row.store_id, ""),
                    figures.money_exact(row.total_minor, currency, language),
                )
            ),
            row.source,
            row.number,
            row.store_id,
        )
        for row in orders.orders_of(customer_id, limit=ORDERS_OFFERED).rows
    ]


def _portal(request: HttpRequest) -> Portal:
    found: Portal = request.portal  # type: ignore[attr-defined]
    return found


def _member_id(request: HttpRequest) -> int | None:
    member = _portal(request).member
    return member.customer_id if member else None
