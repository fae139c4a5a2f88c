"""Bad input to `twin egress`: one sentence with place and remedy, before any run, exit 2."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scenarios.cli import main
from tests.scenarios.corridor import egress, site

Change = Callable[[dict[str, Any], dict[str, Any]], None]
Say = Callable[..., str]
NAN, INF = float("nan"), float("inf")


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """Type `twin egress ...`, which must end with 2 before anybody moved; return its words."""

    def run(*words: str | Path) -> str:
        monkeypatch.setattr("sys.argv", ["twin", "egress", *map(str, words)])
        monkeypatch.setattr("scenarios.egress.runner.evacuate", pytest.fail)
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        assert ended.value.code == 2
        assert shown.out == ""
        assert "Traceback" not in shown.err
        return shown.err

    return run


def changed(folder: Path, change: Change, count: int = 5) -> Path:
    """The corridor with something wrong in its files."""
    site(folder, count)
    paths = [folder / "floor.yaml", folder / "people.yaml"]
    documents = [json.loads(path.read_text()) for path in paths]
    change(*documents)
    for path, document in zip(paths, documents, strict=True):
        text = json.dumps(document)
        path.write_text(text.replace("NaN", ".nan").replace("Infinity", ".inf"))
    return folder


def put(*keys: str | int, value: Any, people: bool = False) -> Change:
    """Set one value of the floor, or of the people file."""

    def change(floor: dict[str, Any], folk: dict[str, Any]) -> None:
        inner: Any = folk if people else floor
        for key in keys[:-1]:
            inner = inner[key]
        inner[keys[-1]] = value

    return change


def again(part: str, people: bool = False) -> Change:
    """Write an entry twice."""
    return lambda floor, folk: (folk if people else floor)[part].append(
        dict((folk if people else floor)[part][0])
    )


def without(portal: int) -> Change:
    return lambda floor, _: floor["portals"].pop(portal)


WRONG: dict[str, tuple[Change, list[str]]] = {
    "zero width": (put("portals", 0, "width_m", value=0), ["portals[0].width_m", "greater than 0"]),
    "negative area": (put("spaces", 0, "area_m2", value=-1), ["spaces[0].area_m2", "than 0"]),
    "NaN area": (put("spaces", 0, "area_m2", value=NAN), ["spaces[0].area_m2", "finite"]),
    "endless area": (put("spaces", 1, "area_m2", value=INF), ["spaces[1].area_m2", "finite"]),
    "NaN width": (put("portals", 0, "width_m", value=NAN), ["portals[0].width_m", "finite"]),
    "NaN place": (put("portals", 0, "at", value=[NAN, 1]), ["portals[0].at", "finite"]),
    "NaN corner": (
        put("spaces", 0, "outline", value=[[NAN, 0], [1, 0], [1, 1]]), ["spaces[0].outline"],
    ),
    "NaN level": (put("storeys", 0, "z_m", value=NAN), ["storeys[0].z_m", "finite"]),
    "NaN speed": (
        put("profiles", "walker", "speed", "mean", value=NAN, people=True),
        ["people.yaml", "profiles.walker.speed.mean", "nan"],
    ),
    "NaN delay": (
        put("pre_movement", "ten", "median_s", value=NAN, people=True),
        ["pre_movement.ten.median_s", "nan"],
    ),
    "fewer than nobody": (
        put("groups", 0, "count", value=-3, people=True), ["groups[0].count", "-3"],
    ),
    "a portal to itself": (
        put("portals", 0, "between", value=["room", "room"]),
        ["portals[0].between", "two different spaces"],
    ),
    "a portal to nowhere": (
        put("portals", 0, "between", value=["rom", "corridor"]), ["portals[0].between", "room"],
    ),
    "a space twice": (again("spaces"), ["spaces[3].id", "room is used twice"]),
    "a portal twice": (again("portals"), ["portals[2].id", "door is used twice"]),
    "a group twice": (again("groups", people=True), ["groups[1].id", "'g'"]),
    "no safe place": (
        put("spaces", 2, "safe", value=False), ["no exit", "mark the street or yard as safe"],
    ),
    "no way out": (without(1), ["no exit", "join it to the building by a portal"]),
    "a floor in two parts": (
        without(0), ["spaces[0]", "5 people are in room", "join it by a portal or move the people"],
    ),
    "a room that is not there": (
        put("groups", 0, "at", value={"lesson": "rom"}, people=True),
        ["people.yaml", "groups[0].at.lesson", "did you mean `room`"],
    ),
    "nobody at all": (put("groups", value=[], people=True), ["give a group a room"]),
    "nobody inside": (
        put("groups", 0, "at", value={"lesson": "street"}, people=True), ["give a group a room"],
    ),
    "an unknown key": (put("spaces", 0, "areea", value=1), ["areea", "did you mean `area_m2`"]),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_can_not_be_meant_is_one_sentence(tmp_path: Path, said: Say, name: str) -> None:
    change, words = WRONG[name]
    text = said(changed(tmp_path, change))
    assert len(text.strip().splitlines()) <= 2
    assert "yaml" in text
    assert [word for word in words if word not in text] == [], text


def test_a_million_people_in_a_cupboard_are_refused(tmp_path: Path, said: Say) -> None:
    text = said(site(tmp_path, count=1_000_000))
    assert "groups[0].at.lesson: 1000000 people do not fit in room (50 m2)" in text
    assert "move some or check area_m2" in text


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["--seeds", "0..x"], "write 1..59 or 1,2,7"),
        (["--seeds", "5..1"], "no seed"),
        (["--seeds", "1..100000000000"], "more than 100000 runs"),
        (["--seeds", "9" * 5000], "at most 18 digits"),
        (["--laws", "labratory"], "did you mean 'laboratory'"),
        (["--laws", ""], "there are bounding, laboratory"),
        (["--period", "leson"], "did you mean 'lesson'"),
        (["--period", "night"], "try --period lesson"),
        (["--closed", "dor"], "did you mean 'door'"),
        (["--thresholds", "tet=0"], "above zero"),
        (["--out", "SITE/floor.yaml"], "name a folder"),
        (["--out", "SITE/out", "--table", "xls"], "parquet or csv"),
        (["--people", "nobody.yaml"], "nobody.yaml"),
        (["--jobs", "-1"], "--jobs"),
    ],
)
def test_a_word_that_can_not_be_meant_is_answered(
    tmp_path: Path, said: Say, words: list[str], answer: str
) -> None:
    place = site(tmp_path)
    text = said(place, *(word.replace("SITE", str(place)) for word in words))
    assert answer in text, text


def test_a_floor_that_is_not_there_is_answered_with_those_that_are(said: Say) -> None:
    assert "primary-school" in said("primary-schol")
    with pytest.raises(ValueError, match="seed"):
        egress(Path("primary-school"), seeds=[])
