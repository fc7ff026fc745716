"""Fixtures of several service tests."""

from tests.services.returned_house import box, house, letters, port

__all__ = ["box", "house", "letters", "port"]
