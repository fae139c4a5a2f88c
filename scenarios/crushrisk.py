"""What runs say of falls: chance of a cascade, classes of risk by space, no count of victims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from evacuation.crush.measures import Peak, is_cascade
from evacuation.crush.risk import CLASSES, Outcome, Risk, interval, mechanism, risk_class
from reports.dossier import read_json
from reports.measures import STORED


def risk_document(runs: Sequence[Outcome]) -> dict[str, Any]:
    """Falls over runs of a floor; pressure of Helbing needs single velocities (the zone has it)."""
    risk = Risk.of(runs)
    return {
        "runs": risk.runs,
        "cascades": risk.cascades,
        "p_cascade": round(risk.chance, 4),
        "low": round(risk.low, 4),
        "high": round(risk.high, 4),
        "falls_mean": round(risk.falls, 3),
        "r_f": round(risk.r_f, 3),
        "people_given_cascade": round(risk.people, 1) if risk.cascades else None,
        "dose_sum_given_cascade": round(risk.harm, 3) if risk.cascades else None,
        "helbing_pressure": None,
    }


def worst_of(peaks: Sequence[Peak]) -> Peak:
    """The worst of a space over runs, each measure by itself."""
    return Peak(*(max(getattr(one, part.name) for one in peaks) for part in fields(Peak)))


def space_document(worst: Peak) -> dict[str, Any]:
    """Class of risk, mechanism and measures of one space."""
    return {
        "risk_class": risk_class(worst),
        "mechanism": mechanism(worst),
        "peak_adults_per_m2": round(worst.density_per_m2, 2),
        "peak_occupancy": round(worst.occupancy, 3),
        "line_load_n_per_m": round(worst.load_n_per_m),
        "force_n": round(worst.force_n),
        "falls": worst.falls,
        "over_dose_025": worst.unconscious,
        "breakdown_s": round(worst.breakdown_s, 1),
    }


def fall_counts(records: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Falls of one run by its records in order of time, on the graph and in zones: all, over others
    who lie, people who fell; a cascade? And the worst class of risk, with the spaces that come to
    it.
    """
    records = list(records)
    falls = [fall for fall in map(_fall, records) if fall is not None]
    secondary = sum(over for _, _, over in falls)
    first = len(falls) - secondary
    return {
        "falls": len(falls),
        "secondary": secondary,
        "people": len({who for who, _, _ in falls}),
        "r_f": round(secondary / first, 3) if first else 0.0,
        "cascade": bool(_cascading(falls)),
        **_classed(records),
    }


def _classed(records: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    found = [r for r in records if r["k"] == "crush" and r.get("what") == "risk"]
    worst = max((CLASSES.index(one["state"]) for one in found), default=0)
    where = {one["e"]: one["why"] for one in found if one["state"] == CLASSES[worst]}
    return {"risk_class": CLASSES[worst], "at_risk": where}


def crush_document(
    records: Sequence[Mapping[str, Any]], crushed: Mapping[str, Any]
) -> dict[str, Any]:
    """The crush of one run: by space class of risk, mechanism, measures and when each first warned;
    people who came to a dose of 0.25 (how many came to more is not told apart).
    """
    hurt = {r["e"] for r in records if r["k"] == "person" and r.get("what") == "dose"}
    spaces = {}
    for name, row in (crushed.get("spaces") or {}).items():
        peak = Peak(**{part.name: row[part.name] for part in fields(Peak)})
        r_f = peak.secondary / max(peak.falls - peak.secondary, 1)
        found = {"r_f": round(r_f, 3), "moments_s": row["moments_s"]}
        spaces[name] = space_document(peak) | found
    return {"dose_people": len(hurt), "dose_sum": crushed.get("dose_sum", 0.0), "spaces": spaces}


def crush_measures(run: Mapping[str, Any]) -> dict[str, float]:
    """The crush of a run as numbers, lower is better; `cascade` and `risk_class` (0 low to 3
    severe, the worst space) are of this one run, their means over runs are P(cascade) and so on.
    """
    spaces = run["crush"]["spaces"].values()
    return {
        "cascade": float(run["falls"]["cascade"]),
        "falls": float(run["falls"]["falls"]),
        "dose_people": float(run["crush"]["dose_people"]),
        "dose_sum": float(run["crush"]["dose_sum"]),
        "peak_adults_per_m2": max((row["peak_adults_per_m2"] for row in spaces), default=0.0),
        "risk_class": float(max((CLASSES.index(row["risk_class"]) for row in spaces), default=0)),
    }


def _fall(record: Mapping[str, Any]) -> tuple[str, str, bool] | None:
    """Who fell where, and whether over somebody who lay there; None if the record is no fall."""
    if record["k"] == "person" and record.get("what") == "fall":
        return record["e"], record["space"], record["cause"] == "tripped"
    return None


def _cascading(falls: Iterable[tuple[str, str, bool]]) -> set[str]:
    """Places where a fall became a cascade."""
    tally: dict[str, tuple[int, int]] = {}
    found = set()
    for _, place, over in falls:
        first, secondary = tally.get(place, (0, 0))
        tally[place] = (first + (not over), secondary + over)
        if is_cascade(*tally[place]):
            found.add(place)
    return found


def cascades(runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Chance of a cascade over the runs of a sweep, with Wilson's 95 % interval."""
    bad = [run for run in runs if run["cascade"]]
    low, high = interval(len(bad), len(runs))
    first = sum(run["falls"] - run["secondary"] for run in runs)
    return {
        "runs": len(runs),
        "cascades": len(bad),
        "p_cascade": len(bad) / len(runs) if runs else None,
        "low": low,
        "high": high,
        "falls_mean": sum(run["falls"] for run in runs) / len(runs) if runs else 0.0,
        "r_f": sum(run["secondary"] for run in runs) / max(first, 1),
        "people_given_cascade": sum(r["people"] for r in bad) / len(bad) if bad else None,
        "risk_classes": {name: [r["risk_class"] for r in runs].count(name) for name in CLASSES},
    }


def falls_text(falls: Mapping[str, Any]) -> str:
    """Falls and risk of one run as a sentence; nothing where nobody fell and nobody was at risk."""
    if not falls["falls"] and falls["risk_class"] == CLASSES[0]:
        return ""
    count, where = falls["falls"], list(falls["at_risk"])
    text = f"Falls: {count}, over others {falls['secondary']} (R_f {falls['r_f']:.2f})"
    text += f"; risk class: {falls['risk_class']}"
    shown = ", ".join(where[:3]) + (" ..." if len(where) > 3 else "")
    return f"{text}, {shown}: {falls['at_risk'][where[0]]}" if where else text


def crush_summary(runs: Sequence[Path]) -> dict[str, Any]:
    """Chance of a cascade over runs, what it does where it happens, the class, the time; a
    sentence of it.
    """
    rows = [read_json(run / "metrics.json") for run in runs]
    found = cascades([row["falls"] for row in rows])
    kept = [row[STORED] for row in rows]
    bad = [row for row in kept if row["cascade"]]
    worst = max((int(row["risk_class"]) for row in kept), default=0)
    found |= {
        "risk_class": CLASSES[worst],
        "dose_people_given_cascade": _mean(bad, "dose_people") if bad else None,
        "risk_class_given_cascade": CLASSES[max(int(r["risk_class"]) for r in bad)] if bad else "",
        "peak_adults_per_m2": max((row["peak_adults_per_m2"] for row in kept), default=0.0),
        "rset_s": _mean(kept, "rset_s"),
        "stranded": _mean(kept, "stranded"),
    }
    return found | {"sentence": _sentence(found)}


def _mean(rows: Sequence[Mapping[str, float]], name: str) -> float:
    return sum(row[name] for row in rows) / max(len(rows), 1)


def _sentence(found: Mapping[str, Any]) -> str:
    given = (
        f"; given one, {found['people_given_cascade']:.0f} people fall and "
        f"{found['dose_people_given_cascade']:.1f} come to a dose of 0.25"
        if found["cascades"]
        else ""
    )
    return (
        f"risk class {found['risk_class']}; a cascade in {found['cascades']} of {found['runs']} "
        f"runs (95 %: {found['low']:.2f}-{found['high']:.2f}){given}; falls per run "
        f"{found['falls_mean']:.2f}; last out {found['rset_s']:.0f} s, "
        f"{found['stranded']:.0f} not out when it ended"
    )
