"""FDS output becomes a smoke table: what is written at head height is what people meet."""

import builtins
import struct

import numpy as np
import pytest

from evacuation.smoke.source import load_smoke
from evacuation.smoke.tablefile import SmokeTableError
from evacuation.verification.geometry import corridor, door, plan, room
from tests.evacuation import fds_output

pytest.importorskip("fdsreader", reason="the extra `fds` is not installed")
FLOOR = plan(
    room("left", 0, 0, 2, 2), room("right", 2, 0, 2, 2), room("far", 50, 0, 5, 5),
    door("d", "left", "right", 2, 1), door("x", "right", "street", 4, 1),
    door("y", "far", "street", 55, 2),
)  # fmt: skip
HEAD = 4


def smoke(left: float, right: float) -> np.ndarray:
    """Extinction [times, nodes] that grows over the run, much thicker under the ceiling.

    One byte resolves 0.25 per m to 4 %.
    """
    one = np.zeros(fds_output.NODES)
    one[:4], one[5:] = left, right
    one[:, :, HEAD + 1 :] = 4.0
    return np.array([share * one for share in (0.0, 0.5, 1.0)])


def flat(value: float) -> np.ndarray:
    return np.array([np.full(fds_output.NODES[:2], share * value) for share in (0.0, 0.5, 1.0)])


def test_extinction_at_head_height_comes_back_from_smoke3d(tmp_path):
    table = load_smoke(fds_output.write(tmp_path, smoke(1.0, 0.25), {}), FLOOR)
    assert table.spaces == ("left", "right")
    assert table.at("left", 20.0)[0] == pytest.approx(1.0, rel=0.02)
    assert table.at("right", 20.0)[0] == pytest.approx(0.25, rel=0.04)
    assert table.at("left", 5.0)[0] == pytest.approx(0.25, rel=0.04)
    assert any("no data at all for co_ppm" in note for note in table.notes)
    assert any("1 spaces stay clean" in note and "far" in note for note in table.notes)


def test_slices_give_gases_and_heat_and_go_before_smoke3d(tmp_path):
    slices = {
        "SOOT EXTINCTION COEFFICIENT": flat(0.8),
        "CARBON MONOXIDE VOLUME FRACTION": flat(0.004),
        "OXYGEN VOLUME FRACTION": flat(0.16),
        "TEMPERATURE": flat(90.0),
    }
    table = load_smoke(fds_output.write(tmp_path, smoke(3.0, 3.0), slices), FLOOR)
    extinction, air = table.at("left", 20.0)
    assert extinction == pytest.approx(0.8)
    assert air.co_ppm == pytest.approx(4000, rel=1e-5)
    assert air.o2_percent == pytest.approx(16, rel=1e-5)
    assert air.temperature_c == pytest.approx(90)
    assert air.co2_percent == 0.04


def test_reading_leaves_nothing_behind_and_an_old_cache_is_not_opened(tmp_path):
    smv = fds_output.write(tmp_path, smoke(1.0, 1.0), {})
    before = sorted(p.name for p in tmp_path.iterdir())
    load_smoke(smv, FLOOR)
    assert sorted(p.name for p in tmp_path.iterdir()) == before
    (tmp_path / "t.pickle").write_bytes(b"not to be opened")
    with pytest.raises(SmokeTableError, match="not safe to read: move it away"):
        load_smoke(smv, FLOOR)
    assert (tmp_path / "t.pickle").read_bytes() == b"not to be opened"


def test_output_that_cannot_be_used_is_one_sentence(tmp_path):
    with pytest.raises(SmokeTableError, match="no readable output of FDS"):
        load_smoke(tmp_path, FLOOR)
    away = plan(room("far", 50, 0, 5, 5), door("y", "far", "street", 55, 2))
    smv = fds_output.write(tmp_path, smoke(1.0, 1.0), {})
    with pytest.raises(SmokeTableError, match="nothing at head height in any space"):
        load_smoke(smv, away)
    hole = {"TEMPERATURE": flat(np.nan)}
    with pytest.raises(SmokeTableError, match="wrote for left is not a number"):
        load_smoke(fds_output.write(tmp_path, smoke(1.0, 1.0), hole), FLOOR)


def test_without_fdsreader_the_extra_is_named(tmp_path, monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name.startswith("fdsreader"):
            raise ModuleNotFoundError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SmokeTableError, match=r"needs the extra `fds`: pip install"):
        load_smoke(tmp_path, FLOOR)


def last_code(path, index: int) -> int:
    """The byte of one node in the last frame of an .s3d file, decoded here by hand."""
    raw, at, body = path.read_bytes(), 0, b""
    while at < len(raw):
        (size,) = struct.unpack_from("<i", raw, at)
        body, at = raw[at + 4 : at + 4 + size], at + size + 8
    k, seen = 0, 0
    while True:
        value, repeats, k = (body[k + 1], body[k + 2], k + 3) if body[k] == 255 else (
            body[k], 1, k + 1)  # fmt: skip
        seen += repeats
        if seen > index:
            return value


def test_real_output_without_its_slices_gives_smoke_and_says_what_is_missing(data):
    folder = data / "fds" / "jpsfire_demo"
    floor = plan(
        room("fire", 16, 7, 3, 3), room("point", 17.2, 8.2, 0.1, 0.1), room("hall", 10, 0, 5, 5),
        corridor("corridor", -10, 5, 35, 2), door("a", "fire", "corridor", 17.5, 7),
        door("p", "point", "fire", 17.2, 8.2), door("b", "hall", "corridor", 12, 5),
        door("x", "corridor", "street", 25, 6),
    )  # fmt: skip
    table = load_smoke(folder, floor)
    assert "15 files that jpsfire_demo.smv names are not there" in table.notes[0]
    assert "jpsfire_demo_0001_01.sf" in table.notes[0]
    assert "no data at all for co_ppm" in table.notes[1]
    last = {space: table.at(space, 120.0)[0] for space in table.spaces}
    assert last["hall"] == 0.0 < last["corridor"] < last["fire"] < 2.0
    x, y, z = round((17.25 + 10) / 0.25), round((8.25 - 5) / 0.25), round(2.0 / 0.25)
    index = x + 141 * (y + 21 * z)
    by_hand = -np.log(1 - last_code(folder / "jpsfire_demo_0002_01.s3d", index) / 254) / 0.25
    assert last["point"] == pytest.approx(by_hand, rel=1e-6)
    assert not list(folder.glob("*.pickle"))
