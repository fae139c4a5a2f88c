"""Who may pass which door: rights by group, hours and pass, passback; ways out for everybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controller.access.compiled import compile_access
from controller.access.deciding import Access, Situation
from controller.access.entry import AccessEntry
from controller.access.hours import DAY_MS, Window, clock_ms, is_open, next_edge_ms
from controller.interface.cards import pseudonym
from controller.interface.files import load
from controller.interface.people import PeopleFile
from controller.interface.points import PointList
from scenarios.catalog import find_site

HALL = find_site("device-hall")
KEY = b"k" * 32
NOON = Situation(clock_ms("12:00"))
SECTION = {
    "areas": [
        {"id": "building", "portals": ["x-turn"], "anti_passback": "hard", "forget_min": 60},
        {"id": "hall", "portals": ["x-hall"], "anti_passback": "soft"},
    ],
    "rights": [
        {"id": "fitters", "who": {"groups": ["fitters"]}, "portals": ["x-*"],
         "from": "07:00", "to": "18:00"},
        {"id": "guards", "who": {"groups": ["guards"]}, "portals": ["*"], "lockdown": True},
    ],
    "passes": [{"who": "visitors.p01", "portals": ["x-turn"], "periods": ["open"],
                "host": "guards"}],
    "blocked": ["fitters.p03", "p-" + "0" * 20],
    "cards": [{"card": "p-" + "1" * 20, "member": "fitters.p02"},
              {"card": "p-" + "2" * 20, "member": "nobody.p02"}],
}  # fmt: skip


def card(member):
    return pseudonym(KEY, member)


@pytest.fixture(scope="module")
def points():
    return PointList.load(HALL / "points.yaml")


@pytest.fixture(scope="module")
def people():
    return load(HALL / "people.yaml", PeopleFile)


@pytest.fixture
def access(points, people):
    def build(**changes):
        entry = AccessEntry.model_validate(SECTION | changes)
        assert not list(entry.findings(points, people))
        return Access(compile_access(entry, points, people, KEY))

    return build


def asked(access, reader, who, now=0, how=NOON):
    passage = access.decide(reader, card(who), now, how)
    return passage.what, passage.why


def test_a_right_lets_its_group_in_at_its_hours(access):
    site = access()
    assert asked(site, "rd-in", "fitters.p01") == ("granted", "fitters")
    early = Situation(clock_ms("06:59"))
    assert asked(site, "rd-in", "fitters.p02", how=early) == ("refused", "not-now")
    assert asked(site, "rd-in", "guards.p01", how=early) == ("granted", "guards")


def test_a_visitor_comes_in_on_a_pass_only_in_its_period_and_by_its_door(access):
    site = access()
    assert asked(site, "rd-in", "visitors.p01") == ("granted", "pass visitors.p01")
    assert asked(site, "rd-hall", "visitors.p01") == ("refused", "no-right")
    assert asked(site, "rd-in", "visitors.p02") == ("refused", "no-right")
    late = Situation(clock_ms("17:00"))
    assert asked(site, "rd-in", "visitors.p01", how=late) == ("refused", "not-now")


def test_blocked_unknown_and_unreadable_cards_let_nobody_in(access):
    site = access()
    assert asked(site, "rd-in", "fitters.p03") == ("refused", "blocked")
    assert site.decide("rd-in", "p-" + "9" * 20, 0, NOON).why == "unknown"
    assert site.decide("rd-in", "p-" + "2" * 20, 0, NOON).why == "unknown", "nobody's card"
    unread = site.decide("rd-in", "4711", 0, NOON)
    assert (unread.what, unread.why, unread.card) == ("refused", "unreadable", "")
    assert site.decide("rd-in", True, 0, NOON).what == "refused"


def test_a_further_card_has_the_rights_of_its_holder(access):
    assert access().decide("rd-in", "p-" + "1" * 20, 0, NOON).why == "fitters"


def test_a_card_can_be_blocked_and_let_go_while_the_plan_stands(access):
    site = access()
    site.block(card("fitters.p01"), True)
    site.block(card("fitters.p03"), False)
    assert asked(site, "rd-in", "fitters.p01") == ("refused", "blocked")
    assert asked(site, "rd-in", "fitters.p03") == ("granted", "fitters")


def test_hard_passback_refuses_a_card_that_is_inside_until_it_left_or_is_forgotten(access):
    site = access()
    asked(site, "rd-in", "fitters.p01")
    assert asked(site, "rd-in", "fitters.p01", 1000) == ("refused", "passback")
    assert asked(site, "rd-out", "fitters.p01", 2000) == ("left", "")
    assert asked(site, "rd-in", "fitters.p01", 3000)[0] == "granted"
    assert asked(site, "rd-in", "fitters.p01", 3000 + 60 * 60_000)[0] == "granted", "forgotten"


def test_soft_passback_lets_in_and_says_so_and_none_says_nothing(access):
    site = access()
    asked(site, "rd-hall", "guards.p01")
    assert asked(site, "rd-hall", "guards.p01", 1000) == ("granted", "guards, passback")
    off = access(areas=[{"id": "building", "portals": ["x-turn"]}])
    asked(off, "rd-in", "guards.p01")
    assert asked(off, "rd-in", "guards.p01", 1000) == ("granted", "guards")
    assert asked(off, "rd-hall", "guards.p01", 1000) == ("granted", "guards"), "a door of no area"
    assert off.inside(1000).keys() == {card("guards.p01")}


@pytest.mark.parametrize("who", ["fitters.p01", "fitters.p03", "visitors.p09", "stranger"])
@pytest.mark.parametrize("how", [NOON, Situation(0, lockdown=True)])
def test_nobody_is_ever_refused_on_the_way_out(access, who, how):
    site = access()
    for now in (0, 1000):
        passage = site.decide("rd-out", card(who), now, how)
        assert passage.what == "left"
        assert passage.opens
    assert site.decide("rd-out", "a torn card", 0, how).opens


def test_a_lockdown_keeps_out_whom_no_right_lets_in_then(access):
    how = Situation(clock_ms("12:00"), lockdown=True)
    site = access()
    assert asked(site, "rd-in", "fitters.p01", how=how) == ("refused", "lockdown")
    assert asked(site, "rd-in", "guards.p01", how=how) == ("granted", "guards")


def test_a_door_that_stands_open_for_a_fire_refuses_nobody(access):
    how = Situation(0, lockdown=True, released=frozenset({"x-turn"}))
    site = access()
    for who in ("fitters.p03", "fitters.p01", "fitters.p01", "stranger"):
        assert asked(site, "rd-in", who, how=how) == ("released", "")


def test_what_a_reader_decided_by_itself_is_believed(access):
    site = access()
    assert site.hand_in("rd-in", card("visitors.p05"), 5).what == "handed-in"
    assert site.hand_in("rd-in", card("stranger"), 5).why == "unknown"
    assert site.hand_in("rd-muster", card("visitors.p06"), 5).why == ""
    assert site.hand_in("rd-in", "4711", 5).why == "unreadable"
    assert set(site.inside(5)) == {card("visitors.p05"), card("stranger")}
    site.hand_in("rd-out", card("visitors.p05"), 4)
    assert card("visitors.p05") in site.inside(6), "he came in after that"
    site.hand_in("rd-out", card("visitors.p05"), 6)
    assert set(site.inside(6)) == {card("stranger")}


def test_the_last_of_several_areas_says_where_somebody_is(access):
    site = access()
    asked(site, "rd-in", "guards.p01", 10)
    asked(site, "rd-hall", "guards.p01", 20)
    assert site.inside(30)[card("guards.p01")].reader == "rd-hall"
    again = access()
    asked(again, "rd-hall", "guards.p01", 10)
    asked(again, "rd-in", "guards.p01", 20)
    assert again.inside(30)[card("guards.p01")].reader == "rd-in"
    assert not again.inside(10 + 12 * 60 * 60_000 * 2), "read too long ago"


def test_last_readers_and_blocked_cards_outlast_a_restart(access):
    site, after = access(), access()
    asked(site, "rd-in", "fitters.p01", 5000)
    site.block(card("fitters.p02"), True)
    plain = site.capture()
    del plain["places"]["hall"]
    after.restore(plain, lambda t: t - 4000)
    assert asked(after, "rd-in", "fitters.p01", 1500) == ("refused", "passback")
    assert asked(after, "rd-in", "fitters.p02", 1500) == ("refused", "blocked")
    assert after.inside(1500)[card("fitters.p01")].t_ms == 1000


def test_hours_go_over_midnight_and_know_their_next_edge():
    night = (Window(clock_ms("22:00"), clock_ms("06:00")),)
    assert is_open(night, clock_ms("23:00"))
    assert is_open(night, clock_ms("05:59"))
    assert not is_open(night, clock_ms("06:00"))
    assert is_open((), 0)
    assert next_edge_ms(night, clock_ms("05:00")) == 60 * 60_000
    assert next_edge_ms(night, clock_ms("06:00")) == 16 * 60 * 60_000
    assert next_edge_ms((), 0) == DAY_MS


WRONG = [
    ({"areas": [{"id": "a", "portals": ["x-turm"]}]}, "no portal with a card reader: 'x-turm'"),
    ({"areas": [{"id": "a", "portals": ["x-*"]}, {"id": "b", "portals": ["x-hall"]}]},
     "x-hall is already a door of a"),
    ({"rights": [{"id": "r", "portals": ["x-*"], "who": {"kinds": ["visitors"]}}]},
     "visitors need a pass, see `passes`"),
    ({"rights": [{"id": "r", "portals": ["x-*"], "periods": ["lunch"]}]},
     "no such timetable period: 'lunch'"),
    ({"passes": [{"who": "fitters", "portals": ["x-*"], "host": "guards"}]},
     "fitters are no visitors: write a right"),
    ({"passes": [{"who": "nobody.p01", "portals": ["x-*"], "host": "guards"}]},
     "no such group: 'nobody'"),
    ({"areas": [{"id": "a", "portals": ["x-*"]}]}, "rd-lost in points.yaml needs a portal to open"),
    ({"blocked": ["anna"]}, "neither a card's hash nor a member: 'anna'"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "text"), WRONG)
def test_what_leads_nowhere_is_said_in_one_sentence(points, people, change, text):
    entry = AccessEntry.model_validate(SECTION | change)
    lost = replace(points.devices["rd-hall"], id="rd-lost", portal="")
    points = replace(points, devices={**points.devices, "rd-lost": lost})
    assert text in [one.message for one in entry.findings(points, people)]


@pytest.mark.parametrize(
    "hours", [{"from": "07:00"}, {"from": "07:00", "to": "08:00", "periods": ["open"]}]
)
def test_hours_are_two_times_or_periods(hours):
    with pytest.raises(ValueError, match="from"):
        AccessEntry.model_validate(SECTION | {"rights": [{"id": "r", "portals": ["x-*"], **hours}]})
