"""A recorded crush, drawn: the same bytes again, and no picture of what is no recording."""

import pyarrow as pa
import pytest
from PIL import Image
from pyarrow import parquet

from evacuation.zone import scenes
from evacuation.zone.recording import Recording
from reports.crush import Crush, write_frames, write_gif


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    zone = scenes.stairwell(30, 4.0, 1, scenes.CALM)
    recording = Recording(zone)
    zone.trip(scenes.lowest(zone, 3.5))
    for _ in range(3):
        zone.advance(1_000)
        recording.take()
    path = tmp_path_factory.mktemp("crush") / "crush.parquet"
    recording.write(path)
    return path


def test_a_recording_holds_everybody_at_every_time(recorded):
    crush = Crush.read(recorded)
    assert crush.times_ms == [1_000, 2_000, 3_000]
    first = crush.columns["t_ms"] == 1_000
    lies = crush.columns["lies"][first]
    assert (lies.sum(), len(lies)) == (3, 29 + 3), "three discs for one who lies"


def test_frames_and_animation_are_the_same_bytes_again(recorded, tmp_path):
    crush = Crush.read(recorded)
    for name, write in (("a.svg", write_frames), ("a.gif", write_gif)):
        write(crush, tmp_path / name)
        write(crush, tmp_path / f"again-{name}")
        assert (tmp_path / name).read_bytes() == (tmp_path / f"again-{name}").read_bytes()
    with Image.open(tmp_path / "a.gif") as picture:
        assert picture.n_frames == 3
    assert "compressive force" in (tmp_path / "a.svg").read_text()


def test_another_table_is_refused(tmp_path):
    parquet.write_table(pa.table({"x": [1]}), tmp_path / "x.parquet")
    with pytest.raises(ValueError, match=r"x\.parquet is no recording of a crush zone"):
        Crush.read(tmp_path / "x.parquet")
