"""What a channel may say, and what can fail in the outbox."""

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _


class Unsent(Exception):
    """A channel could not send; the subclass says what the sender must do. ``detail`` goes on
    record, and must hold nothing of the person.
    """

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail[:200]


class AddressRefused(Unsent):
    """Nobody is reached at this address: never try it again."""


class MessageRefused(Unsent):
    """The message was refused whatever the address: it has failed, others may go."""


class TryLater(Unsent):
    """This message was surely not taken; it may be tried again later."""


class ChannelDown(Unsent):
    """Nothing was taken and nothing can be now: stop, and try again later."""


class OutcomeUnknown(Unsent):
    """The message was handed over, and whether it was taken is not known."""


class MailboxDown(Exception):
    """A mailbox cannot be read now; ``code`` is one of ``types.MAILBOX_TROUBLES``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class MessageMissing(HuitouError):
    """No message has this id."""

    kind = Kind.MISSING
    code = "messages.missing"
    message = _("There is no message {message_id}.")


class KeyReused(HuitouError):
    """Another message has this key already."""

    kind = Kind.CONFLICT
    code = "messages.key_reused"
    message = _("Another message was queued under the key {key}.")


class StateDisagrees(HuitouError):
    """The message is in a state from which this step is not possible."""

    kind = Kind.CONFLICT
    code = "messages.state_disagrees"
    message = _("Message {message_id} is {state}; this cannot be done now.")


class ListMissing(HuitouError):
    """No list has this id."""

    kind = Kind.MISSING
    code = "messages.list_missing"
    message = _("There is no list {list_id}.")


class NothingToSend(HuitouError):
    """No message of this channel may go out now."""

    kind = Kind.CONFLICT
    code = "messages.nothing_to_send"
    message = _("No message for {channel} may go out now.")


class SenderBusy(HuitouError):
    """Somebody else hands messages over just now."""

    kind = Kind.LIMITED
    code = "messages.sender_busy"
    message = _("Messages are being sent just now. Try again in a minute.")


class WordsGone(HuitouError):
    """The words of an old message are deleted: it cannot go again."""

    kind = Kind.CONFLICT
    code = "messages.words_gone"
    message = _("The words of message {message_id} are deleted by now. Write a new one.")


class RowsUnreadable(HuitouError):
    """Rows of a file of reports say nothing we know, and nobody asked to leave them out."""

    kind = Kind.INVALID
    code = "messages.rows_unreadable"
    message = _(
        "{count} rows cannot be read; nothing was written. Mend them, or take the others with "
        "--skip-rejected. The first: line {line}, {field}."
    )


class NotCoded(HuitouError):
    """A raw mail was not sent in base64."""

    kind = Kind.INVALID
    code = "messages.not_coded"
    message = _("The mail is not in base64. Send its bytes, as they arrived, in base64.")
