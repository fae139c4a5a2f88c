"""The document of `twin stagger`: numbers with their intervals, and the sentence that they mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reports.comparison import interval
from scenarios.egress.place import Place
from scenarios.egress.statistics import figure, of_runs
from scenarios.shares import share_interval
from scenarios.stagger.bench import Trials
from scenarios.stagger.choice import allowed
from scenarios.stagger.rooms import Room
from scenarios.stagger.stairs import Stair

if TYPE_CHECKING:
    from scenarios.stagger.planner import Order, Plan


def confirmed(trials: Trials) -> dict[str, Any]:
    """Time until all are out and peak density over dismissals, each with its 95 % intervals."""
    return {
        "end_s": of_runs(trials.end_s[:, None], "stagger/end"),
        "peak_per_m2": of_runs(trials.peak[:, None], "stagger/peak"),
    }


def document_of(
    order: Order, place: Place, stairs: Sequence[Stair], rooms: Sequence[Room], plan: Plan
) -> dict[str, Any]:
    """Everything that was found, for JSON; `added_s` is paired by seed."""
    under = int((plan.fresh.peak <= order.density_per_m2).sum())
    runs = len(plan.fresh.peak)
    low, high = share_interval(under, runs)
    held = runs - under <= allowed(runs)
    added = plan.fresh.end_s - plan.at_once.end_s
    ends = interval("stagger/added", plan.at_once.end_s, plan.fresh.end_s, paired=True)
    document: dict[str, Any] = {
        "site": place.floor.name,
        "period": place.period,
        "density_per_m2": order.density_per_m2,
        "laws": order.laws,
        "seed": order.seed,
        "people": sum(room.heads for room in rooms),
        "stairs": [{"id": s.id, "name": s.name, "spaces": list(s.spaces)} for s in stairs],
        "classes": _classes(place, stairs, rooms, plan),
        "posts": [_post(place, entry.model_dump()) for entry in plan.file.posts],
        "all_at_once": confirmed(plan.at_once),
        "plan": confirmed(plan.fresh),
        "added_s": {"mean": figure(added.mean()), "low": ends[0], "high": ends[1]},
        "under": {"runs": runs, "held": under, "low": round(low, 4), "high": round(high, 4)},
        "holds": held,
    }
    return document | {"sentence": _sentence(document)}


def _classes(
    place: Place, stairs: Sequence[Stair], rooms: Sequence[Room], plan: Plan
) -> list[dict[str, Any]]:
    """One entry per class, in the order in which they are called."""
    names = {stair.id: stair.name for stair in stairs}
    storey = {s.id: _floor_name(place, s.storey) for s in place.floor.spaces.values()}
    rows = [
        {
            "group": group.id,
            "name": group.name or group.id,
            "room": room.id,
            "room_name": room.name,
            "storey": room.storey,
            "storey_name": storey[room.id],
            "stair": room.stair,
            "stair_name": names.get(room.stair, ""),
            "at_s": plan.schedule[room.id] / 1_000,
        }
        for room in rooms
        for group in room.groups
    ]
    return sorted(rows, key=lambda row: (row["at_s"], row["stair"], row["group"]))


def _floor_name(place: Place, storey: str) -> str:
    return place.storeys.get(storey, storey)


def _post(place: Place, entry: dict[str, Any]) -> dict[str, Any]:
    space = place.floor.spaces[entry["at"]]
    groups = {group.id: group.name or group.id for group in place.people.groups}
    staff = groups.get(entry["who"].rpartition(".")[0], "")
    return {**entry, "at_name": space.name or space.id, "who_name": staff}


def _sentence(document: dict[str, Any]) -> str:
    under, added, limit = document["under"], document["added_s"], document["density_per_m2"]
    before, after = document["all_at_once"], document["plan"]
    count = f"{under['held']} of {under['runs']} fresh dismissals"
    if not document["holds"]:
        return (
            f"This schedule keeps stairs under {limit:g} adults per m2 in {count} only, not in 95 "
            "of 100. Try more --trials, raise --density, or open another way."
        )
    return (
        f"Stairs stay under {limit:g} adults per m2 in {count} (95 % interval "
        f"{under['low']:.0%} to {under['high']:.0%}); the highest is "
        f"{after['peak_per_m2']['max']:.2f} instead of {before['peak_per_m2']['max']:.2f} all at "
        "once. It takes "
        f"{added['mean']:+.0f} s ({added['low']:+.0f} to {added['high']:+.0f}): "
        f"{after['end_s']['mean']:.0f} s instead of {before['end_s']['mean']:.0f} s."
    )
