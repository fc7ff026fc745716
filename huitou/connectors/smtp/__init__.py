"""Mail over SMTP: the channel ``email``.

Implements ``platform.messages.channels.Channel`` and ``Reporting`` without privileges.
"""

from huitou.connectors.smtp.channel import Smtp

__all__ = ["Smtp"]
