"""The console's forms are those of the cloth."""

from huitou.ui.forms import Form

__all__ = ["Form"]
