"""What people say about a campaign before it is drawn."""

import secrets
from dataclasses import asdict, replace
from datetime import datetime

from django.db import transaction

from huitou.campaigns import errors, facts, models, queries, rules
from huitou.campaigns.types import CampaignRow, Terms
from huitou.kit import ids
from huitou.platform import audit
from huitou.platform import facts as platform_facts


def create(*, terms: Terms, actor: str, now: datetime, key: tuple[str, str] | None = None) -> str:
    """Begin a campaign as a draft; returns its public id.

    ``key`` fixes the public id and the salt, for a made-up shop whose draw must come out the same
    every time; a real campaign gets both by chance.

    Raises:
        HuitouError: a part of the terms can never be (``rules.check_terms``).
    """
    rules.check_terms(terms)
    public_id, salt = key or (ids.public_id("cam", now), secrets.token_hex(16))
    with transaction.atomic():
        made = models.Campaign.objects.create(
            public_id=public_id,
            salt=salt,
            seed=secrets.randbits(31),
            created_by=actor,
            created_at=now,
            **_columns(terms),
        )
        platform_facts.record(facts.Created(made.pk))
    return str(made.public_id)


def change(*, public_id: str, terms: Terms, actor: str, now: datetime) -> None:
    """Say anew what a draft is made of.

    Raises:
        NoSuchCampaign, WrongState: it is no draft any more.
        HuitouError: a part of the terms can never be.
    """
    rules.check_terms(terms)
    with transaction.atomic():
        held = lock(public_id)
        if held.state != "draft":
            raise errors.WrongState(state=held.state)
        before = _said(held)
        models.Campaign.objects.filter(pk=held.pk).update(**_columns(terms))
        audit.note(
            actor=actor, action="campaigns.change", subject=f"campaign:{public_id}",
            before=before, after=_columns(terms), now=now,
        )  # fmt: skip


def copy(*, public_id: str, actor: str, now: datetime) -> str:
    """Begin another campaign with the same terms; it gets a draw of its own."""
    return create(terms=queries.one(public_id).terms, actor=actor, now=now)


def schedule(*, public_id: str, at: datetime, actor: str, now: datetime) -> None:
    """Confirm a campaign: it is drawn and sent at ``at``, or at once if that is past.

    Raises:
        NoSuchCampaign, WrongState
        Incomplete: something is still missing.
    """
    with transaction.atomic():
        held = lock(public_id)
        rules.check_move(held.state, "ready")
        lacking = rules.missing(_row(held).terms)
        if lacking:
            raise errors.Incomplete(missing=", ".join(lacking))
        held.state, held.scheduled_at, held.error = "ready", max(at, now), None
        held.save(update_fields=["state", "scheduled_at", "error"])
        platform_facts.record(facts.Scheduled(held.pk))
        audit.note(
            actor=actor, action="campaigns.schedule", subject=f"campaign:{public_id}",
            before=None, after={"at": held.scheduled_at.isoformat()}, now=now,
        )  # fmt: skip


def back_to_draft(*, public_id: str, actor: str, now: datetime) -> None:
    """Take a confirmed campaign back before its hour has come."""
    with transaction.atomic():
        held = lock(public_id)
        rules.check_move(held.state, "draft")
        held.state, held.scheduled_at = "draft", None
        held.save(update_fields=["state", "scheduled_at"])
        audit.note(
            actor=actor, action="campaigns.back_to_draft", subject=f"campaign:{public_id}",
            before=None, after=None, now=now,
        )  # fmt: skip


def cancel(*, public_id: str, actor: str, now: datetime) -> None:
    """Call a campaign off before anything was drawn."""
    with transaction.atomic():
        held = lock(public_id)
        rules.check_move(held.state, "cancelled")
        held.state = "cancelled"
        held.save(update_fields=["state"])
        platform_facts.record(facts.Cancelled(held.pk))
        audit.note(
            actor=actor, action="campaigns.cancel", subject=f"campaign:{public_id}",
            before=None, after=None, now=now,
        )  # fmt: skip


def hold(public_id: str) -> None:
    """Keep others from changing the campaign until the end of the caller's transaction.

    Raises:
        NoSuchCampaign: there is none.
    """
    lock(public_id)


def lock(public_id: str) -> models.Campaign:
    """The campaign, held until the end of the transaction.

    Raises:
        NoSuchCampaign: there is none.
    """
    held = models.Campaign.objects.select_for_update().filter(public_id=public_id).first()
    if held is None:
        raise errors.NoSuchCampaign(campaign=public_id)
    return held


def _row(held: models.Campaign) -> CampaignRow:
    return CampaignRow(**{name: getattr(held, name) for name in CampaignRow.__dataclass_fields__})


def _said(held: models.Campaign) -> dict[str, object]:
    return _columns(_row(held).terms)


def _columns(terms: Terms) -> dict[str, object]:
    trimmed = replace(terms, theme=terms.theme.strip(), text=terms.text.strip())
    return asdict(replace(trimmed, expression=dict(terms.expression)))
