"""Quiet hours: when nobody is written to unasked. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A span of every day, ``start <= t < end`` on the wall clock; it may pass midnight."""

    start: time
    end: time

    @classmethod
    def parsed(cls, text: str | None) -> "QuietHours | None":
        """The span a setting says, such as ``21:00-08:00``; None = never quiet."""
        if not text:
            return None
        start, _, end = text.partition("-")
        return cls(_time(start), _time(end))

    def covers(self, instant: datetime, where: ZoneInfo) -> bool:
        """Whether it is quiet at ``instant`` on the clocks of ``where``."""
        at = instant.astimezone(where).time()
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def over_at(self, instant: datetime, where: ZoneInfo) -> datetime:
        """When the quiet that covers ``instant`` ends, as UTC; ``instant`` itself if it is none."""
        if not self.covers(instant, where):
            return instant
        local = instant.astimezone(where)
        ends_today = datetime.combine(local.date(), self.end, where)
        if local.time() >= self.end:
            ends_today = datetime.combine(local.date() + timedelta(days=1), self.end, where)
        return ends_today.astimezone(UTC)


def _time(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))
