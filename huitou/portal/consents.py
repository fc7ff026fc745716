"""What members may agree to, in the words they read; the words are kept as the proof."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from huitou.customers.types import Statement
from huitou.kit.text import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to agree to: a channel and a purpose."""

    channel: str
    purpose: str
    icon: str
    words: str
    needs: str  # what we must know to do it: email, phone, or "" for nothing

    @property
    def name(self) -> str:
        """The name of its form field."""
        return f"{self.purpose}_{self.channel}"

    def said(self, state: str, *, page: str) -> Statement:
        """The statement, with the page and the very words as its proof."""
        evidence = f"{page}: {gettext(self.words)}"
        return Statement(self.channel, self.purpose, state, evidence, "portal")


CHOICES: Final = (
    Choice("email", "marketing", "mail", _("Offers and news by e-mail"), "email"),
    Choice("sms", "marketing", "device-mobile", _("Offers and news by SMS"), "phone"),
    Choice("phone", "marketing", "phone", _("Calls about offers"), "phone"),
    Choice("wechat", "marketing", "brand-wechat", _("Offers and news on WeChat"), ""),
    Choice("email", "survey", "clipboard-list", _("Short surveys by e-mail"), "email"),
)
# What is offered to somebody who joins; the rest waits on the privacy page.
AT_JOINING: Final = tuple(
    choice for choice in CHOICES if choice.name in {"marketing_email", "marketing_sms"}
)
