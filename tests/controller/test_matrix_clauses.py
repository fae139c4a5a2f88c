"""A matrix is held against the clauses of its rule pack, and an I/O list against its heads."""

from __future__ import annotations

import pytest

from controller.interface.files import BadFile
from controller.interface.points import PointList
from tests.controller.conftest import MATRIX, POINTS


def said(problems, *changes):
    text = MATRIX
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return [line.split(": ", 1)[1] for line in problems(text)]


def test_a_voice_comes_after_one_tone_and_a_door_at_once(problems):
    assert said(problems, ("voice: D3L", "voice: D20L")) == []
    assert said(problems, ("voice: D3L", "voice: D21L")) == [
        "rows.fire-a.voice: pa-1.message starts after 21 s: at most 20 s (GB 50116-2013 4.8.6)"
    ]
    assert "lock-1.release starts after 4 s" in said(problems, ("doors: U", "doors: D4U"))[0]


def test_another_code_has_another_number(problems):
    slow = ("sounders: L", "sounders: D5L")
    assert len(said(problems, slow)) == 1
    assert said(problems, slow, ("rules: gb50116", "rules: nfpa72")) == []


def test_a_lock_does_not_fall_shut_by_itself(problems):
    assert said(problems, ("doors: U", "doors: L")) == [
        "rows.fire-a.doors: lock-1.release would lock again without an operator: use U"
    ]


def test_nobody_looks_longer_than_the_code_allows(problems):
    longer = ("latch: true", "latch: true, investigate_s: 200")
    assert said(problems, longer)[0].startswith("confirm.investigate_s: longer than at most 180 s")
    assert said(problems, longer, ("gb50116", "en54")) == []


def test_two_devices_never_wait_for_an_operator(problems):
    by_hand = ("causes:", "lockdown: {policy: operator_only}\ncauses:")
    assert said(problems, by_hand) == [
        "causes[1].in_lockdown: operator_only cannot rule 'confirmed': "
        "give it `in_lockdown: fire_always`"
    ]
    always = ("when: confirmed,", "when: confirmed, in_lockdown: fire_always,")
    assert said(problems, by_hand, always) == []


CROWD = "limit: 3.5, for_s: 3}"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            [("crowd: {desk: X}", "crowd: {desk: X}\n  crowd-2: {desk: X}"),
             (CROWD, f'{CROWD}\n  - {{id: crowd-2, say: "Again", when: above, '
                     'point: cam-1.density, limit: 3.5, for_s: 9}')],
            "rows.crowd-2.desk: row 'crowd' has the same cause and this effect: X overwrites it",
        ),
        (
            [("sounders: L, ", ""), ("{sounders: X}", "{sounders: P}")],
            "rows.mcp-any.sounders: P leaves snd-1.on at True and nobody resets it: use X, L or U",
        ),
        (
            [("crowd: {desk: X}", "crowd: {doors: P}")],
            "rows.crowd.doors: P leaves lock-1.release at True and nobody resets it: use X, L or U",
        ),
        (
            [("crowd: {desk: X}", "crowd: {sounders: P}")],
            "rows.crowd.sounders: P leaves snd-1.on at True and nobody resets it: use X, L or U",
        ),
        (
            [("value: pre-alarm}", "value: pre-alarm, rest: pre-alarm}")],
            "effects[0].rest: 'pre-alarm' is its value at rest: it changes nothing",
        ),
        (
            [("value: pre-alarm}", "value: pre-alarm, instead_value: fire}")],
            "effects[0].instead_value: instead_value and instead_zones go together",
        ),
        (
            [('when: above, point: cam-1.density, limit: 3.5', 'when: point, point: pa-1.playing, '
              'equals: evacuation')],
            "causes[4].equals: pa-1.playing never reads 'evacuation'",
        ),
        (
            [("cam-1.density, limit: 3.5", "snd-1.line, limit: 2")],
            "causes[4].limit: snd-1.line is never above 2: its span ends there",
        ),
    ],
)  # fmt: skip
def test_what_can_never_matter_is_found(problems, changes, text):
    assert said(problems, *changes) == [text]


@pytest.mark.parametrize(
    ("same", "text"),
    [
        ("id: sd-2, same-as: sd-9,", "no such device: 'sd-9'"),
        ("id: sd-2, same-as: sd-2,", "sd-2 is a second way itself: name the head"),
        ("id: sd-2, same-as: mcp-1,", "only detectors can be seen by two ways"),
        ("id: sd-2, same-as: sd-3,", "sd-3 is in zone 'b', not in 'a'"),
    ],
)
def test_a_second_way_leads_to_a_head(tmp_path, same, text):
    path = tmp_path / "points.yaml"
    path.write_text(POINTS.replace("id: sd-2,", same))
    with pytest.raises(BadFile) as bad:
        PointList.load(path)
    assert [problem.message for problem in bad.value.problems] == [text]
