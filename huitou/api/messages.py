"""Mail that came back, or that a customer wrote, handed in by whoever receives it."""

import base64
import binascii
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from huitou.api.access import Key
from huitou.api.keyed import kept
from huitou.api.shapes import IdempotencyKey, Instant, answers
from huitou.flows import contacting, incoming
from huitou.platform.messages.errors import NotCoded
from huitou.staff.types import Scope

router = Router()


class MailIn(Schema):
    """One mail as it arrived: RFC 5322, in base64."""

    raw: Annotated[str, Field(min_length=4, max_length=2_000_000, pattern=r"^[A-Za-z0-9+/=\s]*$")]
    received_at: Instant | None = None


class MailTaken(Schema):
    """What it was: ``report``, ``automatic`` or ``letter``; how many reports were about messages
    of ours and how many about none; the case it began or went on with."""

    kind: str
    reports: int
    unmatched: int
    case: str


@router.post(
    "/messages/incoming", auth=Key(Scope.MESSAGES_WRITE), response=answers(MailTaken),
    tags=["messages"],
)  # fmt: skip
def take_mail(request: HttpRequest, payload: MailIn, key: IdempotencyKey) -> dict[str, Any]:
    """Take a mail that came back (a bounce, a complaint), or where the shop wants it a letter."""
    return kept(request, key, "messages.incoming", payload, lambda: _take(payload))


def _take(payload: MailIn) -> dict[str, Any]:
    now = timezone.now()
    try:
        raw = base64.b64decode("".join(payload.raw.split()), validate=True)
    except binascii.Error as error:
        raise NotCoded from error
    taken = incoming.take(
        raw,
        letters=contacting.takes_letters(now=now),
        received_at=payload.received_at,
        now=now,
    )
    return {name: getattr(taken, name) for name in MailTaken.model_fields}
