"""Is the installation well? For monitors: no sign-in, nothing about the business."""

import dataclasses

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from huitou.console.access import public
from huitou.platform import queries


@public
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the site can serve, else 503; the parts say why."""
    health = queries.health(last_measured_at=None, now=timezone.now())
    parts = {"ok": health.is_healthy, **dataclasses.asdict(health)}
    return JsonResponse(parts, status=200 if health.is_healthy else 503)
