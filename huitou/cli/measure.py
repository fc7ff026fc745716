"""``huitou measure``: measure everything and put it in force."""

import argparse
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from huitou.kit.text import gettext_noop as _

_REASONS: Final = {
    "today": _("today"),
    "newest_order": _("the day of the newest order, which is more than 7 days ago"),
    "given": _("the day asked for"),
}
_LAYERS: Final = {
    "new": _("New"),
    "developing": _("Developing"),
    "active": _("Active regular"),
    "cooling": _("Cooling"),
    "high_win_back": _("Easy to win back"),
    "low_win_back": _("Hard to win back"),
    "lost": _("Lost"),
    "no_purchase": _("No purchase"),
}
_MISSING: Final = _("not known")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument(
        "--as-of", metavar="DAY", type=date.fromisoformat, help="the last day of the data"
    )
    parser.add_argument(
        "--horizon", metavar="DAYS", type=int, help="days ahead of the repeat probability"
    )
    parser.add_argument(
        "--value-days", metavar="DAYS", type=int, help="days a lifetime value covers"
    )
    parser.add_argument(
        "--calibrate",
        action="store_true",
        help="hold the forecasts of all models against four earlier periods",
    )
    parser.add_argument("--json", action="store_true", help="the report as JSON")


def run(args: argparse.Namespace) -> int:
    """Measure; prints the day and its reason first, then the layers and the headline figures."""
    from django.utils import timezone

    from huitou.cli.progress import console_reporter
    from huitou.insights import services
    from huitou.insights.types import Options

    options = Options(
        as_of=args.as_of,
        horizon_days=args.horizon,
        value_days=args.value_days,
        calibrate=args.calibrate,
    )
    with console_reporter(quiet=args.json) as reporter:
        found = services.measure(
            options=options, actor="cli", now=timezone.now(), reporter=reporter
        )
    if args.json:
        print(json.dumps(as_json(found), ensure_ascii=False, indent=1, default=str))
        return 0
    _print(found)
    return 0


def as_json(run: Any) -> dict[str, Any]:
    """The run as ``measure --json`` prints it: its record, then every part of the report."""
    report = dict(run.report)
    return {
        "run": run.public_id,
        "as_of": run.as_of.isoformat(),
        "as_of_reason": run.as_of_reason,
        "horizon_days": run.horizon_days,
        "value_days": run.value_days,
        "customers": report["population"]["customers"],
        "data_hash": run.data_hash,
        "code_version": run.code_version,
        "formula_version": run.formula_version,
        **report,
    }


def _print(run: Any) -> None:
    from django.utils import translation

    from huitou.settings import env

    with translation.override(env.read().language):
        for line in lines(run):
            print(line)


def lines(run: Any) -> Iterator[str]:
    """What a person reads at a terminal."""
    from django.utils.translation import gettext

    report: Mapping[str, Any] = run.report
    people = report["population"]
    yield gettext("As of {day}: {reason}.").format(
        day=run.as_of.isoformat(), reason=gettext(_REASONS[run.as_of_reason])
    )
    yield gettext("{customers} customers, of whom {buyers} bought; {orders} orders.").format(
        customers=f"{people['customers']:,}",
        buyers=f"{people['buyers']:,}",
        orders=f"{people['orders']:,}",
    )
    yield ""
    yield from _layer_lines(report)
    yield ""
    yield from _headlines(run, report)


def _layer_lines(report: Mapping[str, Any]) -> Iterator[str]:
    from django.utils.translation import gettext

    layers = report["layers"]
    total = sum(part["customers"] for part in layers.values()) or 1
    windows = " / ".join(str(days) for days in report["windows"]["in_force"])
    yield gettext("Customer layers (windows {windows} days)").format(windows=windows)
    for code, word in _LAYERS.items():
        n = layers[code]["customers"]
        yield f"  {n:>10,}  {n / total:>6.1%}  {gettext(word)}"


def _headlines(run: Any, report: Mapping[str, Any]) -> Iterator[str]:
    from django.utils.translation import gettext

    rate = report.get("loyalty_rate") or {}
    yield gettext("Loyalty rate: {share}").format(share=_share(rate.get("rate"), rate))
    repeat = report["repeat"]
    yield gettext("Repeat probability ({days} days): {share}; model {model}").format(
        days=run.horizon_days, share=_share(repeat["mean"]), model=run.model or gettext(_MISSING)
    )
    index = report.get("index") or {}
    value = index.get("value")
    yield gettext("Loyalty index: {value} ({coverage} of the buyers of 360 days)").format(
        value=gettext(_MISSING) if value is None else f"{value:.0f}",
        coverage=_share(index.get("coverage")),
    )
    at_risk = (report["value"].get("at_risk") or {}).get("total")
    is_profit = report["money"]["name"] == "profit"
    words = _("Profit likely to be lost: {amount}") if is_profit else _(
        "Sales likely to be lost: {amount}"
    )  # fmt: skip
    yield gettext(words).format(
        amount=gettext(_MISSING)
        if at_risk is None
        else f"{at_risk:,.0f} {report['money']['currency']}"
    )
    if not is_profit:
        yield gettext("Profit is not known: costs cover {share} of the sales of a year.").format(
            share=_share(report["money"]["cost_coverage"])
        )


def _share(share: float | None, parts: Mapping[str, Any] | None = None) -> str:
    from django.utils.translation import gettext

    if share is None:
        return gettext(_MISSING)
    if parts and parts.get("lo") is not None:
        return f"{share:.1%} ({parts['lo']:.1%} – {parts['hi']:.1%})"
    return f"{share:.1%}"
