"""The cameras of `twin devices` have a moving picture that any client can read."""

from __future__ import annotations

import json
from io import BytesIO
from urllib.request import urlopen
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image

from tests.scenarios.test_devices_command import devices

pytestmark = pytest.mark.wire


def parts(stream, count):
    """So many pictures of an MJPEG stream: (time in ms, picture)."""
    found = []
    while len(found) < count:
        head = {}
        while line := stream.readline().strip():
            name, colon, value = line.decode().partition(": ")
            if colon:
                head[name] = value
        if "Content-Length" in head:
            body = stream.read(int(head["Content-Length"]))
            found.append((int(head["X-Time-Ms"]), Image.open(BytesIO(body)).convert("RGB")))
    return found


def test_a_bench_camera_shows_its_floor_its_clock_and_its_faults():
    options = ("--only", "cam-1", "--port", 0, "--fault", "cam-1:lens-blocked:3s")
    with devices("device-hall", *options) as (process, _):
        url = process.web["mjpeg"]
        with urlopen(url, timeout=10) as stream:
            assert stream.headers["Content-Type"].startswith("multipart/x-mixed-replace")
            shown = parts(stream, 20)
        with urlopen(url.replace("live.mjpg", "clip?before_s=2"), timeout=10) as answer:
            archive = ZipFile(BytesIO(answer.read()))
    times = [t for t, _ in shown]
    assert times == sorted(set(times))
    open_, blocked = (np.asarray(shown[k][1]) for k in (0, -1))
    assert open_[40:].max() > 150, "walls"
    assert blocked[40:].max() < 40
    assert blocked[:26].max() > 180, "the clock goes on"
    assert (np.asarray(shown[1][1])[:26] != open_[:26]).any()
    kept = json.loads(archive.read("times.json"))["t_ms"]
    assert kept[-1] - kept[0] == 2000
