"""The page that says who may open what says what the code does."""

from tests.house.access_table import PAGE, patterns, table


def test_the_page_is_made_from_the_code() -> None:
    assert PAGE.read_text(encoding="utf-8") == table(), "python -m tests.house.access_table"


def test_every_address_belongs_to_a_door_and_says_whom_it_lets_in() -> None:
    for address, found in patterns():
        assert getattr(found.callback, "access", ""), address
        assert getattr(found.callback, "door", "console") in {"console", "portal", "api"}
