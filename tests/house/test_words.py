"""Every word on a screen is there in both languages."""

from huitou.ui import catalogue


def test_the_fragments_agree_and_lose_no_fact() -> None:
    assert len(catalogue.merged()) > 0


def test_messages_are_found_in_templates_and_in_code() -> None:
    used = catalogue.used()
    assert ("", "Sign in to the console") in used
    assert ("import", "New") in used
    assert ("", "The file is empty.") in used
