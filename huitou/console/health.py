"""Is the installation well? For monitors: no sign-in, nothing about the business."""

import dataclasses
from datetime import datetime

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from huitou.console.access import public
from huitou.insights import queries as insights
from huitou.platform import queries


@public
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the site can serve, else 503; the parts say why."""
    health = queries.health(last_measured_at=_last_measured_at(), now=timezone.now())
    parts = {"ok": health.is_healthy, **dataclasses.asdict(health)}
    return JsonResponse(parts, status=200 if health.is_healthy else 503)


def _last_measured_at() -> datetime | None:
    """When the latest measurement finished; that the database is down, the health itself says."""
    try:
        return next(
            (run.finished_at for run in insights.runs(limit=20) if run.state == "done"), None
        )
    except DatabaseError:
        return None
