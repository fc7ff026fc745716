"""Bring files in: a plan before a change, one transaction, and a way back.

A door makes a ``RowSource`` (``connectors.files.source``) and calls one of these. ``preview`` writes nothing;
``run`` plans and applies; ``submit`` and ``confirm`` do the same through the worker for a screen; ``roll_back`` undoes.
"""

from datetime import datetime

from huitou.flows.types import Result, RowSource, Wishes
from huitou.platform.progress import Reporter


def preview(source: RowSource, wishes: Wishes, *, now: datetime, reporter: Reporter) -> Result:
    """What ``run`` would do; nothing is written."""
    raise NotImplementedError


def run(
    source: RowSource, wishes: Wishes, *, actor: str, now: datetime, reporter: Reporter
) -> Result:
    """Plan and, if nothing is rejected or ``skip_rejected``, apply.

    A refusal because of rejected rows is a result with ``applied`` false and ``error``; it is on record. Errors of
    the file as a whole, of the database and of the disk are raised.
    """
    raise NotImplementedError


def submit(source: RowSource, wishes: Wishes, *, actor: str, now: datetime) -> str:
    """Keep the file, put it on record as planned and let the worker plan it; returns the import's public id.

    Progress is ``platform.queries.progress("import:" + public_id)``; afterwards counts, rejections and error are on
    the record (``platform.imports.queries.one``), still ``planned`` if it can be applied, else ``refused``.
    """
    raise NotImplementedError


def confirm(public_id: str, *, skip_rejected: bool, actor: str, now: datetime) -> None:
    """Let the worker apply a planned import. It is planned again first: the orders may have changed meanwhile."""
    raise NotImplementedError


def roll_back(public_id: str, *, actor: str, now: datetime, reporter: Reporter) -> Result:
    """Put everything back as it was before the import.

    Raises:
        RollbackBlocked: a later import changed the same orders, or a refund names one of them.
    """
    raise NotImplementedError
