"""Compiled kernels: an edited callee is seen, in spite of the cache; the engine is quick."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import evacuation

CALL = """
from evacuation.engine import compiled, density
from evacuation.engine.compiled import entry
from evacuation.engine.log import millis
from evacuation.engine.probe import probe
print(probe(2.2), compiled.FOLDER)
"""
PROBE = """
from evacuation.engine.compiled import entry
from evacuation.engine.log import millis


@entry
def probe(t: float) -> int:
    return millis(t)
"""


def run_copy(folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", CALL],
        cwd=folder,
        env={**os.environ, "NUMBA_CACHE_DIR": str(folder / "cache"), "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_an_edited_callee_in_another_module_is_seen(tmp_path: Path) -> None:
    source = Path(evacuation.__file__).parent
    shutil.copytree(
        source, tmp_path / "evacuation", ignore=shutil.ignore_patterns("__pycache__", "bim")
    )
    (tmp_path / "evacuation/engine/probe.py").write_text(PROBE)
    before, folder = run_copy(tmp_path)
    callee = tmp_path / "evacuation/engine/log.py"
    callee.write_text(callee.read_text().replace("int(t + 0.5)", "int(t + 100.5)"))
    after, other_folder = run_copy(tmp_path)
    assert (before, after) == ("2", "102")
    assert folder != other_folder


def test_warming_tells_what_it_does() -> None:
    lines: list[str] = []
    evacuation.warm(lines.append)
    assert lines[0].startswith("crowd engine: compiling kernels into ")
    assert "crowd engine: ready" in lines
    assert lines[-1] == "crush zone: ready"
