"""What a finished run comes to: verdicts, counts, hashes, ledger, report - from its folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from controller.interface import journal
from reports.density import crowding
from reports.dossier import Dossier, read_json
from reports.junit import Suite, write_junit
from reports.ledger import ledger
from reports.measures import STORED, measured
from reports.people import start
from scenarios import hashes
from scenarios.crushrisk import crush_document, crush_measures, fall_counts
from scenarios.expect import ERROR, EXIT_CODES, Evidence, Outcome, judge, overall
from scenarios.folder import RunFolder
from scenarios.names import names_of
from scenarios.schema import Scenario
from twin.crushed import NAME as CRUSHED
from twin.site import Site


@dataclass(frozen=True, slots=True)
class Ended:
    """How the run itself ended: simulated and used time, what the rig counted, why it failed."""

    people: int
    end_ms: int
    wall_ms: int
    cpu_ms: int
    untriggered: Sequence[str]
    tally: Mapping[str, Any]
    error: str


def conclude(
    folder: RunFolder, plan: Mapping[str, Any], scenario: Scenario, site: Site, ended: Ended
) -> dict[str, Any]:
    """Judge a run and write metrics.json and junit.xml; return the document of `--json`."""
    records = _records(folder)
    outcomes = _judge(scenario, site, records, ended)
    verdict = ERROR if ended.error else overall(outcomes, ended.untriggered)
    document = {
        **{key: plan[key] for key in ("scenario", "site", "seed", "rig", "broker")},
        "say": scenario.say,
        "verdict": verdict,
        "exit_code": EXIT_CODES[verdict],
        "error": ended.error,
        "untriggered": list(ended.untriggered),
        "sim_ms": ended.end_ms,
        "wall_s": round(ended.wall_ms / 1_000, 3),
        "cpu_s": round(ended.cpu_ms / 1_000, 3),
        **_crowd(records, ended.people),
        "expectations": [outcome.document() for outcome in outcomes],
        "records": dict(sorted(Counter(record["k"] for record in records).items())),
        **ended.tally,
        **_hashes(folder, records, ended.tally),
        "crush": crush_document(records, read_json(folder.path / CRUSHED)),
        "run_dir": str(folder.path),
    }
    folder.write_json("metrics.json", document)
    document |= _accounts(folder, document)
    folder.write_json("metrics.json", document)
    write_junit(folder.path / "junit.xml", [Suite.of(folder.path)])
    return document


def _records(folder: RunFolder) -> list[dict[str, Any]]:
    """Return the records of both journals in order of time, then of phase."""
    both = [journal.read(path)[1] if path.is_file() else [] for path in folder.journals]
    return sorted((item for part in both for item in part), key=lambda r: (r["t"], r["p"]))


def _judge(
    scenario: Scenario, site: Site, records: Sequence[Mapping[str, Any]], ended: Ended
) -> list[Outcome]:
    persons = [record["e"] for record in records if record["k"] == "person"]
    names = names_of(site, persons or _everybody(site, scenario.period))
    evidence = Evidence(records, ended.people, names, ended.end_ms)
    return [judge(item, evidence) for item in scenario.expect]


def _everybody(site: Site, period: str) -> list[str]:
    """Return the ids of the groups that are there, where no person left a record."""
    return [f"{group.id}.p01" for group in site.people.groups if group.place(period)]


def _crowd(records: Sequence[Mapping[str, Any]], people: int) -> dict[str, Any]:
    """Count who is out, and of the others those who wait for help in a refuge as such."""
    ended = Counter(record.get("what") for record in records if record["k"] == "person")
    outs, sheltered = ended["out"], ended["refuge"]
    stranded = people - outs - sheltered
    counts = {"people": people, "evacuated": outs, "refuge": sheltered, "stranded": stranded}
    return counts | {"falls": fall_counts(records)}


def _accounts(folder: RunFolder, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ledger, the measures, and the time from the start until the last person out."""
    dossier = Dossier.load(folder.path)
    book = ledger(dossier)
    last, complete = book.last, document["people"] and not document["stranded"]
    return {
        "start_ms": start(dossier).t_ms,
        "rset_ms": last.total_ms if last is not None and complete else None,
        "ledger": book.mean_s(),
        STORED: measured(dossier, book, crowding(dossier.journeys, dossier.building))
        | crush_measures(document),
    }


def _hashes(
    folder: RunFolder, records: Sequence[Mapping[str, Any]], tally: Mapping[str, Any]
) -> dict[str, str]:
    paths = [path for path in folder.journals if path.is_file()]
    return {
        "journal_sha256": hashes.journal_sha256(paths),
        "decisions_sha256": hashes.decisions_sha256(records),
        "bytes_sha256": hashes.bytes_sha256(tally["tapes"]),
    }
