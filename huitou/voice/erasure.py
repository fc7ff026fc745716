"""Forgetting one person here: ticks and clocks stay for the figures, words and names go."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import CharField, F, Func, Q, Value

from huitou.platform.statements import Statements
from huitou.voice import models
from huitou.voice.types import DATA

_STATEMENTS: Final = Statements(__file__)
_TOKEN_BYTES: Final = 16
_HOME: Final = "+86"
# A stranger's number stands as it was typed: 138 0000 1234, 0086-138….
_DIGITS: Final = Func(
    F("contact_phone"), Value(r"\D"), Value(""), Value("g"),
    function="regexp_replace", output_field=CharField(),
)  # fmt: skip


def erase(
    *, customer_id: int, addresses: Sequence[str] = (), actor: str, now: datetime
) -> dict[str, int]:
    """Empty the words of the person's answers, cases and promises and let go of them. Steps and
    events of cases hold only codes and stay; an open case about personal data says that it was
    done. A case of nobody we know that gave one of their ``addresses`` is theirs too. In the
    caller's transaction; returns rows by table."""
    return {
        "images": _STATEMENTS.run("forget_in_answer_images", {"customer_id": customer_id}),
        "answers": models.Answer.objects.filter(customer_id=customer_id).update(
            customer=None, invitation=None, comment="", reason_to_stay="", key=None, order_id=None
        ),
        "invitations": models.Invitation.objects.filter(customer_id=customer_id).delete()[0],
        **_cases(customer_id, list(addresses), actor, now),
    }


def _cases(customer_id: int, addresses: list[str], actor: str, now: datetime) -> dict[str, int]:
    is_named = Q(contact_email__in=addresses) | Q(digits__in=_written(addresses))
    theirs = Q(customer_id=customer_id) | Q(customer_id=None) & is_named
    found = models.Case.objects.annotate(digits=_DIGITS).filter(theirs)
    cases = list(found.values_list("pk", flat=True))
    wishes = models.Case.objects.filter(pk__in=cases, topic=DATA, closed_at=None)
    for case in wishes:
        models.CaseEvent.objects.create(
            case=case, round=case.round, at=now, what="erased", actor=actor
        )
    of_person = models.Promise.objects.filter(customer_id=customer_id)
    promises = (models.Promise.objects.filter(case_id__in=cases) | of_person).update(
        customer=None, text="", why_withdrawn=""
    )
    messages = models.CaseMessage.objects.filter(case_id__in=cases).update(text="")
    for case_id in cases:  # each gets a token of its own: the old link leads nowhere
        models.Case.objects.filter(pk=case_id).update(
            customer=None,
            token=secrets.token_urlsafe(_TOKEN_BYTES),
            key=None,
            title="",
            contact_name="",
            contact_email="",
            contact_phone="",
            order_source="",
            order_number="",
            summary="",
            cause="",
            remedy="",
            lesson="",
        )
    return {"promises": promises, "case_messages": messages, "cases": len(cases)}


def _written(addresses: Sequence[str]) -> set[str]:
    """The ways in which people write the phones among these, in digits alone."""
    numbers = [one for one in addresses if one.startswith("+")]
    ways = {way for one in numbers for way in (one[1:], f"00{one[1:]}")}
    return ways | {one.removeprefix(_HOME) for one in numbers if one.startswith(_HOME)}
