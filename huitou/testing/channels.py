"""The promises every channel keeps. A plug-in's tests inherit them:

    class TestMyChannel(ChannelContract):
        def working(self) -> Channel: ...
        def down(self) -> Channel: ...
        def refused_address(self) -> str: ...

Each test is a method without arguments, so any runner can call it.
"""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from huitou.platform.messages import errors
from huitou.platform.messages.channels import Channel, ListChannel, Reporting
from huitou.platform.messages.types import OUTCOMES, REASONS, Message, Report

AT = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)


def message(number: int, *, channel: str, address: str, purpose: str = "marketing") -> Message:
    """A message as the sender gives it to a channel; the same number, the same message."""
    return Message(
        id=number,
        ref=f"msg_01K9ZQ3S9Q7ZH4K{number:03d}",
        channel=channel,
        purpose=purpose,
        customer_id=number,
        address=address,
        subject="新茶到了",
        text="新茶到了，周末来尝。",
        html="",
        token=f"token-{number}",
        attempts=1,
        began_at=AT,
    )


class ChannelContract:
    """What a channel that sends at once promises."""

    channel = "email"
    address = "chen@example.com"

    def working(self) -> Channel:
        """A channel whose provider takes messages to ``address``."""
        raise NotImplementedError

    def down(self) -> Channel:
        """A channel whose provider cannot be reached, and which is set up all the same."""
        raise NotImplementedError

    def refused_address(self) -> str:
        """An address the working channel's provider refuses for good; "" = it never says so."""
        return ""

    def test_a_working_channel_has_no_trouble(self) -> None:
        """What can send says so."""
        assert self.working().trouble() is None

    def test_it_carries_what_it_is_installed_for(self) -> None:
        """Its channels are channels of consent."""
        assert self.channel in self.working().carries

    def test_what_it_takes_has_a_receipt_of_its_own(self) -> None:
        """Two messages, two receipts."""
        channel = self.working()
        try:
            receipts = {channel.send(self._message(number)).provider_id for number in (1, 2)}
        finally:
            channel.close()
        assert len(receipts) == 2
        assert all(receipts)

    def test_a_refused_address_is_told_apart_and_others_still_go(self) -> None:
        """Refusal of one is no trouble of all, and its record names nobody."""
        if not self.refused_address():
            return
        channel = self.working()
        try:
            said = _unsent(channel, self._message(1, self.refused_address()))
            assert isinstance(said, errors.AddressRefused)
            assert self.refused_address() not in said.detail
            assert channel.send(self._message(2)).provider_id
        finally:
            channel.close()

    def test_what_is_down_says_that_nothing_was_taken(self) -> None:
        """Not “unknown”: the message may safely wait."""
        channel = self.down()
        said = _unsent(channel, self._message(1))
        channel.close()
        assert isinstance(said, errors.ChannelDown | errors.TryLater)
        assert self.address not in said.detail

    def test_it_can_be_closed_twice_and_before_anything(self) -> None:
        """Closing is never an error."""
        channel = self.working()
        channel.close()
        channel.close()

    def _message(self, number: int, address: str = "") -> Message:
        return message(number, channel=self.channel, address=address or self.address)


class ListContract:
    """What a channel that writes lists promises."""

    channel = "sms"
    addresses = ("+8613800000001", "+8613800000002")

    def made(self) -> ListChannel:
        """The channel."""
        raise NotImplementedError

    def objectionable(self) -> Message | None:
        """A message that cannot stand in its lists; None = any can."""
        return None

    def test_the_same_messages_give_the_same_bytes(self) -> None:
        """A list that is fetched again is the same list."""
        assert self._written() == self._written()

    def test_each_message_stands_there_once_under_its_id(self) -> None:
        """Nobody is lost, nobody stands there twice."""
        text = self._written().decode("utf-8-sig")
        for one in self._messages():
            assert text.count(one.ref) == 1

    def test_no_cell_is_run_by_a_spreadsheet(self) -> None:
        """A text that begins like a formula is only text."""
        out = io.BytesIO()
        risky = [_with_text(one, "=HYPERLINK(1)") for one in self._messages()]
        self.made().write(risky, out)
        rows = csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig")))
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "@", "\t"))]

    def test_it_says_what_cannot_stand_there(self) -> None:
        """The reason is one we have words for."""
        if (wrong := self.objectionable()) is not None:
            assert self.made().objection(wrong) in REASONS
        assert self.made().objection(self._messages()[0]) is None

    def _messages(self) -> list[Message]:
        return [
            message(number, channel=self.channel, address=address)
            for number, address in enumerate(self.addresses, start=1)
        ]

    def _written(self) -> bytes:
        out = io.BytesIO()
        assert self.made().write(self._messages(), out) == len(self.addresses)
        return out.getvalue()


class ReportingContract:
    """What a channel that reads reports promises."""

    def reader(self) -> Reporting:
        """The channel."""
        raise NotImplementedError

    def files(self) -> Iterable[tuple[Path, int]]:
        """Files of reports, and how many each holds."""
        raise NotImplementedError

    def test_every_report_names_a_message_and_an_outcome_we_know(self) -> None:
        """By our id, the provider's, or the address."""
        for path, count in self.files():
            found = self._reports(path)
            assert len(found) == count
            for one in found:
                assert one.outcome in OUTCOMES
                assert one.ref or one.provider_id or one.address

    def test_what_is_kept_of_an_answer_names_nobody(self) -> None:
        """The detail is a code."""
        for path, _ in self.files():
            for one in self._reports(path):
                assert "@" not in one.detail
                assert not one.address or one.address not in one.detail

    def _reports(self, path: Path) -> list[Report]:
        """What can be read of the file."""
        return [one for one in self.reader().reports(path) if isinstance(one, Report)]


def _unsent(channel: Channel, one: Message) -> errors.Unsent:
    """What the channel raises for this message."""
    try:
        channel.send(one)
    except errors.Unsent as said:
        return said
    raise AssertionError("it was sent")


def _with_text(one: Message, text: str) -> Message:
    from dataclasses import replace

    return replace(one, text=text, channel="wechat")
