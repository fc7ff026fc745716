"""Ask the ledger whether it is sound; seal what is past."""

import logging
from datetime import datetime
from typing import Final

from django.db import OperationalError, connection, transaction

from huitou.points import errors, models, queries
from huitou.points.types import Audit

log = logging.getLogger("huitou.points")

_QUIET: Final = "SET LOCAL lock_timeout = '2s'"
# Waits for writers and keeps new ones out for an instant: no smaller number is on its way.
_STILL: Final = "LOCK TABLE points_transfer IN SHARE MODE"


def verify(*, now: datetime) -> Audit:
    """Check every invariant and every seal, then seal what there is now.

    Nothing is sealed while something is unsound, or while a long import writes."""
    audit = queries.audit()
    if audit.is_sound:
        seal(now=now)
    log.info(
        "points.verified",
        extra={
            "fields": {
                "transfers": audit.transfers,
                "breaches": {breach.invariant: breach.times for breach in audit.breaches},
            }
        },
    )
    return audit


def verify_or_raise(*, now: datetime) -> Audit:
    """``verify`` for a job: it fails where the ledger is unsound.

    Raises:
        LedgerUnsound: an invariant does not hold.
    """
    audit = verify(now=now)
    if not audit.is_sound:
        told = ", ".join(f"{breach.invariant}: {breach.times}" for breach in audit.breaches)
        raise errors.LedgerUnsound(breaches=told)
    return audit


def seal(*, now: datetime) -> bool:
    """Keep a fingerprint of all transfers there are; whether there was anything new to seal."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_QUIET)
            cursor.execute(_STILL)
            upto = models.Transfer.objects.order_by("-id").values_list("id", flat=True).first()
    except OperationalError:
        return False
    if upto is None or models.Seal.objects.filter(upto_transfer_id=upto).exists():
        return False
    fingerprint, transfers = queries.fingerprint(upto)
    models.Seal.objects.create(
        upto_transfer_id=upto, transfers=transfers, fingerprint=fingerprint, sealed_at=now
    )
    return True
