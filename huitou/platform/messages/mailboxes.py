"""How far each mailbox has been read: one reader at a time, nothing read twice, nothing skipped."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F

from huitou.platform import facts, models
from huitou.platform.messages.facts import MailboxRead
from huitou.platform.messages.handing import alone
from huitou.platform.messages.types import MailboxRow, Place

READER_LANE: Final = 7_341_021  # one reader at a time
_ROW: Final = (
    "name", "validity", "uid", "looked_at", "read_at", "trouble", "trouble_since",
    "letters_since", "reports", "unmatched", "cases",
)  # fmt: skip


@contextmanager
def reader() -> Iterator[bool]:
    """Whether we are the one who reads mailboxes, while the block runs."""
    with alone(READER_LANE) as is_mine:
        yield is_mine


def row(name: str) -> MailboxRow | None:
    """How far the mailbox has been read; None = nobody ever tried."""
    found = models.MailboxReading.objects.filter(name=name).values_list(*_ROW).first()
    return MailboxRow(*found) if found else None


def begin(name: str, *, takes_letters: bool, now: datetime) -> MailboxRow:
    """Note that somebody looks; from when on letters become cases is the first look at which they
    are to.
    """
    models.MailboxReading.objects.get_or_create(name=name, defaults={"looked_at": now})
    held = models.MailboxReading.objects.filter(name=name)
    held.update(looked_at=now)
    if not takes_letters:
        held.update(letters_since=None)
    else:
        held.filter(letters_since=None).update(letters_since=now)
    found = row(name)
    assert found is not None, "it was made above"
    return found


def note_place(name: str, place: Place) -> None:
    """Everything up to this place is dealt with."""
    held = models.MailboxReading.objects.filter(name=name)
    held.update(validity=place.validity, uid=place.uid)


def note_found(name: str, found: Mapping[str, int]) -> None:
    """Add what a mail held, ``reports``, ``unmatched``, ``cases``, to what is known; in the
    transaction that took it.
    """
    if not any(found.values()):
        return
    with transaction.atomic():
        models.MailboxReading.objects.filter(name=name).update(
            **{what: F(what) + count for what, count in found.items()}
        )
        facts.record(MailboxRead(found["reports"], found["unmatched"], found["cases"]))


def note_read(name: str, *, now: datetime) -> None:
    """A reading went well."""
    held = models.MailboxReading.objects.filter(name=name)
    held.update(read_at=now, trouble="", trouble_since=None)


def note_trouble(name: str, code: str, *, now: datetime) -> None:
    """The mailbox cannot be read, for this reason; since when is kept from the first time on."""
    held = models.MailboxReading.objects.filter(name=name)
    held.filter(trouble_since=None).update(trouble_since=now)
    held.update(trouble=code)
