"""What can be refused in the voice room, and whose move it is."""

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _


class RollbackBlocked(HuitouError):
    """A later import changed answers of the one to be rolled back."""

    kind = Kind.CONFLICT
    code = "voice.rollback_blocked"
    message = _("Later imports changed {count} of these answers: {imports}. Roll those back first.")


class ScaleUnknown(HuitouError):
    """The scale that was named cannot be one of satisfaction."""

    kind = Kind.INVALID
    code = "voice.scale_unknown"
    message = _(
        "{scale} is no scale of five steps: write it from worst to best, such as 1-5 or 5-1."
    )


class SurveyMissing(HuitouError):
    """No survey has this id."""

    kind = Kind.MISSING
    code = "voice.survey_missing"
    message = _("There is no survey {survey}.")


class SurveyTaken(HuitouError):
    """Another survey has this name."""

    kind = Kind.CONFLICT
    code = "voice.survey_taken"
    message = _("There is a survey called {name} already. Choose another name.")


class SurveyInvalid(HuitouError):
    """A survey cannot be like this."""

    kind = Kind.INVALID
    code = "voice.survey_invalid"
    message = _("Give the survey a name, and at most 500 letters of greeting.")


class SurveyClosed(HuitouError):
    """The survey, or the place that asks, takes no answers any more."""

    kind = Kind.CONFLICT
    code = "voice.survey_closed"
    message = _("This survey is over. Thank you for wanting to answer.")


class TouchpointInvalid(HuitouError):
    """A place that asks cannot be like this."""

    kind = Kind.INVALID
    code = "voice.touchpoint_invalid"
    message = _("Give the place a name and one of the known kinds.")


class TouchpointTaken(HuitouError):
    """Another place of the survey has this name."""

    kind = Kind.CONFLICT
    code = "voice.touchpoint_taken"
    message = _("This survey has a place called {name} already. Choose another name.")


class TouchpointMissing(HuitouError):
    """The survey has no place with this code."""

    kind = Kind.MISSING
    code = "voice.touchpoint_missing"
    message = _("This survey has no such place.")


class QuestionMissing(HuitouError):
    """Nothing is asked under this code."""

    kind = Kind.MISSING
    code = "voice.question_missing"
    message = _("Nothing is asked at this address. The link is old, or was not copied whole.")


class AnswerEmpty(HuitouError):
    """Nothing was answered."""

    kind = Kind.INVALID
    code = "voice.answer_empty"
    message = _("Choose at least one answer, or write something.")


class AnswerUnknown(HuitouError):
    """An answer is none of those offered."""

    kind = Kind.INVALID
    code = "voice.answer_unknown"
    message = _("This is none of the answers to the question of {question}.")


class CommentTooLong(HuitouError):
    """The free text is longer than it may be."""

    kind = Kind.INVALID
    code = "voice.comment_too_long"
    message = _("The text has {letters} letters; at most {most} fit.")


class AnswerAhead(HuitouError):
    """The answer would have been given in the future."""

    kind = Kind.INVALID
    code = "voice.answer_ahead"
    message = _("This answer is more than 24 hours ahead.")


class TooManyAnswers(HuitouError):
    """More answers came from one place than people could give there."""

    kind = Kind.LIMITED
    code = "voice.too_many_answers"
    message = _("Very many answers are coming in from here. Please try again in {minutes} minutes.")


class WaveInvalid(HuitouError):
    """A round of invitations cannot be like this."""

    kind = Kind.INVALID
    code = "voice.wave_invalid"
    message = _("Choose how to ask, and a sample of at least one person.")


class NobodyToAsk(HuitouError):
    """Nobody of those looked at may be asked."""

    kind = Kind.CONFLICT
    code = "voice.nobody_to_ask"
    message = _("Nobody of these {considered} people can be asked now; the reasons are below.")


class CaseMissing(HuitouError):
    """No case has this number or this link."""

    kind = Kind.MISSING
    code = "voice.case_missing"
    message = _("There is no case {case}.")


class CaseInvalid(HuitouError):
    """Something a case is told with cannot be; each kind has its own words."""

    kind = Kind.INVALID
    code = "voice.case_invalid"
    message = _("{field} cannot be {given}.")


class WordsMissing(CaseInvalid):
    """Nothing was written, or too much."""

    message = _("Write what it is about, in at most {most} characters.")


class ReceivedAhead(CaseInvalid):
    """A case cannot have been received in the future."""

    message = _("The case cannot have been received in the future.")


class PromiseInPast(CaseInvalid):
    """A promise for a day that is over."""

    message = _("A promise needs a day that is not over yet.")


class ContactUnreadable(CaseInvalid):
    """An e-mail address or phone number nobody can be reached by."""

    message = _("Check the {field}: nobody can be reached by “{given}”.")


class CaseClosed(HuitouError):
    """The case is closed; only reopening changes it."""

    kind = Kind.CONFLICT
    code = "voice.case_closed"
    message = _("Case {case} is closed. Reopen it first.")


class CaseOpen(HuitouError):
    """The case is not closed, so it cannot be reopened."""

    kind = Kind.CONFLICT
    code = "voice.case_open"
    message = _("Case {case} is not closed.")


class AnswerNotReady(HuitouError):
    """The customer cannot get the result yet; ``missing`` are codes: owner, topic, remedy."""

    kind = Kind.CONFLICT
    code = "voice.answer_not_ready"
    message = _(
        "Before the answer: name who is in charge, what the complaint is about, and the remedy."
    )


class CloseNotReady(HuitouError):
    """The case cannot be closed yet; ``missing`` are codes: answer, promises."""

    kind = Kind.CONFLICT
    code = "voice.close_not_ready"
    message = _(
        "Before closing: the customer has the answer, and every promise is kept or withdrawn."
    )


class NotYetAnswered(HuitouError):
    """The customer cannot say whether it is solved before there is an answer."""

    kind = Kind.CONFLICT
    code = "voice.not_yet_answered"
    message = _("Case {case} has no answer yet.")


class PromiseMissing(HuitouError):
    """No promise has this id."""

    kind = Kind.MISSING
    code = "voice.promise_missing"
    message = _("There is no promise {promise}.")


class PromiseSettled(HuitouError):
    """The promise is kept or withdrawn already."""

    kind = Kind.CONFLICT
    code = "voice.promise_settled"
    message = _("Promise {promise} is kept or withdrawn already.")


class TooManyCases(HuitouError):
    """More cases come through the open page than people would write."""

    kind = Kind.LIMITED
    code = "voice.too_many_cases"
    message = _("Too much is being written at the moment. Please try again in an hour, or call us.")
