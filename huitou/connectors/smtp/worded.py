"""Mails that came back and say so in words only: qmail, QQ, 163, Alibaba and whoever else writes
no report that programs read.
"""

import re
from collections.abc import Iterator
from email.message import Message
from typing import Final

from huitou.connectors.smtp import statuses
from huitou.connectors.smtp.letters import plain_text
from huitou.platform.messages.types import Report

_DAEMONS: Final = re.compile(
    r"^(mailer-daemon|postmaster|mail-daemon|mdaemon|antispam|bounce[\w.+-]*)@", re.IGNORECASE
)
_RETURNED: Final = re.compile(
    r"undeliver|deliver\w* (status|fail|error|problem|report)|returned (mail|to sender)|bounce"
    r"|failure notice|mail (delivery|system) (fail|error)|could not be delivered|not delivered"
    r"|退信|退回|无法(投递|送达|发送)|投递失败|发送失败|未送达",
    re.IGNORECASE,
)
_FOR_NOW: Final = re.compile(r"delay|warning|延迟|稍后", re.IGNORECASE)
# Where the mail that came back begins: what stands there are our own words.
_OURS_BEGINS: Final = re.compile(
    r"^(-{2,} *(below this line|original message|this is a copy|the original|returned message"
    r"|原始邮件|原邮件|邮件原文|以下是).*|(return-path|received|message-id|dkim-signature): .*)$",
    re.IGNORECASE | re.MULTILINE,
)
_MOST: Final = 6_000  # characters: a reason stands at the beginning


def is_return(mail: Message, *, sender: str) -> bool:
    """Whether the mail looks like one that came back, by who wrote it and its subject."""
    is_machine = bool(_DAEMONS.match(sender)) or str(mail.get("Return-Path", "")).strip() == "<>"
    return is_machine and bool(_RETURNED.search(str(mail.get("Subject", ""))))


def reports(mail: Message, *, ref: str, number: int) -> Iterator[Report]:
    """What it says, if it says that the mail did not arrive; delays are passed over."""
    if _FOR_NOW.search(str(mail.get("Subject", ""))):
        return
    said = statuses.weighed("", reason(mail))
    yield Report(number, said.outcome, ref=ref, detail=said.detail)


def reason(mail: Message) -> str:
    """The words before the mail that came back."""
    text = plain_text(mail)
    begins = _OURS_BEGINS.search(text)
    return text[: begins.start() if begins else None][:_MOST]
