"""What can happen to answers, in the past tense: ids and numbers."""

from dataclasses import dataclass
from typing import ClassVar

from huitou.platform.facts import Fact


@dataclass(frozen=True, slots=True)
class ImportApplied(Fact):
    """A file of answers was brought in."""

    name: ClassVar[str] = "voice.import_applied"
    import_id: int
    answers: int


@dataclass(frozen=True, slots=True)
class ImportRolledBack(Fact):
    """An import of answers was undone."""

    name: ClassVar[str] = "voice.import_rolled_back"
    import_id: int
    removed_answers: int
    restored_answers: int
