"""The timetable names every class with its time, in letters that can be drawn."""

from reports.palette import legible
from reports.pareto import pareto
from reports.picturefile import save
from reports.timetable import clock, timetable_figure, timetable_page


def spread(mean):
    values = dict.fromkeys(("mean", "p5", "p50", "p95", "max"), mean)
    return {**values, "interval_95": {"mean": [mean - 1, mean + 1]}}


def plan(end_s, peak):
    return {"end_s": spread(end_s), "peak_per_m2": spread(peak)}


def document(name="五年级一班"):
    row = {"group": "c5-1", "name": name, "room": "u.r1", "room_name": "Room 301", "storey": "u"}
    row |= {"storey_name": "3F", "stair": "a", "stair_name": "Stair A", "at_s": 70.0}
    below = {**row, "group": "c1-1", "name": "<b>1-1</b>", "stair": "", "stair_name": "", "at_s": 0}
    post = {"at": "a.g", "at_name": "Landing", "who": "o.p01", "who_name": "Office"}
    return {
        "site": "Small school", "period": "lesson", "sentence": "It holds. Quite.",
        "classes": [below, row], "posts": [{**post, "from_s": 0.0, "to_s": 185.0}],
        "density_per_m2": 2.0, "all_at_once": plan(100, 4.0), "plan": plan(150, 1.8),
        "front": [plan(120, 3.0), plan(170, 1.5)], "tried": [[110.0, 3.5], [300.0, 1.0]],
    }  # fmt: skip


def words(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_seconds_are_minutes_and_seconds_after_the_bell():
    assert [clock(s) for s in (0, 5, 60, 605)] == ["0:00", "0:05", "1:00", "10:05"]


def test_the_page_keeps_chinese_names_and_lets_nothing_through_as_markup():
    page = timetable_page(document())
    assert page.count("1:10") == 2  # among the calls, and in the list of classes
    assert "五年级一班" in page
    assert "Room 301" in page
    assert "<b>1-1" not in page
    assert "&lt;b&gt;1-1" in page
    assert "0:00 to 3:05" in page


def test_the_sheet_draws_a_name_or_where_no_font_can_the_id_of_the_class():
    drawn = "\n".join(words(timetable_figure(document())))
    assert f"{legible('五年级一班', 'c5-1')} (Room 301, 3F)" in drawn
    assert "1:10" in drawn
    assert "0:00 to 3:05  Landing, Office" in drawn


def test_nothing_on_the_sheet_stands_below_its_edge_however_many_calls():
    many = document()
    row = many["classes"][1]
    many["classes"] = [{**row, "group": f"c{n}", "at_s": 10.0 * n} for n in range(40)]
    figure = timetable_figure(many)
    assert max(text.get_position()[1] for text in figure.axes[0].texts) <= 130
    times = [t.get_position()[1] for t in figure.axes[0].texts if t.get_text() == "6:30"]
    posts = next(t for t in figure.axes[0].texts if t.get_text() == "Teachers on the stairs")
    assert times[0] < posts.get_position()[1]


def test_the_front_shows_the_limit_and_time_added_to_all_at_once(tmp_path):
    figure = pareto(document())
    (axes,) = figure.axes
    assert axes.get_xlabel() == "added time until all are out (s)"
    assert "limit 2" in words(figure)
    chosen = next(c for c in axes.containers if c.get_label() == "chosen")
    assert (chosen[0].get_xdata()[0], chosen[0].get_ydata()[0]) == (50.0, 1.8)
    for name in ("a.png", "b.png"):
        save(figure, tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
