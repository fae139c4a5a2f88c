"""A small site: two zones behind a panel, one lock, one sounder, one voice zone, one camera."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller import matrix
from controller.interface.points import PointList
from controller.site import load
from tests.controller.field import Field

SITE = Path(__file__).parent / "site"
POINTS = (SITE / "points.yaml").read_text()
MATRIX = (SITE / "matrix.yaml").read_text()
PEOPLE = (SITE / "people.yaml").read_text()


def write_site(folder: Path, mqtt: int = 11883, fire: int = 15020, door: int = 15021) -> Path:
    ports = (("11883", mqtt), ("15020", fire), ("15021", door))
    text = POINTS
    for usual, port in ports:
        text = text.replace(usual, str(port))
    (folder / "points.yaml").write_text(text)
    (folder / "matrix.yaml").write_text(MATRIX)
    (folder / "people.yaml").write_text(PEOPLE)
    return folder


@pytest.fixture
def folder(tmp_path):
    return write_site(tmp_path)


@pytest.fixture
def points(folder):
    return PointList.load(folder / "points.yaml")


@pytest.fixture
def rules(folder, points):
    return matrix.load(folder / "matrix.yaml", points)


@pytest.fixture
def compile_matrix(tmp_path, points):
    """Compile a matrix text: `compile_matrix(MATRIX.replace(...))`."""

    def build(text: str) -> matrix.Matrix:
        path = tmp_path / "other.yaml"
        path.write_text(text)
        return matrix.load(path, points)

    return build


@pytest.fixture
def problems(tmp_path, points):
    """What is wrong with a matrix text."""

    def check(text: str) -> list[str]:
        path = tmp_path / "other.yaml"
        path.write_text(text)
        return [str(problem) for problem in matrix.check(path, points)]

    return check


@pytest.fixture
def site(folder):
    return load(folder)


@pytest.fixture
def field(site):
    """A controller with its field in memory, one scan old and everything normal."""
    field = Field(site)
    field.until(0)
    return field
