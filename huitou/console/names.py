"""Who did it, in words: the record says ``user:12``, the page says a name."""

from collections.abc import Collection

from django.utils.translation import gettext

from huitou.staff import queries as staff


def actor_names(actors: Collection[str]) -> dict[str, str]:
    """The name of each actor; people who have gone keep their number."""
    fixed = {"cli": gettext("Command line"), "system": gettext("The system")}
    names = {f"user:{user.id}": user.name for user in staff.users()}
    return {actor: names.get(actor) or fixed.get(actor, actor) for actor in actors}
