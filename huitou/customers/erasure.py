"""Forgetting one person here: who they are, how to reach them, what they agreed to."""

from typing import Any

from django.db.models import Q, QuerySet

from huitou.customers import models
from huitou.customers.facts import CustomerErased
from huitou.platform import facts


def export(customer_id: int) -> dict[str, list[dict[str, Any]]]:
    """Browsers the person is signed in with, and how they stood before imports changed them."""
    browsers = models.MemberSession.objects.filter(customer_id=customer_id).order_by("pk")
    images = models.CustomerBeforeImage.objects.filter(customer_id=customer_id, image__isnull=False)
    return {
        "signed_in": [dict(row) for row in browsers.values("created_at", "expires_at")],
        "earlier_versions": [
            image for image in images.order_by("pk").values_list("image", flat=True) if image
        ],
    }


def joined(customer_id: int) -> list[dict[str, Any]]:
    """Records that were joined to the person's or divided from it again, as they were."""
    found = _merges(customer_id).order_by("pk")
    rows = found.values("gone_code", "gone_before", "kept_before", "merged_at", "undone_at")
    return [dict(row) for row in rows]


def _merges(customer_id: int) -> QuerySet[models.Merge]:
    return models.Merge.objects.filter(Q(customer_id=customer_id) | Q(gone_customer_id=customer_id))


def addresses(customer_id: int) -> list[str]:
    """Where this person can be written to and phoned."""
    found = models.Customer.objects.filter(pk=customer_id).values_list("email", "phone").first()
    others = models.Address.objects.filter(customer_id=customer_id).values_list("value", flat=True)
    return [address for address in (*(found or ()), *others) if address]


def texts(customer_id: int) -> list[str]:
    """What names this person and nobody else: what must stand nowhere any more afterwards."""
    row = models.Customer.objects.filter(pk=customer_id).first()
    if row is None:
        return []
    names = models.Identity.objects.filter(customer_id=customer_id).values_list("value", flat=True)
    codes = _merges(customer_id).values_list("gone_code", flat=True)
    return sorted({text for text in (row.code, *addresses(customer_id), *names, *codes) if text})


def erase(*, customer_id: int) -> dict[str, int]:
    """Delete the person with consents, ids, browsers and images of imports. The last step of all:
    every other room has let go of them. In the caller's transaction; returns rows by table."""
    numbers = [customer_id, *_merges(customer_id).values_list("gone_customer_id", flat=True)]
    counts = {
        "merges": _merges(customer_id).delete()[0],
        "contacts": models.Contact.objects.filter(customer_id=customer_id).delete()[0],
        "addresses": models.Address.objects.filter(customer_id=customer_id).delete()[0],
        "consents": models.Consent.objects.filter(customer_id=customer_id).delete()[0],
        "identities": models.Identity.objects.filter(customer_id=customer_id).delete()[0],
        "sessions": models.MemberSession.objects.filter(customer_id=customer_id).delete()[0],
        "images": models.CustomerBeforeImage.objects.filter(customer_id__in=numbers).delete()[0],
        "customers": models.Customer.objects.filter(pk=customer_id).delete()[0],
    }
    facts.record(CustomerErased(customer_id))
    return counts
