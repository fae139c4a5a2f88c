// Draws the people, every frame.

import { prepare, within } from "./canvas.js";
import { COLOURS, person } from "./icons.js";
import { STATES } from "./people.js";

/** Draws everybody; eases them to where they should be so that a queue shuffles, not jumps. */
export class PeopleLayer {
  constructor(canvas, view) {
    Object.assign(this, { canvas, view });
    this.x = this.y = new Float32Array(0);
    this.storey = new Int16Array(0);
  }

  /** Draw the people; `ease` 0..1 is the part of the way to go now, 1 jumps. */
  draw(people, ease) {
    const c = prepare(this.canvas);
    if (this.x.length !== people.n) this.#resize(people);
    const groups = STATES.map(() => []);
    for (let i = 0; i < people.n; i++) {
      if (people.storey[i] < 0) { this.storey[i] = -1; continue; }
      const jump = this.storey[i] !== people.storey[i] ? 1 : ease;
      this.x[i] += (people.x[i] - this.x[i]) * jump;
      this.y[i] += (people.y[i] - this.y[i]) * jump;
      this.storey[i] = people.storey[i];
      groups[people.state[i]].push(i);
    }
    const maps = new Map();
    for (const index of this.view.frames.keys()) maps.set(index, this.view.map(index));
    [4, 0, 1, 2, 3, 5].forEach((state) => this.#paint(c, STATES[state], groups[state], maps));
  }

  #resize(people) {
    this.x = Float32Array.from(people.x);
    this.y = Float32Array.from(people.y);
    this.storey = new Int16Array(people.n).fill(-1);
  }

  #paint(c, state, members, maps) {
    if (!members.length) return;
    c.beginPath();
    let r = 2;
    for (const i of members) {
      const map = maps.get(this.storey[i]);
      if (!map) continue;
      r = Math.min(8, Math.max(2.2, map.k * 0.26));
      const x = map.ax + this.x[i] * map.k, y = map.ay - this.y[i] * map.k;
      if (within(map.clip, x, y)) person(c, state, x, y, r);
    }
    c.fillStyle = COLOURS[state];
    c.fill();
    if (r < 3) return;
    c.lineWidth = 0.5;
    c.strokeStyle = "rgba(0,0,0,.55)";
    c.stroke();
  }
}
