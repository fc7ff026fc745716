"""Letters of a case on their way into the outbox."""

from datetime import datetime

from huitou.platform.messages import services as outbox
from huitou.platform.messages.types import Outgoing
from huitou.voice import models, types


def post(case: models.Case, letter: types.Letter, key: str, *, now: datetime) -> int:
    """Put a letter of the case into the outbox, as a service message; returns the message's id."""
    return outbox.queue(
        Outgoing(
            channel="email",
            purpose="service",
            address=letter.address,
            subject=letter.subject,
            text=letter.text,
            key=key,
            source=f"case:{case.public_id}",
            customer_id=case.customer_id,
        ),
        now=now,
    )
