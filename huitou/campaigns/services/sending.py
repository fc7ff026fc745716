"""From the draw to the outbox, batch by batch, and on to the end of the window."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from huitou.campaigns import facts, models, rules
from huitou.campaigns.services.editing import lock
from huitou.campaigns.types import TREATED, Waiting
from huitou.platform import facts as platform_facts
from huitou.platform.statements import Statements

_SQL: Final = Statements(str(Path(__file__).parent))


def claim(*, campaign_id: int, limit: int) -> list[Waiting]:
    """People still to be put into the outbox, held until the end of the caller's transaction."""
    values = {"campaign_id": campaign_id, "limit": limit}
    return [Waiting(*row) for row in _SQL.rows("claim", values)]


def note_queued(
    *, campaign_id: int, customer_ids: Sequence[int], codes: Sequence[str], now: datetime
) -> None:
    """Note that the messages of these people are in the outbox, in the transaction that put them
    there."""
    _SQL.run(
        "note_queued",
        {"campaign_id": campaign_id, "customer_ids": list(customer_ids), "codes": list(codes),
         "now": now},
    )  # fmt: skip
    platform_facts.record(facts.Queued(campaign_id, len(customer_ids)))


def close_sending(*, public_id: str, last_on: date, now: datetime) -> bool:
    """Everybody is in the outbox: the window of the outcome runs from the last send on.

    Returns False, and changes nothing, while somebody is not, be it that another sender holds them.
    """
    with transaction.atomic():
        held = lock(public_id)
        if models.Assignment.objects.filter(
            campaign_id=held.pk, arm=TREATED, queued_at__isnull=True
        ).exists():
            return False
        _run_from(held, last_on, now)
    return True


def stop_sending(*, public_id: str, last_on: date, now: datetime) -> None:
    """Nobody else goes into the outbox: the window of the outcome runs from the last send on.

    People who were drawn and not sent to stay in the arm drawn.
    """
    with transaction.atomic():
        _run_from(lock(public_id), last_on, now)


def until(*, public_id: str, last_on: date) -> None:
    """Move the end of the window to follow the last send, which a quiet night may have delayed."""
    with transaction.atomic():
        held = lock(public_id)
        end = rules.window_until(last_on, held.window_days)
        if held.state == "running" and held.window_until is not None and end > held.window_until:
            held.window_until = end
            held.save(update_fields=["window_until"])


def finish(*, public_id: str, now: datetime) -> None:
    """The window is over: nothing of the campaign changes any more.

    Raises:
        NoSuchCampaign, WrongState
    """
    with transaction.atomic():
        held = lock(public_id)
        rules.check_move(held.state, "finished")
        models.Campaign.objects.filter(pk=held.pk).update(state="finished", finished_at=now)
        platform_facts.record(facts.Finished(held.pk))


def note_error(*, public_id: str, error: Mapping[str, object] | None) -> None:
    """Keep why the campaign could not be sent, or that it could: ``{code, message, facts}``."""
    models.Campaign.objects.filter(public_id=public_id).update(error=error)


def _run_from(held: models.Campaign, last_on: date, now: datetime) -> None:
    rules.check_move(held.state, "running")
    held.state, held.queued_at, held.error = "running", now, None
    held.window_until = rules.window_until(last_on, held.window_days)
    held.save(update_fields=["state", "queued_at", "window_until", "error"])
