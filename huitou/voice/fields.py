"""What conditions on people may ask about what they said."""

from typing import Final

from huitou.kit.conditions.types import (
    Collection,
    Field,
    Kind,
    PersonCollection,
    PersonField,
    Source,
)
from huitou.kit.text import gettext_noop as _

ANSWERS: Final = _("Answers")
_SATISFACTION: Final = (
    ("very_satisfied", _("Very satisfied (5/5)")),
    ("fairly_satisfied", _("Fairly satisfied (4/5)")),
    ("satisfied", _("Satisfied (3/5)")),
    ("dissatisfied", _("Dissatisfied (2/5)")),
    ("very_dissatisfied", _("Very dissatisfied (1/5)")),
)
_RECOMMENDATION: Final = (
    ("very_likely", _("Very likely")),
    ("possible", _("Possible")),
    ("impossible", _("Impossible")),
)
_ANSWERS: Final = Collection(
    "answers",
    _("answers"),
    (
        Field("satisfaction", Kind.CHOICE, _("satisfaction"), choices=_SATISFACTION),
        Field("recommendation", Kind.CHOICE, _("recommendation"), choices=_RECOMMENDATION),
        Field(
            "repurchase_probability", Kind.NUMBER, _("stated chance of another purchase"),
            unit="percent",
        ),
        Field("answered_on", Kind.DATE, _("day of the answer")),
        Field("touchpoint", Kind.CHOICE, _("where it was asked")),
        Field("wave", Kind.CHOICE, _("survey wave")),
    ),
    group=ANSWERS,
)  # fmt: skip
COLLECTIONS: Final = (
    PersonCollection(
        _ANSWERS,
        "voice_v_answer",
        key="answer_id",
        at="answered_at",
        on="answered_on",
        columns={
            "satisfaction": "NULLIF(satisfaction, '')",
            "recommendation": "NULLIF(recommendation, '')",
            "touchpoint": "NULLIF(touchpoint, '')",
            "wave": "NULLIF(wave, '')",
        },
    ),
)

CASES: Final = _("Complaints and suggestions")
_OPEN_CASES: Final = Source("vc", "voice_v_open_case")
FIELDS: Final = (
    PersonField(
        Field("open_case", Kind.FLAG, _("Has an open case"), group=CASES),
        _OPEN_CASES,
        "(vc.customer_id IS NOT NULL)",
    ),
    PersonField(
        Field("open_complaints", Kind.NUMBER, _("Open complaints"), group=CASES),
        _OPEN_CASES,
        "COALESCE(vc.open_complaints, 0)",
    ),
)
