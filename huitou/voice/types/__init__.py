"""Values of the voice room."""

from huitou.voice.types.answers import (
    ITEMS,
    AnswerIn,
    AnswerRow,
    Rejected,
    Scale,
)
from huitou.voice.types.asking import (
    LANGUAGES,
    TOUCHPOINT_KINDS,
    Answered,
    AskedAnswerRow,
    AttitudeRow,
    Given,
    InvitationRow,
    Question,
    SurveyIn,
    SurveyRow,
    TouchpointIn,
    TouchpointRow,
    WaveIn,
    WaveRow,
)

__all__ = [
    "ITEMS",
    "LANGUAGES",
    "TOUCHPOINT_KINDS",
    "AnswerIn",
    "AnswerRow",
    "Answered",
    "AskedAnswerRow",
    "AttitudeRow",
    "Given",
    "InvitationRow",
    "Question",
    "Rejected",
    "Scale",
    "SurveyIn",
    "SurveyRow",
    "TouchpointIn",
    "TouchpointRow",
    "WaveIn",
    "WaveRow",
]
