"""One person's data as a page they can read, print and keep: no script, nothing from elsewhere.

Everything stands in the file for machines; the page shows what a person looks for in it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, gettext

from huitou.ui import figures, points_words
from huitou.ui.personal_words import CODES, PARTS, Column, Part


def page(found: Mapping[str, Any]) -> str:
    """The page in the reader's language, of what ``flows.personal_data`` found; instants in the
    zone in force."""
    currency = str(found.get("currency") or "CNY")
    parts = [_part(part, found.get(part.key), currency) for part in PARTS]
    context = {
        "shop": found.get("shop", ""),
        "made_at": _moment(found.get("made_at")),
        "name": (found.get("customer") or {}).get("name", ""),
        "parts": [part for part in parts if part["rows"]],
        "missing": [part["title"] for part in parts if not part["rows"]],
        "language": _language(),
    }
    return render_to_string("ui/personal_data.html", context)


def _part(part: Part, value: Any, currency: str) -> dict[str, Any]:
    is_one = isinstance(value, Mapping)
    entries: Sequence[Any] = [value] if is_one else list(value or [])
    rows = [
        [_shown(entry, column, currency) for column in part.columns]
        for entry in entries
        if isinstance(entry, Mapping)
    ]
    words = [gettext(column.word) for column in part.columns]
    return {
        "title": gettext(part.title),
        "words": words,
        "rows": rows,
        "pairs": list(zip(words, rows[0], strict=True)) if is_one and rows else None,
    }


def _shown(entry: Mapping[str, Any], column: Column, currency: str) -> str:
    value = entry.get(column.key)
    if value is None or value == "":
        return ""
    if column.form == "points":
        terms = points_words.Terms(currency)
        return points_words.title(str(value), entry["points"], entry.get("why") or {}, terms)
    return _value(value, column.form, currency)


def _value(value: Any, form: str, currency: str) -> str:
    read = {
        "money": lambda: figures.money_exact(value, currency, _language()),
        "number": lambda: figures.number(value),
        "share": lambda: figures.percent(value),
        "yes": lambda: gettext("yes") if value else gettext("no"),
        "day": lambda: _day(value),
        "moment": lambda: _moment(value),
        "code": lambda: gettext(CODES.get(str(value), str(value))),
    }
    return read.get(form, lambda: _text(value))()


def _language() -> str:
    return get_language() or "zh-hans"


def _day(value: Any) -> str:
    return figures.day(date.fromisoformat(str(value)[:10]), _language(), with_year=True)


def _moment(value: Any) -> str:
    if not value:
        return ""
    instant = datetime.fromisoformat(str(value))
    return figures.moment(timezone.localtime(instant), _language(), with_year=True)


def _text(value: Any) -> str:
    """A value as text; of a list each entry's own words: the goods of an order, the lines said."""
    if isinstance(value, list):
        said = (_text(one) for one in value)
        return "\n".join(filter(None, said))
    if isinstance(value, Mapping):
        words = value.get("text") or value.get("description") or value.get("category") or ""
        return str(words or value.get("sku") or "")
    return str(value)
