"""Decisions about two records that are one person: what the one that stays says then. Pure."""

from collections.abc import Collection, Mapping
from typing import Any, Final

# What is chosen as one thing, and the columns it is made of.
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name", "name_folded", "name_pinyin", "name_initials"),
    "kind": ("kind",),
    "phone": ("phone", "phone_reversed", "phone_is_masked"),
    "email": ("email",),
    "birthday": ("birth_date", "birth_calendar"),
    "home_store": ("home_store_id",),
    "acquired_from": ("acquired_from",),
}


def union(
    kept: Mapping[str, Any], gone: Mapping[str, Any], take: Collection[str]
) -> dict[str, Any]:
    """The columns of the record that stays: its own, but those named in ``take`` and what it does
    not say from the other. Tags and needs of both; known since the earlier of the two."""
    found: dict[str, Any] = {}
    for choice, columns in CHOICES.items():
        source = gone if choice in taken(kept, gone, take) else kept
        found |= {column: source[column] for column in columns}
    found["tags"] = list(dict.fromkeys([*kept["tags"], *gone["tags"]]))
    lines = [*kept["needs"].splitlines(), *gone["needs"].splitlines()]
    found["needs"] = "\n".join(dict.fromkeys(filter(None, map(str.strip, lines))))
    found["created_at"] = min(kept["created_at"], gone["created_at"])
    return found


def taken(
    kept: Mapping[str, Any], gone: Mapping[str, Any], take: Collection[str]
) -> frozenset[str]:
    """The choices in which the other record wins: those wanted, and those the first does not say.
    A phone with stars in it says less than a whole one; nothing is taken that is not said."""
    return frozenset(
        choice
        for choice in CHOICES
        if _says(gone, choice) and (choice in take or _weighs(kept, gone, choice))
    )


def _says(record: Mapping[str, Any], choice: str) -> bool:
    return record[CHOICES[choice][0]] not in ("", None)


def _weighs(kept: Mapping[str, Any], gone: Mapping[str, Any], choice: str) -> bool:
    if choice == "phone" and kept["phone_is_masked"] and not gone["phone_is_masked"]:
        return True
    return not _says(kept, choice)


def other_addresses(
    kept: Mapping[str, Any],
    gone: Mapping[str, Any],
    further: Collection[tuple[str, str, str]],
    chosen: Mapping[str, Any],
) -> list[tuple[str, str, str]]:
    """The further phones and e-mails of the record that stays, as kind, value and the value
    backwards: all of both that are not its first ones. Numbers with stars reach nobody and are no
    further address."""
    all_of_them = [
        *(
            ("phone", row["phone"], row["phone_reversed"])
            for row in (kept, gone)
            if not row["phone_is_masked"]
        ),
        *(("email", row["email"], "") for row in (kept, gone)),
        *further,
    ]
    first = {("phone", chosen["phone"]), ("email", chosen["email"])}
    wanted = {
        (kind, value): back
        for kind, value, back in all_of_them
        if value and (kind, value) not in first
    }
    return [(kind, value, back) for (kind, value), back in wanted.items()]
