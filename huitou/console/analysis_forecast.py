"""The forecast check: do 30 of 100 really come back when we say 30%?"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from huitou.console.ladders import BANDS
from huitou.console.measured import Measured
from huitou.kit.text import gettext_noop as _
from huitou.ui import figures

Json = Mapping[str, Any]


def parts(measured: Measured) -> dict[str, Any]:
    """Chart and tables of the calibration, in percent for the chart and in shares for the
    tables."""
    calibration = measured.section("calibration")
    deciles = calibration.get("deciles") or []
    risk = (calibration.get("risk") or {}).get("deciles") or []
    return {
        "calibration": calibration,
        "deciles": deciles,
        "decile_chart": _chart(deciles, _("{share}% really came")),
        "off": sum(1 for cell in deciles if not _within(cell)),
        "bands": _bands(calibration.get("bands") or []),
        "origins": [_origin(origin) for origin in calibration.get("origins") or []],
        "risk_deciles": risk,
        "risk_chart": _chart(risk, _("{share}% really stayed away")),
    }


def _bands(found: Sequence[Json]) -> list[dict[str, Any]]:
    """The three bands with their words, the highest first."""
    by_code = {band["band"]: band for band in found}
    return [
        {**by_code[code], "word": gettext(word)} for code, word in BANDS.items() if code in by_code
    ]


def _chart(cells: Sequence[Json], words: str) -> list[dict[str, Any]]:
    drawn = [cell for cell in cells if cell.get("n") and cell.get("observed") is not None]
    return [
        {
            "p": round(100 * cell["predicted"], 1),
            "seen": round(100 * cell["observed"], 1),
            "lo": round(100 * cell["lo"], 1),
            "hi": round(100 * cell["hi"], 1),
            "n": cell["n"],
            "said": gettext(words).format(share=figures.number(100 * cell["observed"], 1)),
        }
        for cell in drawn
    ]


def _within(cell: Json) -> bool:
    if cell.get("observed") is None:
        return True
    return bool(cell["lo"] <= cell["predicted"] <= cell["hi"])


def _origin(origin: Json) -> dict[str, Any]:
    return {**origin, "difference": origin["observed"] - origin["predicted"]}
