"""`twin egress --second-opinion`: rows beside our own, a bracket, and bad names."""

import pytest

from scenarios.commands.shell import filled
from scenarios.egress import Order, egress, egress_text
from scenarios.egress.opinion import chosen
from scenarios.importing import import_building
from tests.evacuation import jpscore_files


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    folder = tmp_path_factory.mktemp("opinion")
    site = folder / "site"
    import_building(jpscore_files.write(folder / "annex"), site)
    return egress(Order(floor=site, seeds=(1,), summary=True, second_opinion="cfsm,avm"))


def test_each_storey_has_our_laws_and_the_models_side_by_side(document):
    rows = document["second_opinion"]
    assert [(row["engine"], row["model"]) for row in rows] == [
        ("campus-twin", "bounding"),
        ("campus-twin", "laboratory"),
        ("JuPedSim", "cfsm"),
        ("JuPedSim", "avm"),
    ]
    assert {row["people"] for row in rows} == {6}
    assert all(row["not_out"] == 0 and row["exit_time_s"]["max"] > 8.0 for row in rows)
    assert [row["dt_s"] for row in rows] == [0.1, 0.1, 0.05, 0.05]
    assert all("whoever reaches a stair" in row["scope"] for row in rows)


def test_the_text_gives_the_bracket(document):
    times = [row["exit_time_s"]["max"] for row in document["second_opinion"]]
    page = egress_text(document)
    assert f"everybody is out between {min(times):.1f} and {max(times):.1f} s (4 models)" in page


def test_the_value_of_the_option_may_be_left_out():
    assert filled(["egress", "x", "--second-opinion"])[-1] == "default"
    assert filled(["--second-opinion", "--json"]) == ["--second-opinion", "default", "--json"]
    assert filled(["--second-opinion", "cfsm"]) == ["--second-opinion", "cfsm"]
    assert len(chosen("all")) == 6


def test_an_unknown_model_is_one_sentence():
    with pytest.raises(ValueError, match=r"no such model; did you mean 'cfsm"):
        chosen("cfsmm")
