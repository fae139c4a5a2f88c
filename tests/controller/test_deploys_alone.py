"""A run with the controller from an environment that holds nothing but the controller."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCENARIO = """
scenario: 1
say: "A call point is pressed."
site: primary-school
period: lesson
seed: 1
give_up: 12 s
happens:
  - {at: 2 s, press: mcp-guard}
expect:
  - {id: E1, say: "Locks let go", within: {from: "press mcp-guard",
     to_every: "feedback lock-*.release ok", limit: 5 s}}
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an environment into which only `./controller` was installed."""
    folder = tmp_path_factory.mktemp("alone") / "venv"
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, str(ROOT / "controller")], check=True, timeout=120)
    return folder


def run(folder: Path, *options: str) -> dict[str, object]:
    """The JSON document of one run on rig wire."""
    scenario = folder / "pressed.yaml"
    scenario.write_text(SCENARIO)
    twin = [str(Path(sys.executable).parent / "twin"), "run", str(scenario), "--rig", "wire"]
    words = [*twin, *options, "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
    document: dict[str, object] = json.loads(done.stdout)
    return document


@pytest.mark.wire
def test_the_environment_holds_only_the_controller(installed: Path) -> None:
    ours = "scenarios, reports, twin, devices, evacuation"
    ask = f"import importlib.util as u; print([n for n in '{ours}'.split(', ') if u.find_spec(n)])"
    words = [str(installed / "bin" / "python"), "-I", "-c", ask]
    found = subprocess.run(words, capture_output=True, text=True, check=True, cwd=installed)
    assert found.stdout.strip() == "[]"


@pytest.mark.wire
def test_a_run_is_the_same_with_the_installed_controller(installed: Path, tmp_path: Path) -> None:
    program = str(installed / "bin" / "campus-controller")
    alone = run(tmp_path, "--controller", program, "--out", str(tmp_path / "alone"))
    usual = run(tmp_path, "--out", str(tmp_path / "usual"))
    assert alone["verdict"] == "pass"
    for name in ("journal_sha256", "decisions_sha256", "bytes_sha256"):
        assert alone[name] == usual[name], name
