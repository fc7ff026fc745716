"""What conditions on people may ask: the fields and collections that rooms register at start.

A room calls this once, from its ``AppConfig.ready()``, with what its ``fields.py`` lists. The rooms
below this one cannot call up: their lists are fetched by this room.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

from huitou.kit.conditions.types import PersonCollection, PersonField, Registry

_fields: dict[str, PersonField] = {}
_collections: dict[str, PersonCollection] = {}
_rooms: dict[str, str] = {}


def register_fields(room: str, fields: Sequence[PersonField]) -> None:
    """Offer ``fields`` to every condition on people. Registering a room's field again replaces it.

    Raises:
        ValueError: another room has a field of that name.
    """
    for one in fields:
        _claim(room, one.field.name)
        _fields[one.field.name] = one
    registry.cache_clear()


def register_collection(room: str, collection: PersonCollection) -> None:
    """Offer a collection of rows per person to every condition on people.

    Raises:
        ValueError: another room has a collection of that name.
    """
    _claim(room, collection.collection.name)
    _collections[collection.collection.name] = collection
    registry.cache_clear()


@cache
def registry() -> Registry:
    """Everything that can be asked about people, for ``kit.conditions.parsing.parse``."""
    return Registry.of(
        (one.field for one in _fields.values()), (one.collection for one in _collections.values())
    )


def fields() -> Mapping[str, PersonField]:
    """Every field by name, with where it stands."""
    return MappingProxyType(_fields)


def collections() -> Mapping[str, PersonCollection]:
    """Every collection by name, with where it stands."""
    return MappingProxyType(_collections)


def _claim(room: str, name: str) -> None:
    owner = _rooms.setdefault(name, room)
    if owner != room:
        raise ValueError(f"{room} registers {name}, which is {owner}'s")
