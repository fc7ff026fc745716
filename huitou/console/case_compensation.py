"""Making up for a case: points or a coupon, within what the reader's role may give."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from huitou.console import case_forms
from huitou.console.access import actor_of, allowed
from huitou.console.case_page import seen
from huitou.console.shell import company_of
from huitou.flows import cases as flow
from huitou.flows import compensation
from huitou.flows.compensation import Compensation, Given
from huitou.kit.errors import HuitouError
from huitou.kit.money import Currency
from huitou.voice.types import CaseRow


@allowed("give_compensation")
@require_http_methods(["GET", "POST"])
def case_compensate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give points or a coupon to the customer of a case; only customers we know can get any."""
    row = seen(request, public_id)
    if row.customer_id is None:
        raise Http404
    if request.method == "POST":
        form = case_forms.CompensationForm(request.POST)
        given = _give(request, row, row.customer_id, form) if form.is_valid() else None
        if given is not None:
            messages.success(request, _said(given))
            return redirect("case", public_id)
        return _page(request, row, row.customer_id, form, status=422)
    form = case_forms.CompensationForm(initial={"key": case_forms.new_key(), "kind": "points"})
    return _page(request, row, row.customer_id, form)


def _give(
    request: HttpRequest, row: CaseRow, customer_id: int, form: case_forms.CompensationForm
) -> Given | None:
    """What was given; ``None`` if it was refused, with the reason in the form."""
    kind, amount = form.cleaned_data["kind"], form.cleaned_data["amount"]
    company = company_of(request)
    decimals = Currency(company.currency).decimals if company and kind == "coupon" else 0
    scaled = Decimal(amount).scaleb(decimals)
    if scaled != scaled.to_integral_value():
        form.add_error("amount", gettext("Give a whole number."))
        return None
    try:
        return flow.make_up(
            Compensation(row.public_id, customer_id, kind, int(scaled)),
            key=f"case:{row.public_id}:{form.cleaned_data['key']}",
            actor=actor_of(request),
            now=timezone.now(),
        )
    except HuitouError as error:
        form.refuse(error, "amount")
        return None


def _said(given: Given) -> str:
    if given.coupon_code:
        return gettext("The coupon {code} is given; tell the customer.").format(
            code=given.coupon_code
        )
    return gettext("{n} points are given; tell the customer.").format(n=given.points)


def _page(
    request: HttpRequest,
    row: CaseRow,
    customer_id: int,
    form: case_forms.CompensationForm,
    status: int = 200,
) -> HttpResponse:
    allowance = compensation.allowance(
        row.public_id, customer_id, actor=actor_of(request), now=timezone.now()
    )
    context: dict[str, Any] = {
        "case": row,
        "who": row.customer_name or row.customer_code,
        "form": form,
        "allowance": allowance,
    }
    return render(request, "console/cases/compensate.html", context, status=status)
