"""What each role may do, in plain words: the same table the doors ask, said aloud."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from huitou.console.shell import ROLE_WORDS
from huitou.kit.text import gettext_noop as _
from huitou.staff import queries as staff
from huitou.staff.types import Action

# In the order of the sidebar.
ACTION_WORDS: Final = {
    "see_overview": _("see the overview"),
    "see_customers": _("see customers"),
    "see_contact_data": _("see phone numbers and e-mail addresses"),
    "edit_customers": _("add customers and put them right"),
    "erase_customers": _("hand out or erase everything about a customer"),
    "merge_customers": _("join two records of one customer, and undo it"),
    "export_data": _("take lists out as files"),
    "see_audiences": _("see audiences"),
    "edit_audiences": _("make and change audiences"),
    "use_till": _("sell at the till"),
    "refund_at_till": _("take goods back at the till"),
    "see_programme": _("see the programme and coupons"),
    "manage_programme": _("change the programme and make coupons"),
    "adjust_points": _("correct points"),
    "see_campaigns": _("see campaigns and messages"),
    "edit_campaigns": _("prepare campaigns"),
    "send_campaigns": _("send campaigns and messages"),
    "see_cases": _("see complaints and promises"),
    "handle_cases": _("answer and close complaints"),
    "assign_cases": _("give complaints to colleagues"),
    "give_compensation": _("make up for a complaint, up to the limit of the role"),
    "see_surveys": _("see surveys"),
    "manage_surveys": _("run surveys"),
    "see_analysis": _("see the analysis"),
    "measure": _("measure now"),
    "import_data": _("import data"),
    "roll_back_import": _("take an import back"),
    "manage_keys": _("make keys for other systems"),
    "manage_settings": _("change stores, closed days and settings"),
    "manage_users": _("choose who works here"),
}


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role as the page of the team explains it."""

    code: str
    name: str
    may: list[str]
    may_not: list[str]

    @property
    def is_mostly_allowed(self) -> bool:
        """Whether it is shorter to say what the role may not do."""
        return len(self.may_not) < len(self.may) / 3


def roles() -> list[RoleLine]:
    """Every role with what it may do."""
    return [_line(code) for code in ROLE_WORDS]


def role_name(code: str) -> str:
    """What a role is called."""
    return gettext(ROLE_WORDS.get(code, code))


def _line(code: str) -> RoleLine:
    said = [action.value for action in Action if action.value not in ACTION_WORDS]
    words = {action: gettext(ACTION_WORDS[action]) for action in ACTION_WORDS}
    words |= {action: action.replace("_", " ") for action in said}
    may = [word for action, word in words.items() if staff.allows(code, action)]
    may_not = [word for action, word in words.items() if not staff.allows(code, action)]
    return RoleLine(code, role_name(code), may, may_not)
