// What is known of a run: tracks of [t, value...] per entity, appended as pieces arrive.

/** Index of the last entry of a track at or before t, or -1. */
export function indexAt(track, t) {
  let low = 0, high = track?.length ?? 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (track[middle][0] <= t) low = middle + 1; else high = middle;
  }
  return low - 1;
}

function append(track, items) {
  for (const item of items) {
    let i = track.length;
    while (i > 0 && track[i - 1][0] > item[0]) i--;
    track.splice(i, 0, item);
  }
}

const TRACKS = ["portals", "devices", "smoke", "counts"];
const LISTS = ["fires", "crowd", "outs"];

/** Grows by the `Changes` of the API; a piece that starts at 0 replaces everything. */
export class Store {
  constructor() {
    this.clear();
  }

  clear() {
    for (const name of TRACKS) this[name] = new Map();
    for (const name of LISTS) this[name] = [];
    this.events = [];
    this.seq = 0;
    this.token = "";
    this.until = 0;
    this.problem = "";
    this.generation = (this.generation ?? 0) + 1;
  }

  /** Take in a piece; false if it does not continue what is here. */
  take(piece) {
    if (piece.since === 0) this.clear();
    else if (piece.since !== this.seq) return false;
    for (const name of TRACKS) {
      for (const [id, items] of Object.entries(piece[name])) {
        if (!this[name].has(id)) this[name].set(id, []);
        append(this[name].get(id), items);
      }
    }
    for (const name of LISTS) append(this[name], piece[name]);
    for (const event of piece.events) {
      let i = this.events.length;
      while (i > 0 && this.events[i - 1].t_ms > event.t_ms) i--;
      this.events.splice(i, 0, event);
    }
    Object.assign(this, { seq: piece.seq, token: piece.token, until: piece.until_ms });
    this.status = piece.status;
    this.problem = piece.problem;
    return true;
  }

  /** The entry of a track in force at t, or undefined. */
  at(name, id, t) {
    const track = this[name].get(id);
    return track?.[indexAt(track, t)];
  }

  /** Totals at t: [t, inside, waiting, walking, queued, out], or undefined. */
  crowdAt(t) {
    return this.crowd[indexAt(this.crowd, t)];
  }

  /** People out by each portal at t. */
  outsAt(t) {
    const found = new Map();
    const last = indexAt(this.outs, t);
    for (let i = 0; i <= last; i++) {
      found.set(this.outs[i][1], (found.get(this.outs[i][1]) ?? 0) + 1);
    }
    return found;
  }

  /** Changes whenever a door, device or smoke state at t is another than before. */
  signature(t) {
    let sum = this.generation;
    for (const name of ["portals", "devices", "smoke"]) {
      for (const track of this[name].values()) sum = (sum * 31 + indexAt(track, t) + 2) % 1e9;
    }
    return sum * 100 + indexAt(this.fires, t);
  }
}
