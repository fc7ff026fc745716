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


@dataclass(frozen=True, slots=True)
class Answered(Fact):
    """Somebody answered a survey; ``customer_id`` None = nobody knows who."""

    name: ClassVar[str] = "voice.answered"
    answer_id: int
    survey_id: int
    customer_id: int | None


@dataclass(frozen=True, slots=True)
class Asked(Fact):
    """A wave of invitations was decided on and sent off."""

    name: ClassVar[str] = "voice.asked"
    wave_id: int
    survey_id: int
    asked: int
    not_asked: int


@dataclass(frozen=True, slots=True)
class SurveyOpened(Fact):
    """A survey was made and takes answers."""

    name: ClassVar[str] = "voice.survey_opened"
    survey_id: int


@dataclass(frozen=True, slots=True)
class SurveyClosed(Fact):
    """A survey takes no answers any more."""

    name: ClassVar[str] = "voice.survey_closed"
    survey_id: int


@dataclass(frozen=True, slots=True)
class SurveyReopened(Fact):
    """A closed survey takes answers again."""

    name: ClassVar[str] = "voice.survey_reopened"
    survey_id: int


@dataclass(frozen=True, slots=True)
class TouchpointOpened(Fact):
    """A place began to ask."""

    name: ClassVar[str] = "voice.touchpoint_opened"
    touchpoint_id: int
    survey_id: int


@dataclass(frozen=True, slots=True)
class TouchpointClosed(Fact):
    """A place takes no answers any more."""

    name: ClassVar[str] = "voice.touchpoint_closed"
    touchpoint_id: int
    survey_id: int


@dataclass(frozen=True, slots=True)
class CaseOpened(Fact):
    """A customer told us something that wants an answer."""

    name: ClassVar[str] = "voice.case_opened"
    case_id: int
    customer_id: int | None
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class CaseAssigned(Fact):
    """Somebody is in charge of a case."""

    name: ClassVar[str] = "voice.case_assigned"
    case_id: int
    user_id: int | None


@dataclass(frozen=True, slots=True)
class CaseAnswered(Fact):
    """The customer has the result; ``minutes`` since the clock of the round began."""

    name: ClassVar[str] = "voice.case_answered"
    case_id: int
    customer_id: int | None
    minutes: int
    in_time: bool


@dataclass(frozen=True, slots=True)
class CaseAnswerLost(Fact):
    """The e-mail that carried the answer of a case did not arrive; the clock never stopped."""

    name: ClassVar[str] = "voice.case_answer_lost"
    case_id: int
    owner_id: int | None


@dataclass(frozen=True, slots=True)
class CaseDueSoon(Fact):
    """The answer of a case is due soon."""

    name: ClassVar[str] = "voice.case_due_soon"
    case_id: int
    owner_id: int | None


@dataclass(frozen=True, slots=True)
class CaseOverdue(Fact):
    """The answer of a case is late."""

    name: ClassVar[str] = "voice.case_overdue"
    case_id: int
    owner_id: int | None


@dataclass(frozen=True, slots=True)
class CaseClosed(Fact):
    """A case is done; ``confirmed`` says whether the customer said so."""

    name: ClassVar[str] = "voice.case_closed"
    case_id: int
    customer_id: int | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class CaseReopened(Fact):
    """A case goes on: round ``round`` begins with a new clock."""

    name: ClassVar[str] = "voice.case_reopened"
    case_id: int
    customer_id: int | None
    round: int
    by_customer: bool


@dataclass(frozen=True, slots=True)
class CaseCompensated(Fact):
    """Something was given to make up for a case."""

    name: ClassVar[str] = "voice.case_compensated"
    case_id: int
    customer_id: int
    points: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class PromiseMade(Fact):
    """Something was promised to a customer."""

    name: ClassVar[str] = "voice.promise_made"
    promise_id: int
    case_id: int


@dataclass(frozen=True, slots=True)
class PromiseKept(Fact):
    """A promise was kept; ``days_late`` is 0 when in time."""

    name: ClassVar[str] = "voice.promise_kept"
    promise_id: int
    case_id: int
    days_late: int


@dataclass(frozen=True, slots=True)
class PromiseWithdrawn(Fact):
    """A promise was taken back, with a reason on record."""

    name: ClassVar[str] = "voice.promise_withdrawn"
    promise_id: int
    case_id: int
