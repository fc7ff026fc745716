"""What each setting is called on the screens, what it decides, and what an empty one means."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from huitou.kit.text import gettext_noop as _
from huitou.staff.presets import known


@dataclass(frozen=True, slots=True)
class Said:
    """One setting in words. ``hurts`` is what somebody confirms before it is changed."""

    title: str
    about: str
    empty: str = ""  # what it means when nothing is set
    hurts: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that serve one thing, and from when a new value of them counts."""

    code: str
    title: str
    counts: str
    names: tuple[str, ...]


GROUPS: Final = (
    Group(
        "measure",
        _("Measuring and forecasts"),
        _("A new value counts from the next measurement on or after its day."),
        (
            "windows",
            "horizon_days",
            "value_days",
            "discount_percent_per_year",
            "loyalty_window_days",
            "money_window",
            "answers_valid_days",
            "calibration_flag_points",
            "model",
            "measure_at",
        ),
    ),
    Group(
        "costs",
        _("Margin and costs"),
        _("With them figures say profit; a value keeps its own days."),
        (
            "margin_percent",
            "cost_to_serve_minor",
            "acquisition_cost_minor",
            "tariff_minor",
        ),
    ),
    Group(
        "messages",
        _("Messages and surveys"),
        _("A new value counts from its day on, also for messages that wait."),
        (
            "quiet_hours",
            "contact_caps",
            "survey_rest_days",
            "sms_signature",
            "mail_from",
            "soft_bounces",
            "letters_become_cases",
        ),
    ),
    Group(
        "campaigns",
        _("Campaigns"),
        _("A new value counts from its day on."),
        ("global_holdout_percent",),
    ),
    Group(
        "cases",
        _("Complaints and compensation"),
        _("A new value counts from its day on; a case that is open takes it with its next step."),
        (
            "case_step_hours",
            "case_warn_hours",
            "case_close_days",
            "compensation_points",
            "compensation_minor",
        ),
    ),
    Group(
        "keeping",
        _("Keeping data"),
        _("A new value counts from its day on."),
        ("message_words_days",),
    ),
)
SAID: Final[Mapping[str, Said]] = {
    "windows": Said(
        _("Windows of the customer layers"),
        _(
            "After how many days without a purchase a customer counts as cooling, easy to win "
            "back, hard to win back, lost."
        ),
        hurts=_(
            "I know: at the next measurement every customer is put into a layer by these days. "
            "Audiences and campaigns that ask for a layer then choose other people."
        ),
    ),
    "horizon_days": Said(
        _("Horizon of the forecast"),
        _("How far ahead the chance of another purchase looks."),
        empty=_("by the gaps between your own customers' purchases"),
    ),
    "value_days": Said(
        _("Span of the lifetime value"),
        _("How far ahead a lifetime value looks; 1,095 days are three years."),
    ),
    "discount_percent_per_year": Said(
        _("Discount of later money"),
        _("How much less money of a later year is worth, for each year."),
    ),
    "loyalty_window_days": Said(
        _("Window of the loyalty rate"),
        _("Within how many days a return counts for the loyalty rate."),
    ),
    "money_window": Said(
        _("Window of the money score"),
        _("Which sales the money score (the M of RFM) compares."),
        empty=_("the whole history"),
    ),
    "answers_valid_days": Said(
        _("How long an answer counts"),
        _("Older answers to surveys do not count for satisfaction and loyalty any more."),
    ),
    "calibration_flag_points": Said(
        _("When a forecast is said to be off"),
        _("From which deviation, in percentage points, a forecast is said to run high or low."),
    ),
    "model": Said(
        _("Model of repeat purchases"),
        _("“Chosen by the data” takes the model that foretold your own past best."),
    ),
    "measure_at": Said(
        _("Time of the nightly measurement"),
        _("In the company's time zone; best when the shop is closed."),
    ),
    "margin_percent": Said(
        _("Margin"),
        _("Share of net sales that remains after the goods, where orders carry no costs."),
        empty=_("not known: figures say sales, not profit"),
    ),
    "cost_to_serve_minor": Said(
        _("Cost to serve"),
        _("What an order, or a contact with a customer, costs beside the goods."),
        empty=_("not known"),
    ),
    "acquisition_cost_minor": Said(
        _("Cost of a new customer"),
        _("What winning one new customer costs; needed to say when one pays off."),
        empty=_("not known"),
    ),
    "tariff_minor": Said(
        _("Tariff of a channel"),
        _(
            "What a channel costs in a month with messages, and for each message; for text "
            "messages, for each part of 70 or 67 characters."
        ),
        empty=_("not known: e-mail counts as free, text messages in yuan as ¥15 and ¥0.05"),
    ),
    "quiet_hours": Said(
        _("Quiet hours"),
        _(
            "Between these hours no marketing and no surveys leave; they wait. In the company's "
            "time zone. Answers to complaints and codes to sign in always leave."
        ),
        empty=_("none: at any hour"),
    ),
    "contact_caps": Said(
        _("Limit of messages"),
        _(
            "How many messages of one purpose a customer gets at most, in how many days, over all "
            "channels together. Service has no limit."
        ),
        empty=_("no limit"),
    ),
    "survey_rest_days": Said(
        _("Rest between surveys"),
        _("Whoever was asked, or answered, within so many days is not invited again."),
    ),
    "sms_signature": Said(
        _("Signature of text messages"),
        _("Stands in 【】 before the text, 2 to 16 characters, as registered with your platform."),
        empty=_("the company's name"),
    ),
    "mail_from": Said(
        _("Sender of e-mails"),
        _("The address e-mails come from; their name is the company's."),
        empty=_("the one named with the mail server"),
    ),
    "soft_bounces": Said(
        _("E-mails that come back for now"),
        _(
            "How many e-mails coming back for now, in how many days, make an address count as "
            "unreachable."
        ),
        empty=_("they never do"),
    ),
    "letters_become_cases": Said(
        _("Letters become complaints"),
        _("Whether what customers write to the mailbox of returned mail becomes a case."),
    ),
    "global_holdout_percent": Said(
        _("Global control group"),
        _(
            "So many customers in a hundred get no marketing at all, drawn anew each year. Nothing "
            "else can tell what all your marketing together brings. Advised: 2%, with fewer than "
            "20,000 customers 5%; 0 = none."
        ),
        hurts=_(
            "I know: these customers get no marketing for the rest of the year, whatever campaign "
            "is sent. Once drawn, the share of a year stays; another one counts from 1 January."
        ),
    ),
    "case_step_hours": Said(
        _("Hours of the steps of a complaint"),
        _(
            "By how many hours after receipt each step is done. Nights and holidays count; the "
            "answer takes 24 hours at most."
        ),
        hurts=_(
            "I know: customers are promised an answer within these hours, from the next complaint "
            "on."
        ),
    ),
    "case_warn_hours": Said(
        _("When an answer is due soon"),
        _("How many hours before its answer is due a case is marked and its owner is told."),
    ),
    "case_close_days": Said(
        _("Days to close a complaint"),
        _("Days on which the company is open, after the answer."),
    ),
    "compensation_points": Said(
        _("Compensation in points"),
        _(
            "How many points may be given to make up for one complaint. Owners and managers have "
            "no limit."
        ),
    ),
    "compensation_minor": Said(
        _("Compensation in coupons"),
        _(
            "For how much coupons may be given to make up for one complaint. Owners and managers "
            "have no limit."
        ),
    ),
    "message_words_days": Said(
        _("Words of messages"),
        _("After how many days the words of a message are deleted; that it was sent stays."),
        hurts=_("I know: the words of older messages are deleted and cannot be brought back."),
    ),
}
# What the surroundings decide: never shown, only whether it is set.
SURROUNDINGS: Final[Mapping[str, str]] = {
    "HUITOU_HOME": _("Data folder"),
    "HUITOU_DATABASE_URL": _("Outside database"),
    "HUITOU_OWNER_DATABASE_URL": _("Role that changes tables there"),
    "HUITOU_ALLOWED_HOSTS": _("Names the site answers to"),
    "HUITOU_PUBLIC_URL": _("Address customers reach; begins the links in messages"),
    "HUITOU_SMTP_URL": _("Mail server that sends"),
    "HUITOU_IMAP_URL": _("Mailbox of returned mail"),
    "HUITOU_HTTPS": _("A proxy in front speaks HTTPS"),
    "HUITOU_ENGINE": _("What measures"),
    "HUITOU_THREADS": _("Threads of a measurement"),
    "HUITOU_LANGUAGE": _("Language of the command line"),
    "HUITOU_LOG_LEVEL": _("How much is logged"),
    "HUITOU_DEBUG": _("Tracebacks in the browser; never in service"),
}


def said(name: str) -> Said:
    """The words of a setting; one that has none of its own yet keeps those of its definition."""
    return SAID.get(name) or Said(known.SETTINGS[name].words, "")


def groups() -> list[Group]:
    """Every known setting in its group; what has no group yet stands in a last one."""
    placed = {name for group in GROUPS for name in group.names}
    kept = [
        Group(
            one.code,
            one.title,
            one.counts,
            tuple(name for name in one.names if name in known.SETTINGS),
        )
        for one in GROUPS
    ]
    others = tuple(name for name in known.SETTINGS if name not in placed)
    kept.append(
        Group("others", _("Other settings"), _("A new value counts from its day on."), others)
    )
    return [group for group in kept if group.names]
