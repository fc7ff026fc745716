"""The loop's own figure of proving: how many finished campaigns were judged, and what they said."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from huitou.console.campaign_words import VERDICT_TONES
from huitou.insights import queries as insights
from huitou.insights.proof.words import VERDICTS


@dataclass(frozen=True, slots=True)
class ProofFigure:
    """Finished campaigns, those among them with a verdict from a control group, and the words."""

    finished: int
    proven: int  # effective, harmful, or no evidence: the control group could speak
    parts: tuple[tuple[str, str, int], ...]  # word, tone, campaigns


_SPOKE = ("effective", "harmful", "no_evidence")


def proof_figure(verdicts: Mapping[str, int] | None = None) -> ProofFigure:
    """What finished campaigns said, for the overview. Never a sum of their effects."""
    found = insights.verdicts() if verdicts is None else verdicts
    parts = tuple(
        (gettext(word), VERDICT_TONES[code], found[code])
        for code, (word, _meaning) in VERDICTS.items()
        if found.get(code)
    )
    return ProofFigure(sum(found.values()), sum(found.get(code, 0) for code in _SPOKE), parts)
