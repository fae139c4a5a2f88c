"""One small run shared by all tests that only read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.dossier import Dossier
from tests.reports import synthetic


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthetic.write(tmp_path_factory.mktemp("runs") / "small")


@pytest.fixture(scope="session")
def dossier(folder: Path) -> Dossier:
    return Dossier.load(folder)
