"""The pictures of a run's cameras: true to the people in view, to faults, and clear in refusals."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen
from zipfile import ZipFile

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import label

from controller.interface.fieldofview import FieldOfView
from reports.film import Body, Film
from reports.footage import Footage
from reports.picture import PERSON, Easel, Ground, Moment
from reports.runs import Runs
from reports.web import create_app
from reports.web_gallery import RunGallery
from scenarios.control import ControlServer
from scenarios.run import Order, run
from tests.reports.test_web_api import Client

SCENARIO = """
scenario: 1
say: A fire before blocked and frozen lenses.
site: device-hall
period: open
seed: 3
give_up: 100 s
happens:
  - {at: 10 s, fire: hall, growth: fast, peak: 1500 kW}
  - {at: 20 s, device: cam-1, fault: lens-blocked, lasts: 4 s}
  - {at: 30 s, device: cam-1, fault: frozen, lasts: 10 s}
expect:
  - {id: E1, say: The fire is seen, eventually: alarm hall confirmed}
"""
HALL = ((0.0, 0.0), (20.0, 0.0), (20.0, 10.0), (0.0, 10.0))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("runs")
    (place.parent / "drill.yaml").write_text(SCENARIO)
    drill = place.parent / "drill.yaml"
    run(Order(drill, "memory", out=place / "drill", report=False, film=True))
    return place


@pytest.fixture
def client(folder: Path) -> Client:
    return Client(create_app(Runs(folder)))


def pixels(content: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(BytesIO(content)).convert("RGB"))


def blobs(image: Image.Image) -> int:
    yellow = (np.asarray(image) == PERSON).all(axis=2)
    return int(label(yellow)[1])


@pytest.mark.parametrize("people", [0, 1, 7, 24])
def test_a_picture_holds_as_many_blobs_as_people_in_view(people: int) -> None:
    easel = Easel(Ground({"hall": HALL}, (), FieldOfView((10.0, 5.0), 0.0, 360.0, 1000.0)))
    bodies = [Body("hall", 1.0 + 2.3 * (k % 8), 1.5 + 2.5 * (k // 8), False) for k in range(people)]
    bodies.append(Body("elsewhere", 5.0, 5.0, False))
    assert blobs(easel.draw(Moment(bodies, {}, False, "", "cam-1"))) == people


def test_who_stands_outside_the_sector_is_not_in_the_picture() -> None:
    easel = Easel(Ground({"hall": HALL}, (), FieldOfView((0.0, 5.0), 0.0, 90.0, 8.0)))
    bodies = [Body("hall", 5.0, 5.0, False), Body("hall", 12.0, 5.0, False)]
    bodies.append(Body("hall", 1.0, 9.0, False))
    assert blobs(easel.draw(Moment(bodies, {}, False, "", "cam-1"))) == 1


def test_a_run_gives_the_picture_of_each_of_its_moments(client: Client, folder: Path) -> None:
    footage = Footage(folder / "drill")
    footage.refresh()
    assert footage.people("cam-1", 0) > 0
    first = client.get("/cameras/cam-1/still.jpg?t_ms=0")
    assert first.headers["content-type"] == "image/jpeg"
    assert first.headers["x-time-ms"] == "0"
    picture = pixels(first.content)
    assert picture.shape == (360, 640, 3)
    assert (np.abs(picture.astype(int) - PERSON).sum(axis=2) < 60).any()


def test_a_blocked_lens_is_black_but_for_its_clock(client: Client) -> None:
    picture = pixels(client.get("/cameras/cam-1/still.jpg?t_ms=22000").content)
    assert picture[40:].max() < 40
    assert picture[:26].max() > 180
    assert pixels(client.get("/cameras/cam-1/still.jpg?t_ms=26000").content)[40:].max() > 60


def test_a_frozen_picture_stands_still_with_its_clock(client: Client) -> None:
    held = client.get("/cameras/cam-1/still.jpg?t_ms=31000").content
    assert client.get("/cameras/cam-1/still.jpg?t_ms=36000").content == held
    assert client.get("/cameras/cam-1/still.jpg?t_ms=29000").content != held


def test_the_stream_is_parts_of_jpeg_with_rising_times(client: Client, folder: Path) -> None:
    footage = Footage(folder / "drill")
    footage.refresh()
    late = footage.until_ms - 2_000
    answer = client.get(f"/cameras/cam-1/live.mjpg?run=drill&t_ms={late}&speed=4")
    assert answer.headers["content-type"] == "multipart/x-mixed-replace; boundary=picture"
    parts = answer.content.split(b"--picture\r\n")[1:]
    times = [int(part.split(b"X-Time-Ms: ")[1].split(b"\r\n")[0]) for part in parts]
    assert times[0] == late
    assert times[-1] == footage.until_ms
    assert times == sorted(set(times))
    for part in parts:
        size = int(part.split(b"Content-Length: ")[1].split(b"\r\n")[0])
        body = part.split(b"\r\n\r\n", 1)[1][:size]
        assert pixels(body).shape == (360, 640, 3)


def test_the_clip_before_a_moment_has_its_pictures_and_their_times(client: Client) -> None:
    answer = client.get("/cameras/cam-1/clip?t_ms=10000&before_s=2")
    with ZipFile(BytesIO(answer.content)) as archive:
        times = json.loads(archive.read("times.json"))["t_ms"]
        assert times == list(range(8_000, 10_001, 200))
        assert archive.namelist()[:-1] == [f"{t:08}.jpg" for t in times]
        assert archive.read("00008000.jpg").startswith(b"\xff\xd8")
    moving = Image.open(BytesIO(client.get("/cameras/cam-1/clip?t_ms=5000&as=gif").content))
    assert moving.n_frames > 1


def test_the_list_names_the_cameras_of_the_run(client: Client) -> None:
    listed = client.get("/cameras").json()
    assert listed["run"] == "drill"
    assert [one["id"] for one in listed["cameras"]] == ["cam-1", "cam-2"]
    assert client.get(listed["cameras"][0]["still"]).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/cameras/cam-1x/still.jpg", 404, "There is no camera 'cam-1x' in this run."),
        ("/cameras/cam-1/still.jpg?t_ms=999999999", 422, "t_ms: there are pictures up to"),
        ("/cameras/cam-1/still.jpg?t_ms=-1", 422, "t_ms: input should be greater than"),
        ("/cameras/cam-1/clip?before_s=600", 422, "before_s: input should be less than"),
        ("/cameras/cam-1/live.mjpg?run=dril", 404, "There is no run 'dril'"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_one_sentence(
    client: Client, path: str, status: int, sentence: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.json()["error"].startswith(sentence)
    assert "camera" not in sentence or answer.json()["nearest"] == "cam-1"


def test_a_run_that_takes_orders_shows_its_pictures_at_the_same_address(folder: Path) -> None:
    control = ControlServer(None, 0, RunGallery(Runs(folder)))
    try:
        with urlopen(f"{control.url}/cameras/cam-1/still.jpg?t_ms=9000", timeout=10) as answer:
            assert pixels(answer.read()).shape == (360, 640, 3)
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"{control.url}/cameras/cam-9/still.jpg", timeout=10)
    finally:
        control.close()


def test_a_film_that_is_still_being_written_is_read_up_to_its_last_whole_frame(
    folder: Path, tmp_path: Path
) -> None:
    whole = folder / "drill" / "cameras.film"
    content = whole.read_bytes()
    growing = tmp_path / "cameras.film"
    seen = []
    film = Film(growing)
    for end in (10, 400, 401, len(content) // 2, len(content)):
        growing.write_bytes(content[:end])
        film.read()
        seen.append(film.last_ms)
    assert seen[0] == -1
    assert seen == sorted(seen)
    direct = Film(whole)
    direct.read()
    assert seen[-1] == direct.last_ms
    assert film.at(7_300) == direct.at(7_300)
