"""The calendar of closed days: of one store or of all, as spans, and the last step taken back."""

from datetime import date
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from huitou.console.access import actor_of, allowed
from huitou.console.forms import Form
from huitou.console.stores import refuse
from huitou.kit.errors import HuitouError
from huitou.staff import errors, queries, services
from huitou.staff.types import ClosedSpan, StoreRow

LAST_STEP: Final = "closed_days_last_step"
EARLIEST: Final = date(1990, 1, 1)
LATEST: Final = date(2100, 1, 1)


class ClosureForm(Form):
    """Days that are closed."""

    store = forms.ChoiceField(label=_("Store"), required=False)
    first = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("Last day closed"),
        required=False,
        help_text=_("Leave it empty for one day."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=100,
        help_text=_("Such as: Spring Festival, a refit"),
    )

    def __init__(self, *args: Any, stores: list[StoreRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        store = self.fields["store"]
        assert isinstance(store, forms.ChoiceField)
        named = [(str(row.id), row.name or row.code) for row in stores]
        store.choices = [("", gettext("Every store")), *named]

    def clean(self) -> dict[str, Any]:
        """The days, under ``days``."""
        first = self.cleaned_data.get("first")
        last = self.cleaned_data.get("last") or first
        if first is None or last is None:
            return self.cleaned_data
        try:
            is_near = EARLIEST <= first <= LATEST
            self.cleaned_data["days"] = queries.span_days(first, last) if is_near else []
        except errors.NotSpan:
            is_near = False
        if not is_near:
            words = gettext("Not before the first day, and at most {most} days in all.")
            self.add_error("last", words.format(most=queries.LONGEST_CLOSURE_DAYS))
        return self.cleaned_data

    def store_id(self) -> int | None:
        """The chosen store; None = every store."""
        return int(self.cleaned_data["store"]) if self.cleaned_data["store"] else None


@allowed("manage_settings")
@require_http_methods(["GET", "HEAD", "POST"])
def closed_days(request: HttpRequest) -> HttpResponse:
    """The calendar, and a form to close days."""
    stores = queries.stores()
    form = ClosureForm(request.POST or None, stores=stores)
    if request.method == "POST" and form.is_valid() and _close(request, form):
        return redirect("closed_days")
    today = timezone.localdate()
    spans = [_line(span, stores) for span in queries.closed_spans()]
    context = {
        "form": form,
        "coming": [line for line in spans if line["span"].last >= today],
        "past": [line for line in reversed(spans) if line["span"].last < today],
        "last_step": request.session.get(LAST_STEP),
    }
    status = 422 if form.is_bound else 200
    return render(request, "console/stores/closed_days.html", context, status=status)


@allowed("manage_settings")
@require_POST
def days_open(request: HttpRequest) -> HttpResponse:
    """Take a span of closed days back."""
    form = ClosureForm(request.POST, stores=queries.stores())
    if not form.is_valid():
        return redirect("closed_days")
    said = form.cleaned_data
    gone = services.open_days(
        days=said["days"], store_id=form.store_id(), actor=actor_of(request), now=timezone.now()
    )
    _keep(request, "open", gone, form)
    words = ngettext("{count} day is open again.", "{count} days are open again.", len(gone))
    messages.success(request, words.format(count=len(gone)))
    return redirect("closed_days")


@allowed("manage_settings")
@require_POST
def days_undo(request: HttpRequest) -> HttpResponse:
    """Take the last step back: what it closed is opened, what it opened is closed."""
    step = request.session.pop(LAST_STEP, None)
    if step is None:
        return redirect("closed_days")
    who: dict[str, Any] = {"actor": actor_of(request), "now": timezone.now()}
    days = [date.fromisoformat(day) for day in step["days"]]
    if step["did"] == "close":
        services.open_days(days=days, store_id=step["store"], **who)
    else:
        services.close_days(days=days, store_id=step["store"], reason=step["reason"], **who)
    messages.success(request, gettext("The last step is taken back."))
    return redirect("closed_days")


def _close(request: HttpRequest, form: ClosureForm) -> bool:
    said = form.cleaned_data
    try:
        fresh = services.close_days(
            days=said["days"],
            store_id=form.store_id(),
            reason=said["reason"],
            actor=actor_of(request),
            now=timezone.now(),
        )
    except HuitouError as error:
        refuse(form, error)
        return False
    _keep(request, "close", fresh, form)
    words = ngettext(
        "{count} day is closed that was open.",
        "{count} days are closed that were open.",
        len(fresh),
    )
    messages.success(request, words.format(count=len(fresh)))
    return True


def _keep(request: HttpRequest, did: str, days: list[date], form: ClosureForm) -> None:
    """Remember what the step changed, so that it can be taken back."""
    if days:
        request.session[LAST_STEP] = {
            "did": did,
            "days": [day.isoformat() for day in days],
            "store": form.store_id(),
            "reason": form.cleaned_data["reason"],
        }


def _line(span: ClosedSpan, stores: list[StoreRow]) -> dict[str, Any]:
    names = {row.id: row.name or row.code for row in stores}
    where = gettext("Every store") if span.store_id is None else names.get(span.store_id, "")
    return {"span": span, "where": where}
