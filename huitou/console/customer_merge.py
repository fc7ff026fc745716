"""Two records that are one customer: found, compared, joined, and divided again."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST

from huitou.audiences import queries as audiences
from huitou.console.access import actor_of, allowed, may
from huitou.console.customer_contacts import person_seen
from huitou.console.customer_edit import KINDS
from huitou.console.visibility import seen_among
from huitou.customers import queries as customers
from huitou.customers.queries import Choice
from huitou.flows import merging
from huitou.kit.errors import HuitouError
from huitou.kit.text import gettext_noop as _
from huitou.staff import queries as staff
from huitou.ui import figures
from huitou.ui.words import error_words

FOUND: Final = 10
WORDS: Final[Mapping[str, str]] = {
    "name": _("Name"),
    "kind": _("Kind"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "birthday": _("Birthday"),
    "home_store": _("Home store"),
    "acquired_from": _("Came through"),
}
# Parts of a person's data, where something new stands in the way of dividing again.
PARTS: Final[Mapping[str, str]] = {
    "profile": _("Profile"),
    "known_as": _("names of other systems"),
    "contacts": _("Contacts"),
    "consents": _("Consents"),
    "points": _("Points"),
    "qualifying": _("Points"),
    "coupons": _("Coupons"),
    "earned": _("Points"),
    "paid_with_points": _("Points"),
    "compensations": _("Points"),
    "orders": _("Orders"),
    "answers": _("Answers"),
    "invitations": _("Surveys"),
    "cases": _("Complaints and suggestions"),
    "promises": _("Promises"),
    "campaigns": _("Campaigns"),
    "messages": _("Messages"),
}


@allowed("merge_customers")
@require_http_methods(["GET", "POST"])
def customer_merge(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Choose the other record, see which fields win and what moves, join them."""
    person = person_seen(request, customer_id)
    other = _other(request, customer_id)
    if other is None:
        return _choose(request, person)
    problem = ""
    if request.method == "POST":
        taken = {name for name in WORDS if request.POST.get(name) == "gone"}
        try:
            merging.merge(
                kept_id=customer_id,
                gone_id=other.customer_id,
                take=taken,
                actor=actor_of(request),
                now=timezone.now(),
            )
        except HuitouError as error:
            problem = error_words(error)
        else:
            messages.success(request, gettext("They are one customer now."))
            return redirect("customer", customer_id=customer_id)
    try:
        look = merging.preview(kept_id=customer_id, gone_id=other.customer_id)
    except HuitouError as error:
        messages.error(request, error_words(error))
        return redirect("customer_merge", customer_id=customer_id)
    stores = {store.id: store.name or store.code for store in staff.stores()}
    context = {
        "person": person,
        "other": other,
        "name": person.name or person.code,
        "other_name": other.name or other.code,
        "choices": [_choice(one, stores) for one in look.choices if one.kept or one.gone],
        "refusal": problem or (error_words(look.refusal) if look.refusal else ""),
    }
    status = 409 if problem else 200
    return render(request, "console/customer_merge.html", context, status=status)


@allowed("merge_customers")
@require_POST
def customer_unmerge(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Divide again what was joined last."""
    person_seen(request, customer_id)
    number = request.POST.get("merge", "")
    known = {str(row.merge_id) for row in customers.merges_of(customer_id)}
    if number not in known:
        raise Http404
    try:
        row = merging.unmerge(merge_id=int(number), actor=actor_of(request), now=timezone.now())
    except HuitouError as error:
        messages.error(request, _refused(error))
    else:
        messages.success(request, gettext("They are two customers again, each as before."))
        return redirect("customer", customer_id=row.gone_customer_id)
    return redirect("customer", customer_id=customer_id)


def joined(request: HttpRequest, customer_id: int) -> list[dict[str, Any]]:
    """What was joined to a customer and may still be divided, for their page; nothing for readers
    who may not."""
    if not may(request, "merge_customers"):
        return []
    return [
        {"row": row, "is_last": place == 0}
        for place, row in enumerate(
            row for row in customers.merges_of(customer_id) if row.undone_at is None
        )
    ]


def _other(request: HttpRequest, customer_id: int) -> audiences.PersonRow | None:
    """The record that is to go, by its code, if the reader may see it."""
    code = request.GET.get("with", "")[:200].strip()
    if not code or "\x00" in code:
        return None
    found = customers.by_code(code)
    if found is None or found == customer_id:
        return None
    if found not in seen_among(request, [found], timezone.localdate()):
        return None
    return next(iter(audiences.rows([found], slot=None)), None)


def _choose(request: HttpRequest, person: audiences.PersonRow) -> HttpResponse:
    """Who it may be: whoever shares a phone or e-mail, or whoever a search finds."""
    text = request.GET.get("q", "")[:200]
    if text:
        ids = list(customers.search(text, limit=FOUND).ids)
    else:
        contact = customers.contact(person.customer_id)
        own = [contact.phone, contact.email] if contact else []
        own += [value for _kind, value in customers.addresses(person.customer_id)]
        ids = customers.sharing(list(filter(None, own)), besides=person.customer_id)
    seen = seen_among(request, ids, timezone.localdate()) - {person.customer_id}
    context = {
        "person": person,
        "name": person.name or person.code,
        "found": audiences.rows(sorted(seen), slot=None) if seen else [],
        "text": text or request.GET.get("with", "")[:200],
        "is_search": bool(text or request.GET.get("with")),
    }
    return render(request, "console/customer_merge_choose.html", context)


def _choice(choice: Choice, stores: Mapping[int, str]) -> dict[str, Any]:
    is_same = choice.kept == choice.gone
    return {
        "name": choice.name,
        "word": gettext(WORDS[choice.name]),
        "kept": _said(choice.name, choice.kept, stores),
        "gone": _said(choice.name, choice.gone, stores),
        "is_gone": choice.is_gone,
        "is_open": bool(choice.kept and choice.gone) and not is_same,
    }


def _said(name: str, value: Any, stores: Mapping[int, str]) -> str:
    if value in (None, ""):
        return ""
    if name == "home_store":
        return stores.get(value, "")
    if name == "kind":
        return str(KINDS[value])
    if name == "birthday":
        return figures.day(value, get_language() or "zh-hans", with_year=True)
    return str(value)


def _refused(error: HuitouError) -> str:
    """The refusal in words, the parts that changed by their names on the page."""
    parts = str(error.facts.get("parts", ""))
    words = [gettext(PARTS.get(part, part)) for part in parts.split(", ") if part]
    if words:
        error.facts = {**error.facts, "parts": ", ".join(dict.fromkeys(words))}
    return error_words(error)
