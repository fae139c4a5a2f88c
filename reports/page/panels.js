// What stands around the plan: counters that are the legend of people, verdict, exits, legend.

import { badge, el, quantity, VERDICTS } from "./format.js";
import { COLOURS, DOORS, MOODS, PEOPLE, device, door, person } from "./icons.js";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function sample(size, paint) {
  const canvas = el("canvas", { class: "sample", "aria-hidden": "true" });
  const ratio = devicePixelRatio || 1;
  canvas.width = canvas.height = size * ratio;
  canvas.style.width = canvas.style.height = `${size}px`;
  const c = canvas.getContext("2d");
  c.scale(ratio, ratio);
  c.translate(size / 2, size / 2);
  paint(c);
  return canvas;
}

function shape(state) {
  return sample(16, (c) => {
    c.beginPath();
    person(c, state, 0, 0, 5);
    c.fillStyle = COLOURS[state];
    c.fill();
    c.lineWidth = 0.6;
    c.strokeStyle = "rgba(0,0,0,.55)";
    c.stroke();
  });
}

/** Counters of people now; each carries the sign of its state. */
export class Counters {
  constructor(place) {
    this.cells = new Map();
    this.place = place;
    this.draw();
  }

  draw() {
    const cell = (id, name, title, sign) => {
      const value = el("b", { text: "–" });
      this.cells.set(id, value);
      return el("div", { class: `count ${id}`, title }, value,
        el("span", {}, ...(sign ? [sign] : []), el("i", { text: name })));
    };
    this.place.replaceChildren(
      cell("inside", "Inside", "People not yet in a safe place"),
      cell("waiting", "Waiting", "Not aware yet, or preparing; known apart when the run has ended"),
      ...PEOPLE.slice(0, 4).map(([id, name, why]) => cell(id, name, why, shape(id))),
      cell("out", "Out", "People in a safe place", shape("out")),
    );
  }

  /** Show numbers by name; one that is not known shows a dash. `counted`: people are only counted,
      so those who have not set off are one number. */
  show(numbers, counted) {
    this.place.classList.toggle("counted", counted);
    for (const [id, value] of this.cells) value.textContent = numbers[id] ?? "–";
  }
}

/** The verdict and every expectation. */
export function verdictPanel(place, run) {
  const rank = (item) => (item.must ? 0 : 1) + ["fail", "error", "inconclusive", "pass"].indexOf(item.verdict) * 2;
  const sorted = [...run.expectations].sort((a, b) => rank(a) - rank(b));
  const rows = sorted.map((item) => el("li", { class: item.verdict },
    el("span", { class: "mark", title: item.verdict, text: (VERDICTS[item.verdict] ?? ["?"])[0] }),
    el("div", {},
      el("p", { text: item.say || item.id }),
      el("small", {
        text: [
          `observed ${quantity(item.observed, item.unit)}`,
          item.limit === null ? "" : `limit ${quantity(item.limit, item.unit)}`,
          item.must ? "" : "not binding", item.clause,
          item.verdict === "pass" ? "" : item.why,
        ].filter(Boolean).join(" · "),
      }))));
  const told = rows.length ? el("ul", {}, ...rows) : el("p", {
    class: "none",
    text: run.status === "running" ? "Expectations are judged when the run ends."
      : run.reason ? `No verdict: ${run.reason}.` : "This run has no expectation.",
  });
  place.replaceChildren(el("div", { class: "head" }, el("h2", { text: "Verdict" }),
    badge(run.verdict, run.status)), told);
}

/** People out by each exit, as bars. */
export class Exits {
  constructor(place, building, choose) {
    this.rows = new Map();
    this.list = el("ul", {}, ...building.exits.map((exit) => {
      const bar = el("meter", { min: 0, max: 1, value: 0 });
      const value = el("b", { text: "0" });
      const state = el("em");
      const item = el("li", {}, el("button", {
        type: "button", title: `${exit.name}, ${exit.width_m} m clear`,
        onclick: () => choose(exit.id),
      }, el("span", { text: exit.name })), state, bar, value);
      this.rows.set(exit.id, { bar, value, state, exit, item });
      return item;
    }));
    place.replaceChildren(el("div", { class: "head" }, el("h2", { text: "Out by exit" })), this.list);
  }

  /** Put the exits that most people used first. */
  sort(totals) {
    this.most = Math.max(1, ...totals.values());
    const rows = [...this.rows.values()].sort((a, b) => (totals.get(b.exit.id) ?? 0) - (totals.get(a.exit.id) ?? 0));
    const order = rows.map((row) => row.exit.id).join(" ");
    if (order === this.order) return;
    this.order = order;
    this.list.append(...rows.map((row) => row.item));
  }

  /** Show numbers and states at t. */
  show(store, t) {
    const outs = store.outsAt(t);
    const most = this.most ?? 1;
    for (const [id, row] of this.rows) {
      const state = store.at("portals", id, t)?.[1] ?? row.exit.state;
      row.bar.max = most;
      row.bar.value = outs.get(id) ?? 0;
      row.value.textContent = outs.get(id) ?? 0;
      row.state.textContent = state;
      row.state.className = state;
    }
  }
}

/** The legend of doors, devices and smoke. */
export function legend(place) {
  const ink = colour("--ink"), paper = colour("--paper"), room = colour("--room");
  const doors = DOORS.map(([state, name]) => el("span", {}, sample(18, (c) => {
    door(c, state, 0, 0, 1, 0, 14, ink, room);
  }), name));
  const devices = MOODS.map(([mood, name]) => el("span", {}, sample(22, (c) => {
    device(c, "smoke-detector", mood, 0, 0, 13, ink, paper);
  }), name));
  const smoke = [["0.2", "thin"], ["2", "thick"]].map(([k, name]) => el("span", {}, sample(16, (c) => {
    c.fillStyle = room; c.fillRect(-7, -7, 14, 14);
    c.globalAlpha = Math.min(0.85, 0.12 + 0.75 * (1 - Math.exp(-k * 1.3)));
    c.fillStyle = colour("--smoke"); c.fillRect(-7, -7, 14, 14);
  }), name));
  const title = (text) => el("strong", { text });
  place.replaceChildren(title("Doors"), ...doors, title("Devices"), ...devices, title("Smoke"), ...smoke);
}
