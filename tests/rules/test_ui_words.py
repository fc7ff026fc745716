"""Finished sentences find their way back to the message they were made from."""

from django.utils import translation

from huitou.ui.words import sentence


def test_a_sentence_with_facts_in_it_is_translated_with_its_facts() -> None:
    with translation.override("zh-hans"):
        found = sentence("No column was found for customer.")
    assert "customer" in found
    assert "No column" not in found


def test_a_sentence_nobody_wrote_stays_as_it_is() -> None:
    with translation.override("zh-hans"):
        assert sentence("This is not in any catalogue.") == "This is not in any catalogue."


def test_in_english_nothing_changes() -> None:
    with translation.override("en"):
        assert sentence("The file is empty.") == "The file is empty."
