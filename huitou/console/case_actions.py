"""What staff do with a case: reply, classify, work out, note, promise, close, reopen."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from huitou.console import case_forms as forms
from huitou.console.access import actor_of, allowed
from huitou.console.case_letters import letter
from huitou.console.case_page import channels_of, owner_choices, page, seen, store_choices
from huitou.console.forms import Form
from huitou.console.shell import company_of
from huitou.flows.sending import may_contact
from huitou.kit.errors import HuitouError
from huitou.platform.messages.types import REASONS
from huitou.staff import queries as staff
from huitou.voice import services as voice
from huitou.voice.types import CaseRow, PromiseIn, Reply


@allowed("handle_cases")
@require_POST
def reply(request: HttpRequest, public_id: str) -> HttpResponse:
    """Tell the customer something; the answer stops the clock."""
    row = seen(request, public_id)
    form = forms.ReplyForm(request.POST, channels=channels_of(row))
    if form.is_valid():
        _refuse_unreachable(form, row)

    def tell() -> None:
        said = form.cleaned_data
        company = company_of(request)
        by_mail = said["channel"] == "email"
        promise = PromiseIn(said["promise"], said["due_on"]) if said["promise"] else None
        voice.reply(
            public_id=public_id,
            said=Reply(
                text=said["text"],
                channel=said["channel"],
                is_answer=said["is_answer"],
                promise=promise,
                letter=letter(row, said["text"], shop=company.name if company else "")
                if by_mail
                else None,
                key=said["key"],
            ),
            actor=actor_of(request),
            now=timezone.now(),
        )

    return _done(request, row, form, "reply_form", tell, gettext("The customer is told."))


@allowed("handle_cases")
@require_POST
def classify(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say what a case is about, where it happened and who is in charge."""
    row = seen(request, public_id)
    people = owner_choices(request, staff.users(), row.owner_id)
    form = forms.ClassifyForm(request.POST, stores=store_choices(), people=people)

    def store() -> None:
        found = form.cleaned_data
        voice.classify(
            public_id=public_id,
            as_=voice.Classified(
                kind=found["kind"],
                topic=found["topic"],
                store_id=int(found["store"]) if found["store"] else None,
                owner_id=int(found["owner"]) if found["owner"] else None,
            ),
            actor=actor_of(request),
            now=timezone.now(),
        )

    return _done(request, row, form, "classify_form", store, gettext("Saved."))


@allowed("handle_cases")
@require_POST
def take(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take charge of a case oneself."""
    row = seen(request, public_id)
    voice.assign_case(
        public_id=row.public_id,
        owner_id=request.user.pk,
        actor=actor_of(request),
        now=timezone.now(),
    )
    messages.success(request, gettext("You are in charge of this case."))
    return redirect("case", public_id)


@allowed("handle_cases")
@require_POST
def work_out(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put on record what was learnt and what is done about it."""
    row = seen(request, public_id)
    form = forms.WorkForm(request.POST)

    def store() -> None:
        voice.work_out(
            public_id=public_id,
            found=voice.Found(**form.cleaned_data),
            actor=actor_of(request),
            now=timezone.now(),
        )

    return _done(request, row, form, "work_form", store, gettext("Saved."))


@allowed("handle_cases")
@require_POST
def remark(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write a note among colleagues."""
    row = seen(request, public_id)
    form = forms.RemarkForm(request.POST, auto_id="id_remark_%s")

    def store() -> None:
        voice.remark(
            public_id=public_id,
            text=form.cleaned_data["text"],
            actor=actor_of(request),
            now=timezone.now(),
        )

    return _done(request, row, form, "remark_form", store, gettext("Noted."))


@allowed("handle_cases")
@require_POST
def promise(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a promise on record."""
    row = seen(request, public_id)
    form = forms.PromiseForm(request.POST, prefix="promise")

    def store() -> None:
        voice.promise(
            public_id=public_id,
            promise=PromiseIn(form.cleaned_data["text"], form.cleaned_data["due_on"]),
            actor=actor_of(request),
            now=timezone.now(),
        )

    return _done(request, row, form, "promise_form", store, gettext("The promise is on record."))


@allowed("handle_cases")
@require_POST
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a case."""
    row = seen(request, public_id)
    form = forms.CloseForm(request.POST)

    def store() -> None:
        voice.close_case(
            public_id=public_id,
            lesson=form.cleaned_data["lesson"],
            actor=actor_of(request),
            now=timezone.now(),
        )

    return _done(request, row, form, "close_form", store, gettext("The case is closed."))


@allowed("handle_cases")
@require_POST
def reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let a closed case go on, with a new clock."""
    row = seen(request, public_id)
    form = forms.ReopenForm(request.POST)

    def store() -> None:
        voice.reopen_case(
            public_id=public_id,
            text=form.cleaned_data["text"],
            by_customer=False,
            actor=actor_of(request),
            now=timezone.now(),
        )

    done = gettext("The case goes on; its clock starts anew.")
    return _done(request, row, form, "reopen_form", store, done)


def _done(
    request: HttpRequest,
    row: CaseRow,
    form: Form,
    name: str,
    write: Callable[[], Any],
    said: str,
) -> HttpResponse:
    """Write what a sound form says and show the case again; else the form with what is wrong."""
    if form.is_valid():
        try:
            write()
        except HuitouError as error:
            form.refuse(error)
        else:
            messages.success(request, said)
            return redirect("case", row.public_id)
    return page(request, row, filled={name: form}, status=422)


def _refuse_unreachable(form: forms.ReplyForm, row: CaseRow) -> None:
    """An e-mail that would not be sent is refused at once, with the reason."""
    if form.cleaned_data["channel"] != "email" or row.customer_id is None or row.contact_email:
        return
    asked = may_contact([row.customer_id], channel="email", purpose="service", now=timezone.now())
    if (reason := asked[row.customer_id]) is not None:
        form.add_error("channel", gettext(REASONS.get(reason, reason)))
