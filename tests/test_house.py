"""The house rules, as one test each: imports, lint, types, sizes."""

from __future__ import annotations

import ast
import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("scenarios", "reports", "twin", "devices", "controller", "evacuation")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_arrows_point_down():
    bin_folder = Path(sys.executable).parent
    result = subprocess.run(
        [bin_folder / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout


def test_ruff_is_clean():
    result = run("ruff", "check", ".")
    assert result.returncode == 0, result.stdout


def test_code_is_formatted():
    result = run("ruff", "format", "--check", ".")
    assert result.returncode == 0, result.stdout


def test_types_hold():
    result = run("mypy")
    assert result.returncode == 0, result.stdout


def test_wall_clock_and_random_are_banned(tmp_path):
    sample = tmp_path / "sample.py"
    sample.write_text("import time\nimport random\n\ntime.sleep(1)\nprint(random.random())\n")
    config = str(ROOT / "pyproject.toml")
    result = run("ruff", "check", "--config", config, "--select", "TID251", str(sample))
    assert "time.sleep" in result.stdout
    assert "random" in result.stdout


TESTS = sorted((ROOT / "tests").rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES + TESTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_small(path):
    assert len(path.read_text("utf-8").splitlines()) <= 300


def functions() -> dict[str, int]:
    sizes = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                name = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
                sizes[name] = (node.end_lineno or node.lineno) - node.lineno + 1
    return sizes


def test_functions_stay_small():
    sizes = functions()
    assert {name: size for name, size in sizes.items() if size > 60} == {}
    assert statistics.median(sizes.values()) <= 10


def test_no_drawer_for_everything():
    drawers = {"utils.py", "common.py", "helpers.py", "manager.py", "base.py", "misc.py"}
    assert [str(path) for path in SOURCES if path.name in drawers] == []


def test_no_index_address_is_written():
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    pattern = re.compile("index" + "-url|find" + "-links|registry *=")
    files = [ROOT / name for name in listing.stdout.split() if not name.endswith(".yaml")]
    hits = [
        str(path)
        for path in files
        if path.is_file() and pattern.search(path.read_text("utf-8", errors="ignore"))
    ]
    assert hits == []


@pytest.mark.xdist_group("one-worker")
def test_tests_of_one_group_run_on_one_worker(request):
    """Without its mark in the name, a group is spread over workers and its runs are repeated."""
    if os.environ.get("PYTEST_XDIST_WORKER"):
        assert request.node.nodeid.endswith("@one-worker")
