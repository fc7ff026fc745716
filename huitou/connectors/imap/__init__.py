"""The mailbox to which mails come back, over IMAP.

Implements ``platform.messages.channels.Mailbox``: nothing in the mailbox is moved or deleted; what
was handled is marked as read.
"""

from huitou.connectors.imap.mailbox import Imap

__all__ = ["Imap"]
