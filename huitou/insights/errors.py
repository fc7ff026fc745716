"""What can go wrong when measuring, and whose move it is."""

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _


class Busy(HuitouError):
    """Another measurement is running."""

    kind = Kind.CONFLICT
    code = "insights.busy"
    message = _("Another measurement is running; wait until it is finished.")


class NoCompany(HuitouError):
    """There is no company yet, so no zone and no currency."""

    kind = Kind.CONFLICT
    code = "insights.no_company"
    message = _("Set up the company first: its time zone and currency decide what a day is.")


class NoRun(HuitouError):
    """Nothing was measured yet."""

    kind = Kind.MISSING
    code = "insights.no_run"
    message = _("Nothing was measured yet; run a measurement first.")


class FilesGone(HuitouError):
    """The files of an old run are no longer kept."""

    kind = Kind.MISSING
    code = "insights.files_gone"
    message = _("The files of this measurement are gone: they are kept for {kept_days} days.")


class OptionInvalid(HuitouError):
    """An option of a measurement cannot be used."""

    kind = Kind.INVALID
    code = "insights.option_invalid"
    message = _("{option} is {value}: give a whole number of days from 1 to {most}.")


class DayAhead(HuitouError):
    """The day asked for has not come yet."""

    kind = Kind.INVALID
    code = "insights.day_ahead"
    message = _("{as_of} is still ahead: a measurement needs a day up to today, {today}.")


class NotDrawn(HuitouError):
    """A campaign without arms cannot be judged."""

    kind = Kind.CONFLICT
    code = "insights.not_drawn"
    message = _("The campaign was not sent yet: there is nothing to judge.")
