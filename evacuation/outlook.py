"""What a mind makes of the building: the way that each crossing leads, as far as it knows."""

import numpy as np

from evacuation.engine.arrays import Flags, Floats
from evacuation.engine.fields import Ways
from evacuation.mind import NO_GOAL, Mind
from evacuation.routing import (
    CLOSED_M,
    FORBIDDEN_M,
    REFUGE_M,
    SIGN_M,
    SMOKE_M,
    TRUSTED_M,
    UNFAMILIAR_M,
    Routes,
)

EVERYTHING = frozenset({"closed", "smoke", "sign", "told", "one-way"})


class Outlook:
    """Works out the field of a mind, once for all minds that mean the same ways."""

    def __init__(self, routes: Routes) -> None:
        self._routes = routes
        self._fields: dict[Mind, Ways] = {}
        self._signed: dict[int, frozenset[int]] = {}

    def of(self, mind: Mind) -> Ways:
        """Return the field of a mind."""
        plain = mind.plain
        found = self._fields.get(plain)
        if found is None:
            found = self._fields[plain] = self._field(plain)
        return found

    def _field(self, mind: Mind) -> Ways:
        """Return the best field: familiar exits first, then any exit, a refuge for who can not
        take stairs, then forbidden portals, and at last to wait where it is closed. Who has to go
        somewhere else than out goes by no sign.
        """
        routes, barred = self._routes, self._routes.barred(mind.wheels_m)
        obeyed = self._surcharge(mind, EVERYTHING) + barred
        if mind.goal != NO_GOAL:  # signs are for those who leave
            price = self._surcharge(mind, EVERYTHING - {"sign"}) + barred
            return routes.field_into(routes.into(mind.goal), price)
        best = routes.field(self._exits(mind, obeyed), obeyed)
        leads = routes.lead_out(mind.wheels_m)
        best = self._filled(best, leads, routes.exits, obeyed, UNFAMILIAR_M)
        if mind.wheels_m and routes.refuge.any():
            kept = obeyed + np.where(routes.from_refuge, np.inf, 0.0)
            best = _merged(best, ~np.isfinite(best.beyond),
                           routes.field_into(routes.refuge, kept), REFUGE_M)  # fmt: skip
        seen = self._surcharge(mind, EVERYTHING - {"told", "one-way"}) + barred
        best = self._filled(best, leads, routes.exits, seen, FORBIDDEN_M)
        return self._filled(best, leads, routes.exits, self._waiting(mind) + barred, CLOSED_M)

    def _filled(
        self, best: Ways, leads: Flags, exits: list[int], surcharge: Floats, offset: float
    ) -> Ways:
        """Return ways with those added that were missing and that the building has."""
        missing = ~np.isfinite(best.beyond) & leads
        if not missing.any():
            return best
        return _merged(best, missing, self._routes.field(exits, surcharge), offset)

    def _exits(self, mind: Mind, surcharge: Floats) -> set[int]:
        if not mind.familiar:
            return set(self._routes.exits)
        pointed = {self._routes.exit_behind(c, surcharge) for c in self._believed(mind)}
        return set(mind.familiar) | mind.portals("exit") | (pointed - {-1})

    def _believed(self, mind: Mind) -> list[int]:
        """Return the crossings that signs point to, but for ways that are known to be closed."""
        closed = mind.portals("closed")
        return sorted(c for c in mind.portals("sign") if not closed & self._way(c))

    def _way(self, crossing: int) -> frozenset[int]:
        """Return the portals on the way that a sign means: to the nearest exit behind it."""
        if crossing not in self._signed:
            way = self._routes.way_behind(crossing, self._routes.barred(0.0))
            self._signed[crossing] = frozenset(c >> 1 for c in way)
        return self._signed[crossing]

    def _waiting(self, mind: Mind) -> Floats:
        """Return what it costs to wait at portals: least where it might be open by now."""
        sure = sorted(mind.portals("closed") - mind.portals("doubted"))
        extra = np.zeros((self._routes.size // 2, 2))
        extra[sure] = TRUSTED_M
        return extra.ravel()

    def _surcharge(self, mind: Mind, kinds: frozenset[str]) -> Floats:
        routes = self._routes
        extra = np.zeros(routes.size)
        signed = self._believed(mind) if "sign" in kinds else []
        for s in sorted({int(routes.send[c]) for c in signed}):
            extra[routes.ways(s)] += SIGN_M
        extra[signed] = 0.0
        for fact in sorted(mind.facts):
            if fact.kind == "smoke" and "smoke" in kinds:
                extra[fact.number] += SMOKE_M
            elif fact.kind == "one-way" and "one-way" in kinds:
                extra[fact.number] = np.inf
            elif fact.kind in ("closed", "told") and fact.kind in kinds:
                extra[[2 * fact.number, 2 * fact.number + 1]] = np.inf
        return extra


def _merged(best: Ways, missing: Flags, other: Ways, offset: float) -> Ways:
    return Ways(
        np.where(missing, other.beyond + offset, best.beyond),
        np.where(missing, other.narrowest, best.narrowest),
        best.after,
    )
