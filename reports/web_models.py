"""What the page and its API exchange: the HTTP edge, as frozen pydantic models.

Times are integer milliseconds since run start, lengths are metres.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Status = Literal["running", "finished", "stopped", "broken"]
Mood = Literal["rest", "active", "alarm", "fault", "lost"]
Observed = float | bool | str | None


class Model(BaseModel):
    """A value at the HTTP edge: unknown keys are errors, nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Refusal(Model):
    """Why a request was refused."""

    error: str = Field(description="One sentence that says what is wrong.")
    nearest: str = Field("", description="The nearest thing that exists, empty if none is close.")


class Expectation(Model):
    """One thing that must be true, and what was seen."""

    id: str = Field(description="Identifier within the scenario.")
    must: bool = Field(description="True if the run's verdict depends on it.")
    say: str = Field(description="The plain sentence.")
    verdict: str = Field(description="pass, fail, inconclusive or error.")
    observed: Observed = Field(None, description="What the run showed.")
    limit: Observed = Field(None, description="What it may be at most, or must be.")
    unit: str = Field("", description="Unit of observed and limit.")
    clause: str = Field("", description="Where the limit comes from.")
    why: str = Field("", description="How the verdict came about.")


class RunSummary(Model):
    """One folder of the runs folder."""

    id: str = Field(description="The folder's path below the runs folder, `:` between levels.")
    scenario: str = Field("", description="Name of the scenario.")
    site: str = Field("", description="Name of the site.")
    seed: int | None = Field(None, description="Root seed.")
    rig: str = Field("", description="memory, wire or hardware.")
    broker: str = Field("", description="Which MQTT broker carried the run.")
    status: Status = Field(
        description="running: journals grow; finished: metrics are there; stopped: the run ended "
        "without metrics; broken: the folder cannot be read, see reason."
    )
    verdict: str = Field("", description="pass, fail, inconclusive, error; empty while unknown.")
    people: int | None = Field(None, description="People on the site at the start.")
    evacuated: int | None = Field(None, description="People who reached a safe place.")
    stranded: int | None = Field(None, description="People who could not leave.")
    sim_ms: int | None = Field(None, description="Length of the run.")
    started: str = Field("", description="Wall-clock start, ISO 8601.")
    reason: str = Field("", description="Why the run is broken or stopped.")


class RunDetail(RunSummary):
    """One run with its verdict."""

    expectations: tuple[Expectation, ...] = Field((), description="What had to be true.")
    ledger: dict[str, float] = Field({}, description="Seconds ledger of the building by entry.")
    rset_ms: int | None = Field(None, description="Time until the last person was out.")
    files: tuple[str, ...] = Field((), description="Files in the run's folder.")


class Runs(Model):
    """The runs in the folder, the newest first."""

    folder: str = Field(description="The folder that was searched.")
    runs: tuple[RunSummary, ...]
    control: bool = Field(description="True if this server can start and stop runs.")
    site: str = Field("", description="The site this server was started for, empty for all.")


class Storey(Model):
    """One storey of the floor file."""

    id: str
    name: str
    z_m: float = Field(description="Height of the floor.")


class Space(Model):
    """A room, corridor piece, stair run or yard."""

    id: str
    name: str
    kind: str = Field(description="room, corridor, landing, stair, hall, yard, street, lift, shaft")
    storey: str
    safe: bool = Field(description="True if whoever enters has evacuated.")
    area_m2: float
    outline: tuple[tuple[float, float], ...] = Field(description="Corners, m; empty: not drawn.")


class Portal(Model):
    """A door or opening between two spaces."""

    id: str
    name: str
    kind: str = Field(description="door, opening, gate or turnstile")
    between: tuple[str, str] = Field(description="Inner and outer space.")
    width_m: float = Field(description="Clear width.")
    at: tuple[float, float] | None = Field(description="Centre, m; null if the file has none.")
    exit: bool = Field(description="True if it leads from an unsafe to a safe space.")
    state: str = Field(description="State at the start: open, locked or closed.")


class Device(Model):
    """A field device of the I/O list."""

    id: str
    kind: str
    at: str = Field(description="The space it hangs in, empty if it sits on a portal.")
    portal: str = Field(description="The portal it moves or marks, empty if none.")
    gateway: str = Field(description="Modbus gateway, or `mqtt`.")


class Plan(Model):
    """The floor plan of a run with its devices."""

    name: str
    source: str
    storeys: tuple[Storey, ...]
    spaces: tuple[Space, ...]
    portals: tuple[Portal, ...]
    devices: tuple[Device, ...]


class Journeys(Model):
    """Who was where: one flat row per (person, space, state), sorted by person and time.

    Rows of person i are first[i] .. first[i + 1] - 1. Numbers in `space` and `state` index the
    lists `spaces` and `states`.
    """

    people: tuple[str, ...] = Field(description="Person ids.")
    groups: tuple[str, ...] = Field(description="Group names.")
    group: list[int] = Field(description="Index into groups, per person.")
    spaces: tuple[str, ...]
    states: tuple[str, ...] = Field(description="unaware, premove, walk, queue")
    first: list[int] = Field(description="First row of each person, and one past the last.")
    space: list[int]
    state: list[int]
    t_in_ms: list[int]
    t_out_ms: list[int]
    exit: tuple[str, ...] = Field(description="Portal each person left by, empty: still inside.")
    assembled_ms: list[int] = Field(description="When each person stood at assembly, 0: unknown.")
    assembly: tuple[str, ...] = Field(description="Assembly space per group, empty: unknown.")


class Event(Model):
    """One journal record as a sentence."""

    seq: int = Field(description="Position in the merged record of this server, from 1.")
    t_ms: int
    source: Literal["twin", "controller"]
    kind: str = Field(description="Journal kind, such as sense, decision, portal.")
    group: str = Field(
        description="hazard, detection, decision, devices, doors, voice, people, faults or bus"
    )
    entity: str = Field(description="What it is about: a device, portal, space, person or rule.")
    text: str = Field(description="The record in plain words.")


class Events(Model):
    """A page of events in order of time."""

    events: tuple[Event, ...]
    total: int = Field(description="How many match the filter.")
    next: int | None = Field(description="`start` of the next page, null on the last one.")


class Changes(Model):
    """What changed between two tokens; without a token, since the start of the run.

    Tracks are lists of [t_ms, value] per entity.
    """

    seq: int = Field(description="Records read so far; counts up without gaps.")
    since: int = Field(description="`seq` that this piece continues; 0 is a whole snapshot.")
    token: str = Field(description="Give it back as `after` to get only what is new.")
    until_ms: int = Field(description="Time of the last record.")
    status: Status
    problem: str = Field("", description="What is wrong with a journal, empty if nothing.")
    portals: dict[str, list[tuple[int, str]]] = Field(description="open, locked, closed, blocked")
    devices: dict[str, list[tuple[int, str, Mood]]] = Field(description="[t_ms, words, mood]")
    smoke: dict[str, list[tuple[int, float]]] = Field(description="Extinction, 1/m, per space.")
    fires: list[tuple[int, str]] = Field(description="[t_ms, space] of each ignition.")
    counts: dict[str, list[tuple[int, int]]] = Field(description="People per space.")
    crowd: list[tuple[int, int, int, int, int, int]] = Field(
        description="[t_ms, inside, waiting, walking, queued, out]"
    )
    outs: list[tuple[int, str]] = Field(description="[t_ms, portal] of each person who got out.")
    events: tuple[Event, ...]


class Scenario(Model):
    """A scenario that can be started."""

    name: str
    site: str = Field(description="The site it plays on.")
    title: str = Field(description="What it is about.")


class Scenarios(Model):
    """The scenarios that this server can start."""

    scenarios: tuple[Scenario, ...]


class Order(Model):
    """Start a scenario."""

    scenario: str = Field(description="Name from /api/scenarios.", min_length=1, max_length=100)
    seed: int = Field(1, ge=0, le=2**53, description="Root seed.")
    rig: Literal["memory", "wire"] = Field("wire", description="How the pieces are joined.")
    pace: float = Field(
        10, ge=0, le=100, description="Simulated seconds per second; 0: as fast as it can."
    )


class Started(Model):
    """A run that was started or asked to stop."""

    id: str
    text: str = Field(description="What happened, in words.")


def plain(value: Any) -> Observed:
    """Keep what JSON metrics may hold as an observed value; anything else as text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)


class Camera(Model):
    """A camera of a run and where its pictures are."""

    id: str = Field(description="Identifier in points.yaml.")
    at: str = Field(description="The space where it hangs.")
    sees: tuple[str, ...] = Field(description="The spaces that it sees, globs as written.")
    live: str = Field(description="MJPEG stream.")
    still: str = Field(description="One JPEG.")
    clip: str = Field(description="The last 30 s as a ZIP of JPEGs, or with as=gif a GIF.")


class Cameras(Model):
    """The cameras of one run."""

    run: str = Field(description="Id of the run.")
    until_ms: int = Field(description="Up to when there are pictures.")
    cameras: tuple[Camera, ...] = Field(description="In the order of points.yaml.")
