"""The shape of the package: which module may import which, and what the lower layers may not touch."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "src" / "wholetape"
LAYERS = (
    {"errors", "times", "findings", "quotes", "properties", "traces"},
    {"match", "log", "transcript"},
    {"media", "store"},
    {"checking", "seal", "examining", "transcribing", "quote", "comments", "archive", "report"},
    {"release"},  # puts the others' answers on a page
    {"web"},
    {"cli", "__init__", "__main__"},
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
USE_CASES = 3
TOUCHES_FILES = {"media", "store", "cli", "web"}
"""The only parts that may open files or sockets."""
FOR_THE_EDGE = {"os.environ", "os.getenv", "os._exit", "sys.exit", "sys.argv", "sys.stdout", "sys.stderr"}
"""The environment, the process and its streams belong to cli and web."""
CLOCKS = {"time", "datetime"}
DOORS = {"socket", "ssl", "urllib", "http", "requests", "subprocess", "tempfile", "shutil", "glob"}
NO_DOORS = ("urllib.parse",)
"""Arithmetic on addresses, which opens none."""
MODULES = sorted(PACKAGE.rglob("*.py"))


def part(path: Path) -> str:
    """The layer's name that a module belongs to: its folder in the package, or its own name."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports anywhere, lazily too, by its full name."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def names(path: Path) -> Iterator[tuple[int, str]]:
    """Every name, and every ``module.attribute``, that a file reads."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node.lineno, f"{node.value.id}.{node.attr}"
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.lineno, node.id


def own(path: Path) -> Iterator[str]:
    """The parts of this package that a file imports."""
    for name in imports(path):
        pieces = name.split(".")
        if pieces[0] == "wholetape" and len(pieces) > 1 and pieces[1] in LEVEL:
            yield pieces[1]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_from_its_own_part_and_from_layers_to_its_left(path):
    mine = part(path)
    assert mine in LEVEL, f"{mine} has no layer: say in LAYERS where it belongs"
    wrong = {
        other
        for other in own(path)
        if other != mine and LEVEL[other] >= LEVEL[mine] and not LEVEL[other] == LEVEL[mine] == 0
    }
    if mine in {"__init__", "__main__"}:
        wrong = set()  # the façade and the door, imported by nobody below
    assert not wrong


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_match_and_log_never_meet(path):
    if part(path) == "match":
        assert "log" not in set(own(path))
    if part(path) == "log":
        assert "match" not in set(own(path))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_below_the_edge_there_is_no_print_no_exit_and_no_environment(path):
    if LEVEL[part(path)] > USE_CASES:
        return
    found = [f"line {line}: {name}" for line, name in names(path) if name in FOR_THE_EDGE | {"print", "input", "exit"}]
    assert not found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_below_the_use_cases_there_is_no_clock(path):
    if LEVEL[part(path)] >= USE_CASES:
        return
    assert not {name.split(".")[0] for name in imports(path)} & CLOCKS


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_files_and_network_are_touched_in_media_and_store_only(path):
    if part(path) in TOUCHES_FILES:
        return
    assert not {name.split(".")[0] for name in imports(path) if not name.startswith(NO_DOORS)} & DOORS
    assert not [f"line {line}: open" for line, name in names(path) if name in {"open", "io.open", "os.open"}]


def test_the_layers_see_a_wrong_import_where_there_is_one(tmp_path):
    module = tmp_path / "wrong.py"
    module.write_text(
        "def late():\n    from wholetape.cli import main\n    import wholetape.media.decode\n    print(main)\n"
    )
    assert set(own(module)) == {"cli", "media"}
    assert (4, "print") in set(names(module))


def test_modules_stay_small():
    sizes = sorted(len(path.read_text().splitlines()) for path in MODULES if path.stat().st_size)
    assert sizes[len(sizes) // 2] < 150
    assert sizes[-1] <= 350
