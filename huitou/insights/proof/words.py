"""What a judgement may be called: the one list, for every screen, command and answer.

Four words say what a control group showed or that there was none. Two more say why it could not
speak, so that nobody reads "no evidence" where nothing of usual size could have been seen, or where
the draw itself went wrong.
"""

from collections.abc import Mapping
from typing import Final

from huitou.insights.proof import verdict
from huitou.kit.text import gettext_noop as _

# The word of a verdict, and what it means.
VERDICTS: Final[Mapping[str, tuple[str, str]]] = {
    verdict.EFFECTIVE: (
        _("effective"),
        _("The whole interval lies above zero: the difference is not chance."),
    ),
    verdict.HARMFUL: (
        _("harmful"),
        _("The whole interval lies below zero: those who got it did worse than the control group."),
    ),
    verdict.NO_EVIDENCE: (
        _("no evidence yet"),
        _("The interval crosses zero: an effect was not shown, and is not disproved."),
    ),
    verdict.NO_CONTROL: (
        _("no control group, cannot be judged"),
        _("Nobody was held out: what would have happened anyway is not known."),
    ),
    verdict.TOO_FEW: (
        _("too few to say"),
        _("The groups are too small for an effect of usual size to be seen."),
    ),
    verdict.BROKEN: (
        _("assignment broken, no result"),
        _("The groups do not have the sizes that were drawn: no figure can be trusted."),
    ),
}
