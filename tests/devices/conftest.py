"""The plant that device tests work on."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.catalog import SITES
from tests.devices.desk import Desk
from tests.devices.plant import Plant


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    return Plant(tmp_path)


@pytest.fixture
def desk(plant: Plant) -> Desk:
    return Desk(plant)


@pytest.fixture
def hall(tmp_path: Path) -> Plant:
    """The device hall: one of every kind, each with all its points."""
    return Plant(tmp_path, points=(SITES / "device-hall" / "points.yaml").read_text("utf-8"))
