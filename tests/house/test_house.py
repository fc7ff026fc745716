"""The house holds: imports go down, rooms keep floors and tables, files stay small."""

import ast
import graphlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from django.apps import apps

from tests.house import floor_plan

ROOT = floor_plan.ROOT
PACKAGE = floor_plan.PACKAGE
ORDER = {name: depth for depth, line in enumerate(reversed(floor_plan.HOUSE)) for name in line}


def sources(*patterns: str) -> Iterator[Path]:
    """Files of the project that people write."""
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            parts = set(path.relative_to(ROOT).parts)
            if not parts & {"vendor", "migrations", "build", ".venv"}:
                yield path


def test_the_contracts_of_the_floor_plan_hold(tmp_path):
    config = tmp_path / "contracts.ini"
    config.write_text(floor_plan.contracts())
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [linter, "--config", config, "--no-cache", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_two_modules_import_each_other_in_a_circle():
    graph = grimp.build_graph("huitou", cache_dir=None)
    below = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    graphlib.TopologicalSorter(below).prepare()  # raises CycleError naming the circle


def test_every_package_of_the_house_stands_in_the_floor_plan():
    found = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    found |= {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    assert found == set(ORDER), "the house and the table in floor_plan.py differ"


@pytest.mark.parametrize(
    ("patterns", "limit"),
    [
        pytest.param(("huitou/**/*.py", "tests/**/*.py", "bench/**/*.py"), 400, id="Python"),
        pytest.param(("huitou/**/*.sql",), 400, id="SQL"),
        pytest.param(("huitou/**/*.html",), 400, id="templates"),
        pytest.param(("huitou/ui/static/**/*.js",), 400, id="JavaScript"),
        pytest.param(("huitou/ui/static/**/*.css",), 500, id="stylesheets"),
    ],
)
def test_no_file_outgrows_a_reader(patterns, limit):
    long = {
        str(path.relative_to(ROOT)): count
        for path in sources(*patterns)
        if (count := len(path.read_text().splitlines())) > limit
    }
    assert not long


def test_no_function_outgrows_a_screen():
    long = []
    for path in sources("huitou/**/*.py", "tests/**/*.py", "bench/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > 60:
                    long.append(
                        f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {lines} lines"
                    )
    assert not long


def test_every_public_thing_of_the_house_has_a_docstring():
    bare = []
    for path in sources("huitou/**/*.py"):
        tree = ast.parse(path.read_text())
        if ast.get_docstring(tree) is None and path.name != "__init__.py":
            bare.append(str(path.relative_to(ROOT)))
        for node in tree.body:
            is_public = isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"
            if is_public and ast.get_docstring(node) is None:
                bare.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not bare


def test_nothing_is_called_utils():
    nouns = re.compile(r"utils?|helpers?|misc|common|managers?")
    assert not [
        path for path in sources("huitou/**/*.py", "tests/**/*.py") if nouns.fullmatch(path.stem)
    ]


def test_foreign_keys_point_down():
    upward = []
    for model in apps.get_models():
        room = model._meta.app_label
        if room not in ORDER:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if field.auto_created or not field.is_relation or not isinstance(target, type):
                continue
            other = target._meta.app_label
            if other in ORDER and ORDER[other] > ORDER[room]:
                upward.append(f"{model.__name__}.{field.name} points up to {other}")
    assert not upward


SQL_NAME = re.compile(r"\b(platform|staff|customers|audiences|orders|voice|insights)_(\w+)")


def test_sql_reads_other_rooms_only_through_views_and_only_downward():
    strays = []
    for path in sources("huitou/**/sql/**/*.sql"):
        room = path.relative_to(PACKAGE).parts[0]
        statement = re.sub(r"--[^\n]*", "", path.read_text())
        for owner, name in SQL_NAME.findall(statement):
            if owner == room:
                continue
            if not name.startswith("v_"):
                strays.append(
                    f"{path.relative_to(ROOT)} touches {owner}_{name}, which is no published view"
                )
            elif ORDER[owner] >= ORDER[room]:
                strays.append(f"{path.relative_to(ROOT)} looks up or sideways at {owner}_{name}")
    assert not strays


def test_every_statement_says_what_a_row_is():
    silent = [
        str(path.relative_to(ROOT))
        for path in sources("huitou/**/sql/**/*.sql")
        if not path.read_text().lstrip().startswith("--")
    ]
    assert not silent


# Paths of one machine: they mean nothing to a reader of the project.
MACHINE_PATH = re.compile(r"(?<![\w.~])/(?:root|home|work)/\w")


def test_the_project_speaks_only_of_itself():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    strays = []
    for name in listed:
        path = ROOT / name
        if (
            "vendor" in path.parts
            or path == Path(__file__)
            or path.suffix in {".png", ".gz", ".xlsx", ".parquet"}
        ):
            continue
        if path.is_file() and (hit := MACHINE_PATH.search(path.read_text(errors="ignore"))):
            strays.append(f"{name}: {hit.group()}")
    assert not strays
