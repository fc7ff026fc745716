"""The draw: who is treated and who is held out, written before anything leaves."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from huitou.campaigns import draw as drawing
from huitou.campaigns import errors, facts, models, queries, rules
from huitou.campaigns.services.editing import lock
from huitou.campaigns.types import (
    ERASED,
    GLOBAL_HOLDOUT,
    HELD_OUT,
    NOT_REACHED,
    TREATED,
    Counts,
    Frozen,
)
from huitou.platform import facts as platform_facts
from huitou.platform.statements import Statements

Ints = NDArray[np.int64]
_SQL: Final = Statements(str(Path(__file__).parent))


def draw(*, public_id: str, frozen: Frozen, foresight: Mapping[str, Any], now: datetime) -> Counts:
    """Draw a confirmed campaign: one row a person of the audience, in one transaction.

    Args:
        frozen: the audience at this moment, and why some of it may not be written to.
        foresight: what could be seen before sending, kept for the result page; without an
            ``advised_percent`` it said: too small to prove alone.

    Raises:
        NoSuchCampaign, WrongState: it is not waiting to be drawn.
        NobodyToSendTo: no member is left after all filters.
    """
    with transaction.atomic():
        held = lock(public_id)
        rules.check_move(held.state, "sending")
        ids = np.unique(frozen.people)
        units = drawing.units_of(ids, queries.households())
        why = _filtered(ids, frozen.reasons, queries.globally_held_out(frozen.year, ids.tolist()))
        is_in = np.array([not reason for reason in why], dtype=np.bool_)
        out = drawing.held_out(
            held.salt, public_id, units.tolist(), percent=Fraction(held.holdout_percent)
        )
        if not is_in.any():
            raise errors.NobodyToSendTo
        arms = np.where(~is_in, NOT_REACHED, np.where(out, HELD_OUT, TREATED))
        _store(held.pk, ids, units, arms, why)
        held.state, held.drawn_at = "sending", now
        held.foresight = dict(foresight)
        held.was_too_small = foresight.get("advised_percent") is None
        held.save(update_fields=["state", "drawn_at", "foresight", "was_too_small"])
        counts = queries.counts([held.pk])[held.pk]
        platform_facts.record(
            facts.Drawn(held.pk, counts.treated, counts.held_out, counts.left_out)
        )
    return counts


def enter_global(
    *, year: int, percent: Decimal, contactable: Callable[[Sequence[int]], set[int]], now: datetime
) -> int:
    """Put everybody who is not yet in the draw of the year into it; how many.

    The share and salt of a year are kept for the year, whatever is set later. ``contactable``
    says which of the customers that enter may be written to for marketing today.
    """
    with transaction.atomic():
        kept, _made = models.GlobalDraw.objects.get_or_create(
            year=year,
            defaults={"percent": percent, "salt": secrets.token_hex(16), "drawn_at": now},
        )
        ids = queries.newcomers(year)
        if not len(ids):
            return 0
        units = drawing.units_of(ids, queries.households())
        out = drawing.globally_held_out(
            kept.salt, year, units.tolist(), percent=Fraction(kept.percent)
        )
        may = contactable(ids.tolist())
        _SQL.run(
            "add_global",
            {"year": year, "now": now, "customer_ids": ids.tolist(), "unit_ids": units.tolist(),
             "held_out": out.tolist(), "contactable": [pk in may for pk in ids.tolist()]},
        )  # fmt: skip
        platform_facts.record(facts.GloballyDrawn(year, len(ids), int(out.sum())))
    return len(ids)


def _filtered(ids: Ints, reasons: Mapping[int, str | None], held_out: set[int]) -> Sequence[str]:
    """Why each is not drawn, "" = drawn: consent, reach and caps first, the control group last."""
    return [
        (reasons.get(customer_id, ERASED) or "")
        or (GLOBAL_HOLDOUT if customer_id in held_out else "")
        for customer_id in ids.tolist()
    ]


def _store(
    campaign_id: int, ids: Ints, units: Ints, arms: NDArray[np.str_], why: Sequence[str]
) -> None:
    _SQL.run(
        "add_assignments",
        {"campaign_id": campaign_id, "customer_ids": ids.tolist(), "unit_ids": units.tolist(),
         "arms": arms.tolist(), "reasons": list(why)},
    )  # fmt: skip
