"""What can happen here, in the past tense: ids and numbers."""

from dataclasses import dataclass
from typing import ClassVar

from huitou.platform.facts import Fact


@dataclass(frozen=True, slots=True)
class Created(Fact):
    """A campaign was begun."""

    name: ClassVar[str] = "campaigns.created"
    campaign_id: int


@dataclass(frozen=True, slots=True)
class Scheduled(Fact):
    """A campaign was confirmed for sending."""

    name: ClassVar[str] = "campaigns.scheduled"
    campaign_id: int


@dataclass(frozen=True, slots=True)
class Drawn(Fact):
    """The arms of a campaign were drawn and stored."""

    name: ClassVar[str] = "campaigns.drawn"
    campaign_id: int
    treated: int
    held_out: int
    not_reached: int


@dataclass(frozen=True, slots=True)
class Queued(Fact):
    """A batch of a campaign's messages went into the outbox."""

    name: ClassVar[str] = "campaigns.batch_queued"
    campaign_id: int
    messages: int


@dataclass(frozen=True, slots=True)
class Finished(Fact):
    """The outcome window of a campaign is over."""

    name: ClassVar[str] = "campaigns.finished"
    campaign_id: int


@dataclass(frozen=True, slots=True)
class Cancelled(Fact):
    """A campaign was called off."""

    name: ClassVar[str] = "campaigns.cancelled"
    campaign_id: int


@dataclass(frozen=True, slots=True)
class GloballyDrawn(Fact):
    """Units were drawn for the global control group of a year."""

    name: ClassVar[str] = "campaigns.globally_drawn"
    year: int
    customers: int
    held_out: int
