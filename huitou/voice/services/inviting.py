"""Writes of waves: everyone looked at is kept, asked or not, with the reason."""

from datetime import datetime, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
from django.db import connection, transaction
from numpy.typing import NDArray

from huitou.kit import ids
from huitou.platform import facts
from huitou.platform.copying import copy_in
from huitou.voice import errors, models
from huitou.voice.facts import Asked
from huitou.voice.services.statements import run
from huitou.voice.services.surveys import token
from huitou.voice.types import LANGUAGES, WaveIn

CHANNELS: Final = ("email", "sms", "wechat")
VALID_DAYS: Final = 30  # an invitation that nobody answered by then is over
_LETTERS: Final = 16
LOCK: Final = 7_341_003  # of the advisory lock that waves are decided under, one after the other


def lock() -> None:
    """Wait until nobody else decides on a wave: two waves at once would both find people rested."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def ask(
    *,
    survey: str,
    wave: WaveIn,
    verdicts: tuple[NDArray[np.int64], NDArray[np.object_]],
    actor: str,
    now: datetime,
) -> tuple[str, dict[int, str]]:
    """Keep a wave with its decisions; in the caller's transaction, which also queues the messages.

    Args:
        verdicts: everyone looked at and, beside each, why not; "" = is asked.

    Returns:
        The wave's public id, and the token of everyone asked by customer. A wave whose key is known
        already returns its id and nobody.

    Raises:
        SurveyMissing, SurveyClosed: nothing can be asked.
        WaveInvalid: a channel or a size that cannot be.
        NobodyToAsk: nobody would be asked.
    """
    known = models.Wave.objects.filter(key=wave.key).values_list("public_id", flat=True).first()
    if known is not None:
        return known, {}
    _check(wave)
    people, reasons = verdicts
    with transaction.atomic():
        row = _open(survey, wave, actor, now)
        asked = people[reasons == ""]
        if not len(asked):
            raise errors.NobodyToAsk(considered=len(people))
        tokens = {int(one): token(_LETTERS) for one in asked}
        run("open_invitations")
        copy_in(_table(people, reasons, tokens), relation="voice_inviting")
        run("add_invitations", {"wave_id": row.pk, "now": now})
        facts.record(Asked(row.pk, row.survey_id, len(asked), len(people) - len(asked)))
    return row.public_id, tokens


def _check(wave: WaveIn) -> None:
    has_size = wave.sample_size is None or wave.sample_size >= 1
    if wave.channel not in CHANNELS or wave.language not in LANGUAGES or not has_size:
        raise errors.WaveInvalid


def _open(survey: str, wave: WaveIn, actor: str, now: datetime) -> models.Wave:
    row = models.Survey.objects.select_for_update().filter(public_id=survey).first()
    if row is None:
        raise errors.SurveyMissing(survey=survey)
    if row.closed_at is not None:
        raise errors.SurveyClosed
    return models.Wave.objects.create(
        public_id=ids.public_id("wav", now),
        survey=row,
        key=wave.key,
        channel=wave.channel,
        audience=wave.audience,
        expression=dict(wave.expression) if wave.expression is not None else None,
        sample_size=wave.sample_size,
        rest_days=wave.rest_days,
        language=wave.language,
        asked_by=actor,
        asked_at=now,
        expires_at=now + timedelta(days=VALID_DAYS),
    )


def _table(
    people: NDArray[np.int64], reasons: NDArray[np.object_], tokens: dict[int, str]
) -> pa.Table:
    return pa.table(
        {
            "customer_id": pa.array(people, pa.int64()),
            "reason": pa.array(reasons.tolist(), pa.string()),
            "token": pa.array([tokens.get(int(one)) for one in people], pa.string()),
        }
    )
