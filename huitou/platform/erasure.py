"""Forgetting one person here: rows of files that were turned away and quote them."""

from collections.abc import Sequence

from huitou.platform import models


def erase(*, texts: Sequence[str]) -> dict[str, int]:
    """Drop the quoted values of rejected rows that say one of ``texts``. In the caller's
    transaction; returns rows by table."""
    wanted = {text.casefold() for text in texts}
    changed = 0
    for found in models.Import.objects.exclude(rejections=[]).only("pk", "rejections"):
        kept = [_without(row, wanted) for row in found.rejections]
        if kept != found.rejections:
            models.Import.objects.filter(pk=found.pk).update(rejections=kept)
            changed += 1
    return {"imports": changed}


def _without(row: object, wanted: set[str]) -> object:
    """A rejected row without its value, if that is one of the texts."""
    if not isinstance(row, dict):
        return row
    said = str(row.get("value") or row.get("given") or "").casefold()
    is_theirs = any(text in said for text in wanted if len(text) > 3)
    return {**row, "value": ""} if is_theirs and "value" in row else row
