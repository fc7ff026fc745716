"""Adding one person who says who they are: at the till, or themselves in the portal."""

from datetime import datetime

from django.db import transaction

from huitou.customers import errors, models, names, rules
from huitou.customers.facts import CustomerRenamed, CustomerWelcomed
from huitou.customers.types import NewcomerIn
from huitou.kit.ids import public_id
from huitou.platform import audit, facts, logs


def welcome(*, newcomer: NewcomerIn, now: datetime) -> int:
    """Add a customer nobody knows yet; returns the id. Whoever has the same phone or e-mail already
    stays another customer: only staff join two.

    Raises:
        NameMissing, EmailInvalid, PhoneInvalid: nothing is written.
    """
    keys, phone = _name(newcomer.name), _phone(newcomer.phone)
    email = rules.email(newcomer.email) if newcomer.email else ""
    if email is None:
        raise errors.EmailInvalid
    with transaction.atomic():
        row = models.Customer.objects.create(
            code=public_id("cus", now),
            name=" ".join(newcomer.name.split()),
            name_folded=keys.folded,
            name_pinyin=keys.pinyin,
            name_initials=keys.initials,
            phone=phone.number if phone else "",
            phone_reversed=phone.reversed_digits if phone else "",
            phone_is_masked=bool(phone and phone.is_masked),
            email=email,
            birth_date=newcomer.birth_date,
            home_store_id=newcomer.home_store_id,
            acquired_from=newcomer.acquired_from,
            created_at=now,
        )
        facts.record(CustomerWelcomed(row.pk))
    return int(row.pk)


def fill_in(*, customer_id: int, name: str, phone: str, now: datetime) -> None:
    """Keep name and phone where none are known; what is known stays as it is."""
    row = models.Customer.objects.filter(pk=customer_id).values_list("name", "phone").first()
    if row is None:
        raise errors.NoSuchCustomer(customer=customer_id)
    rename(customer_id=customer_id, name=row[0] or name, phone=row[1] or phone, now=now)


def rename(*, customer_id: int, name: str, phone: str, now: datetime) -> None:
    """Let a customer put right how they are called and phoned; an empty ``phone`` takes it away.

    Raises:
        NameMissing, PhoneInvalid, NoSuchCustomer: nothing is written.
    """
    keys, number = _name(name), _phone(phone)
    with transaction.atomic():
        row = models.Customer.objects.select_for_update().filter(pk=customer_id).first()
        if row is None:
            raise errors.NoSuchCustomer(customer=customer_id)
        before = {"name": row.name, "phone": row.phone}
        row.name, row.name_folded = " ".join(name.split()), keys.folded
        row.name_pinyin, row.name_initials = keys.pinyin, keys.initials
        if not (row.phone_is_masked and phone == row.phone):
            row.phone = number.number if number else ""
            row.phone_reversed = number.reversed_digits if number else ""
            row.phone_is_masked = False
        after = {"name": row.name, "phone": row.phone}
        changed = sorted(name for name in after if after[name] != before[name])
        if not changed:
            return
        row.save()
        audit.note(
            actor=logs.actor(),
            action="rename_customer",
            subject=f"customer:{customer_id}",
            before=None,
            after={"changed": changed},  # the trail outlives an erasure, so it says no values
            now=now,
        )
        facts.record(CustomerRenamed(customer_id))


def _name(name: str) -> names.NameKeys:
    plain = " ".join(name.split())
    if not 1 <= len(plain) <= rules.LONGEST_NAME or rules.has_control(plain):
        raise errors.NameMissing(most=rules.LONGEST_NAME)
    return names.name_keys(plain)


def _phone(text: str) -> rules.Phone | None:
    if not text:
        return None
    number = rules.phone(text)
    if number is None:
        raise errors.PhoneInvalid
    return number
