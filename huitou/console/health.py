"""Is the installation well? For monitors: no sign-in, nothing about the business."""

import dataclasses
from datetime import datetime

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from huitou.console.access import public
from huitou.flows import mailbox
from huitou.insights import queries as insights
from huitou.platform import queries


@public
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the site can serve, else 503; the parts say why."""
    health = queries.health(last_measured_at=_last_measured_at(), now=timezone.now())
    parts = {"ok": health.is_healthy, **dataclasses.asdict(health), "mailbox": _mailbox()}
    return JsonResponse(parts, status=200 if health.is_healthy else 503)


def _last_measured_at() -> datetime | None:
    """When the latest measurement finished; that the database is down, the health itself says."""
    try:
        return next(
            (run.finished_at for run in insights.runs(limit=20) if run.state == "done"), None
        )
    except DatabaseError:
        return None


def _mailbox() -> dict[str, str | None]:
    """How the mailbox of returned mail stands: not_set_up, not_read_yet, ok, or why it cannot be
    read; nothing of what is in it."""
    try:
        row = mailbox.state()
        is_set_up = row is not None or bool(mailbox.name())
    except DatabaseError:
        return {"state": "unknown", "read_at": None}
    if row is None:
        return {"state": "not_read_yet" if is_set_up else "not_set_up", "read_at": None}
    state = row.trouble or ("ok" if row.read_at else "not_read_yet")
    return {"state": state, "read_at": row.read_at.isoformat() if row.read_at else None}
