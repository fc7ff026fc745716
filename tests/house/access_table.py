"""Who may open what: every address of the three doors by role, made from the code.

``python -m tests.house.access_table`` writes it into ``docs/access.md``.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

PAGE: Final = Path(__file__).resolve().parent.parent.parent / "docs" / "access.md"
ABOUT: Final = """# Who may open what

Made from the code by `python -m tests.house.access_table`; a test holds it to the code, and others
walk every address with every role. What is not marked ● is refused: deny by default. `all` =
everyone who is signed in, about themselves; `public` = everyone, without a word about the business;
`member` = a signed-in member, about themselves.
"""


def patterns(resolver: Any = None, prefix: str = "/") -> Iterator[tuple[str, Any]]:
    """Every address with its pattern."""
    from django.urls import URLResolver, get_resolver

    for found in (resolver or get_resolver()).url_patterns:
        here = prefix + str(found.pattern)
        if isinstance(found, URLResolver):
            yield from patterns(found, here)
        else:
            yield here, found


def table() -> str:
    """The page."""
    from huitou.api.interface import ROOT, routes
    from huitou.staff import rules
    from huitou.staff.types import Role

    roles = [role.value for role in Role]
    head = "| " + " | ".join(["address", "needs", *(role.replace("_", " ") for role in roles)])
    head += " |\n|" + " --- |" * (len(roles) + 2)
    console, portal = [head], ["| address | needs |\n| --- | --- |"]
    for address, found in patterns():
        door, access = getattr(found.callback, "door", "console"), found.callback.access
        if door == "portal":
            portal.append(f"| `{address}` | {access} |")
        if door != "console":
            continue
        marks = {"public": ["public"] * len(roles), "signed_in": ["all"] * len(roles)}.get(
            access, ["●" if rules.allows(role, access) else "" for role in roles]
        )
        console.append("| " + " | ".join([f"`{address}`", access, *marks]) + " |")
    api = [head]
    for route in routes():
        marks = ["●" if rules.opens(role, (), route.scope) else "" for role in roles]
        name = f"`{route.method} {ROOT.rstrip('/')}{route.path}`"
        api.append("| " + " | ".join([name, route.scope, *marks]) + " |")
    parts = [
        ABOUT,
        "## Console: pages of staff\n",
        *console,
        "\n## Portal: pages of members\n",
        *portal,
        "\n## API: keys of other systems\n",
        "A key has a role, and may be narrowed to scopes. `GET /api/v1/openapi.json` is public.\n",
        *api,
    ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huitou.settings")
    import django

    django.setup()
    PAGE.write_text(table(), encoding="utf-8")
