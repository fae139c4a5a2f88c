"""The unit of systemd and the container file say what the program understands."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from controller.options import running

DEPLOY = Path(__file__).parents[2] / "controller" / "deploy"


def unit() -> dict[str, str]:
    text = (DEPLOY / "campus-controller.service").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if "=" in line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_the_unit_starts_the_program_with_words_that_it_takes():
    program, *words = shlex.split(unit()["ExecStart"])
    assert program.endswith("/campus-controller")
    assert words.pop() == "$OPTIONS"
    options = running().parse_args(words)
    assert options.state.parent == options.journal.parent == Path("/var/lib/campus-controller")
    assert options.key.parent != options.journal.parent, "the key lies apart from the journal"
    assert options.anchors.parent != options.journal.parent


def test_the_unit_watches_restarts_and_reloads():
    said = unit()
    assert said["Type"] == "notify"
    assert int(said["WatchdogSec"]) * 1000 > 2 * 250, "more than two scans"
    assert said["Restart"] == "always"
    assert said["RestartPreventExitStatus"] == "2", "bad files are not tried again and again"
    assert said["ExecReload"].endswith("-HUP $MAINPID")
    assert said["ProtectSystem"] == "strict"
    assert said["CapabilityBoundingSet"] == ""


def test_the_container_runs_the_same_program_as_nobody_in_particular():
    text = (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    (command,) = re.findall(r"^CMD (\[.*\])$", text, re.M)
    options = running().parse_args(json.loads(command))
    assert options.state.parent == Path("/var/lib/campus-controller")
    assert "USER campus-controller" in text
    assert "COPY . /source" in text


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_systemd_understands_every_line_of_the_unit(tmp_path):
    """The program itself is not installed here: /bin/true stands where it will be."""
    text = (DEPLOY / "campus-controller.service").read_text("utf-8")
    path = tmp_path / "campus-controller.service"
    path.write_text(text.replace("/opt/campus-controller/bin/campus-controller", "/bin/true"))
    found = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(path)], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (found.returncode, found.stdout + found.stderr) == (0, "")
