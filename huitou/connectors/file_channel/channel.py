"""The list channel: messages out as CSV, reports back in."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, ClassVar, Final

from huitou.connectors.file_channel import back
from huitou.connectors.files.cells import safe_cell
from huitou.platform.messages import texts
from huitou.platform.messages.types import BadRow, Message, Report, Surroundings

_ADDRESS_HEAD: Final = {"sms": "phone", "phone": "phone", "wechat": "openid", "post": "address"}
_BOM: Final = "\ufeff"


class FileChannel:
    """Lists for a platform to send; what became of them comes back as a list."""

    name: ClassVar[str] = "file"
    carries: ClassVar[tuple[str, ...]] = ("sms", "wechat", "phone", "post", "app")

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings

    def objection(self, message: Message) -> str | None:
        """``signature`` if an SMS stands under another name than the house's; else None."""
        try:
            self._text(message)
        except texts.WrongSignature:
            return "signature"
        return None

    def write(self, messages: Iterable[Message], out: BinaryIO) -> int:
        """One line per message: its id, where it goes, its words as they are to be sent, and the
        hours in which they may be. The same messages give the same bytes.
        """
        text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        text.write(_BOM)  # without it Excel takes Chinese for another encoding
        writer = csv.writer(text, lineterminator="\r\n")
        count = 0
        for message in messages:
            if count == 0:
                head = _ADDRESS_HEAD.get(message.channel, "address")
                writer.writerow(["message_id", head, "text", "parts", "send_between"])
            body = self._text(message)
            address = _dialled(message.address) if message.channel in {"sms", "phone"} else ""
            writer.writerow(
                [
                    message.ref,
                    address or safe_cell(message.address),
                    safe_cell(body),
                    texts.parts(body) if message.channel == "sms" else 1,
                    self._hours(message),
                ]
            )
            count += 1
        text.detach()
        return count

    def reports(self, path: Path) -> Iterator[Report | BadRow]:
        """What a platform's list says became of the messages."""
        return back.reports(path)

    def _text(self, message: Message) -> str:
        if message.channel == "sms":
            signature = self._surroundings.signature
            return texts.sms(message.text, signature=signature, purpose=message.purpose)
        url = self._surroundings.unsubscribe_url(message)
        return message.text.replace(texts.UNSUBSCRIBE_FIELD, url)

    def _hours(self, message: Message) -> str:
        return "" if message.purpose == "service" else self._surroundings.send_between


def _dialled(number: str) -> str:
    """A number as platforms want it: a Chinese one without its country, another with 00."""
    if number.startswith("+86"):
        return number.removeprefix("+86")
    return f"00{number[1:]}" if number.startswith("+") else number
