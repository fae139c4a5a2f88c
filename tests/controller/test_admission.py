"""Who may ask: signature, role, freshness, and that nothing is let in twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controller import operators
from controller.admission import AHEAD_MS, Admission, Refused
from controller.drivers.entry import Entry
from controller.interface.asking import Request, encode, key_of
from controller.interface.files import BadFile
from controller.interface.operation import Operation
from controller.interface.private import check_private

KEY, OTHER = "ab" * 32, "cd" * 32
PEOPLE = f"""operators: 1
window_s: 30
people:
  - {{id: guard-1, role: guard, key: "{KEY}"}}
  - {{id: head-1, role: head, key: "{OTHER}"}}
"""
NOW = 1_000_000
ASKED = Request("n1", "guard-1", "silence", "", "false alarm", 0, NOW)


def write_operators(folder, text=PEOPLE):
    path = folder / "operators.yaml"
    path.write_text(text)
    path.chmod(0o600)
    return path


@pytest.fixture
def admission(tmp_path, points):
    return Admission(operators.load(write_operators(tmp_path)), points, NOW - 10_000)


def signed(request=ASKED, key=KEY, site="test-school"):
    return encode(bytes.fromhex(key), site, request).encode()


def why(found) -> str:
    assert isinstance(found, Refused), found
    return found.why


def test_a_fresh_request_of_somebody_who_may_is_an_operation(admission):
    found = admission.judge(signed(), NOW + 100)
    assert found == Operation("guard-1:n1", "guard-1", "guard", "silence", "", "false alarm", 0)


@pytest.mark.parametrize(
    "text",
    [
        signed(key=OTHER),
        signed(site="other-school"),
        signed(replace(ASKED, by="nobody-1")),
        signed().replace(b"silence", b"lockdown"),
        signed().replace(b"false alarm", b"true alarm!"),
        signed().replace(b'"t":1000000', b'"t":1000001'),
    ],
)
def test_what_was_not_signed_so_by_the_operator_is_forged(admission, text):
    found = admission.judge(text, NOW)
    assert why(found) == "no such operator, or not his signature for this site"
    assert (found.by, found.forged) == ("nobody", True)


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{", b"[]", b"\xff", b"null", b'{"v":2}', b'{"v":1,"id":"a b"}', b"[" * 90_000,
        b'{"v":1,"id":"a","by":"b","verb":7}', b'{"v":1,"id":"a","by":"b","t":-1}',
        b'{"v":1,"id":"a","by":"b","lasts_ms":1e999}', b'{"v":1,"more":1}',
        b'{"v":1,"id":"a","by":"b","reason":"' + b"x" * 300 + b'"}',
    ],
    ids=range(13),
)  # fmt: skip
def test_junk_is_refused_with_its_reason(admission, text):
    found = admission.judge(text, NOW)
    assert why(found)
    assert found.result == "rejected"


def test_a_request_is_let_in_once(admission):
    assert isinstance(admission.judge(signed(), NOW), Operation)
    found = admission.judge(signed(), NOW + 5)
    assert (why(found), found.forged) == ("it was asked before", True)


@pytest.mark.parametrize(
    ("at", "let_in"),
    [
        (NOW + 30_000, True), (NOW + 30_001, False), (NOW - AHEAD_MS, True),
        (NOW - AHEAD_MS - 1, False),
    ],
)  # fmt: skip
def test_a_request_is_fresh_for_its_window_only(admission, at, let_in):
    found = admission.judge(signed(), at)
    assert isinstance(found, Operation) is let_in
    if not let_in:
        assert found.result == "expired"


def test_nothing_from_before_the_start_is_let_in(admission):
    """The ids that were seen are forgotten at a restart, so their time is over."""
    found = admission.judge(signed(replace(ASKED, t_ms=NOW - 10_001)), NOW)
    assert found.result == "expired"


def test_a_replay_is_refused_even_at_the_end_of_the_window(admission):
    admission.judge(signed(replace(ASKED, t_ms=NOW + AHEAD_MS)), NOW)
    late = admission.judge(signed(replace(ASKED, t_ms=NOW + AHEAD_MS)), NOW + AHEAD_MS + 30_000)
    assert why(late) == "it was asked before"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"verb": "lokdown"}, "no such verb (did you mean 'lockdown'?)"),
        ({"verb": "disable"}, "a guard may not disable; he may acknowledge"),
        ({"verb": "evacuate", "target": "sd-9"}, "(did you mean 'sd-"),
        ({"reason": " "}, "it needs a reason"),
    ],
)
def test_wrong_input_gets_the_nearest_valid_thing(admission, change, said):
    assert said in why(admission.judge(signed(replace(ASKED, **change)), NOW))


def test_without_a_file_of_operators_nobody_may_ask(points):
    assert why(Admission(None, points, 0).judge(signed(), NOW)) == "this site has no operators.yaml"


@pytest.mark.parametrize(
    ("usual", "wrong", "said"),
    [
        ("role: guard,", "role: gaurd,", "operators.yaml:4: people[0].role: no such role: 'gaurd'"),
        ("people:", "roles: {guard: [silense], head: []}\npeople:", "(did you mean 'silence'?)"),
        (OTHER, KEY, "this key is already that of guard-1"),
        ("head-1", "guard-1", "this id is already that of guard-1"),
        (KEY, "ab", "people[0].key"),
        ("window_s", "windows_s", "windows_s"),
    ],
)
def test_a_bad_file_of_operators_is_refused_at_load(tmp_path, usual, wrong, said):
    path = write_operators(tmp_path, PEOPLE.replace(usual, wrong, 1))
    with pytest.raises(BadFile) as bad:
        operators.load(path)
    assert said in str(bad.value)


def test_keys_that_others_may_read_are_refused(tmp_path):
    path = write_operators(tmp_path)
    path.chmod(0o644)
    with pytest.raises(BadFile, match=f"chmod 600 {path}"):
        check_private(path, "keys")
    path.chmod(0o600)
    check_private(path, "keys")


def test_a_passphrase_is_stretched_and_hangs_on_site_and_operator():
    assert key_of(KEY, "s", "o") == bytes.fromhex(KEY)
    keys = {key_of("correct horse", s, o) for s in ("s", "t") for o in ("o", "p")}
    assert len(keys) == 4


@pytest.mark.parametrize("name", ["MQTT_PASSWORD", "NOTICE_TOKENS", "NOTICE_KEYS"])
def test_a_password_tokens_and_keys_are_for_their_owner_alone(tmp_path, name):
    path = tmp_path / "words"
    path.write_text("police a-token\n")
    path.chmod(0o640)
    with pytest.raises(BadFile, match=f"chmod 600 {path}"):
        Entry.of({f"CAMPUS_{name}_FILE": str(path)})
    path.chmod(0o400)
    Entry.of({f"CAMPUS_{name}_FILE": str(path)})
