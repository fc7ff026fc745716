"""What a returned mail says of its address: nobody is there, not just now, or not our mail. Pure.

Sources: RFC 3463 (x.1.x address, x.2.x mailbox, x.3.x system, x.4.x way, x.6.x content, x.7.x
policy); where a server gives no such code, the words of Postfix, qmail, Exchange, Coremail (163,
126), QQ and Alibaba's mail service as their help pages list them.
"""

import re
from typing import Final, NamedTuple

_ENHANCED: Final = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY: Final = re.compile(r"(?<![\d.])([45]\d\d)(?=[\s\-:,#;]|$)")
_NAMES: Final = re.compile(r"<?[^\s<>\"'@:;,]+@[^\s<>\"'@;,]+>?|https?://\S+")
# Our sending, our words or our standing with them: no address is at fault.
_OURS: Final = re.compile(
    r"spam|junk|垃圾|black ?list|block(ed|list)|black ip|\brbl\b|reputation|frequen|频率|too many"
    r"|rate limit|sending quota|content (is )?(reject|den)|policy|dmarc|\bspf\b|dkim"
    r"|\b(DT|HL|MI|RP|WM):[A-Z]{2,4}\b|authenticat|relay|virus|病毒|main account"
    r"|sender|mail ?from|too (large|big|long)|message size|过大",
    re.IGNORECASE,
)
_NOT_NOW: Final = re.compile(
    r"(mail ?box|quota|storage|space|account)\b.{0,40}(full|exceed|over|enough|insufficient)"
    r"|over ?quota|(full|insufficient).{0,20}(mail ?box|storage|space)"
    r"|(空间|容量|信箱|邮箱).{0,6}(满|不足|超)"
    r"|(user|account|mailbox)( is| has been)? (temporarily )?(locked|suspended|hangup|inactive)"
    r"|冻结|暂停|timed? ?out|unreachable|try again",
    re.IGNORECASE,
)
_WHO: Final = r"(user|mail ?box|recipient|account|address|alias|rcpt\w*|e-?mail)"
_GONE: Final = re.compile(
    rf"{_WHO}\b.{{0,40}}(unknown|not? found|not? exist|n.t exist|not known|invalid|no longer"
    r"|not a valid|disabled|rejected)"
    rf"|(unknown|invalid|no ?such|bad|non-?existent|illegal) ?(local )?{_WHO}|not a registered"
    r"|(用户|账号|账户|帐号|邮箱|收件人|地址).{0,6}(不存在|无效|未找到|未开通|已注销)"
    r"|host( or domain)?( name)? not found|no data by dns|nxdomain|域名不存在"
    r"|domain.{0,20}(not found|not? exist)|find any host",
    re.IGNORECASE,
)


class Said(NamedTuple):
    """``bounced`` (nobody is there), ``later`` (not just now) or ``failed`` (not our mail), and
    the code that says so."""

    outcome: str
    detail: str


def weighed(status: str, words: str) -> Said:
    """What a failure means.

    Args:
        status: the report's own code, such as ``5.1.1``; "" = it gives none.
        words: what the server said, "" = nothing is known of it. Addresses in it are passed over.
    """
    plain = " ".join(_NAMES.sub(" ", words).split())
    found = _telling(status) or _telling(plain)
    given = _ENHANCED.search(status) or _ENHANCED.search(plain)
    reply = _REPLY.search(plain)
    detail = found[0] if found else given[0] if given else reply[1] if reply else ""
    if found is not None:
        return Said(_by_code(found[1], found[2], found[3], plain), detail)
    is_for_now = (reply[1] if reply else given[1] if given else "5").startswith("4")
    return Said("later" if is_for_now else _by_words(plain), detail)


def _telling(text: str) -> re.Match[str] | None:
    """The first code that says more than that something failed."""
    return next((one for one in _ENHANCED.finditer(text) if one[1] != "2" and one[2] != "0"), None)


def _by_code(kind: str, subject: str, detail: str, words: str) -> str:
    if kind == "4":
        return "failed" if subject == "7" and _OURS.search(words) else "later"
    if subject == "1":
        return "failed" if detail in {"7", "8"} else "bounced"  # x.1.7 and x.1.8: the sender's
    if subject == "2":
        return {"1": "bounced", "3": "failed"}.get(detail, "later")
    if subject == "4":
        return "bounced" if _GONE.search(words) and not _OURS.search(words) else "later"
    return "failed"


def _by_words(words: str) -> str:
    for pattern, outcome in ((_OURS, "failed"), (_NOT_NOW, "later"), (_GONE, "bounced")):
        if pattern.search(words):
            return outcome
    return "later"
