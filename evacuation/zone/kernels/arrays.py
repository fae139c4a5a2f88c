"""The arrays that the zone's kernels share. SI units; times in s since the zone began.

A person has a slot i < capacity. A body has three discs: the slot's own (its trunk) and, once it
lies on the ground, two more at ``capacity + 2 i`` and ``+ 1`` (head and legs).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Bytes = NDArray[np.int8]
Words = NDArray[np.uint64]

EMPTY, STANDING, FALLEN = 0, 1, 2
SPRINGS = 16
"""Contacts of one disc whose friction spring is kept while lists are renewed."""
LAST = 10
"""Slots of the ring of compressive forces: 1 s by tenths."""
TRAIL = 16
"""Places kept of each person, a tenth of a second apart: windows up to 1.5 s."""


class Discs(NamedTuple):
    """One row per disc: place m, speed m/s, radius m, 1/mass (0 lies or is held), whose it is."""

    x: Floats
    y: Floats
    vx: Floats
    vy: Floats
    r: Floats
    inverse: Floats
    owner: Ints
    kind: Bytes
    fx: Floats
    fy: Floats


class People(NamedTuple):
    """One row per slot.

    ``ex, ey`` where he wants to go, ``want`` how fast (m/s), ``push_x, push_y`` a force from
    outside and ``noise_x, noise_y`` his restlessness (N); ``cx, cy`` the forces of others on him,
    ``bx, by`` those of others and walls, and ``sxx, sxy, syy`` the stress (sum of normal force
    times n n), integrated over a tenth of a second; ``ring`` the compressive force of the last
    tenths, ``squeeze`` its mean over 1 s (N), ``most`` the greatest of it; ``load`` the weight on
    him (N); ``gap`` is the free way ahead (m); ``beside``: somebody walks beside him. ``faces``:
    somebody lies before him; ``against``: somebody comes towards him; ``astride``: he stands over
    somebody who lies; ``waited``: how long he has stood still, s, less as long as he has gone on
    since.
    """

    mass: Floats
    height: Floats
    radius: Floats
    free: Floats
    aim: Ints
    key: Words
    pushes: Floats
    obeys: Floats
    ex: Floats
    ey: Floats
    want: Floats
    push_x: Floats
    push_y: Floats
    noise_x: Floats
    noise_y: Floats
    cx: Floats
    cy: Floats
    bx: Floats
    by: Floats
    sxx: Floats
    sxy: Floats
    syy: Floats
    ring: Floats
    squeeze: Floats
    most: Floats
    load: Floats
    dose: Floats
    tough: Floats
    lean: Floats
    stuck: Floats
    hazard: Floats
    limit: Floats
    rising: Floats
    patience: Floats
    layer: Ints
    falls: Ints
    trodden: Ints
    faces: Bytes
    informed: Bytes
    astride: Bytes
    urgent: Bytes
    gap: Floats
    against: Bytes
    beside: Bytes
    waited: Floats
    crowding: Floats
    pressure: Floats
    part: Ints
    trail_x: Floats
    trail_y: Floats
    way: Floats
    fell_at: Floats
    cause: Bytes


class Pairs(NamedTuple):
    """Discs near each other, a < b, with the stretch of their friction spring (m); ``kept`` holds
    springs by disc while the lists are renewed; ``near_x, near_y`` places in the order of cells,
    ``counts`` and ``near`` who may count for one who looks ahead; ``meta``: pairs, wall contacts,
    live discs, lists stale, lists too short, renewals, discs that lie, draw of noise.
    """

    a: Ints
    b: Ints
    spring: Floats
    kept_with: Ints
    kept: Floats
    kept_count: Ints
    wa: Ints
    wall: Ints
    wall_spring: Floats
    live: Ints
    start: Ints
    sorted: Ints
    cell: Ints
    then_x: Floats
    then_y: Floats
    near_x: Floats
    near_y: Floats
    counts: Bytes
    near: Ints
    meta: Ints
    frame: Floats
    """x0, y0, size of a cell (m), columns, rows."""


PAIRS, WALLS, LIVE, STALE, SHORT, RENEWED, LYING, DRAWN = range(8)


class Walls(NamedTuple):
    """One row per straight piece of wall: ends m, whether it stands, whether its ends belong to
    an earlier piece, whether it is a leaf that can be seen to be shut; ``load`` the normal force
    on it, integrated (N s), ``mean`` and ``peak`` of a tenth (N).
    """

    x0: Floats
    y0: Floats
    x1: Floats
    y1: Floats
    stands: Bytes
    shared0: Bytes
    shared1: Bytes
    leaf: Bytes
    load: Floats
    mean: Floats
    peak: Floats


class Ground(NamedTuple):
    """The grid of the zone: ``way_x, way_y`` [aims, rows, columns] where to walk as crowds are
    now, ``far`` how far it still is with nobody about (m), ``part`` which piece of ground a cell
    belongs to (-1 none), ``free`` the share of a cell that is floor; per piece of ground ``slope``
    (radians), ``down_x, down_y``, ``length`` (m, 0 level), ``lux``, ``rail``; ``cost`` of a metre
    by cell with nobody about, ``price`` of one as crowds are, and room to ``work`` a way out in.
    Counts of people by cell are smoothed where they end in _s.
    """

    way_x: Floats
    way_y: Floats
    far: Floats
    part: Ints
    slope: Floats
    down_x: Floats
    down_y: Floats
    length: Floats
    lux: Floats
    rail: Bytes
    free: Floats
    free_s: Floats
    people: Floats
    area: Floats
    px: Floats
    py: Floats
    pp: Floats
    scratch: Floats
    cost: Floats
    price: Floats
    work: Floats
    frame: Floats
    """x0, y0, cell of ways, cell of counts (m)."""


class Law(NamedTuple):
    """The parameters that kernels need; names, units and sources are in ``parameters``."""

    k: float
    k_wall: float
    spring: float
    mu: float
    mu_wall: float
    kappa: float
    zeta: float
    social_n: float
    social_per_kg: float
    social_b: float
    reach: float
    tau: float
    skin: float
    dt: float
    headway: float
    headway_crowd: float
    headway_stair: float
    stand: float
    tread: float
    stair: float
    upstairs: float
    creep: float
    brace: float
    lifted_at: float
    push_speed: float
    push_share: float
    patience_s: float
    told_share: float
    noise_n: float
    noise_s: float
    shoulder: float
    shoulder_s: float
    dark_speed: float
    steps_over: float
    step_density: float
    body_ref: float
    missteps: float
    level: float
    recover: float
    packed: float
    packed_at: float
    packed_width: float
    dim: float
    dark: float
    running: float
    counter: float
    handrail: float
    h_pressure: float
    h_pressure_cap: float
    p_onset: float
    h_low: float
    h_mid: float
    h_high: float
    h_dark: float
    h_told: float
    t_balance: float
    lean_level: float
    lean_flight: float
    lean_dark: float
    stuck_g: float
    stuck_s: float
    rise_s: float
    weight_share: float
    lethal: float
    tolerable: float
    exponent: float
    lethal_s: float
    heal_s: float
    faint: float
    window: float
