"""The rungs of layer and stage, and their numbers in the indexes of long lists."""

from typing import Final

LAYERS: Final = (
    "new",
    "developing",
    "active",
    "cooling",
    "high_win_back",
    "low_win_back",
    "lost",
    "no_purchase",
)
STAGES: Final = ("suspect", "prospect", "first_purchase", "repeat_purchase", "advocate")


def code(ladder: tuple[str, ...], word: str) -> int:
    """The number of ``word`` on its ladder; -1 for a word that is not there.

    >>> code(STAGES, "first_purchase"), code(STAGES, "stranger")
    (2, -1)
    """
    return ladder.index(word) if word in ladder else -1
