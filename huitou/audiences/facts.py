"""What can happen to audiences, in the past tense: ids and numbers."""

from dataclasses import dataclass
from typing import ClassVar

from huitou.platform.facts import Fact


@dataclass(frozen=True, slots=True)
class AudienceSaved(Fact):
    """Conditions were saved under a name, new or as a new version."""

    name: ClassVar[str] = "audiences.saved"
    audience_id: int
    version: int


@dataclass(frozen=True, slots=True)
class AudienceArchived(Fact):
    """An audience was put away; what was sent to it stays."""

    name: ClassVar[str] = "audiences.archived"
    audience_id: int


@dataclass(frozen=True, slots=True)
class AudienceRestored(Fact):
    """An archived audience is offered again."""

    name: ClassVar[str] = "audiences.restored"
    audience_id: int
