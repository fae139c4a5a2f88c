"""Journeys of people in a form that a browser can interpolate: flat columns of integers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from controller.interface.files import BadFile, read
from reports.web_models import Journeys
from reports.web_timeline import Leaver

_COLUMNS = ["person", "group", "space", "state", "t_in_ms", "t_out_ms"]


def load_journeys(path: Path, leavers: Mapping[str, Leaver], site: Path) -> Journeys:
    """Read journeys.parquet; `leavers` says who left how, people.yaml of `site` who gathers where.

    Raises ValueError with one sentence if the file is not what it should be.
    """
    try:
        table = pq.read_table(path, columns=_COLUMNS)
    except (OSError, pa.ArrowInvalid, pa.ArrowKeyError, KeyError) as error:
        raise ValueError(f"{path.name} cannot be read: {str(error).splitlines()[0]}") from error
    return _journeys(table, leavers, _assemblies(site / "people.yaml"))


def _assemblies(path: Path) -> dict[str, str]:
    """The assembly space of each group; empty if the file is not there or cannot be read."""
    try:
        content = read(path)
    except BadFile:
        return {}
    groups = content.get("groups") if isinstance(content, Mapping) else None
    named = [item for item in groups or () if isinstance(item, Mapping)]
    return {str(item.get("id")): str(item.get("assembly") or "") for item in named}


def _journeys(
    table: pa.Table, leavers: Mapping[str, Leaver], assemblies: Mapping[str, str]
) -> Journeys:
    person, people = _codes(table, "person")
    group, groups = _codes(table, "group")
    space, spaces = _codes(table, "space")
    state, states = _codes(table, "state")
    t_in, t_out = _integers(table, "t_in_ms"), _integers(table, "t_out_ms")
    order = np.lexsort((t_out, t_in, person))
    first = np.searchsorted(person[order], np.arange(len(people) + 1))
    return Journeys(
        people=people,
        groups=groups,
        group=group[order][first[:-1]].tolist() if people else [],
        spaces=spaces,
        states=states,
        first=first.tolist(),
        space=space[order].tolist(),
        state=state[order].tolist(),
        t_in_ms=t_in[order].tolist(),
        t_out_ms=t_out[order].tolist(),
        exit=tuple(leavers[name].portal if name in leavers else "" for name in people),
        assembled_ms=[leavers[name].assembled_ms if name in leavers else 0 for name in people],
        assembly=tuple(assemblies.get(name, "") for name in groups),
    )


def _codes(table: pa.Table, name: str) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """A text column as indices into its values, which are sorted and all in use."""
    encoded = table.column(name).cast(pa.string()).to_numpy(zero_copy_only=False)
    values, codes = np.unique(encoded.astype(str), return_inverse=True)
    return codes.astype(np.int64), tuple(str(value) for value in values)


def _integers(table: pa.Table, name: str) -> npt.NDArray[np.int64]:
    column: npt.NDArray[np.int64] = table.column(name).cast(pa.int64()).to_numpy()
    return column
