"""What one record of a person said becomes another's, and back."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from huitou.voice import models
from huitou.voice.services.statements import rows

_TABLES: Final[Mapping[str, Any]] = {
    "answers": models.Answer,
    "cases": models.Case,
    "promises": models.Promise,
}


def hand_over(
    *, customer_id: int, to: int, only: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Make answers, cases, promises and invitations of a customer another's, all or ``only`` these;
    the ids that moved, by table. Of a wave that looked at both only the other's invitation is
    kept, and this one with what it takes to bring it back.
    """
    with transaction.atomic():
        moments = _part_moments(customer_id, to) if only is None else {}
        moved: dict[str, Any] = {
            name: _move(model.objects.filter(customer_id=customer_id), to, only, name)
            for name, model in _TABLES.items()
        }
        moved["answer_moments"] = moments
        if only is None:
            moved["invitations_gone"] = _let_go(customer_id, to)
        else:
            _set_moments(only["answer_moments"])
            _bring_back(to, only["invitations_gone"])
        invited = models.Invitation.objects.filter(customer_id=customer_id)
        moved["invitations"] = _move(invited, to, only, "invitations")
        images = None if only is None else list(only["answer_images"])
        values = {"customer_id": customer_id, "to": to, "only": images}
        moved["answer_images"] = [row[0] for row in rows("move_in_answer_images", values)]
    return moved


def _part_moments(customer_id: int, to: int) -> dict[str, str]:
    """Of two answers at the same moment of a wave, files give days only, the second is told an
    instant later; their own moments by id."""
    theirs = models.Answer.objects.filter(customer_id=to).values_list("answered_at", "wave")
    known, kept = set(theirs), {}
    own = models.Answer.objects.filter(customer_id=customer_id).order_by("pk")
    for pk, at, wave in own.values_list("pk", "answered_at", "wave"):
        other = at
        while (other, wave) in known:
            other += timedelta(microseconds=1)
        known.add((other, wave))
        if other != at:
            kept[str(pk)] = at.isoformat()
            models.Answer.objects.filter(pk=pk).update(answered_at=other)
    return kept


def _set_moments(moments: Mapping[str, str]) -> None:
    for pk, at in moments.items():
        models.Answer.objects.filter(pk=int(pk)).update(answered_at=datetime.fromisoformat(at))


def _let_go(customer_id: int, to: int) -> list[dict[str, Any]]:
    """Invitations of waves that looked at both, as they were, with the answers they led to."""
    both = models.Invitation.objects.filter(customer_id=to).values("wave_id")
    found = models.Invitation.objects.filter(customer_id=customer_id, wave_id__in=both)
    kept = []
    for row in found.order_by("pk"):
        answers = models.Answer.objects.filter(invitation_id=row.pk)
        ids = list(answers.values_list("pk", flat=True))
        answers.update(invitation=None)
        said = {name: getattr(row, name) for name in ("id", "wave_id", "state", "reason", "token")}
        for name in ("asked_at", "answered_at"):
            at = getattr(row, name)
            said[name] = at.isoformat() if at else None
        kept.append({**said, "answers": ids})
    found.delete()
    return kept


def _bring_back(to: int, gone: Sequence[Mapping[str, Any]]) -> None:
    for said in gone:
        values = {name: value for name, value in said.items() if name != "answers"}
        models.Invitation.objects.create(customer_id=to, **values)
        models.Answer.objects.filter(pk__in=said["answers"]).update(invitation_id=said["id"])


def _move(found: Any, to: int, only: Mapping[str, Any] | None, name: str) -> list[int]:
    if only is not None:
        found = found.filter(pk__in=list(only[name]))
    ids = list(found.order_by("pk").values_list("pk", flat=True))
    found.model.objects.filter(pk__in=ids).update(customer_id=to)
    return ids
