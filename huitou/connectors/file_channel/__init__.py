"""Lists for platforms that send for us (短信平台, 企业微信, 有赞), and what they give back.

Implements ``platform.messages.channels.ListChannel`` and ``Reporting``.
"""

from huitou.connectors.file_channel.channel import FileChannel

__all__ = ["FileChannel"]
