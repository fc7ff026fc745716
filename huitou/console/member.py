"""A customer as a member: card, tier, points and what made them; joining, leaving, correcting."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from huitou.audiences import queries as audiences
from huitou.console.access import actor_of, allowed, may
from huitou.console.coupons import STATES, off_words
from huitou.console.people_filters import LARGEST_ID, read_id
from huitou.console.programme_words import tier_names
from huitou.console.shell import company_of
from huitou.console.visibility import may_see
from huitou.kit.errors import HuitouError
from huitou.points import queries as points
from huitou.points.types import LotRow, StatementRow
from huitou.programmes import queries, services
from huitou.programmes.types import CouponRow, CouponState, MemberRow, ProgrammeRow, RulesRow
from huitou.ui import figures, points_words
from huitou.ui.forms import Form
from huitou.ui.words import error_words

SHOWN: Final = 30
TABS: Final = {"statement": _("Statement"), "coupons": _("Coupons"), "tiers": _("Tiers")}


class AdjustForm(Form):
    """Points to give or take. The key makes a second click do nothing."""

    points = forms.IntegerField(
        label=_("Points"),
        min_value=-1_000_000,
        max_value=1_000_000,
        help_text=_("Above 0 gives, below 0 takes."),
    )
    reason = forms.ChoiceField(label=_("Reason"))
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        reason.choices = [(code, gettext(said)) for code, said in points_words.REASONS.items()]


@allowed("see_customers")
@require_safe
def member(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The member's ledger, with the sum behind every line."""
    return _page(request, customer_id, AdjustForm(initial={"key": str(uuid4())}))


@allowed("adjust_points")
@require_POST
def member_adjust(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Give or take points."""
    _visible(request, customer_id)
    form = AdjustForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.adjust(
                adjustment=services.AdjustmentIn(
                    given["key"], customer_id, given["points"], given["reason"]
                ),
                actor=actor_of(request),
                now=timezone.now(),
            )
        except HuitouError as error:
            form.refuse(error, "points")
        else:
            words = gettext("{points} points are on record.")
            messages.success(request, words.format(points=figures.signed(given["points"])))
            return redirect("member", customer_id=customer_id)
    return _page(request, customer_id, form, status=422)


@allowed("edit_customers")
@require_POST
def member_join(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Make the customer a member, because they asked for it."""
    _visible(request, customer_id)
    try:
        services.join(
            customer_id=customer_id,
            source="console",
            actor=actor_of(request),
            now=timezone.now(),
        )
    except HuitouError as error:
        messages.error(request, error_words(error))
    return redirect("member", customer_id=customer_id)


@allowed("edit_customers")
@require_POST
def member_leave(request: HttpRequest, customer_id: int) -> HttpResponse:
    """End the membership, because they asked for it."""
    _visible(request, customer_id)
    try:
        services.leave(customer_id=customer_id, actor=actor_of(request), now=timezone.now())
    except HuitouError as error:
        messages.error(request, error_words(error))
    return redirect("member", customer_id=customer_id)


def _visible(request: HttpRequest, customer_id: int) -> audiences.PersonRow:
    """The customer, if the reader may see them; to others there is none."""
    person = audiences.person(customer_id) if customer_id <= LARGEST_ID else None
    if person is None or not may_see(request, customer_id, timezone.localdate()):
        raise Http404
    return person


def _page(
    request: HttpRequest, customer_id: int, form: AdjustForm, status: int = 200
) -> HttpResponse:
    person, today = _visible(request, customer_id), timezone.localdate()
    programme, found = queries.programme(), queries.rules_on(today)
    row = queries.member(customer_id)
    context: dict[str, Any] = {
        "person": person,
        "name": person.name or person.code,
        "programme": programme,
        "member": row,
        "is_member": row is not None and row.left_at is None,
        "may_edit": may(request, "edit_customers"),
        "may_adjust": may(request, "adjust_points"),
        "form": form,
    }
    if programme is not None and row is not None:
        context |= _holdings(request, programme, row, found, today)
    return render(request, "console/member/page.html", context, status=status)


def _holdings(
    request: HttpRequest,
    programme: ProgrammeRow,
    row: MemberRow,
    found: RulesRow | None,
    today: date,
) -> dict[str, Any]:
    company = company_of(request)
    currency = company.currency if company else "CNY"
    names = tier_names(found.rules if found else None)
    tab = request.GET.get("tab", "statement")
    context: dict[str, Any] = {
        "account": points.account(programme.id, row.customer_id, today=today),
        "lots": _by_day(points.lots(programme.id, row.customer_id, today=today)),
        "progress": queries.progress_by(found.rules, row.customer_id, today=today)
        if found is not None and row.left_at is None
        else None,
        "tier": names.get(row.tier, row.tier),
        "tab": tab if tab in TABS else "statement",
        "tabs": TABS.items(),
    }
    if context["tab"] == "coupons":
        coupons = queries.coupons_of(row.customer_id, today=today)
        return context | {"coupons": [_coupon(coupon, currency) for coupon in coupons]}
    if context["tab"] == "tiers":
        return context | {"changes": _changes(row.customer_id, names)}
    terms = points_words.Terms(currency, names)
    before = read_id(request.GET.get("before", ""))
    lines = points.statement(programme.id, row.customer_id, before=before, limit=SHOWN + 1)
    older = lines[SHOWN - 1].transfer_id if len(lines) > SHOWN else None
    return context | {"lines": [_line(line, terms) for line in lines[:SHOWN]], "older": older}


def _by_day(lots: list[LotRow]) -> list[dict[str, Any]]:
    """How many points can be used until which day; points without end come last."""
    found: dict[date | None, int] = {}
    for lot in lots:
        found[lot.expires_on] = found.get(lot.expires_on, 0) + lot.points
    return [{"expires_on": day, "points": count} for day, count in found.items()]


def _changes(customer_id: int, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """How the member came to their tier."""
    return [
        {
            "on": change.changed_on,
            "before": names.get(change.tier_before, change.tier_before),
            "after": names.get(change.tier_after, change.tier_after),
            "points": change.qualifying_points,
        }
        for change in queries.tier_changes(customer_id)
    ]


def _line(line: StatementRow, terms: points_words.Terms) -> dict[str, Any]:
    return {
        "row": line,
        "title": points_words.title(line.kind, line.points, line.why, terms),
        "sum": points_words.receipt(line.points, line.why, terms),
        "version": line.why.get("version"),
    }


def _coupon(coupon: CouponRow, currency: str) -> dict[str, Any]:
    return {
        "row": coupon,
        "off": off_words(coupon.kind, coupon.amount_minor, coupon.percent, currency),
        "state": STATES[coupon.state],
        "tone": "ok" if coupon.state == CouponState.ISSUED.value else "",
    }
