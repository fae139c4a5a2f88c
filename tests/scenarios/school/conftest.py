"""The files of the primary school."""

import pytest

from controller import matrix
from controller.interface.files import load
from controller.interface.people import PeopleFile
from controller.interface.points import PointList
from evacuation import Floor
from scenarios.catalog import SITES
from twin.floorfile import FloorFile

SITE = SITES / "primary-school"


@pytest.fixture(scope="module")
def file():
    return load(SITE / "floor.yaml", FloorFile)


@pytest.fixture(scope="module")
def spaces(file):
    return {space.id: space for space in file.spaces}


@pytest.fixture(scope="module")
def portals(file):
    return {portal.id: portal for portal in file.portals}


@pytest.fixture(scope="module")
def floor(file):
    return Floor.from_mapping(file.mapping())


@pytest.fixture(scope="module")
def people():
    return load(SITE / "people.yaml", PeopleFile)


@pytest.fixture(scope="module")
def points():
    return PointList.load(SITE / "points.yaml")


@pytest.fixture(scope="module")
def table(points):
    return matrix.load(SITE / "matrix.yaml", points)
