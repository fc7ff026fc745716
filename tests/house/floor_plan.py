"""The floor-plan table: which packages stand above which, and which files a room may have.

The contracts of import-linter are made from this one table, so the drawing in ``docs/rooms.md``
and what CI holds are the same thing.
"""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent
PACKAGE: Final = ROOT / "huitou"

# The house, top to bottom. Packages on one line may not see each other.
HOUSE: Final = (
    ("__main__", "urls", "wsgi", "settings"),
    ("cli", "console", "portal", "api"),
    ("flows", "connectors", "testing"),
    ("ui",),
    ("insights",),
    ("campaigns", "voice"),
    ("programmes",),
    ("orders", "points"),
    ("audiences",),
    ("customers",),
    ("staff",),
    ("platform",),
    ("kit",),
)
ROOMS: Final = (
    "staff",
    "customers",
    "audiences",
    "orders",
    "points",
    "programmes",
    "voice",
    "campaigns",
    "insights",
)

# The floors of a room, top to bottom. Only decisions may see each other on one floor.
FLOORS: Final = (
    ("admin", "tasks", "apps"),
    ("services",),
    ("erasure",),
    ("queries",),
    ("fields",),
    ("models",),
    ("facts",),
    ("DECISIONS",),
    ("channels", "sources"),
    ("errors",),
    ("types",),
)
# Decisions with their own names; rules and clocks are known everywhere.
COMMON_DECISIONS: Final = ("rules", "clocks", "presets")
# Decisions may not know a framework: the Django-free heart.
FRAMEWORKS: Final = ("django", "ninja", "psycopg", "procrastinate")
HOUSE_KEEPING: Final = {"__init__", "migrations", "sql"}


def files_of(room: str) -> set[str]:
    """The modules and packages directly inside a room, without what Django or the shell needs."""
    folder = PACKAGE / room
    names = {path.stem for path in folder.glob("*.py")} | {
        path.name for path in folder.iterdir() if path.is_dir() and (path / "__init__.py").exists()
    }
    return names - HOUSE_KEEPING


def decisions_of(room: str) -> tuple[str, ...]:
    """The decision files of a room: whatever is no floor of its own."""
    known = {name for floor in FLOORS for name in floor}
    return tuple(sorted(files_of(room) - known))


def pure_modules() -> list[str]:
    """Every module that may know no framework: kit; types, errors, decisions of each room."""
    pure = ["huitou.kit"]
    for room in ROOMS:
        names = {"types", "errors", "channels", "sources", *decisions_of(room)} & files_of(room)
        pure += [f"huitou.{room}.{name}" for name in sorted(names)]
    return pure


def _layers(lines: list[str]) -> str:
    return "\n".join(f"    {line}" for line in lines)


def _contract(name: str, title: str, kind: str, **keys: list[str] | str) -> str:
    """One section of import-linter's configuration."""
    text = f"[importlinter:contract:{name}]\nname = {title}\ntype = {kind}\n"
    for key, value in keys.items():
        text += f"{key} =\n{_layers(value)}\n" if isinstance(value, list) else f"{key} = {value}\n"
    return text


def _house() -> str:
    # Commands know the data folder before Django does: docs/decisions/0007.
    lines = [" | ".join(line) for line in HOUSE]
    return _contract(
        "house",
        "The house: imports go down, never sideways",
        "layers",
        containers="huitou",
        exhaustive="True",
        layers=lines,
        ignore_imports=["huitou.cli.* -> huitou.settings.env"],
        unmatched_ignore_imports_alerting="none",
    )


def _floors(room: str) -> str:
    lines = []
    for floor in FLOORS:
        is_decisions = floor == ("DECISIONS",)
        names = decisions_of(room) if is_decisions else floor
        if names:
            lines.append((" : " if is_decisions else " | ").join(f"({name})" for name in names))
    return _contract(
        f"floors-{room}",
        f"The floors of {room}",
        "layers",
        containers=f"huitou.{room}",
        exhaustive="True",
        exhaustive_ignores=["migrations", "sql"],
        layers=lines,
    )


def _pure() -> str:
    return _contract(
        "pure",
        "Decisions know no framework",
        "forbidden",
        source_modules=pure_modules(),
        forbidden_modules=list(FRAMEWORKS),
    )


def _doors() -> str:
    closed = [
        f"huitou.{room}.{name}"
        for room in (*ROOMS, "platform")
        for name in ("models", "rules")
        if (PACKAGE / room / f"{name}.py").exists()
    ]
    return _contract(
        "doors",
        "Doors know neither tables nor rules",
        "forbidden",
        source_modules=["huitou.cli", "huitou.console", "huitou.portal", "huitou.api"],
        forbidden_modules=closed,
        allow_indirect_imports="True",
    )


def _tables(room: str) -> str:
    others = [
        name
        for line in HOUSE
        for name in line
        if name not in {room, "kit", "__main__", "urls", "wsgi"}
    ]
    return _contract(
        f"tables-{room}",
        f"The tables of {room} are its own",
        "forbidden",
        source_modules=[f"huitou.{name}" for name in others],
        forbidden_modules=[f"huitou.{room}.models"],
        allow_indirect_imports="True",
    )


def contracts() -> str:
    """The configuration of import-linter, made from the tables above."""
    head = "[importlinter]\nroot_packages =\n    huitou\ninclude_external_packages = True\n"
    parts = [
        head,
        _house(),
        *map(_floors, ROOMS),
        _pure(),
        _doors(),
        *(
            _tables(room)
            for room in (*ROOMS, "platform")
            if (PACKAGE / room / "models.py").exists()
        ),
    ]
    return "\n".join(parts)
