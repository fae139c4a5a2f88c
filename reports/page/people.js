// Where everybody is at a time: journeys interpolated on the plan, or counts while a run goes on.

export const STATES = ["unaware", "premove", "walk", "queue", "out", "counted"];
const OUT = 4, COUNTED = 5;
const STANDING = { wait: "queue", refuge: "queue", incapacitated: "queue" };
const STROLL_M_S = 1.2;

/** A number in -1..1 that belongs to a person: where in the stream they walk. */
function lean(i) {
  const x = Math.sin((i + 1) * 12.9898) * 43758.5453;
  return (x - Math.floor(x)) * 2 - 1;
}

function shifted(portal, i) {
  const reach = lean(i) * portal.width_m * 0.35;
  return [portal.xy[0] + portal.along[0] * reach, portal.xy[1] + portal.along[1] * reach];
}

/** The point of a wide opening nearest to where somebody heads. */
function clamped(gate, [x, y], bias) {
  const along = (x - gate.xy[0]) * gate.along[0] + (y - gate.xy[1]) * gate.along[1];
  const side = Math.max(-1, Math.min(1, along / (gate.width_m / 2 || 1)));
  const reach = (side * 0.7 + bias * 0.2) * gate.width_m / 2;
  return [gate.xy[0] + gate.along[0] * reach, gate.xy[1] + gate.along[1] * reach];
}

/** People of a finished run. Rows are the journeys' rows; `x`, `y` (m), `state`, `storey` per person. */
export class Walkers {
  constructor(building, journeys) {
    this.building = building;
    this.j = journeys;
    this.n = journeys.people.length;
    this.spaces = journeys.spaces.map((id) => building.spaces.get(id) ?? null);
    this.codes = journeys.states.map((state) => Math.max(0, STATES.indexOf(STANDING[state] ?? state)));
    const rows = journeys.space.length;
    this.from = new Array(rows).fill(null);
    this.to = new Array(rows).fill(null);
    this.via = new Array(rows).fill(null);
    this.door = new Array(rows).fill(null);
    this.cursor = Int32Array.from(journeys.first.slice(0, this.n));
    this.x = new Float32Array(this.n);
    this.y = new Float32Array(this.n);
    this.state = new Uint8Array(this.n);
    this.storey = new Int16Array(this.n).fill(-1);
    this.spot = new Array(this.n).fill(null);
    this.#seat();
    for (let i = 0; i < this.n; i++) this.#route(i);
    this.#assemble();
  }

  /** First places: everybody of a space evenly over it. */
  #seat() {
    const bySpace = new Map();
    for (let i = 0; i < this.n; i++) {
      const space = this.j.space[this.j.first[i]];
      if (!bySpace.has(space)) bySpace.set(space, []);
      bySpace.get(space).push(i);
    }
    this.seats = new Array(this.n).fill(null);
    for (const [index, members] of bySpace) {
      const space = this.spaces[index];
      if (!space?.drawn) continue;
      const seats = this.building.seats(space, members.length);
      members.forEach((i, k) => {
        this.seats[i] = seats[Math.floor(k * seats.length / members.length)];
      });
    }
  }

  /** For each row of a person: from where to where, and by which portal the space is left. */
  #route(i) {
    const { first, space } = this.j;
    let here = this.seats[i], row = first[i];
    const end = first[i + 1];
    while (row < end) {
      let last = row;
      while (last + 1 < end && space[last + 1] === space[row]) last++;
      const portal = last + 1 < end
        ? this.building.portalBetween(this.j.spaces[space[row]], this.j.spaces[space[last + 1]], here)
        : this.building.portals.get(this.j.exit[i]) ?? null;
      here = this.#visit(i, row, last, here, portal);
      row = last + 1;
    }
  }

  #visit(i, row, last, here, portal) {
    const space = this.spaces[this.j.space[row]];
    const goal = portal ? shifted(portal, i) : here;
    let at = here ?? goal ?? space?.heart ?? null;
    for (let r = row; r <= last; r++) {
      this.from[r] = at;
      this.door[r] = portal;
      if (STATES[this.codes[this.j.state[r]]] === "walk" && goal) {
        this.to[r] = goal;
        if (space?.drawn && at) this.via[r] = this.building.detour(space, at, goal);
        at = goal;
      } else this.to[r] = at;
    }
    return goal;
  }

  /** Where those who are out go: to their group's assembly if it is known, else near the exit. */
  #assemble() {
    const members = new Map();
    const order = [...Array(this.n).keys()].filter((i) => this.j.exit[i]);
    const left = (i) => this.j.t_out_ms[this.j.first[i + 1] - 1];
    order.sort((a, b) => left(a) - left(b));
    const taken = new Map();
    for (const i of order) {
      const portal = this.building.portals.get(this.j.exit[i]);
      const space = portal?.between.map((id) => this.building.spaces.get(id)).find((s) => s?.safe);
      if (!space) continue;
      this.spot[i] = this.#square(members, i, space, portal)
        ?? (space.drawn ? this.#nextSpot(taken, space, portal) : null);
    }
  }

  /** A place in the group's assembly space with the way over open ground and the time it takes. */
  #square(members, i, space, portal) {
    const name = this.j.assembly[this.j.group[i]];
    const goal = this.building.spaces.get(name);
    const way = goal?.drawn && goal.safe ? this.building.wayOver(space.id, name) : null;
    if (!way || !this.j.assembled_ms[i]) return null;
    const total = this.j.group.filter((group) => this.j.assembly[group] === name).length;
    const seats = this.building.seats(goal, total);
    const rank = members.get(name) ?? 0;
    members.set(name, rank + 1);
    const at = seats[Math.floor(rank * seats.length / total)];
    const stops = [portal.xy, ...way.map((gate) => clamped(gate, at, lean(i))), at];
    return { stops, by: this.j.assembled_ms[i], storey: this.building.storeyOf.get(goal.storey) };
  }

  #nextSpot(taken, space, portal) {
    if (!taken.has(space.id)) taken.set(space.id, { used: new Set(), lists: new Map() });
    const { used, lists } = taken.get(space.id);
    if (!lists.has(portal.id)) {
      const far = (p) => Math.hypot(p[0] - portal.xy[0], p[1] - portal.xy[1]);
      const seats = this.building.seats(space, Math.max(200, this.n * 1.5));
      const list = seats.filter((p) => far(p) > 2.5).sort((a, b) => far(a) - far(b));
      lists.set(portal.id, { list, next: 0 });
    }
    const queue = lists.get(portal.id);
    while (queue.next < queue.list.length && used.has(queue.list[queue.next])) queue.next++;
    const spot = queue.list[queue.next] ?? null;
    if (spot) used.add(spot);
    const storey = this.building.storeyOf.get(space.storey);
    return spot ? { stops: [portal.xy, spot], by: 0, storey } : null;
  }

  /** Move everybody to time t. */
  seek(t) {
    const waiting = new Map();
    for (let i = 0; i < this.n; i++) this.#move(i, t, waiting);
    for (const queue of waiting.values()) this.#lineUp(queue);
  }

  #row(i, t) {
    const { first, t_in_ms: start } = this.j;
    let row = this.cursor[i];
    while (row > first[i] && start[row] > t) row--;
    while (row + 1 < first[i + 1] && start[row + 1] <= t) row++;
    this.cursor[i] = row;
    return row;
  }

  #move(i, t, waiting) {
    const row = this.#row(i, t);
    const last = row + 1 === this.j.first[i + 1];
    if (last && t >= this.j.t_out_ms[row] && this.j.exit[i]) return this.#out(i, t, row);
    const space = this.spaces[this.j.space[row]];
    this.state[i] = this.codes[this.j.state[row]];
    this.storey[i] = space?.drawn ? this.building.storeyOf.get(space.storey) ?? -1 : -1;
    if (this.storey[i] < 0) return undefined;
    if (STATES[this.state[i]] === "queue" && this.door[row]) {
      const key = this.j.space[row] + "|" + this.door[row].id;
      if (!waiting.has(key)) waiting.set(key, { space, portal: this.door[row], people: [] });
      waiting.get(key).people.push(i);
      return undefined;
    }
    return this.#walk(i, t, row);
  }

  #walk(i, t, row) {
    const from = this.from[row] ?? this.spaces[this.j.space[row]].heart;
    const to = this.to[row] ?? from;
    const span = this.j.t_out_ms[row] - this.j.t_in_ms[row];
    const share = span > 0 ? Math.min(1, Math.max(0, (t - this.j.t_in_ms[row]) / span)) : 1;
    const via = this.via[row];
    if (!via) return this.#set(i, from, to, share);
    const one = Math.hypot(via[0] - from[0], via[1] - from[1]);
    const two = Math.hypot(to[0] - via[0], to[1] - via[1]);
    const turn = one / (one + two || 1);
    return share < turn
      ? this.#set(i, from, via, share / (turn || 1))
      : this.#set(i, via, to, (share - turn) / (1 - turn || 1));
  }

  #set(i, from, to, share) {
    this.x[i] = from[0] + (to[0] - from[0]) * share;
    this.y[i] = from[1] + (to[1] - from[1]) * share;
  }

  #out(i, t, row) {
    const spot = this.spot[i];
    this.state[i] = OUT;
    this.storey[i] = spot?.storey ?? -1;
    if (!spot) return;
    const { stops } = spot;
    const legs = stops.slice(1).map((p, k) => Math.hypot(p[0] - stops[k][0], p[1] - stops[k][1]));
    const length = legs.reduce((sum, leg) => sum + leg, 0) || 1;
    const left = this.j.t_out_ms[row];
    const pace = spot.by > left ? length / (spot.by - left) : STROLL_M_S / 1000;
    let walked = Math.min(length, (t - left) * pace);
    let k = 0;
    while (k < legs.length - 1 && walked > legs[k]) walked -= legs[k++];
    this.#set(i, stops[k], stops[k + 1], Math.min(1, walked / (legs[k] || 1)));
  }

  /** A queue stands before its door, those who leave first at the front. */
  #lineUp({ space, portal, people }) {
    const leave = (i) => this.j.t_out_ms[this.cursor[i]];
    people.sort((a, b) => leave(a) - leave(b) || a - b);
    const places = this.building.front(space, portal);
    people.forEach((i, rank) => {
      [this.x[i], this.y[i]] = places[rank % places.length];
    });
  }
}

/** People of a run that still goes on: counted per space, placed evenly over it. */
export class Counted {
  constructor(building, store) {
    this.building = building;
    this.store = store;
    this.n = 0;
    this.x = this.y = this.state = this.storey = [];
  }

  /** Place the people counted at time t. */
  seek(t) {
    const x = [], y = [], state = [], storey = [];
    for (const id of this.store.counts.keys()) {
      const space = this.building.spaces.get(id);
      const n = this.store.at("counts", id, t)?.[1] ?? 0;
      if (!space?.drawn || !n) continue;
      const seats = this.building.seats(space, n);
      for (let k = 0; k < n; k++) {
        const seat = seats[Math.floor(k * seats.length / n)];
        x.push(seat[0]); y.push(seat[1]);
        state.push(space.safe ? OUT : COUNTED);
        storey.push(this.building.storeyOf.get(space.storey) ?? -1);
      }
    }
    Object.assign(this, { x, y, state, storey, n: x.length });
  }
}
