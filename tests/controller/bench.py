"""A controller on emulated devices in one process: no crowd, every byte through the codecs."""

from __future__ import annotations

from pathlib import Path

from controller import matrix
from controller.interface.clock import Done
from controller.interface.journal import Journal
from controller.interface.people import PeopleFile
from controller.scan import Controller
from controller.site import Site
from scenarios.rig.books import Books
from scenarios.rig.memory import MemoryField, MemoryLinks
from tests.devices.plant import POINTS, Plant

MATRIX = """
matrix: 1
rules: gb50116
causes:
  - {id: fire, say: "Confirmed fire", when: confirmed, zones: [z]}
  - {id: faulty, say: "Fault", when: fault, zones: [z]}
  - {id: panel-lost, say: "Panel silent", when: comms-lost, gateways: [fire]}
  - {id: crowd, say: "Crowd", when: above, point: cam-1.density, limit: 3.5, for_s: 3}
effects:
  - {id: desk, say: "Desk", outputs: [desk-1.alarm], value: fault}
  - {id: doors, say: "Doors", outputs: ["lock-*.release"], value: true}
rows:
  fire: {doors: U}
  faulty: {desk: X}
  panel-lost: {desk: X}
  crowd: {desk: X}
"""
FEEDBACK = "release: {coil: 1, write: true, feedback: {point: bolt, equals: 0, within_ms: 5000}}"


class Bench:
    """The plant of the devices' tests with our controller before it; `plant` bears the faults."""

    def __init__(self, folder: Path, points: str = POINTS, matrix_text: str = MATRIX) -> None:
        self.plant = Plant(folder, settle=False, points=points)
        (folder / "matrix.yaml").write_text(matrix_text)
        rules = matrix.load(folder / "matrix.yaml", self.plant.points)
        self.journal = Journal(None, "0" * 32, {})
        self.books = Books(self.plant.bank, self.plant.record)
        links = MemoryLinks(self.plant.bank.gateways, self.books.exchange, lambda: self.books.now)
        site = Site(self.plant.points, PeopleFile(people=1, groups=()), rules)
        self.site, self.now = site, 0
        self.controller = Controller(site, links, self.journal)
        self.field = MemoryField(self.books, links, self.controller)

    def run(self, seconds: float) -> None:
        """So many seconds, in slices of 250 ms."""
        end = self.now + int(seconds * 1000)
        while self.now < end:
            self._drive()
            self.now += 250
            self.plant.now = self.now

    def _drive(self) -> Done:
        bank = self.plant.bank
        self.plant.world.now = self.now
        bank.advance(self.now)
        step = self._slice()
        try:
            step.send(None)
        except StopIteration as end:
            done: Done = end.value
            bank.apply(self.now)
            return done
        raise AssertionError("nothing may suspend in memory")

    async def _slice(self) -> Done:
        await self.field.flush(self.now)
        done = await self.field.step(self.field.grant(self.now, stop=False))
        await self.field.collect(done)
        return done

    def quality(self, point: str) -> str:
        sample = self.controller.decider.image.samples.get(point)
        return "unheard" if sample is None else sample.quality.value

    def said(self, kind: str, entity: str = "") -> list[tuple[int, str]]:
        """(t, what) of the controller's records of a kind about an entity."""
        return [
            (r["t"], str(r.get("what")) + ("-" + r["of"] if "of" in r else ""))
            for r in self.journal.records
            if r["k"] == kind and entity in ("", r["e"])
        ]

    def words(self, kind: str, entity: str) -> list[str]:
        return [what for _, what in self.said(kind, entity)]
