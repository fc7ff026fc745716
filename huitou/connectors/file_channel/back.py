"""A list as a platform gives it back: which message, and what became of it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from huitou.connectors.file_channel import errors
from huitou.connectors.file_channel.tables import rows
from huitou.connectors.files.cells import plain_cell
from huitou.platform.messages.types import BadRow, Report

_HEADS: Final[Mapping[str, frozenset[str]]] = {
    "ref": frozenset({"message_id", "messageid", "消息编号", "消息id", "自定义id", "extend"}),
    "address": frozenset(
        {"phone", "mobile", "openid", "address", "手机号", "手机号码", "手机", "号码", "地址"}
    ),
    "outcome": frozenset({"status", "state", "result", "状态", "发送状态", "回执状态", "结果"}),
    "detail": frozenset({"reason", "code", "原因", "失败原因", "状态码", "错误码", "回执"}),
}
_OUTCOMES: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ["sent", "ok", "success", "delivered", "delivrd", "成功", "发送成功", "已发送", "已送达"],
        "sent",
    ),
    **dict.fromkeys(
        ["failed", "fail", "undelivered", "undeliv", "失败", "发送失败", "未送达", "关机", "停机"],
        "failed",
    ),
    **dict.fromkeys(["bounced", "invalid", "空号", "号码无效", "无效号码", "不存在"], "bounced"),
    **dict.fromkeys(["refused", "rejected", "blacklist", "黑名单", "拒收", "驳回"], "refused"),
    **dict.fromkeys(
        ["unsubscribed", "unsubscribe", "stop", "r", "t", "td", "n", "退订", "回复r", "回复td"],
        "unsubscribed",
    ),
}
_DETAIL: Final = re.compile(r"[A-Za-z0-9:_.\-]{1,40}")


def reports(path: Path) -> Iterator[Report | BadRow]:
    """What each row says, in the order of the file, and the rows that say nothing we know; rows
    without a status say nothing yet.

    Raises:
        ColumnsMissing: the columns are not to be found.
    """
    found = rows(path)
    _, header = next(found, (0, []))
    places = _places(header)
    if "outcome" not in places or not {"ref", "address"} & set(places):
        raise errors.ColumnsMissing(name=path.name, header=", ".join(header) or "–")
    for line, cells in found:
        said = _cell(cells, places, "outcome")
        if said:
            yield _report(line, said, cells, places)


def _report(
    line: int, said: str, cells: Sequence[str], places: Mapping[str, int]
) -> Report | BadRow:
    outcome = _OUTCOMES.get(re.sub(r"\s+", "", said).lower())
    if outcome is None:
        return BadRow(line, "status", said[:60], "status_unknown")
    ref, address = _cell(cells, places, "ref"), _cell(cells, places, "address")
    if not ref and not address:
        return BadRow(line, "message_id" if "ref" in places else "address", "", "names_nothing")
    detail = _detail(_cell(cells, places, "detail"))
    return Report(line, outcome, ref=ref, address=address, detail=detail)


def _places(header: Sequence[str]) -> dict[str, int]:
    plain = [re.sub(r"[\s_]+", "_", name.strip().lower()) for name in header]
    places = {}
    for field, names in _HEADS.items():
        found = [place for place, name in enumerate(plain) if name in names]
        if found:
            places[field] = found[0]
    return places


def _cell(cells: Sequence[str], places: Mapping[str, int], field: str) -> str:
    place = places.get(field)
    return "" if place is None or place >= len(cells) else plain_cell(cells[place]).strip()


def _detail(text: str) -> str:
    """A code is kept; free text could name the person."""
    return text if _DETAIL.fullmatch(text) else ""
