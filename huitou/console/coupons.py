"""Coupons: kinds to give out, codes for nobody in particular, a file of them, stopping."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huitou.connectors.files import cells
from huitou.console.access import actor_of, allowed, may
from huitou.console.shell import company_of
from huitou.kit.money import Currency, major_text, minor_units
from huitou.platform import audit
from huitou.programmes import queries, services
from huitou.programmes.errors import BatchInvalid
from huitou.programmes.types import BatchIn, BatchRow, CouponKind, CouponState
from huitou.ui import figures
from huitou.ui.forms import Form

STATES: Final = {
    CouponState.ISSUED.value: _("can be used"),
    CouponState.REDEEMED.value: _("used"),
    CouponState.VOIDED.value: _("void"),
    CouponState.EXPIRED.value: _("expired"),
}
CHUNK: Final = 2_000


class CouponForm(Form):
    """A kind of coupon."""

    name = forms.CharField(
        label=_("Name of the coupon"), max_length=100, help_text=_("Members see it on their phone.")
    )
    kind = forms.ChoiceField(label=_("What it takes off"))
    amount = forms.CharField(
        label=_("Amount off"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("Of coupons of an amount."),
    )
    percent = forms.IntegerField(
        label=_("Percent off"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("Of coupons of a percentage."),
    )
    minimum = forms.CharField(
        label=_("For orders from"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("Empty = any order."),
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty = by the days below, or without end."),
    )
    valid_days = forms.IntegerField(
        label=_("Days each coupon is good for"),
        required=False,
        min_value=0,
        max_value=3660,
        help_text=_("From the day it is given out; the earlier of the two counts."),
    )

    def __init__(self, *args: Any, currency: Currency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._currency = currency
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [("amount", gettext("an amount")), ("percent", gettext("a percentage"))]

    def clean_amount(self) -> int:
        """The amount in minor units; 0 for none."""
        return self._minor("amount")

    def clean_minimum(self) -> int:
        """The least order in minor units; 0 for any."""
        return self._minor("minimum")

    def batch(self) -> BatchIn:
        """The kind of coupon as the form says."""
        given = self.cleaned_data
        kind = CouponKind(given["kind"])
        return BatchIn(
            name=given["name"],
            kind=kind,
            amount_minor=given["amount"] if kind is CouponKind.AMOUNT else 0,
            percent=(given["percent"] or 0) if kind is CouponKind.PERCENT else 0,
            minimum_minor=given["minimum"],
            ends_on=given["ends_on"],
            valid_days=given["valid_days"],
        )

    def _minor(self, name: str) -> int:
        text = self.cleaned_data[name].strip()
        try:
            return minor_units(text, self._currency) if text else 0
        except ValueError as error:
            raise forms.ValidationError(gettext("An amount such as 20 or 19.90.")) from error


class CodesForm(Form):
    """Codes for nobody in particular. The key makes a second click give the same codes."""

    count = forms.IntegerField(label=_("How many codes"), min_value=1, max_value=100_000)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)


@allowed("see_programme")
@require_safe
def coupons(request: HttpRequest) -> HttpResponse:
    """Every kind of coupon, newest first."""
    lines = [_line(request, row) for row in queries.batches()]
    context = {"lines": lines, "may_manage": may(request, "manage_programme")}
    return render(request, "console/coupons/list.html", context)


@allowed("manage_programme")
@require_http_methods(["GET", "HEAD", "POST"])
def coupon_new(request: HttpRequest) -> HttpResponse:
    """A new kind of coupon."""
    form = CouponForm(request.POST or None, currency=_currency(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_batch(
                batch=form.batch(), actor=actor_of(request), now=timezone.now()
            )
        except BatchInvalid as error:
            field, reason = str(error.facts.get("field")), error.facts.get("reason")
            form.add_error(field if field in form.fields else None, gettext(str(reason)))
        else:
            messages.success(request, gettext("The coupon is ready to be given out."))
            return redirect("coupon_batch", public_id=made)
    status = 422 if form.is_bound else 200
    return render(request, "console/coupons/new.html", {"form": form}, status=status)


@allowed("see_programme")
@require_safe
def coupon_batch(request: HttpRequest, public_id: str) -> HttpResponse:
    """One kind of coupon: how many are out, what they cost, codes to give away."""
    row = queries.batch(public_id)
    context = {
        **_line(request, row),
        "form": CodesForm(initial={"key": str(uuid4()), "count": 100}),
        "may_manage": may(request, "manage_programme"),
    }
    return render(request, "console/coupons/one.html", context)


@allowed("manage_programme")
@require_POST
def coupon_codes_make(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make codes for nobody in particular."""
    form = CodesForm(request.POST)
    if form.is_valid():
        made = services.issue_codes(
            batch_public_id=public_id,
            count=form.cleaned_data["count"],
            source_key=f"console:{form.cleaned_data['key']}",
            now=timezone.now(),
        )
        words = gettext("{count} codes are ready; download the file.")
        messages.success(request, words.format(count=figures.number(len(made))))
        return redirect("coupon_batch", public_id=public_id)
    row = queries.batch(public_id)
    context = {**_line(request, row), "form": form, "may_manage": True}
    return render(request, "console/coupons/one.html", context, status=422)


@allowed("manage_programme")
@require_POST
def coupon_stop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give out no more of them."""
    services.stop_batch(batch_public_id=public_id, actor=actor_of(request), now=timezone.now())
    messages.success(request, gettext("No more of these coupons are given out."))
    return redirect("coupon_batch", public_id=public_id)


@allowed("manage_programme")
@require_safe
def coupon_codes(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The codes as a file: worth money, so that it was taken is on record."""
    row = queries.batch(public_id)
    audit.note(
        actor=actor_of(request),
        action="coupons.export",
        subject=f"coupon_batch:{row.id}",
        before=None,
        after={"codes": row.issued},
        now=timezone.now(),
    )
    lines = _file(row, _currency(request), get_language() or "zh-hans", timezone.localdate())
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="coupons-{public_id}.csv"'
    return response


def _line(request: HttpRequest, row: BatchRow) -> dict[str, Any]:
    company = company_of(request)
    currency = company.currency if company else "CNY"
    language = get_language() or "zh-hans"
    return {
        "row": row,
        "off": off_words(row.kind, row.amount_minor, row.percent, currency),
        "minimum": figures.money_exact(row.minimum_minor, currency, language)
        if row.minimum_minor
        else "",
        "source": str(SOURCES.get(row.source.split(":")[0], row.source)),
    }


SOURCES: Final = {
    "console": _("made by hand"),
    "campaign": _("campaign"),
    "compensation": _("making up for it"),
}


def off_words(kind: str, amount_minor: int, percent: int, currency: str) -> str:
    """What a coupon takes off: ¥20.00 off; 15% off."""
    if kind == CouponKind.AMOUNT.value:
        money = figures.money_exact(amount_minor, currency, get_language() or "zh-hans")
        return gettext("{money} off").format(money=money)
    return gettext("{percent}% off").format(percent=percent)


def _file(row: BatchRow, currency: Currency, language: str, today: date) -> Iterator[bytes]:
    """The file piece by piece; the language is set again because the answer outlives the
    request."""
    with override(language):
        head = [gettext("Code"), gettext("State"), gettext("Last day"), gettext("Discount given")]
        words = {state: str(said) for state, said in STATES.items()}
    rows: list[list[str]] = [head]
    yield cells.BOM
    for coupon in queries.codes(row.public_id, today=today):
        last = coupon.ends_on.isoformat() if coupon.ends_on else ""
        given = major_text(coupon.discount_minor, currency) if coupon.discount_minor else ""
        rows.append([coupon.code, words[coupon.state], last, given])
        if len(rows) >= CHUNK:
            yield cells.written(rows)
            rows = []
    yield cells.written(rows)


def _currency(request: HttpRequest) -> Currency:
    company = company_of(request)
    return Currency(company.currency if company else "CNY")
