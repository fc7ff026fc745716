"""The documents are complete: every setting, error code and command has its line."""

import dataclasses
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import huitou
from huitou.kit.errors import HuitouError
from huitou.settings.env import Env

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"


def every_error() -> list[type[HuitouError]]:
    """All subclasses with a code of their own, after importing every errors module of the house."""
    for module in pkgutil.walk_packages(huitou.__path__, "huitou."):
        if module.name.rsplit(".", 1)[-1] == "errors":
            importlib.import_module(module.name)
    found: list[type[HuitouError]] = []
    waiting = list(HuitouError.__subclasses__())
    while waiting:
        cls = waiting.pop()
        waiting += cls.__subclasses__()
        if "code" in vars(cls) and cls.__module__.startswith("huitou."):
            found.append(cls)
    return found


def test_every_environment_setting_is_documented():
    text = (DOCS / "settings.md").read_text()
    missing = [
        field.name
        for field in dataclasses.fields(Env)
        if f"HUITOU_{field.name.upper()}" not in text
    ]
    assert not missing


def test_every_dated_setting_is_documented():
    from huitou.staff.presets import known

    text = (DOCS / "settings.md").read_text()
    assert not [name for name in known.SETTINGS if f"`{name}`" not in text]


def test_every_error_code_is_documented_once_with_its_kind():
    text = (DOCS / "errors.md").read_text()
    rows = re.findall(r"^\| `([\w.]+)` \| (\w+) \|", text, re.M)
    assert len(rows) == len({code for code, _ in rows}), "a code stands twice"
    documented = dict(rows)
    expected = {cls.code: cls.kind.value for cls in every_error()}
    assert documented == expected


def test_no_two_errors_share_a_code():
    codes = [cls.code for cls in every_error()]
    assert len(codes) == len(set(codes))


def test_every_command_is_documented():
    from huitou.cli.main import COMMANDS

    text = (DOCS / "commands.md").read_text()
    names = [row if isinstance(row, str) else row[0] for row in COMMANDS]
    assert not [name for name in names if f"huitou {name}" not in text]


def test_every_word_on_a_screen_has_its_chinese():
    from huitou.ui import catalogue

    assert not catalogue.missing()


@pytest.mark.parametrize("page", sorted(DOCS.glob("**/*.md")), ids=lambda page: page.name)
def test_no_document_links_to_a_page_that_is_not_there(page):
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text())
    assert not [target for target in targets if not (page.parent / target).exists()]


def test_dependencies_are_locked_with_hashes():
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock"):
        text = (ROOT / name).read_text()
        pinned = re.findall(r"^[\w.\[\]-]+==[^\s;\\]+", text, re.M)
        assert pinned
        assert len(re.findall(r"--hash=sha256:", text)) >= len(pinned)
        assert "http" not in text
