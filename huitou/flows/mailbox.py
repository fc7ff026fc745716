"""The mailbox to which mails come back, read from time to time."""

import logging
import time
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import OperationalError, transaction

from huitou.flows import contacting, incoming
from huitou.kit.errors import HuitouError
from huitou.platform.messages import channels, mailboxes
from huitou.platform.messages.channels import Mailbox
from huitou.platform.messages.errors import MailboxDown
from huitou.platform.messages.types import MAILBOX_TROUBLES, MailboxRow, Post, Surroundings
from huitou.staff import queries as staff

log = logging.getLogger("huitou.messages")

MOST: Final = 500  # mails of one reading
BUDGET_SECONDS: Final = 20.0
FIRST_LOOK: Final = timedelta(days=14)  # older mails of a mailbox new to us are not read


def read(now: datetime) -> bool:
    """Read what arrived since the last time; whether there may be more.

    A mail is taken and its place noted in one transaction: nothing is taken twice or skipped. What
    was taken is marked as read in the mailbox, everything else is left as it is.
    """
    if staff.company() is None:
        return False
    box = _box()
    if not box.name:
        return False
    with mailboxes.reader() as is_ours:
        return _read(box, now) if is_ours else False


def state() -> MailboxRow | None:
    """How the mailbox stands; None while none is set up, or nobody has looked yet."""
    found = name()
    return mailboxes.row(found) if found else None


def name() -> str:
    """Which mailbox is ours; "" = none."""
    return _box().name


def trouble() -> str | None:
    """Why the mailbox cannot be read, as a translatable sentence that says whose move it is; None
    = it can, or there is none."""
    row = state()
    return MAILBOX_TROUBLES.get(row.trouble) if row else None


def _box() -> Mailbox:
    """The mailbox of the surroundings; nothing of the company is asked for it."""
    return channels.mailbox(
        Surroundings(company="", public_url=settings.PUBLIC_URL, imap_url=settings.IMAP_URL)
    )


def _read(box: Mailbox, now: datetime) -> bool:
    row = mailboxes.begin(box.name, takes_letters=contacting.takes_letters(now=now), now=now)
    ends = time.monotonic() + BUDGET_SECONDS
    seen = 0
    try:
        since = (now - FIRST_LOOK).date()
        for post in box.arrived(after=row.place, since=since, limit=MOST):
            seen += 1
            if _take(box.name, post, row, now):
                box.handled(post.place)
            if time.monotonic() >= ends:
                break
    except MailboxDown as down:
        log.warning("messages.mailbox_down", extra={"fields": {"code": down.code}})
        mailboxes.note_trouble(box.name, down.code, now=now)
        return False
    finally:
        box.close()
    mailboxes.note_read(box.name, now=now)
    return seen >= MOST or time.monotonic() >= ends


def _take(box_name: str, post: Post, row: MailboxRow, now: datetime) -> bool:
    """Take one mail, once; whether it is dealt with. One that cannot be is left to people."""
    letters = row.letters_since is not None and post.arrived_at >= row.letters_since
    try:
        with transaction.atomic():
            mailboxes.note_place(box_name, post.place)
            taken = incoming.take(post.raw, letters=letters, received_at=post.arrived_at, now=now)
            found = {"reports": taken.reports, "unmatched": taken.unmatched}
            mailboxes.note_found(box_name, {**found, "cases": int(bool(taken.case))})
    except HuitouError as refused:
        log.warning("messages.mail_refused", extra={"fields": {"code": refused.code}})
        mailboxes.note_place(box_name, post.place)
        return False
    except OperationalError:  # the database is at fault, not the mail: it is taken next time
        raise
    except Exception:
        log.exception("messages.mail_broke", extra={"fields": {"uid": post.place.uid}})
        mailboxes.note_place(box_name, post.place)
        return False
    return taken.is_handled
