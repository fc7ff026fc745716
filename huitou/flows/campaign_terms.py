"""What a campaign is made of, with its audience frozen as it reads today."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from huitou.audiences import queries as audiences
from huitou.campaigns import queries as campaigns
from huitou.campaigns import services as campaign
from huitou.campaigns.types import Terms
from huitou.flows import campaign_plans
from huitou.kit.conditions.parsing import to_json


def save(
    *,
    public_id: str | None,
    audience: str,
    terms: Terms,
    actor: str,
    now: datetime,
    key: tuple[str, str] | None = None,
) -> str:
    """Keep the terms of a new campaign (``public_id`` None) or of a draft; returns its public id.

    ``audience`` is the public id of a saved audience, "" = none yet: the version in force is
    frozen, with every audience it names. ``key``: see ``campaigns.services.create``.

    Raises:
        AudienceMissing, ConditionError: the audience is gone, or asks for what nobody knows.
        NoSuchCampaign, WrongState, HuitouError: whatever the room refuses of the terms.
    """
    whole = replace(terms, **_frozen(audience))
    if public_id is None:
        return campaign.create(terms=whole, actor=actor, now=now, key=key)
    campaign.change(public_id=public_id, terms=whole, actor=actor, now=now)
    return public_id


def save_advised(
    *, public_id: str | None, audience: str, terms: Terms, actor: str, now: datetime
) -> str:
    """The same, holding out the share that is advised for this audience; returns the public id.

    Where no share proves anything alone, the share of ``terms`` stays: the plan says what is left.
    """
    with transaction.atomic():
        kept = save(public_id=public_id, audience=audience, terms=terms, actor=actor, now=now)
        row = campaigns.one(kept)
        _found, seen = campaign_plans.foreseen(row, now=now)
        if seen.advised_percent not in (None, row.holdout_percent):
            hold_out(public_id=kept, percent=seen.advised_percent or 0, actor=actor, now=now)
    return kept


def hold_out(*, public_id: str, percent: int, actor: str, now: datetime) -> None:
    """Choose another share of a draft's audience that is held out.

    Raises:
        NoSuchCampaign, WrongState, TermsInvalid
    """
    terms = replace(campaigns.one(public_id).terms, holdout_percent=percent)
    campaign.change(public_id=public_id, terms=terms, actor=actor, now=now)


def _frozen(audience: str) -> dict[str, Any]:
    if not audience:
        return {"audience_id": None, "audience_name": "", "audience_version": 0, "expression": {}}
    row = audiences.audience(audience)
    return {
        "audience_id": row.id,
        "audience_name": row.name,
        "audience_version": row.version,
        "expression": to_json(audiences.expression(row)),
    }
