"""A new site works before anything in it is changed."""

import pytest

from controller.interface.files import BadFile
from scenarios.check import check
from scenarios.starter import init


def test_a_new_site_and_its_scenario_check_clean(tmp_path):
    written = init("green-lane", tmp_path)
    assert [str(path.relative_to(tmp_path)) for path in written] == [
        "green-lane/floor.yaml",
        "green-lane/points.yaml",
        "green-lane/people.yaml",
        "green-lane/matrix.yaml",
        "green-lane-drill.yaml",
    ]
    assert check(tmp_path / "green-lane") == []
    assert check(tmp_path / "green-lane-drill.yaml") == []


def test_the_new_site_bears_the_name_everywhere(tmp_path):
    for path in init("green-lane", tmp_path):
        assert "my-site" not in path.read_text()
    assert "site: green-lane" in (tmp_path / "green-lane" / "points.yaml").read_text()


def test_every_file_says_what_it_is_for(tmp_path):
    for path in init("green-lane", tmp_path):
        assert path.read_text().startswith("# ")


@pytest.mark.parametrize("there", ["green-lane/floor.yaml", "green-lane-drill.yaml"])
def test_nothing_is_overwritten(tmp_path, there):
    mine = tmp_path / there
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine")
    with pytest.raises(BadFile, match="already there"):
        init("green-lane", tmp_path)
    assert mine.read_text() == "mine"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [mine]


def test_a_name_that_cannot_be_a_topic_is_refused_with_one_that_can(tmp_path):
    with pytest.raises(BadFile) as caught:
        init("Green Lane!", tmp_path)
    (problem,) = caught.value.problems
    assert problem.suggestion == "green-lane"
    assert list(tmp_path.iterdir()) == []
