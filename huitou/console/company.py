"""The company: its name, zone, currency and trade."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from huitou.console.access import actor_of, allowed
from huitou.console.audit_words import plain_changes
from huitou.console.setup import CURRENCIES, CompanyForm, currency_name
from huitou.console.shell import company_of
from huitou.console.stores import refuse
from huitou.flows import company as flow
from huitou.kit.errors import HuitouError
from huitou.staff import errors, queries
from huitou.staff.types import CompanyIn, CompanyRow


class CompanyDescription(CompanyForm):
    """The company, described anew."""

    is_one_off = forms.BooleanField(
        label=_("Most of it is bought once in a lifetime"),
        required=False,
        help_text=_("Then a referral counts as a return."),
    )
    confirmed = forms.BooleanField(
        label=_(
            "I know: with another time zone days and months are cut elsewhere, with another trade "
            "the layers start from other windows, from the next measurement on."
        ),
        required=False,
    )
    store = None  # type: ignore[assignment]  # of the first visit only

    def __init__(self, *args: Any, before: CompanyRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._before = before
        self.fields["name"].widget.attrs.pop("autofocus", None)
        codes = dict.fromkeys((before.currency, *CURRENCIES))
        self._choices("currency", [(code, f"{code} {currency_name(code)}") for code in codes])

    def clean(self) -> dict[str, Any]:
        """What moves every figure is confirmed first."""
        said = self.cleaned_data
        moves = [
            field
            for field in ("zone", "industry")
            if said.get(field) not in (None, getattr(self._before, field))
        ]
        if moves and not said.get("confirmed"):
            self.add_error("confirmed", _("Confirm that you know this."))
        return said


@allowed("manage_settings")
@require_http_methods(["GET", "HEAD", "POST"])
def company_page(request: HttpRequest) -> HttpResponse:
    """What is said about the company, and who changed it."""
    before = company_of(request)
    assert before is not None, "the door sends to the first visit before"
    fields = ("name", "zone", "currency", "industry", "is_one_off")
    form = CompanyDescription(
        request.POST or None,
        before=before,
        initial={field: getattr(before, field) for field in fields},
    )
    if not flow.may_change_currency():
        form.fields["currency"].disabled = True
        form.fields["currency"].help_text = gettext("It stays: there are orders in it.")
    if request.method == "POST" and form.is_valid():
        company = CompanyIn(**{field: form.cleaned_data[field] for field in fields})
        try:
            flow.describe(company=company, actor=actor_of(request), now=timezone.now())
        except HuitouError as error:
            if isinstance(error, errors.CurrencyFixed):
                form.refuse(error, "currency")
            else:
                refuse(form, error)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("settings")
    context = {"form": form, "changes": plain_changes(queries.changes_of("company"))}
    status = 422 if form.is_bound else 200
    return render(request, "console/settings/company.html", context, status=status)
