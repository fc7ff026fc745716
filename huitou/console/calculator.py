"""The textbook's calculators of retention: they multiply what a reader types and never touch the
shop's own figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext

from huitou.kit.text import gettext_noop as _

_DEFAULTS: Final = {"before": "80", "after": "85", "discount": "10"}
FIELDS: Final = {
    "before": _("Retention now, % a year"),
    "after": _("Retention wanted, % a year"),
    "discount": _("Discount, % a year"),
    "profit": _("Profit of a year (optional)"),
    "win": _("Cost to win a customer (optional)"),
}


@dataclass(frozen=True, slots=True)
class Calculated:
    """What was typed and what the formulas make of it; ``error`` says what cannot be."""

    fields: list[dict[str, Any]]
    before: float | None = None
    after: float | None = None
    gain: float | None = None
    claims: Mapping[str, float] = field(default_factory=dict)
    error: str = ""


def calculated(asked: QueryDict) -> Calculated:
    """The multiples of the yearly margin at both retentions, and the claims for what else was
    typed."""
    from huitou.insights import economics  # loads the kernels, which only this needs

    typed = {name: asked.get(name, _DEFAULTS.get(name, "")).strip()[:20] for name in FIELDS}
    fields = [
        {"name": name, "word": gettext(word), "value": typed[name]} for name, word in FIELDS.items()
    ]
    numbers = {name: _number(value) for name, value in typed.items() if value}
    wrong = [name for name, value in numbers.items() if value is None]
    if wrong:
        words = gettext(FIELDS[wrong[0]])
        return Calculated(
            fields, error=gettext("{field}: a number like 80 or 12.5 is needed").format(field=words)
        )
    known = {name: value for name, value in numbers.items() if value is not None}
    claims: dict[str, float] = {}
    if "profit" in known:
        low, high = economics.claimed_profit(round(known["profit"]))
        claims |= {"profit_low": low, "profit_high": high}
    if "win" in known:
        claims["keep"] = economics.claimed_cost_to_keep(round(known["win"]))
    try:
        before, after, discount = (known[name] / 100 for name in ("before", "after", "discount"))
        return Calculated(
            fields,
            before=economics.multiple(before, discount),
            after=economics.multiple(after, discount),
            gain=economics.gain(before, after, discount),
            claims=claims,
        )
    except KeyError:
        return Calculated(
            fields, claims=claims, error=gettext("Both retentions and the discount are needed")
        )
    except ValueError:
        said = gettext("Retention must lie above 0 and below 100% plus the discount")
        return Calculated(fields, claims=claims, error=said)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= 1e15 else None
