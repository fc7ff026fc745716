"""Filters that write numbers, money, chances and days in the reader's language. ``None`` is written
as a dash.
"""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from huitou.ui import figures

register = template.Library()
Maybe = int | float | Decimal | str | None  # a name the template does not know is ""


def _language() -> str:
    return get_language() or "zh-hans"


@register.filter
def number(value: Maybe, digits: int = 0) -> str:
    """``208412|number`` is 208,412."""
    return (
        figures.NOTHING
        if value is None or isinstance(value, str)
        else figures.number(value, digits)
    )


@register.filter
def signed(value: Maybe, digits: int = 0) -> str:
    """``1.8|signed:1`` is +1.8."""
    return (
        figures.NOTHING
        if value is None or isinstance(value, str)
        else figures.signed(value, digits)
    )


@register.filter
def large(value: Maybe) -> str:
    """``208412|large`` is 20.8 万, in English 208,412."""
    return (
        figures.NOTHING
        if value is None or isinstance(value, str)
        else figures.large(value, _language())
    )


@register.filter
def money(minor: Maybe, currency: str = "CNY") -> str:
    """``row.net_minor|money:company.currency``: for reading, large sums shortened."""
    return (
        figures.NOTHING
        if minor is None or isinstance(minor, str)
        else figures.money(minor, currency or "CNY", _language())
    )


@register.filter
def money_exact(minor: Maybe, currency: str = "CNY") -> str:
    """``row.net_minor|money_exact:company.currency``: to the last minor unit."""
    return (
        figures.NOTHING
        if minor is None or isinstance(minor, str)
        else figures.money_exact(minor, currency or "CNY", _language())
    )


@register.filter
def percent(share: Maybe, digits: int = 0) -> str:
    """``0.34|percent`` is 34%."""
    return (
        figures.NOTHING
        if share is None or isinstance(share, str)
        else figures.percent(share, digits)
    )


@register.filter
def points_change(difference: Maybe, digits: int = 1) -> str:
    """The difference of two shares in percentage points."""
    return (
        figures.NOTHING
        if difference is None or isinstance(difference, str)
        else figures.points_change(difference, _language(), digits)
    )


@register.filter
def in_hundred(share: Maybe) -> str:
    """``0.34|in_hundred`` is 100 人里约 34 人."""
    return (
        figures.NOTHING
        if share is None or isinstance(share, str)
        else figures.in_hundred(share, _language())
    )


@register.filter
def day(value: date | str | None) -> str:
    """11 月 24 日; 24 Nov. An instant is first read in the zone in force."""
    return (
        figures.NOTHING
        if value is None or isinstance(value, str)
        else figures.day(_civil(value), _language())
    )


@register.filter
def full_day(value: date | str | None) -> str:
    """2026 年 11 月 24 日; 24 Nov 2026."""
    return (
        figures.NOTHING
        if value is None or isinstance(value, str)
        else figures.day(_civil(value), _language(), with_year=True)
    )


@register.filter
def month(value: date | str | None) -> str:
    """2026 年 7 月; Jul 2026."""
    return (
        figures.NOTHING
        if value is None or isinstance(value, str)
        else figures.month(_civil(value), _language())
    )


@register.filter
def moment(value: datetime | str | None) -> str:
    """11 月 24 日 12:24 in the company's zone."""
    return (
        figures.NOTHING
        if value is None or isinstance(value, str)
        else figures.moment(timezone.localtime(value), _language())
    )


@register.filter
def full_moment(value: datetime | str | None) -> str:
    """2026 年 11 月 24 日 12:24 in the company's zone."""
    return (
        figures.NOTHING
        if value is None or isinstance(value, str)
        else figures.moment(timezone.localtime(value), _language(), with_year=True)
    )


@register.simple_tag
def share_interval(low: Maybe, high: Maybe, digits: int = 0) -> SafeString | str:
    """The 95% interval of a group's share (0..1) as a chip: 95% 区间 71 – 88%."""
    if low is None or isinstance(low, str) or high is None or isinstance(high, str):
        return ""
    ends = (Decimal(str(low)) * 100, Decimal(str(high)) * 100)
    return _chip(figures.interval(*ends, _language(), digits=digits, unit="%"))


@register.simple_tag
def interval(low: Maybe, high: Maybe, digits: int = 1, unit: str = "") -> SafeString | str:
    """The 95% interval of a group's mean or index as a chip: 95% 区间 69.8 – 73.0."""
    if low is None or isinstance(low, str) or high is None or isinstance(high, str):
        return ""
    return _chip(figures.interval(low, high, _language(), digits=digits, unit=unit))


@register.simple_tag
def money_interval(low: Maybe, high: Maybe, currency: str = "CNY") -> SafeString | str:
    """The 95% interval of a sum in minor units as a chip."""
    if low is None or isinstance(low, str) or high is None or isinstance(high, str):
        return ""
    join = " – " if figures.is_chinese(_language()) else " to "
    return _chip(
        join.join(figures.money(end, currency or "CNY", _language()) for end in (low, high))
    )


@register.simple_tag
def effect_interval(low: Maybe, high: Maybe, digits: int = 1) -> SafeString | str:
    """The 95% interval of an effect as a chip. An end beside zero shows on which side it lies, for
    that is what decides."""
    if low is None or isinstance(low, str) or high is None or isinstance(high, str):
        return ""
    join = " – " if figures.is_chinese(_language()) else " to "
    ends = (figures.apart_from_zero(end, _language(), digits) for end in (low, high))
    return _chip(join.join(ends))


@register.simple_tag
def money_effect_interval(low: Maybe, high: Maybe, currency: str = "CNY") -> SafeString | str:
    """The same of an effect in money, in minor units."""
    if low is None or isinstance(low, str) or high is None or isinstance(high, str):
        return ""
    join = " – " if figures.is_chinese(_language()) else " to "
    language, code = _language(), currency or "CNY"
    return _chip(join.join(figures.money_apart_from_zero(e, code, language) for e in (low, high)))


def _chip(text: str) -> SafeString:
    label = gettext("95% interval")
    return format_html('<span class="interval num">{} {}</span>', label, text)


def _civil(value: date) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if value.tzinfo else value.date()
    return value
