"""Huitou (回头, "to come back"): measure customer loyalty, act on it, prove what the acting earned."""

__version__ = "0.1.0"
