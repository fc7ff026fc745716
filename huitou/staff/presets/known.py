"""The settings we know: name, default, unit, words, scopes and check."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from huitou.kit.text import gettext_noop as _
from huitou.staff.presets import checks, industries


@dataclass(frozen=True, slots=True)
class Known:
    """One setting: its default, unit, words, the scopes it may have, and what its value must be.

    ``scopes`` are prefixes: ``""`` the company, ``category:`` one category, ``order`` exactly that
    word.
    ``check`` returns the value as it is stored, or raises ValueError with the reason.
    """

    name: str
    default: Any
    unit: str
    words: str
    check: Callable[[Any], Any]
    scopes: tuple[str, ...] = ("",)

    def takes(self, scope: str) -> bool:
        """Whether the setting may have this scope."""
        return any(
            scope.startswith(own) and scope != own if own.endswith(":") else scope == own
            for own in self.scopes
        )


_ALL: Final = (
    Known(
        "windows",
        list(industries.WINDOWS["e_commerce"]),
        "days",
        _("Windows of the customer layers"),
        checks.windows,
    ),
    Known(
        "horizon_days",
        None,
        "days",
        _("Horizon of the repeat probability; empty = by the shop's own gaps"),
        checks.days_or_none,
    ),
    Known("value_days", 1095, "days", _("Days a lifetime value covers"), checks.days),
    Known(
        "discount_percent_per_year",
        10,
        "percent",
        _("Discount of future money per year"),
        checks.percent,
    ),
    Known(
        "margin_percent",
        None,
        "percent",
        _("Margin of net sales, where orders carry no costs"),
        checks.percent_or_none,
        ("", "category:"),
    ),
    Known(
        "cost_to_serve_minor",
        None,
        "minor",
        _("Cost to serve, per order or per contact"),
        checks.minor_or_none,
        ("order", "contact"),
    ),
    Known(
        "acquisition_cost_minor",
        None,
        "minor",
        _("Cost of winning one new customer"),
        checks.minor_or_none,
    ),
    Known("model", "auto", "code", _("Model of repeat purchases"), checks.model),
    Known("answers_valid_days", 365, "days", _("Days an answer counts"), checks.days),
    Known(
        "measure_at",
        "03:30",
        "time",
        _("Time of the nightly measurement, in the company's zone"),
        checks.time_of_day,
    ),
    Known("loyalty_window_days", 365, "days", _("Window of the loyalty rate"), checks.days),
    Known(
        "money_window",
        360,
        "days",
        _("Days of money in the RFM scores; all = the whole history"),
        checks.days_or_all,
    ),
    Known(
        "calibration_flag_points",
        3,
        "points",
        _("Deviation in points from which a forecast is flagged"),
        checks.points,
    ),
    Known(
        "contact_caps",
        [4, 30],
        "times/days",
        _("How many messages of marketing one customer gets at most, in how many days"),
        checks.cap,
        ("", "purpose:"),
    ),
    Known(
        "quiet_hours",
        "21:00-08:00",
        "time",
        _("Hours without marketing and surveys, in the company's zone; none = at any hour"),
        checks.hours_or_none,
        ("", "channel:"),
    ),
    Known(
        "tariff_minor",
        None,
        "minor",
        _("What a channel costs: per month with messages / per message or part of an SMS"),
        checks.tariff,
        ("", "channel:"),
    ),
    Known(
        "mail_from",
        None,
        "address",
        _("Sender of e-mails; empty = the one in HUITOU_SMTP_URL"),
        checks.email_or_none,
    ),
    Known(
        "soft_bounces",
        [3, 30],
        "times/days",
        _("How many e-mails coming back for now, in how many days, make an address unreachable"),
        checks.limit_or_none,
    ),
    Known(
        "letters_become_cases",
        False,
        "yes/no",
        _("Whether letters in the mailbox of returned mail become cases"),
        checks.yes_or_no,
    ),
    Known(
        "message_words_days",
        180,
        "days",
        _("Days after which the words of a message are deleted"),
        checks.days,
    ),
    Known(
        "sms_signature",
        None,
        "text",
        _("Signature of SMS, without its brackets; empty = the company's name"),
        checks.signature_or_none,
    ),
    Known(
        "case_step_hours",
        [1, 4, 8, 20, 24],
        "hours",
        _("Hours after receipt by which each of a case's first five steps is done"),
        checks.case_hours,
    ),
    Known(
        "case_close_days",
        7,
        "days",
        _("Open days after the answer within which a case is closed"),
        checks.days,
    ),
    Known(
        "case_warn_hours",
        4,
        "hours",
        _("Hours before an answer is due from which it is due soon"),
        checks.warn_hours,
    ),
    Known(
        "survey_rest_days",
        90,
        "days",
        _("Days of rest between two surveys for the same customer"),
        checks.days,
    ),
    Known(
        "global_holdout_percent",
        0,
        "percent",
        _("Customers no marketing reaches, drawn anew each year; 0 = none"),
        checks.control_share,
    ),
    Known(
        "compensation_points",
        500,
        "points",
        _("Points that may be given to make up for one case, by role"),
        checks.compensation,
        ("", "role:"),
    ),
    Known(
        "compensation_minor",
        5_000,
        "minor",
        _("Coupons that may be given to make up for one case, by role"),
        checks.compensation,
        ("", "role:"),
    ),
)
SETTINGS: Final[Mapping[str, Known]] = {known.name: known for known in _ALL}
