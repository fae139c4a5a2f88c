"""What is kept of persons can be tied to them for so many days by class, and no longer."""

from __future__ import annotations

import asyncio
import io
import json
import re
import stat

import pytest

from controller.__main__ import main
from controller.epochs import DAY_MS, HOUR_MS, SECRETS, Epochs
from controller.interface import envelope, topics
from controller.interface.asking import Request, encode
from controller.interface.cards import pseudonym
from controller.interface.files import BadFile
from controller.interface.points import Quality
from controller.ledger import Keeping, Ledger
from controller.pseudonym import Pseudonyms, read_key
from controller.scan import Controller
from controller.site import file_hashes, load
from tests.controller.canaries import KEY, NUMBER, OPERATOR, OPERATOR_KEY, plant
from tests.controller.field import Field

GUARD = "zhao-canary-tag"
BEGAN = 20_000 * DAY_MS
SCAN_MS = 10_000


class Days(Field):
    """The product on the hall, once a day a card, a round and an operator; scans are slow."""

    def __init__(self, folder, out):
        super().__init__(load(folder), SCAN_MS)
        self.path, self.journal_key = out / "c.jsonl", read_key(out / "c.jsonl.key")
        self.start(folder)

    def start(self, folder):
        epochs = Epochs(self.path.with_name(self.path.name + SECRETS), self.site.plan.keep_days)
        veil = Pseudonyms(self.journal_key, self.site.points, epochs, [OPERATOR])
        header = {"files": file_hashes(folder)}
        keeping = Keeping(reserve_bytes=4096)
        self.journal = Ledger(self.path, header, keeping, veil, lambda: BEGAN + self.now)
        self.controller = Controller(
            self.site,
            self,
            self.journal,
            scan_ms=SCAN_MS,
            veil=veil.of,
            lockstep=False,
            began_ms=2 * HOUR_MS,
        )

    def event(self, device, leaf, value):
        payload = envelope.encode_state(self.now, self.now + 9, "b", Quality.GOOD, value)
        level = {"rd-in": "card", "rd-out": "card", "patrol-1": "patrol"}.get(device, "ctl")
        topic = topics.join(self.site.points.site, level, device, f"event/{leaf}")
        self.broker.waiting.append((topic, payload))

    def pass_day(self):
        self.until(self.now + SCAN_MS)
        day = self.now // DAY_MS
        self.event("rd-in", "card", pseudonym(KEY, NUMBER))
        self.event("rd-out", "card", pseudonym(KEY, NUMBER))
        self.event("patrol-1", "visit", GUARD)
        text = Request(f"n{day}", OPERATOR, "muster", "", f"{OPERATOR} asks", 0, self.now)
        signed = encode(bytes.fromhex(OPERATOR_KEY), self.site.points.site, text)
        self.event("console", "ask", signed)
        self.until(self.now + SCAN_MS)
        self.broker.waiting.clear()
        self.now += HOUR_MS - (self.now - day * DAY_MS)
        for _ in range(23):
            self.until(self.now + SCAN_MS)
            self.now += HOUR_MS - SCAN_MS

    def lines(self):
        self.journal.flush()
        return [json.loads(line) for line in self.path.read_text("utf-8").splitlines()[1:]]


@pytest.fixture(autouse=True)
def loop():
    """On the wall clock connections are opened beside the scans: they end with the test."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    dialing = asyncio.all_tasks(loop)
    for task in dialing:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*dialing, return_exceptions=True))
    loop.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def hall(tmp_path):
    folder = plant(tmp_path / "hall")
    with (folder / "plan.yaml").open("a") as file:
        file.write("\nprivacy:\n  keep_days: {card: 2, guard: 5}\n")
    return folder


def who(monkeypatch, capsys, hall, path, *names):
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(names)))
    assert main(["who", str(path), "--site", str(hall)]) == 0
    return [json.loads(line.split(": ", 1)[1]) for line in capsys.readouterr().out.splitlines()]


def test_each_class_can_be_tied_to_persons_for_its_days_and_no_longer(
    hall, tmp_path, monkeypatch, capsys
):
    days = Days(hall, tmp_path)
    days.until(0)
    for _ in range(4):
        days.pass_day()
    book = days.lines()
    text = json.dumps(book)
    card = pseudonym(KEY, NUMBER)
    assert card not in text, "neither the card's own hash"
    assert pseudonym(days.journal_key, GUARD) not in text
    assert pseudonym(days.journal_key, OPERATOR) in text, "a class without days stays as it was"
    read = [r["card"] for r in book if r["k"] == "access" and r["what"] == "granted"]
    assert len(set(read)) == len(read) == 4, "two days cannot be tied to each other"
    forgotten = [(r["of"], r["day"] - 20_000) for r in book if r.get("what") == "forgotten"]
    assert forgotten == [("card", 0)], "two days after its end"
    days.controller.stop()
    found = who(monkeypatch, capsys, hall, days.path, NUMBER)
    assert {r["t"] // DAY_MS for r in found} == {2, 3}, "the fourth day is over"
    found = who(monkeypatch, capsys, hall, days.path, "fitters.p01", GUARD, OPERATOR)
    assert {(r["k"], r["t"] // DAY_MS) for r in found} >= {("input", 0), ("operation", 3)}
    assert main(["verify-journal", str(days.path)]) == 0, "the chain holds all the same"
    secrets = days.path.with_name(days.path.name + SECRETS)
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    kept = {
        (one["class"], one["day"] - 20_000)
        for one in map(json.loads, secrets.read_text().splitlines())
    }
    assert kept == {("card", day) for day in (2, 3)} | {("guard", day) for day in range(4)}


def test_who_asks_for_himself_is_not_told_of_others(hall, tmp_path, monkeypatch, capsys):
    days = Days(hall, tmp_path)
    days.until(0)
    days.pass_day()
    days.controller.stop()
    asked, card = (pseudonym(days.journal_key, OPERATOR), pseudonym(KEY, NUMBER))
    musters = [r for r in days.lines() if r["k"] == "operation"]
    assert asked in json.dumps(musters)
    found = json.dumps(who(monkeypatch, capsys, hall, days.path, OPERATOR))
    assert asked in found
    assert set(re.findall(r"p-[0-9a-f.]+", found)) == {asked, "p-..."}
    assert card not in found
    monkeypatch.setattr("sys.stdin", io.StringIO(" \n"))
    assert main(["who", str(days.path), "--site", str(hall)]) == 2
    assert "it names nobody" in capsys.readouterr().err


def test_a_journal_repeats_with_its_secrets_and_says_which_days_it_cannot(hall, tmp_path, capsys):
    days = Days(hall, tmp_path)
    days.until(0)
    days.pass_day()
    days.controller.stop()
    words = ["replay", str(days.path), "--site", str(hall)]
    assert main(words) == 0
    assert "came out again" in capsys.readouterr().out
    secrets = days.path.with_name(days.path.name + SECRETS)
    kept = secrets.read_bytes()
    secrets.unlink()
    assert main(words) == 1, "an unknown card is refused: without the secret it is not the same"
    secrets.write_bytes(kept)
    secrets.chmod(0o600)
    days.now = 4 * DAY_MS
    days.start(hall)
    days.controller.stop()
    capsys.readouterr()
    assert main(words) == 0
    assert re.search(r"\d+ records of days whose secrets are destroyed", capsys.readouterr().out)


def test_a_clock_that_is_set_a_year_ahead_costs_a_day_of_each_class_in_an_hour(tmp_path):
    epochs = Epochs(tmp_path / "s", {"card": 30, "guard": 30})
    hidden = pseudonym(KEY, NUMBER)
    for day in range(10):
        assert epochs.of("card", day, hidden) != epochs.of("guard", day, hidden)
        assert epochs.expire(day * DAY_MS) == []
    ahead = 375 * DAY_MS
    assert epochs.expire(ahead) == [("guard", 0), ("card", 0)]
    assert epochs.expire(ahead + 1) == []
    assert len(list(epochs)) == 18
    assert set(epochs) == set(Epochs(tmp_path / "s", {})), "a restart knows the same"


def test_secrets_of_which_others_may_know_are_refused(tmp_path):
    epochs = Epochs(tmp_path / "s", {"card": 1})
    epochs.of("card", 0, pseudonym(KEY, NUMBER))
    (tmp_path / "s").chmod(0o640)
    with pytest.raises(BadFile, match=f"chmod 600 {tmp_path / 's'}"):
        Epochs(tmp_path / "s", {})
    (tmp_path / "s").chmod(0o600)
    (tmp_path / "s").write_text("x\n")
    with pytest.raises(BadFile, match="not a secret of a day"):
        Epochs(tmp_path / "s", {})


def test_a_full_disk_is_told_and_stops_nothing(tmp_path):
    epochs = Epochs(tmp_path / "gone" / "s", {"card": 1})
    hidden = pseudonym(KEY, NUMBER)
    assert epochs.of("card", 0, hidden) == epochs.of("card", 0, hidden) != hidden
    assert "cannot be written" in epochs.trouble


def test_an_unknown_class_is_refused_with_the_nearest(hall):
    plan = hall / "plan.yaml"
    plan.write_text(plan.read_text().replace("card: 2", "cards: 2"))
    with pytest.raises(BadFile) as bad:
        load(hall)
    assert "no such class of personal data: 'cards'" in str(bad.value)
    assert "did you mean 'card'" in str(bad.value)
