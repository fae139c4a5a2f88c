"""What is read from trajectory files: passages, flows, densities; counted by hand and by PedPy."""

import numpy as np
import pytest

from evacuation.verification import corridors, measured, singlefile
from evacuation.verification.trajectories import Tracks


def drawn(folder, head="# framerate: 10 fps\n"):
    path = folder / "t.txt"
    path.write_text(head + "1 0 0.0 -1.0\n1 5 0.0 1.0\n2 0 0.0 -2.0\n2 30 0.0 0.1\n", "utf-8")
    return path


def test_a_passage_is_the_first_picture_beyond_the_line(tmp_path):
    tracks = Tracks.read(drawn(tmp_path))
    assert tracks.crossings(tracks.y_m, 0.0) == [0.5, 3.0]
    assert tracks.crossings(tracks.y_m, 0.5) == [0.5]


def test_density_is_persons_in_the_box_meaned_over_pictures(tmp_path):
    path = tmp_path / "t.txt"
    path.write_text("1 0 50 50\n1 1 50 50\n2 0 50 50\n2 1 900 50\n", "utf-8")
    tracks = Tracks.read(path, rate_hz=2.0, unit_m=0.01)
    # two in one picture, one in the next, on 2 m2
    assert tracks.density((0, 1, 0, 2), 0.0, 0.5) == pytest.approx(1.5 / 2)


def test_a_file_without_a_frame_rate_is_refused(tmp_path):
    with pytest.raises(ValueError, match="framerate"):
        Tracks.read(drawn(tmp_path, head="# id frame x y\n"))


@pytest.mark.parametrize(
    ("one", "count", "first_s", "last_s", "flow"),
    [(measured.BOTTLENECKS[0], 75, 0.52, 65.0, 1.148),
     (measured.BOTTLENECKS[1], 348, 0.875, 52.75, 6.689)],
    ids=lambda value: getattr(value, "id", None),
)  # fmt: skip
def test_bottlenecks_give_the_known_passages(data, one, count, first_s, last_s, flow):
    times = measured.crossed(one, data)
    assert len(times) == count
    assert times[0] == pytest.approx(first_s, abs=0.07)
    assert times[-1] == pytest.approx(last_s, abs=0.07)
    assert (count - 1) / (times[-1] - times[0]) == pytest.approx(flow, abs=0.001)


@pytest.mark.parametrize(
    ("entrance", "exit_", "people"),
    [(0.50, 1.80, 61), (1.45, 1.80, 175), (1.80, 1.80, 220), (1.80, 0.95, 159), (1.80, 0.70, 148)],
)
def test_corridors_give_all_people_and_a_sensible_speed(data, entrance, exit_, people):
    seen = corridors.observed(data / corridors.path_of(entrance, exit_))
    assert len(seen.ends_s) == people
    # Weidmann 1993 at that density, +/- 0.3 m/s: what the handbooks' scatter allows
    law = 1.34 * (1 - np.exp(-1.913 * (1 / seen.density_per_m2 - 1 / 5.4)))
    assert seen.speed_m_s == pytest.approx(law, abs=0.3)


def test_our_classical_density_is_that_of_pedpy(data):
    pedpy = pytest.importorskip("pedpy", reason="pedpy is not installed (extra jupedsim)")
    path = data / corridors.path_of(1.80, 0.70)
    tracks = Tracks.read(path, rate_hz=16.0, unit_m=0.01)
    theirs = pedpy.load_trajectory(
        trajectory_file=path, default_frame_rate=16.0, default_unit=pedpy.TrajectoryUnit.CENTIMETER
    )
    area = pedpy.MeasurementArea([(0, -1), (1.8, -1), (1.8, 1), (0, 1)])
    by_frame = pedpy.compute_classic_density(traj_data=theirs, measurement_area=area)
    frames = by_frame.index.get_level_values("frame") if "frame" not in by_frame else by_frame.frame
    chosen = (np.asarray(frames) >= 480) & (np.asarray(frames) <= 1120)
    expected = float(by_frame["density"].to_numpy()[chosen].mean())
    assert tracks.density(corridors.FIELD, 30.0, 70.0) == pytest.approx(expected, rel=0.005)


def test_single_file_walks_slower_where_it_is_denser(data):
    thin, dense = (singlefile.observed(data / name) for name in singlefile.FILES)
    assert (thin.per_m, dense.per_m) == pytest.approx((1.22, 1.96), abs=0.01)
    assert (thin.speed_m_s, dense.speed_m_s) == pytest.approx((0.46, 0.15), abs=0.01)
