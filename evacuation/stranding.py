"""Why somebody can not get out: in words for the report."""

from evacuation.engine.arrays import FALLEN, HALTED, WAIT, Crowded, Seen
from evacuation.floor import Floor
from evacuation.knowledge import Knowledge
from evacuation.routing import CLOSED_M
from evacuation.smoke.doses import Doses


class Stranding:
    """Finds the reason for people who wait without a way."""

    def __init__(self, floor: Floor, knowledge: Knowledge, doses: Doses) -> None:
        self._knowledge, self._doses = knowledge, doses
        self._portals = tuple(floor.portals)

    def reason(self, crowd: Crowded, seen: Seen, i: int) -> str:
        """Return the reason for one person."""
        if crowd.state[i] == HALTED:
            dose = self._doses.at_fall(i)
            told = f" by {dose.cause}, dose {dose.greater:.2f}" if dose.cause else ""
            return f"incapacitated{told}"
        if crowd.state[i] == FALLEN:
            return "fell and did not get up"
        if crowd.state[i] == WAIT:
            return "waits for help that did not come"
        routes, mind = self._knowledge.routes, int(crowd.who[i]["mind"])
        ways, wheels_m = routes.ways(int(crowd.space[i])), self._knowledge.minds[mind].wheels_m
        leads_out = routes.lead_out(wheels_m)
        if not leads_out[ways].any():
            return _cut_off(wheels_m, bool(routes.lead_out(0.0)[ways].any()))
        shut = [c for c in ways.tolist() if leads_out[c] and seen.closed[c >> 1]]
        target = int(crowd.who[i]["target"])
        if shut and (target < 0 or seen.closed[target >> 1]):
            return f"waiting behind closed portal {self._names([c >> 1 for c in shut])}"
        if target < 0 or seen.beyond[mind, target] >= CLOSED_M:
            return f"all known ways closed: {self._names(self._knowledge.blocked(mind))}"
        return f"the spaces behind {self._portals[target >> 1]} are full"

    def _names(self, portals: list[int]) -> str:
        return ", ".join(self._portals[p] for p in sorted(set(portals)))


def _cut_off(wheels_m: float, on_foot: bool) -> str:
    if wheels_m and on_foot:
        return f"no way out without stairs and {wheels_m:g} m wide, and nobody came to help"
    return "the room reaches no exit"
