"""What can be refused about mail."""

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _


class NotMail(HuitouError):
    """The file holds no mail."""

    kind = Kind.INVALID
    code = "smtp.not_mail"
    message = _("{name} is no mailbox: give an mbox file, a mail (.eml) or a Maildir folder.")
