"""Adding one person who says who they are: at the till, or themselves in the portal."""

from datetime import datetime

from django.db import transaction

from huitou.customers import errors, models, names, rules
from huitou.customers.facts import CustomerWelcomed
from huitou.customers.types import NewcomerIn
from huitou.kit.ids import public_id
from huitou.platform import facts


def welcome(*, newcomer: NewcomerIn, now: datetime) -> int:
    """Add a customer nobody knows yet; returns the id. Whoever has the same phone or e-mail already
    stays another customer: only staff join two.

    Raises:
        NameMissing, EmailInvalid, PhoneInvalid: nothing is written.
    """
    name = " ".join(newcomer.name.split())
    if not 1 <= len(name) <= rules.LONGEST_NAME or rules.has_control(name):
        raise errors.NameMissing(most=rules.LONGEST_NAME)
    email = rules.email(newcomer.email) if newcomer.email else ""
    if email is None:
        raise errors.EmailInvalid
    phone = rules.phone(newcomer.phone) if newcomer.phone else None
    if newcomer.phone and (phone is None or phone.is_masked):
        raise errors.PhoneInvalid
    keys = names.name_keys(name)
    with transaction.atomic():
        row = models.Customer.objects.create(
            code=public_id("cus", now),
            name=name,
            name_folded=keys.folded,
            name_pinyin=keys.pinyin,
            name_initials=keys.initials,
            phone=phone.number if phone else "",
            phone_reversed=phone.reversed_digits if phone else "",
            email=email,
            birth_date=newcomer.birth_date,
            home_store_id=newcomer.home_store_id,
            acquired_from=newcomer.acquired_from,
            created_at=now,
        )
        facts.record(CustomerWelcomed(row.pk))
    return int(row.pk)


def name_contact(*, customer_id: int, name: str, phone: str) -> None:
    """Let a customer put right how they are called and phoned; an empty ``phone`` takes it away.

    Raises:
        NameMissing, PhoneInvalid, NoSuchCustomer: nothing is written.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= rules.LONGEST_NAME or rules.has_control(name):
        raise errors.NameMissing(most=rules.LONGEST_NAME)
    number = rules.phone(phone) if phone else None
    if phone and (number is None or number.is_masked):
        raise errors.PhoneInvalid
    keys = names.name_keys(name)
    changed = models.Customer.objects.filter(pk=customer_id).update(
        name=name,
        name_folded=keys.folded,
        name_pinyin=keys.pinyin,
        name_initials=keys.initials,
        phone=number.number if number else "",
        phone_reversed=number.reversed_digits if number else "",
        phone_is_masked=False,
    )
    if not changed:
        raise errors.NoSuchCustomer(customer=customer_id)
