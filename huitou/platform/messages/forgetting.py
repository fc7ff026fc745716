"""The words of messages are not kept for ever."""

from datetime import datetime
from typing import Final

from django.db import transaction

from huitou.platform import facts
from huitou.platform.messages.facts import WordsDeleted
from huitou.platform.statements import Statements

_SQL: Final = Statements(__file__)


def forget_words(*, before: datetime, limit: int) -> int:
    """Delete the words of at most ``limit`` messages queued before an instant, the oldest first;
    how many. What became of them is kept; such a message cannot go again.
    """
    with transaction.atomic():
        count = _SQL.run("forget_words", {"before": before, "limit": limit})
        if count:
            facts.record(WordsDeleted(count))
    return count
