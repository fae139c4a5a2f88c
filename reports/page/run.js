// The page of one run: loads it, plays it, or follows it while it goes on.

import { ask, badge, el } from "./format.js";
import { Building } from "./building.js";
import { PeopleLayer } from "./crowd.js";
import { PlanLayer } from "./draw.js";
import { EventList } from "./events.js";
import { lighten } from "./icons.js";
import { bindKeys } from "./keys.js";
import { View } from "./layout.js";
import { Counters, Exits, legend, verdictPanel } from "./panels.js";
import { Counted, STATES, Walkers } from "./people.js";
import { Pointer } from "./pointer.js";
import { Store } from "./store.js";
import { Transport } from "./transport.js";

const id = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const api = `/api/runs/${encodeURIComponent(id)}`;
const $ = (selector) => document.querySelector(selector);
const LAYERS = [["people", "People"], ["doors", "Doors"], ["devices", "Devices"], ["smoke", "Smoke"], ["names", "Names"], ["grounds", "Grounds"]];

/** Everything that the page shows of the run. */
class Page {
  constructor() {
    lighten();
    this.store = new Store();
    this.view = new View();
    this.layers = { people: true, doors: true, devices: true, smoke: true, names: true, grounds: false };
    this.chosen = "";
    this.only = -1;
    this.snap = true;
    this.follow = false;
    this.counters = new Counters($("#counters"));
    this.transport = new Transport(this.store, () => { this.snap = true; this.#unfollow(); });
    this.events = new EventList(this.store, (event) => this.jump(event));
  }

  async load() {
    this.building = await this.#plan();
    this.people = new Counted(this.building, this.store);
    this.plan = new PlanLayer($("#base"), $("#names"), this.building, this.view);
    this.crowd = new PeopleLayer($("#crowd"), this.view);
    this.exits = new Exits($("#exits"), this.building, (portal) => this.choose(portal));
    this.pointer = new Pointer(this);
    this.#tabs();
    legend($("#legend"));
    this.resize();
    if (this.run.status === "running") this.#live();
    else await this.#finished();
    this.#bind();
    this.last = performance.now();
    requestAnimationFrame((now) => this.frame(now));
    document.body.dataset.ready = "yes";
  }

  /** The building; waits while the run is still starting, and does without if it has no plan. */
  async #plan() {
    for (;;) {
      this.run = await ask(api);
      this.#head();
      try {
        const building = new Building(await ask(`${api}/plan`));
        this.notice("");
        return building;
      } catch (refused) {
        const starting = this.run.status === "running";
        this.notice(starting ? "The run is starting." : refused.message);
        if (!starting) return new Building({ storeys: [], spaces: [], portals: [], devices: [] });
        await new Promise((go) => { setTimeout(go, 700); });
      }
    }
  }

  #head() {
    const { run } = this;
    document.title = `${run.scenario || run.id} · campus-twin`;
    $("#title").textContent = run.scenario || run.id;
    const facts = [run.site, run.seed === null ? "" : `seed ${run.seed}`, run.rig && `rig ${run.rig}`,
      run.broker, !run.people ? "" : `${run.people} people`];
    $("#facts").textContent = facts.filter(Boolean).join(" · ");
    $("#badges").replaceChildren(badge(run.verdict, run.status));
    const report = $("#report");
    report.hidden = !run.files.includes("report.html");
    report.href = `${api}/report`;
    verdictPanel($("#verdict"), run);
    if (run.status === "broken") this.notice(`This run is broken: ${run.reason}.`);
  }

  notice(text) {
    $("#notice").textContent = text;
    $("#notice").hidden = !text;
  }

  #tabs() {
    const tab = (index, name) => el("button", {
      type: "button", "aria-pressed": index === this.only, "data-storey": index,
      onclick: () => this.show(index),
    }, name);
    $("#storeys").replaceChildren(tab(-1, "All storeys"),
      ...(this.building.storeys.length > 1 ? this.building.storeys.map((s) => tab(s.index, s.name)) : []));
    $("#layers").replaceChildren(...LAYERS.map(([name, title]) => el("button", {
      type: "button", "aria-pressed": this.layers[name], "data-layer": name,
      title: name === "grounds" ? "All the open ground, not only what lies next to the building" : null,
      onclick: (event) => {
        this.layers[name] = !this.layers[name];
        event.currentTarget.setAttribute("aria-pressed", this.layers[name]);
        this.resize();
      },
    }, title)));
  }

  /** Show one storey, or all (-1). */
  show(index) {
    if (index >= this.building.storeys.length) return;
    this.only = index;
    for (const tab of document.querySelectorAll("#storeys button")) {
      tab.setAttribute("aria-pressed", Number(tab.dataset.storey) === index);
    }
    this.view.reset();
    this.resize();
  }

  resize() {
    const { clientWidth, clientHeight } = $("#plan");
    const shown = this.only < 0 ? this.building.storeys : [this.building.storeys[this.only]];
    this.view.fit(shown, clientWidth, clientHeight, this.layers.grounds);
    this.redraw();
    this.transport.draw();
  }

  redraw() {
    this.drawn = null;
    this.snap = true;
  }

  /** Mark an entity on the plan, or none. */
  choose(entity) {
    this.chosen = this.chosen === entity ? "" : entity;
    this.redraw();
  }

  jump(event) {
    const device = event.entity.split(".")[0];
    this.chosen = this.building.devices.has(device) ? device : event.entity;
    this.transport.seek(event.t_ms);
    this.redraw();
  }

  async #finished() {
    this.store.take(await ask(`${api}/timeline`));
    if (this.store.problem) this.notice(`${this.store.problem}.`);
    try {
      const journeys = await ask(`${api}/journeys`);
      this.people = new Walkers(this.building, journeys);
    } catch (refused) {
      this.people = new Counted(this.building, this.store);
      if (this.run.status === "finished") this.notice(refused.message);
    }
    this.#grown();
  }

  #grown() {
    const outs = new Map();
    for (const [, portal] of this.store.outs) outs.set(portal, (outs.get(portal) ?? 0) + 1);
    this.exits.sort(outs);
    this.transport.set(this.store.until, this.store.crowd.map(([t, inside]) => [t, inside]));
    this.events.refresh();
    this.drawn = null;
  }

  #live() {
    this.follow = true;
    $("#live").hidden = false;
    $("#stop").hidden = false;
    const stream = new EventSource(`${api}/live`);
    stream.addEventListener("changes", (message) => this.#piece(JSON.parse(message.data), stream));
    stream.addEventListener("ended", () => { stream.close(); this.#ended(); });
    stream.onerror = () => this.notice("The line to the server is lost; trying again.");
    stream.onopen = () => this.notice("");
  }

  #piece(piece, stream) {
    if (!this.store.take(piece)) {
      stream.close();
      this.#live();
      return;
    }
    this.#grown();
    if (this.follow) this.transport.seek(this.store.until, false);
  }

  async #ended() {
    const t = this.transport.t;
    $("#live").hidden = $("#stop").hidden = true;
    this.run = await ask(api);
    this.#head();
    await this.#finished();
    this.follow = false;
    this.transport.seek(t, false);
    this.redraw();
  }

  #unfollow() {
    this.follow = false;
    $("#live").setAttribute("aria-pressed", "false");
  }

  /** Show the newest moment and stay with it. */
  followLive() {
    if ($("#live").hidden) return;
    this.follow = true;
    $("#live").setAttribute("aria-pressed", "true");
    this.transport.seek(this.store.until, false);
  }

  frame(now) {
    const passed = Math.min(250, now - this.last);
    this.last = now;
    this.transport.advance(passed);
    this.paint(passed);
    requestAnimationFrame((next) => this.frame(next));
  }

  paint(passed) {
    const { t } = this.transport;
    const signature = this.store.signature(t);
    if (signature !== this.drawn) {
      this.plan.draw(this.store, t, this.layers, this.chosen, this.drawn === null);
      this.drawn = signature;
    }
    if (t === this.shown && !this.snap && this.calm++ > 60) return;
    if (t !== this.shown || this.snap) this.calm = 0;
    if (t !== this.shown || this.snap || this.people instanceof Counted) this.people.seek(t);
    const ease = this.snap ? 1 : 1 - Math.exp(-passed / 1000 * (5 + this.transport.rate * 1.5));
    this.crowd.draw(this.layers.people ? this.people : { n: 0, x: [], y: [] }, ease);
    if (t !== this.shown || this.snap) this.#numbers(t);
    this.shown = t;
    this.snap = false;
  }

  #numbers(t) {
    const numbers = {};
    const crowd = this.store.crowdAt(t);
    if (this.people instanceof Walkers) {
      const count = new Array(STATES.length).fill(0);
      for (const state of this.people.state) count[state]++;
      STATES.slice(0, 5).forEach((state, i) => { numbers[state] = count[i]; });
      numbers.inside = this.people.n - numbers.out;
    } else if (crowd) {
      [, numbers.inside, numbers.waiting, numbers.walk, numbers.queue, numbers.out] = crowd;
    }
    this.counters.show(numbers, this.people instanceof Counted);
    this.exits.show(this.store, t);
    this.events.mark(t);
  }

  #bind() {
    new ResizeObserver(() => this.resize()).observe($("#plan"));
    addEventListener("themechange", () => {
      lighten();
      this.counters.draw(); legend($("#legend")); this.transport.draw(); this.redraw();
    });
    $("#live").addEventListener("click", () => this.followLive());
    $("#keys").addEventListener("click", () => $("#help").showModal());
    $("#stop").addEventListener("click", () => {
      ask(`${api}/stop`, {}).then((done) => this.notice(done.text), (no) => this.notice(no.message));
    });
    bindKeys(this);
  }
}

const page = new Page();
window.page = page;
page.load().catch((problem) => {
  document.body.classList.add("failed");
  page.notice(problem.message);
  if (problem.nearest) {
    $("#notice").append(" Did you mean ", el("a", { href: `/runs/${problem.nearest}`, text: problem.nearest }), "?");
  }
  document.body.dataset.ready = "no";
});
