"""A whole run beside a GB/T 28181 platform: what the cameras see arrives there as alarms."""

from __future__ import annotations

import shutil
import socket
import threading
from pathlib import Path

import pytest

from scenarios.catalog import CATALOGUE, SITES
from scenarios.run import Order, run
from tests.devices.platform import Platform, element, field

pytestmark = pytest.mark.wire


class Beside(threading.Thread):
    """The small platform in a thread of its own, as another program would be."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.platform = Platform()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))

    def run(self) -> None:
        while True:
            try:
                datagram, address = self.socket.recvfrom(65_535)
            except OSError:
                return
            for answer in self.platform.receive(datagram):
                self.socket.sendto(answer, address)


def site_with(beside: Beside, folder: Path) -> Path:
    """The vendor hall, with the platform at the port where it listens."""
    site = folder / "vendor-hall"
    shutil.copytree(SITES / "vendor-hall", site)
    points = site / "points.yaml"
    port = beside.socket.getsockname()[1]
    points.write_text(points.read_text("utf-8").replace("port: 5060", f"port: {port}"), "utf-8")
    return site


def test_crowds_of_a_run_are_alarms_on_the_platform(tmp_path: Path) -> None:
    beside = Beside()
    beside.start()
    site = site_with(beside, tmp_path)
    text = (CATALOGUE / "vendor-hall-fire.yaml").read_text("utf-8")
    scenario = tmp_path / "fire.yaml"
    scenario.write_text(text.replace("site: vendor-hall", f"site: {site}"), "utf-8")
    result = run(Order(scenario, rig="wire", out=tmp_path / "out"))
    beside.socket.close()
    assert result.document["verdict"] == "pass", result.document["error"]
    platform = beside.platform
    alarms = {(element(d, "DeviceID"), element(d, "AlarmType")) for d in platform.messages("Alarm")}
    assert ("34020000001320000001", "10") in alarms, "the hall at the beginning"
    assert ("34020000001320000003", "10") in alarms, "the lobby on the way out"
    assert all(element(d, "AlarmTime")[:10] == "2025-09-01" for d in platform.messages("Alarm"))
    last = [d for d in platform.got if d.startswith(b"REGISTER")][-1]
    assert field(last, "Expires") == "0", "it says goodbye"
