"""The till, first page: who stands at the counter? Scan the card, or type a few signs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from huitou.console import till_people
from huitou.console.access import allowed
from huitou.programmes import queries as programmes


@allowed("use_till")
@require_safe
def till(request: HttpRequest) -> HttpResponse:
    """Find the customer; whoever is meant beyond doubt is served at once."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    today = timezone.localdate()
    found = till_people.find(text, today=today) if text else None
    if found is not None and (found.coupon or _is_a_card(text, found)):
        only = found.people[0].customer_id if found.people else None
        return redirect(sale_address(only, coupon=found.coupon))
    context = {"typed": text, "found": found, "has_programme": programmes.programme() is not None}
    return render(request, "console/till/find.html", context)


def sale_address(customer_id: int | None, *, coupon: str = "") -> str:
    """Where a sale to this customer (None = nobody in particular) begins."""
    said = {"customer": customer_id, "coupon": coupon}
    wanted = {name: value for name, value in said.items() if value}
    return reverse("till_sale") + (f"?{urlencode(wanted)}" if wanted else "")


def _is_a_card(text: str, found: till_people.Finds) -> bool:
    """Whether the text was the number of the one card found, not a name like it."""
    typed = "".join(text.upper().split()).replace("-", "")
    return len(found.people) == 1 and found.people[0].card_number == typed
