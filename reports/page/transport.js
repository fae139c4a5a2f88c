// Time: the clock of the playback, its buttons, and the curve of people inside above the slider.

import { clock, el } from "./format.js";
import { COLOURS, flame } from "./icons.js";
import { prepare } from "./canvas.js";

const SPEEDS = [1, 2, 5, 10, 20, 30, 60];
const MARKS = { detection: "#e69f00", decision: "#0072b2", doors: "#009e73", faults: "#cc79a7" };

/** Holds the time shown; calls `changed()` whenever it is set by hand. */
export class Transport {
  constructor(store, changed) {
    this.store = store;
    this.changed = changed;
    this.t = 0;
    this.end = 1;
    this.playing = false;
    this.curve = [];
    this.chart = document.querySelector("#chart");
    this.slider = document.querySelector("#time");
    this.cursor = document.querySelector("#cursor");
    this.output = document.querySelector("#clock");
    this.button = document.querySelector("#play");
    this.speed = document.querySelector("#speed");
    this.speed.append(...SPEEDS.map((s) => el("option", { value: s, text: `${s}×` })));
    this.speed.value = "10";
    this.#bind();
  }

  #bind() {
    const on = (id, act) => document.querySelector(id).addEventListener("click", act);
    this.slider.addEventListener("input", () => this.seek(Number(this.slider.value)));
    this.button.addEventListener("click", () => this.toggle());
    on("#start", () => this.seek(0));
    on("#back", () => this.seek(this.t - 1000));
    on("#step", () => this.seek(this.t + 1000));
  }

  toggle(on = !this.playing) {
    if (on && this.t >= this.end) this.seek(0);
    this.playing = on;
    this.button.textContent = on ? "❚❚ Pause" : "▶ Play";
  }

  faster(step) {
    const next = SPEEDS.indexOf(Number(this.speed.value)) + step;
    this.speed.value = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, next))];
  }

  get rate() {
    return Number(this.speed.value);
  }

  seek(t, byHand = true) {
    this.t = Math.min(this.end, Math.max(0, t));
    this.show();
    if (byHand) this.changed();
  }

  /** Move on by real milliseconds while playing. */
  advance(ms) {
    if (!this.playing) return;
    this.t = Math.min(this.end, this.t + ms * this.rate);
    if (this.t >= this.end) this.toggle(false);
    this.show();
  }

  /** The run's length (ms) and the curve [t, inside] to draw. */
  set(end, curve) {
    this.end = Math.max(1, end);
    this.curve = curve;
    this.slider.max = this.end;
    this.show();
    this.draw();
  }

  show() {
    this.slider.value = this.t;
    this.slider.setAttribute("aria-valuetext", clock(this.t, true));
    this.cursor.style.transform = `translateX(${(this.slider.clientWidth - 16) * this.t / this.end}px)`;
    this.output.textContent = `${clock(this.t, true)} / ${clock(this.end)}`;
  }

  /** Draw the curve and a tick for every event that is not a person's or the bus's. */
  draw() {
    const c = prepare(this.chart);
    const { clientWidth: width, clientHeight: height } = this.chart;
    const pad = 8, span = width - 2 * pad;
    const x = (t) => pad + span * t / this.end;
    const style = getComputedStyle(document.documentElement);
    this.#ticks(c, x, height, style);
    const most = Math.max(1, ...this.curve.map(([, n]) => n));
    const base = height - 8, top = 12;
    c.beginPath();
    c.moveTo(x(0), base);
    let last = this.curve[0]?.[1] ?? 0;
    for (const [t, n] of this.curve) {
      c.lineTo(x(t), base - (base - top) * last / most);
      c.lineTo(x(t), base - (base - top) * n / most);
      last = n;
    }
    c.lineTo(x(this.end), base - (base - top) * last / most);
    c.lineTo(x(this.end), base);
    c.closePath();
    c.globalAlpha = 0.22; c.fillStyle = COLOURS.walk; c.fill();
    c.globalAlpha = 1; c.lineWidth = 1.3; c.strokeStyle = COLOURS.walk; c.stroke();
    c.fillStyle = style.getPropertyValue("--ink");
    c.font = "11px system-ui, sans-serif";
    c.textAlign = "left";
    c.fillText(this.curve.length ? `${most} inside` : "", pad + 4, base - 4);
    this.#axis(c, x, height, style);
  }

  #ticks(c, x, height, style) {
    const drawn = new Set();
    for (const event of this.store.events) {
      const colour = MARKS[event.group];
      const place = Math.round(x(event.t_ms));
      if (!colour || drawn.has(colour + place)) continue;
      drawn.add(colour + place);
      c.fillStyle = colour;
      c.fillRect(place - 1, 1, 2, 7);
    }
    for (const [t] of this.store.fires) flame(c, x(t), 8, 15);
    c.fillStyle = style.getPropertyValue("--faint");
    c.fillRect(x(0), height - 8, x(this.end) - x(0), 1);
  }

  #axis(c, x, height, style) {
    const step = [5, 10, 15, 30, 60, 120, 300, 600].find((s) => this.end / 1000 / s <= 12) ?? 1200;
    c.fillStyle = style.getPropertyValue("--ink");
    c.textAlign = "center";
    for (let s = step; s * 1000 < this.end * 0.98; s += step) {
      c.globalAlpha = 0.35; c.fillRect(x(s * 1000), height - 11, 1, 4);
      c.globalAlpha = 0.7; c.fillText(clock(s * 1000), x(s * 1000), height - 13);
    }
    c.globalAlpha = 1;
  }
}
