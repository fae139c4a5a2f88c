"""What every test may rely on: outside data by environment, no skip where CI forbids it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("no-clock", deadline=None)
settings.load_profile("no-clock")
"""An example that is slow on a busy machine is no finding; what is timed has tests of its own."""


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of outside data; tests that need it skip by name where it is not given."""
    folder = os.environ.get("CAMPUS_TWIN_DATA")
    if not folder:
        pytest.skip("CAMPUS_TWIN_DATA is not set: outside data is missing")
    return Path(folder)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Where nothing may be missing (CI), a skip is a failure that names what is missing."""
    report = yield
    if report.skipped and os.environ.get("CAMPUS_TWIN_NO_SKIP") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI forbids: {report.longrepr}"
    return report
