"""A browser shows the moving picture of a camera."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import ROOT

pytestmark = pytest.mark.browser


def test_chromium_shows_the_mjpeg_of_a_camera(page: Page, address: str, runs_folder: Path) -> None:
    words = ["run", "device-hall-fire", "--rig", "memory", "--film", "--out"]
    order = [sys.executable, "-m", "scenarios.cli", *words, str(runs_folder / "hall")]
    subprocess.run(order, cwd=ROOT, check=True, capture_output=True)
    page.goto(f"{address}/api")
    page.evaluate(
        "src => { const i = document.createElement('img'); i.id = 'cam'; i.src = src;"
        " document.body.append(i); }",
        "/cameras/cam-1/live.mjpg?run=hall&t_ms=60000",
    )
    page.wait_for_function("() => document.getElementById('cam').naturalWidth === 640")
    shot = "() => { const c = document.createElement('canvas'); c.width = 640; c.height = 26;"
    shot += " c.getContext('2d').drawImage(document.getElementById('cam'), 0, 0);"
    shot += " return c.toDataURL(); }"
    first = page.evaluate(shot)
    page.wait_for_function(f"first => ({shot})() !== first", arg=first)
