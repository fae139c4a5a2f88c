"""Speeds and times by their quantiles, against scipy's own distributions; tables as printed."""

import numpy as np
import pytest
from scipy import stats

from evacuation.delay import DELAYS
from evacuation.distribution import FAMILIES, Distribution, lognormal, normal, uniform
from evacuation.profiles import HELPED, MIXES, PROFILES

SHARES = np.array([0.001, 0.05, 0.3, 0.5, 0.8, 0.99])
LAWS = {
    "uniform": ({"min": 2.0, "max": 5.0}, stats.uniform(2, 3)),
    "normal": ({"mean": 60.0, "sd": 3.0}, stats.norm(60, 3)),
    "lognormal": ({"median": 25.0, "sigma": 0.5}, stats.lognorm(0.5, scale=25)),
    "gamma": ({"shape": 1.291, "scale": 103.901}, stats.gamma(1.291, scale=103.901)),
    "weibull": ({"shape": 1.195, "scale": 139.285}, stats.weibull_min(1.195, scale=139.285)),
    "loglogistic": ({"median": 40.0, "shape": 2.5}, stats.fisk(2.5, scale=40)),
}


@pytest.mark.parametrize("family", LAWS)
def test_quantiles_are_those_of_the_family(family: str) -> None:
    parameters, law = LAWS[family]
    mine = Distribution(family, parameters)
    assert mine.quantiles(SHARES) == pytest.approx(law.ppf(SHARES), rel=1e-9)
    assert mine.share(float(law.ppf(0.3))) == pytest.approx(0.3)


@pytest.mark.parametrize("family", LAWS)
def test_a_cut_distribution_is_the_rest_scaled_up(family: str) -> None:
    parameters, law = LAWS[family]
    low, high = (float(law.ppf(q)) for q in (0.2, 0.7))
    cut = Distribution(family, parameters, low, high).quantiles(SHARES)
    assert cut == pytest.approx(law.ppf(0.2 + 0.5 * SHARES), rel=1e-6)
    assert low <= cut.min() <= cut.max() <= high


def test_every_family_but_the_constant_is_compared() -> None:
    assert set(LAWS) == set(FAMILIES) - {"constant"}
    assert set(Distribution("constant", {"value": 3.0}).quantiles(SHARES)) == {3.0}


@pytest.mark.parametrize(
    ("family", "parameters", "says"),
    [
        ("gauss", {}, "no distribution 'gauss'; known: constant"),
        ("gamma", {"shape": 2.0}, "needs shape and scale"),
        ("gamma", {"shape": 2.0, "scale": 0.0}, "no parameters of a gamma"),
        ("normal", {"mean": float("nan"), "sd": 1.0}, "finite"),
        ("uniform", {"min": 3.0, "max": 1.0}, "no parameters of a uniform"),
    ],
)
def test_parameters_that_make_no_distribution_are_refused(
    family: str, parameters: dict[str, float], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        Distribution(family, parameters)


def test_moments_are_those_of_the_published_sets() -> None:
    assert DELAYS["nist/lognormal"].seconds.mean == pytest.approx(156.6, rel=0.02)
    assert DELAYS["nist/gamma"].seconds.mean == pytest.approx(134.1, rel=0.01)
    assert DELAYS["nist/weibull"].seconds.mean == pytest.approx(131.2, rel=0.01)
    night = DELAYS["imo/night"].seconds.quantiles(SHARES)
    assert 400.0 < night.min() < night.max() < 700.0
    assert not DELAYS["preset/trained-school"].per_person


def test_every_table_walks_and_names_its_source() -> None:
    for name, profile in {**PROFILES, **HELPED}.items():
        level = profile.level.quantiles(SHARES)
        assert 0.1 <= level.min() <= level.max() <= 2.5, name
        assert profile.source
        for stairs in (profile.down, profile.up):
            assert stairs is None or stairs.quantiles(SHARES).min() > 0.0
    assert all(set(mix) <= set(PROFILES) for mix in MIXES.values())
    assert sum(MIXES["mix/imo"].values()) == 100.0


def test_tables_hold_the_printed_numbers() -> None:
    assert PROFILES["boyce/stick"].level == normal(0.81, 0.38, 0.1, 0.81 + 3 * 0.38 + 1e-9)
    assert PROFILES["imo/female-over-50"].up == uniform(0.37, 0.61)
    assert PROFILES["boyce/manual-wheelchair"].wheels_m > 0.0
    assert lognormal(25.0, 0.5) == DELAYS["preset/trained-school"].seconds
