"""Ready-made audiences: where the plans of the texts begin. Data; a shop saves its own copy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from huitou.kit.text import gettext_noop as _

PLANS: Final = _("A plan for each layer")
WORTH_A_LOOK: Final = _("Worth a look")


@dataclass(frozen=True, slots=True)
class Preset:
    """A ready-made audience: English words marked for translation, and its condition as JSON."""

    code: str
    group: str
    name: str
    note: str  # what to do with them
    expression: Mapping[str, Any]


def _of_layer(*codes: str) -> dict[str, Any]:
    return {"v": 1, "where": {"all": [{"field": "layer", "op": "in", "value": list(codes)}]}}


def _all(*leaves: dict[str, Any]) -> dict[str, Any]:
    return {"v": 1, "where": {"all": list(leaves)}}


def _leaf(field: str, op: str, value: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


_SATISFIED: Final = ["very_satisfied", "fairly_satisfied", "satisfied"]
_SATISFIED_LAST: Final = {
    "agg": "last",
    "of": "answers.satisfaction",
    "window": "ever",
    "op": "in",
    "value": _SATISFIED,
}
_ASKED: Final = [
    _leaf(f"reachable_{channel}", "eq", True) for channel in ("sms", "wechat", "email", "phone")
]
_GONE: Final = ["high_win_back", "low_win_back", "lost"]

PRESETS: Final = (
    # D9, D10, D11, D12: the four plans of the texts; those of the other layers are ours (P26).
    Preset(
        "new",
        PLANS,
        _("New customers"),
        _("Their own activities; the figure to watch is the second purchase."),
        _of_layer("new"),
    ),
    Preset(
        "developing",
        PLANS,
        _("Developing customers"),
        _("As the new ones: the next purchase makes a regular."),
        _of_layer("developing"),
    ),
    Preset(
        "active",
        PLANS,
        _("Active regulars"),
        _("Privileges first: a gift, a trial, a larger discount, new products."),
        _of_layer("active"),
    ),
    Preset(
        "cooling",
        PLANS,
        _("Cooling customers"),
        _("As the easy to win back, but lighter: show care early."),
        _of_layer("cooling"),
    ),
    Preset(
        "easy_win_back",
        PLANS,
        _("Easy to win back"),
        _("Offers at regular times first, words of care second."),
        _of_layer("high_win_back"),
    ),
    Preset(
        "hard_win_back",
        PLANS,
        _("Hard to win back"),
        _("Words of care first; offers only at the large dates of the year."),
        _of_layer("low_win_back"),
    ),
    Preset(
        "lost",
        PLANS,
        _("Lost customers"),
        _("As the hard to win back, once; then silence."),
        _of_layer("lost"),
    ),
    Preset(
        "no_purchase",
        PLANS,
        _("Not yet bought, but asked to hear from us"),
        _("A reason to begin; whoever did not ask is left in peace."),
        _all(_leaf("layer", "eq", "no_purchase"), {"any": _ASKED}),
    ),
    Preset(
        "key",
        WORTH_A_LOOK,
        _("Key customers"),
        _("The fifth that spent most in 360 days: an owner, a plan, and thanks by name."),
        _all(_leaf("money_score", "eq", 5)),
    ),
    Preset(
        "at_risk_and_valuable",
        WORTH_A_LOOK,
        _("At risk and valuable"),
        _("Much spent and likely to leave: a person should speak to them, not a message."),
        _all(_leaf("risk", "gte", 0.5), _leaf("money_score", "gte", 4)),
    ),
    Preset(
        "satisfied_but_gone",
        WORTH_A_LOOK,
        _("Satisfied, but gone"),
        _("Satisfied in the latest answer, and not back since: ask what keeps them away."),
        _all(_SATISFIED_LAST, _leaf("layer", "in", _GONE)),
    ),
    Preset(
        "birthday",
        WORTH_A_LOOK,
        _("Birthday within a week"),
        _("Good wishes cost little; the lunar calendar is minded."),
        _all(_leaf("birthday", "lte", 7)),
    ),
)
BY_CODE: Final[Mapping[str, Preset]] = {preset.code: preset for preset in PRESETS}
