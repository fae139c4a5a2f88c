"""Why somebody can not get out: in words for the report."""

from evacuation.engine.arrays import HALTED, Crowded, Seen
from evacuation.floor import Floor
from evacuation.knowledge import Knowledge
from evacuation.routing import CLOSED_M
from evacuation.smoke.doses import Doses


class Stranding:
    """Finds the reason for people who wait without a way."""

    def __init__(self, floor: Floor, knowledge: Knowledge, doses: Doses) -> None:
        self._knowledge, self._doses = knowledge, doses
        self._portals = tuple(floor.portals)
        self._leads_out = knowledge.routes.lead_out

    def reason(self, crowd: Crowded, seen: Seen, i: int) -> str:
        """Return the reason for one person."""
        if crowd.state[i] == HALTED:
            dose = self._doses.at_fall(i)
            told = f" by {dose.cause}, dose {dose.greater:.2f}" if dose.cause else ""
            return f"incapacitated{told}"
        ways = self._knowledge.routes.ways(int(crowd.space[i]))
        if not self._leads_out[ways].any():
            return "the room reaches no exit"
        shut = [c for c in ways.tolist() if self._leads_out[c] and seen.closed[c >> 1]]
        target, mind = int(crowd.who[i]["target"]), int(crowd.who[i]["mind"])
        if shut and (target < 0 or seen.closed[target >> 1]):
            return f"waiting behind closed portal {self._names([c >> 1 for c in shut])}"
        if target < 0 or seen.beyond[mind, target] >= CLOSED_M:
            return f"all known ways closed: {self._names(self._knowledge.blocked(mind))}"
        return f"the spaces behind {self._portals[target >> 1]} are full"

    def _names(self, portals: list[int]) -> str:
        return ", ".join(self._portals[p] for p in sorted(set(portals)))
