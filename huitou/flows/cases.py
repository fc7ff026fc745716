"""What a case needs of several rooms at once: making up for it."""

from datetime import datetime

from django.db import transaction

from huitou.flows import compensation
from huitou.flows.compensation import Compensation, Given
from huitou.voice import services as voice


def make_up(wanted: Compensation, *, key: str, actor: str, now: datetime) -> Given:
    """Give points or a coupon for a case and put it on the case's record, in one transaction; the
    same ``key`` gives once.

    Raises:
        CompensationInvalid, CompensationAboveLimit, NotMember: nothing is given.
        CaseMissing: there is no such case.
    """
    with transaction.atomic():
        # Held first: two colleagues giving at once share one limit for the case.
        voice.hold_case(public_id=wanted.case_public_id)
        given = compensation.give(wanted, key=key, actor=actor, now=now)
        if not given.is_repeat:
            voice.note_compensation(
                public_id=wanted.case_public_id,
                points=given.points,
                amount_minor=given.amount_minor,
                actor=actor,
                now=now,
            )
        return given
