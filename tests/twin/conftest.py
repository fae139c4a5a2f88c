"""The campus that twin tests run on."""

from pathlib import Path

import pytest

from tests.twin.campus import small_campus
from twin.site import Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return small_campus(tmp_path)
