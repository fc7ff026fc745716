"""Values of campaigns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huitou.kit.text import gettext_noop as _

# What a campaign can be, in the order of its life.
STATES: Final[Mapping[str, str]] = {
    "draft": _("Draft"),
    "ready": _("Scheduled"),
    "sending": _("Being sent"),
    "running": _("In progress"),
    "finished": _("Finished"),
    "cancelled": _("Cancelled"),
}
GOALS: Final[Mapping[str, str]] = {
    "win_back": _("Win back customers who stay away"),
    "second_purchase": _("A second purchase after the first"),
    "daily_sales": _("A steady group that secures daily sales"),
    "new_products": _("First sales of new products"),
    "feedback": _("Opinions on our weaknesses"),
    "referrals": _("New customers through old ones"),
    "care": _("Care and greetings"),
}
CHANNELS: Final[Mapping[str, str]] = {
    "email": _("E-mail"),
    "sms": _("Text message"),
    "wechat": _("WeChat"),
    "app": _("App"),
    "post": _("Post"),
    "phone": _("Phone"),
}
OUTCOMES: Final[Mapping[str, str]] = {
    "came_back": _("Came back (at least one purchase)"),
    "money": _("Money per person"),
}
# Why somebody of the audience was not drawn, or how they were.
NOT_REACHED: Final = "not_reached"
TREATED: Final = "treated"
HELD_OUT: Final = "held_out"
GLOBAL_HOLDOUT: Final = "global_holdout"
ERASED: Final = "erased"
# Reasons of this room; those of messages have their own words.
REASONS: Final[Mapping[str, str]] = {
    GLOBAL_HOLDOUT: _("In the global control group: gets no marketing this year"),
    ERASED: _("No longer there"),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a campaign is made of, before it is drawn."""

    theme: str
    goal: str
    audience_id: int | None
    audience_name: str
    audience_version: int
    expression: Mapping[str, Any]
    channel: str
    subject: str
    text: str
    coupon_batch: str = ""  # its public id; "" = none
    outcome: str = "came_back"
    window_days: int = 30
    holdout_percent: int = 10
    looks_planned: int = 0
    is_adjusted: bool = False


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """One campaign."""

    id: int
    public_id: str
    state: str
    theme: str
    goal: str
    audience_id: int | None
    audience_name: str
    audience_version: int
    expression: Mapping[str, Any]
    channel: str
    subject: str
    text: str
    coupon_batch: str
    outcome: str
    window_days: int
    holdout_percent: int
    looks_planned: int
    is_adjusted: bool
    scheduled_at: datetime | None
    salt: str
    seed: int
    was_too_small: bool
    foresight: Mapping[str, Any]
    created_by: str
    created_at: datetime
    drawn_at: datetime | None
    queued_at: datetime | None
    window_until: date | None
    finished_at: datetime | None
    error: Mapping[str, Any] | None

    @property
    def is_drawn(self) -> bool:
        """Whether the arms are fixed."""
        return self.drawn_at is not None

    @property
    def terms(self) -> Terms:
        """What it is made of."""
        return Terms(**{name: getattr(self, name) for name in Terms.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class Frozen:
    """An audience at one moment: who, and why some may not be written to (None = they may).

    Who has no reason at all does not exist any more. ``year`` is that of the company's day, for
    the global control group.
    """

    people: NDArray[np.int64]
    reasons: Mapping[int, str | None]
    year: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """One person who is to be sent to and is not yet in the outbox."""

    customer_id: int
    coupon_code: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How the audience of a drawn campaign fell apart."""

    treated: int = 0
    held_out: int = 0
    queued: int = 0
    treated_units: int = 0
    held_out_units: int = 0
    not_reached: Mapping[str, int] = field(default_factory=dict)  # reason -> people

    @property
    def left_out(self) -> int:
        """People who were not drawn, for whatever reason."""
        return sum(self.not_reached.values())

    @property
    def audience(self) -> int:
        """Everybody the audience held at the draw."""
        return self.treated + self.held_out + self.left_out


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Why one customer was or was not in a campaign; for their page."""

    public_id: str
    theme: str
    channel: str
    arm: str
    reason: str
    drawn_at: datetime | None
    coupon_code: str
    campaign_id: int


@dataclass(frozen=True, slots=True)
class GlobalDraw:
    """The draw of those no marketing reaches in one year."""

    year: int
    percent: str  # exactly, as a decimal
    salt: str
    drawn_at: datetime
    units: int
    held_out_units: int
