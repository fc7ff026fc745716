"""What can be refused about a list that comes back."""

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _


class ColumnsMissing(HuitouError):
    """Nothing names the messages, or nothing says what became of them."""

    kind = Kind.INVALID
    code = "file_channel.columns_missing"
    message = _(
        "{name} needs a column message_id (or phone, 手机号) and a column status (状态). "
        "It has: {header}."
    )
