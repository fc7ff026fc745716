"""A customer kept by hand: added or put right, with a warning where they may be known already."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from huitou.audiences import queries as audiences
from huitou.console.access import allowed, may, refused
from huitou.console.case_page import store_choices
from huitou.console.forms import Form
from huitou.console.people_filters import LARGEST_ID
from huitou.console.visibility import may_see, seen_among
from huitou.customers import queries as customers
from huitou.customers import services
from huitou.customers.types import LONGEST_NEEDS, ProfileIn
from huitou.kit.errors import HuitouError

MOST_LINES = 10
KINDS = {"person": _("person"), "company": _("company"), "dealer": _("dealer")}
_FIELDS = {
    "customers.name_missing": "name",
    "customers.phone_invalid": "phones",
    "customers.email_invalid": "emails",
}


class ProfileForm(Form):
    """What staff keep of a customer."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=list(KINDS.items()),
    )
    phones = forms.CharField(
        label=_("Phones"),
        required=False,
        max_length=400,
        help_text=_("One a line; the first is the main one."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    emails = forms.CharField(
        label=_("E-mails"),
        required=False,
        max_length=2000,
        help_text=_("One a line; the first is the main one."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    birth_date = forms.DateField(
        label=_("Birthday"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    is_lunar = forms.BooleanField(label=_("in the lunar calendar"), required=False)
    home_store = forms.ChoiceField(label=_("Home store"), required=False)
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=2000, help_text=_("Divided by commas.")
    )
    needs = forms.CharField(
        label=_("Likes and needs"),
        required=False,
        max_length=LONGEST_NEEDS,
        help_text=_("Stands beside a case and at the till."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    is_another = forms.BooleanField(label=_("This is somebody else: save anyway"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        store = self.fields["home_store"]
        assert isinstance(store, forms.ChoiceField)
        store.choices = [("", gettext("no store")), *store_choices()]

    def clean_birth_date(self) -> Any:
        """Nobody is born tomorrow."""
        born = self.cleaned_data["birth_date"]
        if born is not None and not 1880 <= born.year <= timezone.localdate().year:
            raise forms.ValidationError(_("Nobody is born on this date."))
        return born

    def addresses(self) -> list[str]:
        """Every phone and e-mail as typed."""
        return [*_lines(self.cleaned_data["phones"]), *_lines(self.cleaned_data["emails"])]

    def profile(self) -> ProfileIn:
        """What was filled in."""
        said = self.cleaned_data
        return ProfileIn(
            name=said["name"],
            kind=said["kind"],
            phones=_lines(said["phones"]),
            emails=_lines(said["emails"]),
            birth_date=said["birth_date"],
            birth_calendar="lunar" if said["is_lunar"] else "solar",
            home_store_id=int(said["home_store"]) if said["home_store"] else None,
            tags=(said["tags"],),
            needs=said["needs"],
        )


@allowed("edit_customers")
@require_http_methods(["GET", "POST"])
def customer_new(request: HttpRequest) -> HttpResponse:
    """Add somebody by hand."""
    form = ProfileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if doubles := _doubles(request, form, None):
            return _page(request, form, doubles=doubles)
        try:
            made = services.create(
                profile=form.profile(), acquired_from="console", now=timezone.now()
            )
        except HuitouError as error:
            form.refuse(error, _FIELDS.get(error.code))
        else:
            messages.success(request, gettext("The customer is on record."))
            return redirect("customer", customer_id=made)
    return _page(request, form)


@allowed("edit_customers")
@require_http_methods(["GET", "POST"])
def customer_edit(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Put right what is known. Only who may see contact data may change it."""
    person = audiences.person(customer_id) if customer_id <= LARGEST_ID else None
    if person is None or not may_see(request, customer_id, timezone.localdate()):
        raise Http404
    if not may(request, "see_contact_data"):
        return refused(request, "see_contact_data")
    form = ProfileForm(request.POST or None, initial=_initial(person))
    if request.method == "POST" and form.is_valid():
        if doubles := _doubles(request, form, customer_id):
            return _page(request, form, person, doubles)
        try:
            services.edit(customer_id=customer_id, profile=form.profile(), now=timezone.now())
        except HuitouError as error:
            form.refuse(error, _FIELDS.get(error.code))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("customer", customer_id=customer_id)
    return _page(request, form, person)


def _initial(person: audiences.PersonRow) -> dict[str, Any]:
    row = customers.contact(person.customer_id)
    if row is None:
        raise Http404
    others = customers.addresses(person.customer_id)
    phones = [row.phone, *(value for kind, value in others if kind == "phone")]
    emails = [row.email, *(value for kind, value in others if kind == "email")]
    return {
        "name": person.name,
        "kind": row.kind,
        "phones": "\n".join(filter(None, phones)),
        "emails": "\n".join(filter(None, emails)),
        "birth_date": row.birth_date,
        "is_lunar": row.birth_calendar == "lunar",
        "home_store": str(person.home_store_id or ""),
        "tags": ", ".join(row.tags),
        "needs": row.needs,
    }


def _doubles(
    request: HttpRequest, form: ProfileForm, customer_id: int | None
) -> list[audiences.PersonRow]:
    """Others at the same phone or e-mail, if nobody said yet that they are somebody else; of those
    the reader may not see only that there are some would help nobody."""
    if form.cleaned_data["is_another"]:
        return []
    today = timezone.localdate()
    found = customers.sharing(form.addresses(), besides=customer_id)
    seen = seen_among(request, found, today)
    return audiences.rows(sorted(seen), slot=None) if seen else []


def _page(
    request: HttpRequest,
    form: ProfileForm,
    person: audiences.PersonRow | None = None,
    doubles: list[audiences.PersonRow] | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "person": person,
        "doubles": doubles or [],
        "may_merge": may(request, "merge_customers"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "console/customer_edit.html", context, status=status)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, text.splitlines())))[:MOST_LINES]
