// The event list: filtered, folded, drawn only where it is looked at.

import { clock, el } from "./format.js";

export const GROUPS = [
  ["hazard", "Hazard"], ["detection", "Detection"], ["decision", "Decisions"],
  ["devices", "Devices"], ["doors", "Doors"], ["voice", "Alarms heard"], ["people", "People"],
  ["faults", "Faults"], ["bus", "Bus"],
];
const HIDDEN_AT_FIRST = new Set(["bus"]);
const ROW = 40;
const FOLD = 3;
const PEOPLE_MS = 5_000;

/** The list beside the plan; `jump(event)` is called when one is chosen. */
export class EventList {
  constructor(store, jump) {
    this.store = store;
    this.jump = jump;
    this.shown = new Set(GROUPS.map(([id]) => id).filter((id) => !HIDDEN_AT_FIRST.has(id)));
    this.opened = new Set();
    this.rows = [];
    this.now = -1;
    this.words = "";
    this.list = document.querySelector("#list");
    this.body = document.querySelector("#rows");
    this.field = document.querySelector("#find");
    this.field.addEventListener("input", () => { this.words = this.field.value; this.refresh(); });
    this.list.addEventListener("scroll", () => this.#draw());
    this.list.addEventListener("keydown", (key) => this.#key(key));
    new ResizeObserver(() => this.#draw()).observe(this.list);
    this.#chips();
  }

  #chips() {
    const place = document.querySelector("#groups");
    for (const [id, name] of GROUPS) {
      const chip = el("button", {
        type: "button", class: `chip ${id}`, "data-group": id, "aria-pressed": this.shown.has(id),
        onclick: () => {
          if (!this.shown.delete(id)) this.shown.add(id);
          chip.setAttribute("aria-pressed", this.shown.has(id));
          this.refresh();
        },
      }, el("i", { "aria-hidden": "true" }), name, el("b"));
      place.append(chip);
    }
  }

  /** Filter and fold anew after new events or another filter. */
  refresh() {
    const words = this.words.trim().toLocaleLowerCase();
    const number = {};
    const found = this.store.events.filter((event) => {
      const match = !words || event.text.toLocaleLowerCase().includes(words)
        || event.entity.toLocaleLowerCase().includes(words);
      if (match) number[event.group] = (number[event.group] ?? 0) + 1;
      return match && this.shown.has(event.group);
    });
    this.rows = this.#fold(found);
    for (const chip of document.querySelectorAll("#groups .chip")) {
      chip.querySelector("b").textContent = number[chip.dataset.group] ?? 0;
    }
    document.querySelector("#found").textContent = `${found.length} of ${this.store.events.length}`;
    this.body.style.height = `${this.rows.length * ROW}px`;
    this.now = -2;
    this.#draw();
  }

  /** Neighbours of one kind at one moment become one row until it is opened. */
  #fold(events) {
    const rows = [];
    for (let i = 0; i < events.length;) {
      let end = i + 1;
      while (end < events.length && alike(events[i], events[end])) end++;
      const folded = end - i >= FOLD;
      if (folded) rows.push({ event: events[i], more: end - i, key: events[i].seq });
      if (!folded || this.opened.has(events[i].seq)) {
        for (let k = i; k < end; k++) rows.push({ event: events[k], within: folded });
      }
      i = end;
    }
    return rows;
  }

  /** Mark where time t is; scrolls there unless the pointer is on the list. */
  mark(t) {
    let low = 0, high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.rows[middle].event.t_ms <= t) low = middle + 1; else high = middle;
    }
    if (low - 1 === this.now) return;
    this.now = low - 1;
    if (!this.list.matches(":hover, :focus-within")) {
      this.list.scrollTop = Math.max(0, this.now * ROW - this.list.clientHeight * 0.6);
    }
    this.#draw();
  }

  /** Go to the next (1) or previous (-1) row. */
  move(step) {
    const row = this.rows[Math.min(this.rows.length - 1, Math.max(0, this.now + step))];
    if (row) this.#choose(row, false);
  }

  #choose(row, open) {
    if (open && row.more) {
      if (!this.opened.delete(row.key)) this.opened.add(row.key);
      this.refresh();
    }
    this.jump(row.event);
  }

  #key(key) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[key.key];
    if (!step) return;
    key.preventDefault();
    key.stopPropagation();
    this.move(step);
    this.list.scrollTop = Math.max(0, this.now * ROW - this.list.clientHeight / 2);
  }

  #draw() {
    const first = Math.max(0, Math.floor(this.list.scrollTop / ROW) - 3);
    const last = Math.min(this.rows.length, first + Math.ceil(this.list.clientHeight / ROW) + 6);
    this.body.replaceChildren(...this.rows.slice(first, last).map((row, k) => this.#row(row, first + k)));
    if (!this.rows.length) {
      this.body.append(el("p", { class: "none", text: "No event matches." }));
    }
  }

  #row(row, index) {
    const { event } = row;
    const when = index === this.now ? " now" : index > this.now ? " later" : "";
    const open = row.more && this.opened.has(row.key);
    const node = el("button", {
      type: "button", role: "option", tabindex: "-1", "aria-selected": index === this.now,
      class: `event ${event.group}${when}${row.within ? " within" : ""}`,
      title: `${event.text}\n${event.source} journal · ${event.kind} · ${event.entity}`,
      onclick: () => this.#choose(row, true),
    },
    el("time", { text: clock(event.t_ms, true) }), el("i", { "aria-hidden": "true" }),
    el("span", { text: row.more ? `${open ? "▾" : "▸"} ${event.text}, and ${row.more - 1} more` : event.text }));
    node.style.top = `${index * ROW}px`;
    return node;
  }
}

function alike(a, b) {
  const near = a.kind === "person" ? PEOPLE_MS : 0;
  return b.t_ms - a.t_ms <= near && a.kind === b.kind && a.group === b.group;
}
