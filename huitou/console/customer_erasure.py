"""One customer's data: handed out as a file, and erased for good."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from huitou.audiences import queries as audiences
from huitou.console.access import actor_of, allowed
from huitou.console.forms import Form
from huitou.console.people_filters import LARGEST_ID
from huitou.console.visibility import may_see, visible_stores
from huitou.flows import erasure as flow
from huitou.flows import personal_data
from huitou.kit.errors import HuitouError
from huitou.ui import personal_files
from huitou.voice import queries as voice
from huitou.voice.types import CaseRow


class EraseForm(Form):
    """The code of the customer once more: nobody is erased by a slip of the hand."""

    code = forms.CharField(
        label=_("Type the customer's code to confirm"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


@allowed("erase_customers")
@require_safe
def customer_data(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Everything kept about the customer, as a file for them; that it was handed out is noted."""
    person = _person(request, customer_id)
    found = personal_data.handed_out(
        person.customer_id, actor=actor_of(request), now=timezone.now()
    )
    name = f"huitou-{customer_id}-{timezone.localdate().isoformat()}"
    return personal_files.download(found, name=name, as_page="page" in request.GET)


@allowed("erase_customers")
@require_http_methods(["GET", "POST"])
def customer_erase(request: HttpRequest, customer_id: int) -> HttpResponse:
    """What goes and what stays; then, with the code typed, it is gone."""
    person = _person(request, customer_id)
    wish = _wish(request, customer_id)
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            flow.erase(
                person.code,
                confirmed=form.cleaned_data["code"],
                actor=actor_of(request),
                now=timezone.now(),
            )
        except HuitouError as error:
            form.refuse(error, "code")
        else:
            messages.success(request, gettext("Everything about this customer is erased."))
            return redirect("case", wish.public_id) if wish else redirect("customers")
    context = {"person": person, "name": person.name or person.code, "form": form, "wish": wish}
    status = 422 if form.is_bound else 200
    return render(request, "console/customer_erase.html", context, status=status)


def _wish(request: HttpRequest, customer_id: int) -> CaseRow | None:
    """The case the reader came from, if this customer told it and the reader may see it."""
    number = request.GET.get("case", "")[:40]
    if not number or "\x00" in number:
        return None
    stores = visible_stores(request)
    row = voice.case(number, reader_id=request.user.pk or 0, stores=stores)
    return row if row is not None and row.customer_id == customer_id else None


def _person(request: HttpRequest, customer_id: int) -> audiences.PersonRow:
    person = audiences.person(customer_id) if customer_id <= LARGEST_ID else None
    if person is None or not may_see(request, customer_id, timezone.localdate()):
        raise Http404
    return person
