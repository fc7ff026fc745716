"""The three questions of the texts with their fixed wording, and how an answer is read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from huitou.kit.text import gettext_noop as _
from huitou.voice import errors, rules
from huitou.voice.types import Given

COMMENT_LETTERS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose: what is stored, the words, the number that stands with it, its face."""

    code: str
    words: str
    number: str = ""
    face: str = ""


# Requirement A4: five ordered answers, best first, no neutral one. They stand on one row, each with
# its number and face, because many read "satisfied" as better than "fairly satisfied".
SATISFACTION: Final = (
    Choice("very_satisfied", _("Very satisfied"), "5", "mood-heart"),
    Choice("fairly_satisfied", _("Fairly satisfied"), "4", "mood-happy"),
    Choice("satisfied", _("Satisfied"), "3", "mood-smile"),
    Choice("dissatisfied", _("Dissatisfied"), "2", "mood-sad"),
    Choice("very_dissatisfied", _("Very dissatisfied"), "1", "mood-cry"),
)
# Requirement A6: three answers, not a scale to ten.
RECOMMENDATION: Final = (
    Choice("very_likely", _("Very likely")),
    Choice("possible", _("Possibly")),
    Choice("impossible", _("No, impossible")),
)
# Requirement A5: the answer is a probability, so every choice says its number. After Juster,
# F. T. (1966), JASA 61: purchase probabilities asked in tenths.
INTENTION: Final = (
    Choice("certain", _("Certain"), "10"),
    Choice("likely", _("Likely"), "8"),
    Choice("even", _("Fifty-fifty"), "5"),
    Choice("unlikely", _("Unlikely"), "2"),
    Choice("none", _("No"), "0"),
)
PROBABILITY: Final[Mapping[str, float]] = {
    choice.code: int(choice.number) / 10 for choice in INTENTION
}
_CHOICES: Final = {
    "satisfaction": {choice.code for choice in SATISFACTION},
    "recommendation": {choice.code for choice in RECOMMENDATION},
    "intention": {choice.code for choice in INTENTION},
}
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def checked(given: Given, *, asks_intention: bool) -> Given:
    """The answer with its text trimmed, if something was answered and every choice exists.

    Raises:
        AnswerEmpty: nothing was chosen and nothing written.
        AnswerUnknown: a choice is none of those offered, or its question is not asked.
        CommentTooLong: the text is longer than 2,000 letters.
    """
    comment = _CONTROL.sub("", given.comment.replace("\r\n", "\n")).strip()
    if len(comment) > COMMENT_LETTERS:
        raise errors.CommentTooLong(letters=len(comment), most=COMMENT_LETTERS)
    for question, codes in _CHOICES.items():
        chosen = getattr(given, question)
        if chosen and (chosen not in codes or (question == "intention" and not asks_intention)):
            raise errors.AnswerUnknown(question=question)
    if not (given.satisfaction or given.recommendation or given.intention or comment):
        raise errors.AnswerEmpty
    return Given(given.satisfaction, given.recommendation, given.intention, comment)


def probability(intention: str) -> float | None:
    """The chance of coming back that was stated, 0..1; None = not answered."""
    return PROBABILITY.get(intention)


def preselected(text: str) -> str:
    """The satisfaction a link of a message asks to have chosen already, by its number; "" = none.

    Choosing is not answering: the page still has to be sent.
    """
    return next((choice.code for choice in SATISFACTION if choice.number == text), "")


def is_low(satisfaction: str) -> bool:
    """Whether somebody said they are not satisfied: one of the two lower answers."""
    return satisfaction in rules.SATISFACTION[3:]
