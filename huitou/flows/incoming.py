"""A mail that arrived, taken: what came back is written to its message, a letter becomes a case
where the shop wants it, what nobody wrote is passed over.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext, override

from huitou.customers import queries as customers
from huitou.flows import contacting, reports
from huitou.platform.messages import channels
from huitou.platform.messages import queries as outbox
from huitou.platform.messages.queries import LetterRow
from huitou.platform.messages.types import Mail
from huitou.voice import queries as voice
from huitou.voice import services as voices
from huitou.voice.types import BY_MAIL, LONGEST_TEXT, CaseIn, Contact

ACTOR: Final = "mailbox"
LANGUAGE: Final = "zh-hans"  # as staff read what is added to a letter
_CASE: Final = "case:"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one mail.

    ``kind`` as ``Mail`` says; ``reports`` of messages of ours, ``unmatched`` of none; ``case`` is
    the number of the case it began or went on with.
    """

    kind: str
    reports: int = 0
    unmatched: int = 0
    case: str = ""

    @property
    def is_handled(self) -> bool:
        """Whether nobody need look at the mail any more."""
        return bool(self.reports or self.case)


def take(raw: bytes, *, letters: bool, received_at: datetime | None, now: datetime) -> Taken:
    """Take one mail as it arrived. The same mail again changes nothing.

    Args:
        letters: whether a letter becomes a case, or a word in the case whose letter it answers.
        received_at: when it arrived; None = now.
    """
    reader = channels.reader(reports.EMAIL)
    assert reader is not None, "e-mail has a reader of its own"
    mail = reader(contacting.surroundings(reports.EMAIL, now=now)).understood(raw)
    if mail.kind == "report":
        return _taken_reports(mail, now)
    if mail.kind == "letter" and letters:
        return _taken_letter(mail, raw, received_at or now, now)
    return Taken(mail.kind)


def _taken_reports(mail: Mail, now: datetime) -> Taken:
    with transaction.atomic():
        made = reports.planned(mail.reports, channel=reports.EMAIL)
        reports.write(made, now=now)
    unmatched = len(made.unknown_lines)
    return Taken(mail.kind, reports=len(mail.reports) - unmatched, unmatched=unmatched)


def _taken_letter(mail: Mail, raw: bytes, received_at: datetime, now: datetime) -> Taken:
    key = BY_MAIL + hashlib.sha256(mail.message_id.encode() or raw).hexdigest()[:40]
    answered = outbox.about(mail.refs)
    with transaction.atomic():
        case = next((one.source for one in answered if one.source.startswith(_CASE)), "")
        number = case.removeprefix(_CASE)
        if number and _went_on(number, mail, key=key, now=now):
            return Taken(mail.kind, case=number)
        opened = voices.open_case(
            case=CaseIn(
                kind="enquiry",
                source="email",
                text=_words(mail),
                customer_id=_writer(mail, answered),
                contact=Contact(mail.sender_name[:100], mail.sender, ""),
                received_at=min(received_at, now),
                key=key,
            ),
            actor=ACTOR,
            now=now,
        )
    return Taken(mail.kind, case=opened.public_id)


def _went_on(number: str, mail: Mail, *, key: str, now: datetime) -> bool:
    """Whether the letter is a word in this case now: a closed one is opened again by it."""
    row = voice.case(number)
    if row is None:
        return False
    # Thanks for an answer add a word and stop no clock; what comes after the end begins anew.
    go_on = voices.add_word if row.closed_at is None else voices.say_more
    go_on(
        public_id=number, text=_words(mail, with_subject=False), key=key, actor=ACTOR, now=now,
        channel="email",
    )  # fmt: skip
    return True


def _writer(mail: Mail, answered: list[LetterRow]) -> int | None:
    """Who wrote: whom the answered letter went to, else the one customer with this address."""
    for one in answered:
        if one.customer_id is not None and one.address.lower() == mail.sender:
            return one.customer_id
    known = customers.sharing([mail.sender])
    return known[0] if len(known) == 1 else None


def _words(mail: Mail, *, with_subject: bool = True) -> str:
    """The letter as a case keeps it; what is too long, or hangs on it, stays in the mailbox."""
    head = f"{mail.subject[:200]}\n\n" if with_subject and mail.subject else ""
    text = (head + mail.text).strip()
    with override(LANGUAGE):
        notes = []
        if mail.attachments:
            notes.append(gettext("(Files hang on this letter; they are in the mailbox.)"))
        if len(text) > LONGEST_TEXT - 200:
            notes.append(gettext("(The letter is longer; the rest is in the mailbox.)"))
        if not text:
            text = gettext("(A letter without words.)")
    return "\n\n".join([text[: LONGEST_TEXT - 200], *notes])
