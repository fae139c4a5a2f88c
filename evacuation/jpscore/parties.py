"""Who is in the building: the agents of the settings file, or a planning figure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from evacuation.bim.draft import Entry
from evacuation.bim.naming import Names, slug
from evacuation.bim.problem import Finding
from evacuation.jpscore.ids import Ids
from evacuation.jpscore.plan import Plan, nearest_gate
from evacuation.jpscore.settings import Party, Settings

M2_PER_PERSON = 5.0
"""People where no settings file says how many; a planning figure, not a count."""
CROWD_PER_M2 = 2.0
"""More than this in a room gets a note."""
FASTEST_M_S, SLOWEST_M_S = 5.0, 0.1


@dataclass(frozen=True, slots=True)
class Folk:
    """Rows of people.yaml, with the profiles and pre-movements that they name."""

    groups: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    profiles: Mapping[str, Entry] = field(default_factory=dict)
    pre_movement: Mapping[str, Entry] = field(default_factory=dict)


def parties_of(plan: Plan, ids: Ids, settings: Sequence[Settings]) -> Folk:
    """The agents of the first settings file; without any, one person per 5 m2 of room."""
    level = [key for key in plan.geometry.subrooms if key not in plan.slopes]
    anywhere = level[0] if len(level) == 1 else ""
    parties = [
        replace(party, where=party.where or anywhere)
        for said in settings[:1]
        for party in said.parties
    ]
    used = [party for party in parties if party.count and party.where in ids.spaces]
    if not used:
        return _by_area(plan, ids)
    said = settings[0]
    taken = Names()
    return Folk(
        groups=tuple(_group(plan, ids, said, party, taken) for party in used),
        findings=tuple(_findings(settings, parties, used)),
        profiles=_profiles(said, used),
        pre_movement={_cue(party): _pre(party) for party in used},
    )


def with_crowds(floor: Entry, groups: Sequence[Entry]) -> Entry:
    """``floor`` with a note where the file puts more people than a timetable would."""
    heads: dict[str, int] = {}
    for group in groups:
        heads[group["at"]] = heads.get(group["at"], 0) + group["count"]
    spaces = [
        entry | {"notes": f"The settings file puts {heads[entry['id']]} people here."}
        if heads.get(entry["id"], 0) > CROWD_PER_M2 * entry["area_m2"]
        else entry
        for entry in floor["spaces"]
    ]
    return {**floor, "spaces": spaces}


def _by_area(plan: Plan, ids: Ids) -> Folk:
    places = [
        key for key in plan.geometry.subrooms if key not in plan.slopes and not plan.is_landing(key)
    ]
    groups = [
        {
            "id": ids.spaces[key],
            "kind": "visitors",
            "profile": "adult",
            "count": max(1, int(plan.shapes[key].area / M2_PER_PERSON)),
            "pre_movement": "usual",
            "at": ids.spaces[key],
        }
        for key in places
    ]
    text = (
        "No settings file (ini.xml) beside it places anybody: one person per "
        f"{M2_PER_PERSON:g} m2 is assumed."
    )
    return Folk(tuple(groups), (Finding("people", plan.geometry.caption or "floor", text),))


def _group(plan: Plan, ids: Ids, said: Settings, party: Party, taken: Names) -> Entry:
    entry: Entry = {
        "id": taken.take(f"g{slug(party.number) or 'roup'}"),
        "kind": "visitors",
        "profile": _profile(said, party),
        "count": party.count,
        "pre_movement": _cue(party),
        "at": ids.spaces[party.where],
    }
    corners = said.goals.get(party.goal)
    exits = [door for door in plan.geometry.doors if len(door.ends) == 1]
    if corners and len(exits) > 1:
        entry["knows"] = [ids.portals[door] for door in nearest_gate(exits, corners)]
    return entry


def _profile(said: Settings, party: Party) -> str:
    speed = said.speeds.get(party.parameters)
    usable = speed is not None and SLOWEST_M_S <= speed[0] <= FASTEST_M_S
    return f"p{slug(party.parameters)}" if usable else "adult"


def _profiles(said: Settings, used: Sequence[Party]) -> Mapping[str, Entry]:
    found: dict[str, Entry] = {}
    for party in used:
        name = _profile(said, party)
        if name == "adult":
            continue
        mean, sd = said.speeds[party.parameters]
        low, high = max(SLOWEST_M_S, mean - 3 * sd), min(FASTEST_M_S, mean + 3 * sd)
        speed = {"mean": mean, "sd": sd, "min": low, "max": high}
        source = f"{said.markup.path.name}, agent parameters {party.parameters}"
        found[name] = {"speed": speed, "body_area_m2": 0.113, "source": source}
    return found


def _cue(party: Party) -> str:
    mean, sigma = party.pre_movement_s
    return "at-once" if mean <= 0 else f"after-{mean:g}-{max(sigma, 0.0):g}"


def _pre(party: Party) -> Entry:
    mean, sigma = party.pre_movement_s
    if mean <= 0:
        return {"median_s": 0, "sigma": 0, "scatter_s": 0}
    return {"median_s": mean, "sigma": 0, "scatter_s": max(sigma, 0.0)}


def _findings(
    settings: Sequence[Settings], parties: Sequence[Party], used: Sequence[Party]
) -> Iterator[Finding]:
    said = settings[0]
    name = said.markup.path.name
    people = sum(party.count for party in used)
    text = f"{people} people in {len(used)} groups, with their speeds and goals, are from {name}."
    yield Finding("people", name, text)
    for other in settings[1:]:
        text = f"{other.markup.path.name} names this geometry as well; it is left out."
        yield Finding("people", other.markup.path.name, text)
    for party in parties:
        place = f"room/subroom {party.where or '-'}"
        if party not in used:
            text = f"Group {party.number} ({party.said or 'no number'}, {place})"
            yield Finding("people", name, f"{text} has no number or no place; left out.")
        elif not party.said.isdigit():
            text = f"Group {party.number} has the numbers {party.said}: the first one is taken."
            yield Finding("people", name, text)
    if any(party.bounded for party in used):
        text = "Some groups are bounded by coordinates; here they stand anywhere in the room."
        yield Finding("people", name, text)
    if said.sources:
        text = f"{said.sources} sources that add people during the run are left out."
        yield Finding("people", name, text)
