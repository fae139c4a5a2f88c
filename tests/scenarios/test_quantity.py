import pytest

from scenarios.quantity import density_per_m2, duration_ms, power_kw, spoken


@pytest.mark.parametrize(
    ("text", "ms"), [("250 ms", 250), ("10 s", 10_000), ("2 min", 120_000), ("1.5 s", 1_500)]
)
def test_durations_are_milliseconds(text, ms):
    assert duration_ms(text) == ms


def test_power_and_density_carry_their_unit():
    assert power_kw("1 MW") == 1_000
    assert density_per_m2("3.5 /m2") == 3.5


@pytest.mark.parametrize("text", ["10", "ten s", 10, None, "", "-3 s"])
def test_a_number_without_unit_is_no_duration(text):
    with pytest.raises(ValueError, match="10 s"):
        duration_ms(text)


def test_an_unknown_unit_names_the_nearest():
    with pytest.raises(ValueError, match="`2 min`"):
        duration_ms("2 mins")


@pytest.mark.parametrize(
    ("ms", "text"), [(850, "850 ms"), (12_500, "12.5 s"), (200_000, "3 min 20 s")]
)
def test_times_are_spoken_as_people_say_them(ms, text):
    assert spoken(ms) == text
