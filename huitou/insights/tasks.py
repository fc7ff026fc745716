"""Jobs of the measurements."""

from django.utils import timezone

from huitou.insights import services
from huitou.insights.types import Options
from huitou.platform import jobs, progress


@jobs.task("insights.measure")
def measure(calibrate: bool = False) -> None:
    """Measure now, and show how far it is under the key ``measure``."""
    with progress.stored("measure") as reporter:
        services.measure(
            options=Options(calibrate=calibrate),
            actor="system",
            now=timezone.now(),
            reporter=reporter,
        )
