"""Pieces of the cloth: icons, the page's language, data for charts."""

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from huitou.kit.errors import HuitouError
from huitou.programmes.cards import grouped
from huitou.ui.chart_words import chart_words as words
from huitou.ui.words import error_words as words_of

register = template.Library()
# What json_script escapes: a closing tag inside a string must not close the element.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag
def icon(name: str, size: int = 18) -> SafeString:
    """A drawing of the sprite, for decoration: the word beside it says the same."""
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" aria-hidden="true">'
        '<use href="{1}#{2}"></use></svg>',
        size,
        static("vendor/tabler/icons.svg"),
        name,
    )


@register.simple_tag
def html_language() -> str:
    """The language of the page as HTML wants it: ``zh-Hans`` or ``en``."""
    return "en" if (get_language() or "").startswith("en") else "zh-Hans"


@register.simple_tag
def chart_data(value: Any) -> SafeString:
    """The JSON of a chart, standing right after the chart's element."""
    return _json_element('<script type="application/json">{}</script>', value)


@register.simple_tag
def chart_words() -> SafeString:
    """The words of all charts; once on a page that has charts, before charts.js."""
    return _json_element('<script type="application/json" id="chart-words">{}</script>', words())


@register.filter
def in_fours(number: str) -> str:
    """A card number or a coupon's code in groups of four, to be read aloud."""
    return grouped(number)


@register.filter
def error_words(error: HuitouError | dict[str, Any]) -> str:
    """An error, live or stored as ``{code, message, facts}``, as a sentence in the reader's
    language.
    """
    return words_of(error)


def _json_element(pattern: str, value: Any) -> SafeString:
    text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False).translate(_ESCAPES)
    return format_html(pattern, mark_safe(text))  # escaped by the line above
