"""Who is asked in a wave and who is not, with the reason: rest, reachability, then the draw."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huitou.kit.text import gettext_noop as _

ASKED: Final = ""
# Why somebody is not asked, beside what contacting itself forbids.
REASONS: Final = {
    "in_this_survey": _("Asked or answered in this survey already"),
    "asked_lately": _("Asked or answered lately: the rest between two surveys"),
    "not_drawn": _("Not drawn into the sample"),
}


@dataclass(frozen=True, slots=True)
class Candidates:
    """The people a wave looks at, shape (n,) each, in ascending order of ``customer_id``.

    ``blocked`` is the code why they may not be contacted on the channel, "" = they may.
    ``last_asked_on`` is the day they were last asked or last answered, NaT = never.
    """

    customer_id: NDArray[np.int64]
    blocked: NDArray[Any]
    last_asked_on: NDArray[Any]
    in_this_survey: NDArray[np.bool_]


def verdicts(
    candidates: Candidates, *, salt: str, today: date, rest_days: int, sample_size: int | None
) -> NDArray[Any]:
    """The reason each candidate is not asked, "" for those who are.

    What cannot be helped comes first (contact, then rest), the draw last: among those who may be
    asked everybody has the same chance, and the same salt draws the same people again.

    Args:
        candidates: whom the wave looks at.
        salt: of this wave; another wave draws others.
        today: the company's civil day.
        rest_days: whoever was asked or answered in the last so many days is left in peace; 0 = no
            rest.
        sample_size: how many are wanted; None = all who may be asked.
    """
    found = candidates.blocked.astype(object)
    free = found == ASKED
    found[free & candidates.in_this_survey] = "in_this_survey"
    free = found == ASKED
    rests = candidates.last_asked_on > np.datetime64(today, "D") - np.timedelta64(rest_days, "D")
    found[free & rests] = "asked_lately"
    if sample_size is not None:
        places = np.flatnonzero(found == ASKED)
        order = np.argsort(_draw(candidates.customer_id[places], salt), kind="stable")
        found[places[order[sample_size:]]] = "not_drawn"
    return found


def counts(reasons: NDArray[Any]) -> dict[str, int]:
    """How many people have each reason, "" first, then by number."""
    names, numbers = np.unique(reasons.astype(str), return_counts=True)
    found = {str(name): int(number) for name, number in zip(names, numbers, strict=True)}
    return dict(sorted(found.items(), key=lambda item: (item[0] != ASKED, -item[1], item[0])))


def _draw(customer_ids: NDArray[np.int64], salt: str) -> NDArray[np.uint64]:
    """A number per person that nobody can steer: the head of a SHA-256."""
    heads = (
        int.from_bytes(hashlib.sha256(f"{salt}:{one}".encode()).digest()[:8], "big")
        for one in customer_ids.tolist()
    )
    return np.fromiter(heads, dtype=np.uint64, count=len(customer_ids))
