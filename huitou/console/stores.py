"""The stores: listed, added, put right."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from huitou.console.access import actor_of, allowed
from huitou.console.audit_words import plain_changes
from huitou.console.forms import Form
from huitou.console.people_filters import LARGEST_ID
from huitou.console.shell import company_of
from huitou.console.zones import zone_choices
from huitou.kit.errors import HuitouError
from huitou.staff import errors, queries, services

_FIELD_OF: Final = {errors.StoreTaken: "code", errors.ZoneUnknown: "zone"}
_REASON: Final = _("1 to 200 readable characters.")


class StoreForm(Form):
    """What is said about a store."""

    name = forms.CharField(label=_("Store name"), max_length=200)
    zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("The day of a purchase is the store's. Another zone counts from now on."),
    )
    is_online = forms.BooleanField(label=_("This is an online store"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.fields["zone"]
        assert isinstance(zone, forms.ChoiceField)
        zone.choices = zone_choices()


class NewStoreForm(StoreForm):
    """A store that is new: with its code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=100,
        help_text=_("As your order files or till write it; it stays."),
    )
    field_order = ("code", "name", "zone", "is_online")


@allowed("manage_settings")
@require_safe
def stores(request: HttpRequest) -> HttpResponse:
    """Every store, with the next days on which it is closed."""
    today = timezone.localdate()
    coming = [span for span in queries.closed_spans() if span.last >= today]
    lines = [
        {
            "row": row,
            "closed": next((one for one in coming if one.store_id in (None, row.id)), None),
        }
        for row in queries.stores()
    ]
    return render(request, "console/stores/list.html", {"lines": lines})


@allowed("manage_settings")
@require_http_methods(["GET", "HEAD", "POST"])
def store_new(request: HttpRequest) -> HttpResponse:
    """A new store."""
    company = company_of(request)
    form = NewStoreForm(request.POST or None, initial={"zone": company.zone if company else "UTC"})
    if request.method == "POST" and form.is_valid():
        try:
            services.add_store(**form.cleaned_data, actor=actor_of(request), now=timezone.now())
        except HuitouError as error:
            refuse(form, error)
        else:
            messages.success(request, gettext("The store is added."))
            return redirect("stores")
    status = 422 if form.is_bound else 200
    return render(request, "console/stores/edit.html", {"form": form, "store": None}, status=status)


@allowed("manage_settings")
@require_http_methods(["GET", "HEAD", "POST"])
def store_one(request: HttpRequest, store_id: int) -> HttpResponse:
    """One store: what is said about it, and who changed it."""
    row = queries.store(store_id) if store_id <= LARGEST_ID else None
    if row is None:
        raise Http404
    initial = {"name": row.name, "zone": row.zone, "is_online": row.is_online}
    form = StoreForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_store(
                code=row.code, **form.cleaned_data, actor=actor_of(request), now=timezone.now()
            )
        except HuitouError as error:
            refuse(form, error)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("stores")
    context = {
        "form": form,
        "store": row,
        "changes": plain_changes(queries.changes_of(f"store:{store_id}")),
    }
    status = 422 if form.is_bound else 200
    return render(request, "console/stores/edit.html", context, status=status)


def refuse(form: Form, error: HuitouError) -> None:
    """Show what the room refused beside its field."""
    if isinstance(error, errors.NameInvalid):
        field = {"store": "code"}.get(str(error.facts["field"]), str(error.facts["field"]))
        form.add_error(field if field in form.fields else None, _REASON)
    else:
        form.refuse(error, _FIELD_OF.get(type(error)))
