"""Why a score of one customer is what it is: facts and sums in words, as the measurement stored them."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from huitou.audiences.queries import PersonRow
from huitou.console.customer_words import checked_frequency
from huitou.console.measured import Measured
from huitou.ui import figures


@dataclass(frozen=True, slots=True)
class Why:
    """The answer to "why" for one score: a title, bars or a sum, and sentences."""

    code: str
    title: str
    subtitle: str = ""
    bars: list[dict[str, Any]] = field(default_factory=list)
    receipt: list[dict[str, Any]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    source: str = ""


def explanations(measured: Measured, person: PersonRow) -> list[Why]:
    """The explanations of the scores this customer has."""
    found = []
    if person.risk is not None:
        found.append(_risk(measured, person))
    return found


def _risk(measured: Measured, person: PersonRow) -> Why:
    return Why(
        code="risk",
        title=gettext("Why the risk of leaving is {risk}").format(risk=figures.percent(person.risk or 0)),
        sentences=[checked_frequency(measured, person)],
    )
