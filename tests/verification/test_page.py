"""What `twin verify` returns, the page that is generated, and the data behind the validation."""

import json
from pathlib import Path

import pytest

from evacuation.verification import GROUPS, measured
from evacuation.verification.suite import CASES
from scenarios import verifying
from tests.verification.outcomes import outcome

PAGE = Path(__file__).parents[2] / "docs" / "verification.md"


def test_the_committed_page_is_the_generated_one(monkeypatch):
    ordered = [outcome(one.id) for name in GROUPS for one in CASES if one.group == name]
    monkeypatch.setattr(verifying, "run", lambda: ordered)
    assert PAGE.read_text("utf-8") == verifying.document(), (
        "run `python -m scenarios.verifying > docs/verification.md`"
    )


def test_the_page_names_every_case_and_says_what_it_does_not_prove():
    text = PAGE.read_text("utf-8")
    assert all(f"| {one.id} |" in text for one in CASES)
    assert "Verified is not validated" in text


def test_a_group_comes_as_rows_with_counts():
    found = verifying.verify("counterflow")
    assert found["passed"] + found["failed"] + found["not_met"] == len(found["tests"]) == 1
    keys = "id group title refs expected measured unit verdict by_construction"
    assert set(keys.split()) <= set(found["tests"][0])
    json.dumps(found, allow_nan=False)
    text = verifying.verify_text(found)
    assert "I8" in text
    assert "1 passed, 0 failed, 0 not met" in text


def test_an_unknown_group_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match="did you mean `counterflow`"):
        verifying.verify("counterflo")


def test_without_the_data_validation_is_left_out_and_says_so(monkeypatch):
    monkeypatch.delenv("CAMPUS_TWIN_DATA", raising=False)
    found = verifying.verify("validation")
    assert found["tests"] == []
    assert "CAMPUS_TWIN_DATA" in found["left_out"]["validation"]
    assert "left out: validation" in verifying.verify_text(found)


def test_a_data_folder_without_the_trajectories_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("CAMPUS_TWIN_DATA", str(tmp_path))
    with pytest.raises(ValueError, match="holds no ped/trajectories"):
        verifying.verify("validation")


def test_measured_bottleneck_flows_are_bracketed(data, monkeypatch):
    monkeypatch.setenv("CAMPUS_TWIN_DATA", str(data))
    found = verifying.verify("validation")
    assert [test["verdict"] for test in found["tests"]] == ["pass", "pass"]
    for one, test in zip(measured.EXPERIMENTS, found["tests"], strict=True):
        assert test["values"]["experiment"] == pytest.approx(one.flow_per_s, abs=0.001)
        assert "bounding" in test["measured"]
        assert "ratio" in test["measured"]


@pytest.mark.parametrize(
    ("one", "count", "first_s", "last_s"),
    [(measured.EXPERIMENTS[0], 75, 0.52, 65.0), (measured.EXPERIMENTS[1], 348, 0.875, 52.75)],
    ids=lambda value: getattr(value, "id", None),
)
def test_trajectories_give_the_known_crossings(data, one, count, first_s, last_s):
    times = measured.crossing_times(data / one.path)
    assert len(times) == count
    assert times[0] == pytest.approx(first_s, abs=0.07)
    assert times[-1] == pytest.approx(last_s, abs=0.07)


def test_a_trajectory_file_without_a_frame_rate_is_refused(tmp_path):
    path = tmp_path / "t.txt"
    path.write_text("# id frame x y\n1 0 0.0 -1.0\n1 1 0.0 1.0\n", "utf-8")
    with pytest.raises(ValueError, match="framerate"):
        measured.crossing_times(path)


def test_a_drawn_trajectory_file_is_read(tmp_path):
    path = tmp_path / "t.txt"
    path.write_text(
        "# framerate: 10 fps\n1 0 0.0 -1.0\n1 5 0.0 1.0\n2 0 0.0 -2.0\n2 30 0.0 0.1\n", "utf-8"
    )
    assert measured.crossing_times(path) == [0.5, 3.0]
