"""Opens and closes the crush zones of a crowd, and keeps count of who is whose."""

from pathlib import Path

import numpy as np

from evacuation.conditions import CALM, Handling
from evacuation.crush.crush import Crush
from evacuation.engine.arrays import FALLEN, HALTED, LENT, LENT_QUEUE
from evacuation.floor import Floor
from evacuation.join.drawing import draw
from evacuation.join.patch import Patch
from evacuation.join.tenure import Tenure
from evacuation.join.threshold import out_of
from evacuation.join.watch import Watch
from evacuation.moves import CrushNote
from evacuation.scene import TICK_STEPS, Scene
from evacuation.zone.body import State
from evacuation.zone.recording import Recording

CLOSE_PHI, QUIET_MS = 0.20, 20_000.0
MOST_OPEN = 64
"""No more zones are open at once, unless the owner of a crowd says otherwise (``most``)."""
FRAME_MS = 1_000.0
"""A frame of each zone is kept once a second, where frames are wanted."""


class Zones:
    """All crush zones of a crowd; one of its directors."""

    def __init__(self, scene: Scene, seed: int, crush: Crush) -> None:
        """None is open yet; falls and harm in them are booked with ``crush``."""
        self._scene, self._seed, self._crush = scene, seed, crush
        self._told, self._floor = CALM, scene.floor
        self._watch = Watch(scene, crush)
        self._open: dict[str, Tenure] = {}
        self._quiet: dict[str, float] = {}
        self._refused: set[str] = set()
        self._changed: set[str] = set()
        self._due = 0.0
        self.most = MOST_OPEN
        self._framed = 0.0
        self._suffered: dict[int, State] = {}
        self._notes: list[CrushNote] = []
        self._films: list[tuple[Tenure, Recording]] = []

    @property
    def owned(self) -> int:
        """How many people zones move now."""
        return sum(one.zone.inside for one in self._open.values())

    @property
    def is_busy(self) -> bool:
        """Whether anybody in a zone gets on."""
        crowd = self._scene.crowd
        return any((crowd.state[one.rows] == LENT).any() for one in self._open.values())

    def open(self, patch: Patch, t: float) -> None:
        """Open a zone by order; ValueError if it is open, is another's, or cannot be drawn."""
        self._begin(patch, t, "ordered")
        if patch.id not in self._open:
            raise ValueError(f"no crush zone can be opened at {patch.id}")

    def handle(self, told: Handling, floor: Floor) -> None:
        """Carry out what is done to spaces and at portals; ``floor`` has the widths of now, and
        zones of which one has changed are drawn anew once nobody lies in them.
        """
        self._told, before, self._floor = told, self._floor, floor
        for name, one in self._open.items():
            one.handle(told)
            if _widths(one.patch, floor) != _widths(one.patch, before):
                self._changed.add(name)

    def trip(self, space: str, t: float, bends_s: float) -> str | None:
        """Let somebody fall, or bend down, in a space that a zone owns; '' if nobody is there, None
        if none owns it.
        """
        number = self._scene.perception.space(space)
        owners = (one for one in self._open.values() if space in one.patch.core)
        return next((one.trip(number, t, bends_s) for one in owners), None)

    def act(self, t: float) -> int:
        """Let all zones go on to a time; once a second look what calls for one."""
        for one in self._open.values():
            one.act(t)
        if t >= self._due:
            self._due = t + 100.0 * TICK_STEPS
            self._shut_quiet(t)
            self._draw_anew(t)
            for call in self._watch.calls():
                if call.patch.id not in self._open and call.patch.id not in self._refused:
                    self._begin(call.patch, t, call.why)
        self._film(t)
        for one in self._open.values():
            self._notes += one.notes
            one.notes.clear()
        return 1 if self._open else TICK_STEPS

    def take_notes(self) -> list[CrushNote]:
        """Take what happened since they were last taken."""
        found, self._notes = self._notes, []
        return found

    def check(self) -> None:
        """AssertionError if the two sides disagree about who is whose."""
        state = self._scene.crowd.state
        owned = np.concatenate([one.rows for one in self._open.values()] or [np.zeros(0, int)])
        lent, here = np.isin(state, (LENT, LENT_QUEUE)), state[owned]
        known = np.isin(here, (LENT, LENT_QUEUE, FALLEN, HALTED)).all()
        if len(np.unique(owned)) != len(owned) or not known or lent.sum() != lent[owned].sum():
            raise AssertionError(f"{int(lent.sum())} are lent, zones own {len(owned)}")

    def _begin(self, patch: Patch, t: float, why: str) -> None:
        taken = {space for one in self._open.values() for space in one.patch.core}
        core = tuple(space for space in patch.core if space not in taken)
        if len(self._open) >= self.most or not core or (patch.core[0] in taken):
            return
        own = Patch(patch.id, core, self._floor)
        try:
            drawing = draw(own, self._scene.net, taken, self._leading_out(own))
        except ValueError as fault:
            self._refused.add(patch.id)
            self._notes.append(CrushNote("refused", patch.id, "", round(t), str(fault), 0, 0.0))
            return
        falls = self._crush.falls
        tenure = Tenure(
            self._scene, own, drawing, self._seed, t, falls, self._suffered, self._crush
        )
        tenure.handle(self._told)
        self._open[patch.id] = tenure
        tenure.room_beyond = lambda portal: self._has_room(tenure, portal)
        self._hold(tenure, True, t)
        tenure.begin(t, why)
        self._films.append((tenure, Recording(tenure.zone)))

    def _leading_out(self, patch: Patch) -> set[str]:
        """Portals of the rim that are nearer to safety outwards than inwards, for who knows all."""
        beyond = self._scene.seen.beyond[0]
        ways = {portal: out_of(self._scene, portal, patch.within(portal)) for portal in patch.rim}
        return {portal for portal, c in ways.items() if beyond[c] < beyond[c ^ 1]}

    def _has_room(self, own: Tenure, portal: str) -> bool:
        """Whether a zone that begins behind a portal of another has room there; else the graph."""
        return all(
            one is own or portal not in one.patch.rim or one.has_room(portal)
            for one in self._open.values()
        )

    def _hold(self, tenure: Tenure, held: bool, t: float) -> None:
        """Keep the graph from passing anybody through the portals of a zone, or let it again."""
        portals = list(self._scene.floor.portals)
        doors = [portals.index(p) for p in (*tenure.patch.rim, *tenure.patch.inner)]
        others = {
            portals.index(p)
            for one in self._open.values() if one is not tenure
            for p in (*one.patch.rim, *one.patch.inner)
        }  # fmt: skip
        for p in doors:
            if held or p not in others:
                self._scene.crowd.door["ready"][p] = np.inf if held else t

    def _shut_quiet(self, t: float) -> None:
        for name, one in list(self._open.items()):
            if self._watch.greatest(one.patch) >= CLOSE_PHI or one.zone.fallen or one.waits():
                self._quiet[name] = t
            elif t - self._quiet.setdefault(name, t) >= QUIET_MS:
                self._end(name, t)

    def _draw_anew(self, t: float) -> None:
        """Close those whose widths have changed and open them as they are now."""
        for name in sorted(self._changed):
            one = self._open.get(name)
            if one is not None and one.zone.fallen:
                continue
            self._changed.remove(name)
            if one is not None:
                self._end(name, t)
                self._begin(one.patch, t, "its widths have changed")

    def _end(self, name: str, t: float) -> None:
        one = self._open.pop(name)
        self._quiet.pop(name, None)
        self._hold(one, False, t)
        one.end(t)
        self._notes += one.notes

    def _film(self, t: float) -> None:
        if t < self._framed:
            return
        self._framed = t + FRAME_MS
        for tenure, film in self._films:
            if self._open.get(tenure.patch.id) is tenure:
                film.take()

    def write(self, folder: Path) -> list[Path]:
        """Write the frames of all zones: `crush-ZONE-SECOND.parquet` by when it opened."""
        found = []
        for tenure, film in self._films:
            if film.is_empty:
                continue
            name = "".join(x if x.isalnum() or x in ".-" else "-" for x in tenure.patch.id)
            found.append(folder / f"crush-{name}-{round(tenure.begun_ms / 1000)}.parquet")
            film.write(found[-1])
        return found


def _widths(patch: Patch, floor: Floor) -> list[float]:
    """Return the widths that matter to the drawing of a patch."""
    portals = [floor.portals[one].width_m for one in (*patch.rim, *patch.inner)]
    return [*portals, *(floor.spaces[one].width_m for one in patch.core)]
