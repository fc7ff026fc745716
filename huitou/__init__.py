"""Huitou (回头, "to come back"): measures loyalty, acts on it, proves what that earned."""

__version__ = "0.1.0"
