"""Decisions of the orders room: the words of a rejection."""

from typing import Final

from huitou.kit.text import gettext_noop as _

# Why a row is rejected, by code. Facts: {given} and {kept} currencies, {line}, {decimals}.
REASONS: Final = {
    "empty": _("This must not be empty."),
    "too_long": _("This is too long."),
    "control_character": _("There is a control character in it."),
    "not_a_date": _("This is not a date we can read, such as 2026-03-31 or 2026-03-31 18:05."),
    "too_early": _("This date is before 1970."),
    "in_the_future": _("This is more than 24 hours ahead."),
    "not_a_number": _("This is not a number such as 3 or 0.5."),
    "not_an_amount": _("This is not an amount such as 19.99."),
    "not_a_cost": _("This is not a cost such as 4.50: it must be a number and not negative."),
    "too_many_decimals": _("This has more decimals than can be kept."),
    "too_large": _("This number is too large to be meant."),
    "order_too_large": _("The rows of this order add up to more than can be meant."),
    "other_currency": _("The currency here is {given}; the company keeps its books in {kept}."),
    "not_a_status": _("This is none of: pending, paid, cancelled, returned."),
    "signs_differ": _("The quantity is negative and the amount is not."),
    "above_amount": _("The discount is more than the price."),
    "negative": _(
        "A negative row is a return: give it the status returned or name the order in refund_of."
    ),
    "refund_not_negative": _(
        "A row that names an order in refund_of is a return: its amount must be negative."
    ),
    "differs": _("This differs from another row of the same order."),
    "twice": _("This line number stands twice in the order."),
    "anonymous": _("There is no customer, and anonymous sales are to be rejected."),
    "order_rejected": _("Line {line} of the same order is rejected, so the whole order is."),
    "too_many_cells": _("The row has more cells than the header."),
    "too_few_cells": _("The row has fewer cells than the header."),
    "quote_open": _("A quotation mark is opened here and never closed."),
    "number_rounded": _("A spreadsheet has rounded this number; its last digits are lost."),
    "cell_error": _("The cell holds a spreadsheet error."),
}
