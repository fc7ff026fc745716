"""“Do not contact”: one statement above all channels and purposes, kept like the others."""

from datetime import datetime

from django.db import transaction

from huitou.customers import agreement, errors, models
from huitou.customers.facts import ConsentStated
from huitou.customers.types import LONGEST_PROOF, UNSAID, By
from huitou.platform import facts


def stop_contact(*, customer_id: int, evidence: str, by: By = UNSAID, now: datetime) -> bool:
    """From now on nobody writes to this customer, but to answer them; whether that is news.

    Raises:
        NoSuchCustomer: there is no such customer.
    """
    return _state(customer_id, "withdrawn", evidence, by, now)


def allow_contact(*, customer_id: int, evidence: str, by: By = UNSAID, now: datetime) -> bool:
    """Take back “do not contact”: what was said per channel and purpose holds again.

    Raises:
        NoSuchCustomer: there is no such customer.
    """
    return _state(customer_id, "given", evidence, by, now)


def _state(customer_id: int, state: str, evidence: str, by: By, now: datetime) -> bool:
    with transaction.atomic():
        locked = models.Customer.objects.select_for_update().filter(pk=customer_id)
        if not locked.values_list("pk", flat=True):
            raise errors.NoSuchCustomer(customer=customer_id)
        said = models.Consent.objects.filter(
            customer_id=customer_id, channel=agreement.ANY, purpose=agreement.ANY
        ).order_by("-stated_at", "-pk")
        if (said.values_list("state", flat=True).first() or "given") == state:
            return False
        row = models.Consent.objects.create(
            customer_id=customer_id,
            channel=agreement.ANY,
            purpose=agreement.ANY,
            state=state,
            evidence=evidence[:LONGEST_PROOF],
            source=by.source,
            user_id=by.user_id,
            user_name=by.user_name,
            stated_at=now,
            recorded_at=now,
        )
        facts.record(ConsentStated(row.pk, customer_id, agreement.ANY, agreement.ANY, state))
    return True
