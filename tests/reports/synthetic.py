"""A run's folder made without a simulation, with every file that a report reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from ruamel.yaml import YAML

from controller.interface.journal import Journal
from tests.reports.block import Layout
from tests.reports.leaving import IGNITION, Run


def write(
    folder: Path, layout: Layout | None = None, seed: int = 7, *, drop: tuple[str, str] = ("", "")
) -> Path:
    """Write a run's folder; `drop` = (kind, entity) leaves those records out of the journals."""
    run = Run(layout or Layout(), seed)
    run.alarm()
    run.people()
    run.finish()
    (folder / "site").mkdir(parents=True)
    for source, records in (("twin", run.twin), ("controller", run.controller)):
        with_order = sorted(records, key=lambda r: (r[0], r[1], r[3]))
        journal = Journal(folder / f"{source}.jsonl", "0" * 32, {"started": "2026-11-22T10:00:00Z"})
        for t, p, kind, entity, data in with_order:
            if (kind, entity) != drop:
                journal.record(t, p, kind, entity, **data)
        journal.close()
    _files(folder, run)
    return folder


def _files(folder: Path, run: Run) -> None:
    yaml = YAML(typ="safe")
    yaml.dump(run.layout.floor(), folder / "site" / "floor.yaml")
    devices = [
        {"id": "sd-101", "kind": "smoke-detector"},
        {"id": "sd-102", "kind": "smoke-detector"},
        {"id": "pa-a", "kind": "pa-zone", "bus": "mqtt"},
        *({"id": f"lock-{n}", "kind": "door-lock", "gateway": "doors-1"} for n in (1, 2, 3)),
    ]
    yaml.dump(
        {"points": 1, "site": "synthetic", "devices": devices}, folder / "site" / "points.yaml"
    )
    yaml.dump(_scenario(), folder / "scenario.yaml")
    names = ("person", "group", "space", "state", "t_in_ms", "t_out_ms")
    columns = dict(zip(names, zip(*run.rows, strict=True), strict=True))
    table = pa.table(
        {
            n: pa.array(columns[n]).dictionary_encode() if n in names[:4] else pa.array(columns[n])
            for n in names
        }
    )
    pq.write_table(table, folder / "journeys.parquet")
    _json(folder / "manifest.json", _manifest(run))
    _json(folder / "metrics.json", _metrics(run, folder))


def _json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")


def _scenario() -> dict[str, Any]:
    return {
        "scenario": 1,
        "say": "Fire in Class 1-2 during the second lesson.",
        "site": "synthetic",
        "period": "lesson",
        "expect": [
            {
                "id": "E3",
                "say": "Everybody out in 3 minutes",
                "evacuated": {"share": 1.0, "from": "hazard * ignition", "limit": "180 s"},
            }
        ],
    }


def _manifest(run: Run) -> dict[str, Any]:
    return {
        "scenario": "synthetic-fire",
        "site": "synthetic",
        "seed": run.seed,
        "rig": "memory",
        "broker": "embedded",
        "slice_ms": 250,
        "people": len({row[0] for row in run.rows}),
        "versions": {"campus-twin": "0.1.0", "numpy": "2.4.6"},
        "inputs": {"floor.yaml": "ab" * 32},
        "host": {"cpus": 2},
        "configuration": {"confirm": {"window_s": 300}, "laws": "bounding"},
        "started_wall": "2026-11-22T10:00:00Z",
        "chain": "0" * 32,
    }


def _metrics(run: Run, folder: Path) -> dict[str, Any]:
    people = len({row[0] for row in run.rows})
    rset = max(run.outs.values()) - IGNITION
    observed = rset / 1000 if not run.stranded else None
    return {
        "scenario": "synthetic-fire",
        "site": "synthetic",
        "seed": run.seed,
        "rig": "memory",
        "verdict": "fail",
        "exit_code": 1,
        "sim_ms": rset + IGNITION + 1000,
        "wall_s": 1.5,
        "people": people,
        "evacuated": len(run.outs),
        "stranded": run.stranded,
        "rset_ms": rset,
        "expectations": [
            {
                "id": "E1",
                "must": True,
                "say": "Evacuation voice within 10 s of the second detector",
                "clause": "GB 50116-2013 4.8",
                "verdict": "pass",
                "observed": 4.85,
                "limit": 10.0,
                "unit": "s",
                "why": "actuate pa-a after 4.8 s",
            },
            {
                "id": "E2",
                "must": False,
                "say": "No stair above 3.5 people/m2",
                "clause": "",
                "verdict": "inconclusive",
                "observed": None,
                "limit": 3.5,
                "unit": "people/m2",
                "why": "`a.st*` was never sampled",
            },
            {
                "id": "E3",
                "must": True,
                "say": "Everybody out in 3 minutes",
                "clause": "Ministry of Education drill guide 2014",
                "verdict": "fail",
                "observed": observed,
                "limit": 180.0,
                "unit": "s",
                "why": "1 person did not come out",
            },
        ],
        "journal_sha256": "1" * 64,
        "decisions_sha256": "2" * 64,
        "bytes_sha256": "3" * 64,
        "records": {"input": 2},
        "slices": {"run": 500, "skipped": 100},
        "messages": 4000,
        "requests": 900,
        "run_dir": str(folder),
    }
