"""Method and definitions: the models with their parameters, the windows, and the record of the
run."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext

from huitou.console.measured import Measured
from huitou.console.notes import sentence
from huitou.insights import queries as insights
from huitou.kit.text import gettext_noop as _

MODELS: Final = {
    "mbgnbd": "MBG/NBD",
    "bgnbd": "BG/NBD",
    "paretonbd": "Pareto/NBD",
    "gamma_gamma": "Gamma-Gamma",
}
_CHOICES: Final = {
    "set_by_hand": _("set by hand"),
    "fewer_than_two_origins": _("the default until two earlier forecasts can be checked"),
    "lowest_brier": _("its earlier forecasts missed least"),
    "still_lowest_brier": _("its earlier forecasts still miss least"),
    "clearly_lower_brier": _("its earlier forecasts missed clearly less than the last model's"),
    "no_clear_winner": _("no other model is clearly better"),
}
_ORDER: Final = ("r", "alpha", "s", "beta", "a", "b", "p", "q", "v")
_ORIGINS: Final = {
    "preset": _("preset of the trade"),
    "setting": _("set by your company"),
    "industry": _("preset of the trade"),
}
_WINDOW_REASONS: Final = {
    "few_gaps": _(
        "Fewer than 200 customers came back within the period, so no windows are suggested."
    ),
    "not_rising": _("The gaps between purchases are too long to suggest rising windows."),
    "short_history": _("The history is too short to suggest windows."),
}


def parts(measured: Measured) -> dict[str, Any]:
    """Models, windows and the record of the run as rows."""
    windows = measured.section("windows")
    run = insights.latest_run()
    return {
        "models": [_model(name, model) for name, model in measured.section("models").items()],
        "in_force": _in_force(measured.section("model_in_force")),
        "windows": windows,
        "windows_origin": gettext(
            _ORIGINS.get(windows.get("origin", ""), windows.get("origin", "") or "")
        ),
        "windows_reason": _window_reason(windows),
        "origins": _origins(measured.section("calibration")),
        "run": run,
    }


def _window_reason(windows: Mapping[str, Any]) -> str:
    """Why no windows are suggested; "" where some are."""
    words = _WINDOW_REASONS.get(windows.get("reason") or "")
    return gettext(words) if words else ""


def _origins(calibration: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row per earlier forecast, with its calibration error beside it."""
    origins = calibration.get("origins") or []
    errors = [*(calibration.get("calibration_error") or []), *([None] * len(origins))]
    return [{**origin, "ece": error} for origin, error in zip(origins, errors, strict=False)]


def _model(name: str, model: Mapping[str, Any]) -> dict[str, Any]:
    errors = model.get("standard_errors") or {}
    if not isinstance(errors, Mapping):
        errors = dict(zip(model.get("parameters") or {}, errors, strict=False))
    return {
        "word": MODELS.get(name, name),
        "parameters": [
            {"name": parameter, "value": value, "error": errors.get(parameter)}
            for parameter, value in _ordered(model.get("parameters") or {})
        ],
        "log_likelihood": model.get("log_likelihood"),
        "time_unit": model.get("time_unit", "weeks"),
        "converged": model.get("converged"),
        "warnings": [sentence(warning) for warning in model.get("warnings") or []],
    }


def _ordered(parameters: Mapping[str, float]) -> list[tuple[str, float]]:
    """Parameters in the order the papers name them; stored JSON keeps none."""
    return sorted(
        parameters.items(),
        key=lambda pair: _ORDER.index(pair[0]) if pair[0] in _ORDER else len(_ORDER),
    )


def _in_force(choice: Mapping[str, Any]) -> dict[str, Any]:
    name = str(choice.get("name") or "")
    why = _CHOICES.get(str(choice.get("reason") or ""))
    return {"word": MODELS.get(name, name), "why": gettext(why) if why else ""}
