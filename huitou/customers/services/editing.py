"""What staff keep by hand: the profile of a customer, and what passed between them."""

from datetime import datetime

from django.db import transaction

from huitou.customers import errors, models, names, rules
from huitou.customers.facts import ContactNoted, CustomerEdited
from huitou.customers.services.signing_in import close_sessions
from huitou.customers.services.welcoming import welcome
from huitou.customers.types import (
    CONTACT_KINDS,
    LONGEST_CONTACT,
    LONGEST_NEEDS,
    ContactIn,
    NewcomerIn,
    ProfileIn,
)
from huitou.platform import audit, facts, logs

_DATED = (
    "name", "kind", "phone", "email", "birth_date", "birth_calendar", "home_store_id", "tags",
    "needs",
)  # fmt: skip


def create(*, profile: ProfileIn, acquired_from: str = "", now: datetime) -> int:
    """Add a customer by hand; returns the id. Whether they are known already is the caller's
    question, asked with ``queries.sharing``.

    Raises:
        NameMissing, PhoneInvalid, EmailInvalid: nothing is written.
    """
    with transaction.atomic():
        newcomer = NewcomerIn(profile.name, acquired_from=acquired_from)
        customer_id = welcome(newcomer=newcomer, now=now)
        edit(customer_id=customer_id, profile=profile, now=now)
    return customer_id


def edit(*, customer_id: int, profile: ProfileIn, now: datetime) -> bool:
    """Keep what staff say of a customer in place of what was known; whether that is news. The
    trail says which fields changed, never their values.

    Raises:
        NoSuchCustomer, NameMissing, PhoneInvalid, EmailInvalid: nothing is written.
    """
    plain = " ".join(profile.name.split())
    if not 1 <= len(plain) <= rules.LONGEST_NAME or rules.has_control(plain):
        raise errors.NameMissing(most=rules.LONGEST_NAME)
    with transaction.atomic():
        row = models.Customer.objects.select_for_update().filter(pk=customer_id).first()
        if row is None:
            raise errors.NoSuchCustomer(customer=customer_id)
        before = {name: getattr(row, name) for name in _DATED}
        phones = _phones(profile.phones, known=row.phone if row.phone_is_masked else "")
        _put(row, plain, profile, phones)
        changed = [name for name in _DATED if getattr(row, name) != before[name]]
        if changed:
            row.save()
        if "email" in changed:  # whoever signed in by the old address may be somebody else
            close_sessions(customer_id=customer_id)
        if _keep_others(customer_id, phones[1:], _emails(profile.emails)[1:]):
            changed.append("addresses")
        if not changed:
            return False
        audit.note(
            actor=logs.actor(), action="edit_customer", subject=f"customer:{customer_id}",
            before=None, after={"changed": changed}, now=now,
        )  # fmt: skip
        facts.record(CustomerEdited(customer_id))
    return True


def note(*, customer_id: int, contact: ContactIn, user_id: int | None, now: datetime) -> bool:
    """Write down what was done and how the customer reacted; once per key. Whether it was news.

    Raises:
        NoSuchCustomer, ContactEmpty: nothing is written.
    """
    if contact.kind not in CONTACT_KINDS or not contact.key:
        raise ValueError(f"no such contact: {contact.kind}")
    text = contact.text.strip()[:LONGEST_CONTACT]
    if not text:
        raise errors.ContactEmpty
    with transaction.atomic():
        locked = models.Customer.objects.select_for_update().filter(pk=customer_id)
        if not locked.values_list("pk", flat=True):
            raise errors.NoSuchCustomer(customer=customer_id)
        row, is_new = models.Contact.objects.get_or_create(
            key=contact.key,
            defaults={
                "customer_id": customer_id,
                "kind": contact.kind,
                "text": text,
                "reaction": contact.reaction.strip()[:LONGEST_CONTACT],
                "user_id": user_id,
                "user_name": contact.user_name,
                "at": now,
            },
        )
        if is_new:
            facts.record(ContactNoted(row.pk, customer_id))
    return is_new


def _put(row: models.Customer, name: str, profile: ProfileIn, phones: list[rules.Phone]) -> None:
    keys, phone = names.name_keys(name), phones[0] if phones else None
    row.name, row.name_folded = name, keys.folded
    row.name_pinyin, row.name_initials = keys.pinyin, keys.initials
    row.kind = profile.kind
    row.phone = phone.number if phone else ""
    row.phone_reversed = phone.reversed_digits if phone else ""
    row.phone_is_masked = bool(phone and phone.is_masked)
    row.email = next(iter(_emails(profile.emails)), "")
    row.birth_date, row.birth_calendar = profile.birth_date, profile.birth_calendar
    row.home_store_id = profile.home_store_id
    row.tags = list(rules.tags(",".join(profile.tags)))
    row.needs = profile.needs.strip()[:LONGEST_NEEDS]


def _phones(texts: tuple[str, ...], *, known: str) -> list[rules.Phone]:
    """The numbers, each once; one with stars only where it stood with them before."""
    found = {}
    for text in texts:
        number = rules.phone(text)
        if number is None or (number.is_masked and number.number != known):
            raise errors.PhoneInvalid
        found[number.number] = number
    return list(found.values())


def _emails(texts: tuple[str, ...]) -> list[str]:
    found = [rules.email(text) for text in texts]
    if None in found:
        raise errors.EmailInvalid
    return list(dict.fromkeys(filter(None, found)))


def _keep_others(customer_id: int, phones: list[rules.Phone], emails: list[str]) -> bool:
    """Keep exactly these further addresses; whether something changed."""
    wanted = {("phone", phone.number): phone.reversed_digits for phone in phones}
    wanted |= {("email", email): "" for email in emails}
    kept = models.Address.objects.filter(customer_id=customer_id)
    known = {(row.kind, row.value): row.pk for row in kept}
    gone = [pk for key, pk in known.items() if key not in wanted]
    kept.filter(pk__in=gone).delete()
    fresh = [
        models.Address(customer_id=customer_id, kind=kind, value=value, value_reversed=tail)
        for (kind, value), tail in wanted.items()
        if (kind, value) not in known
    ]
    models.Address.objects.bulk_create(fresh)
    return bool(gone or fresh)
