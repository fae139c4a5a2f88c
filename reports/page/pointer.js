// The pointer on the plan: zoom, move, and what lies under it.

import { inside } from "./building.js";
import { el } from "./format.js";

const $ = (selector) => document.querySelector(selector);

/** Binds the pointer to a page's plan. */
export class Pointer {
  constructor(page) {
    this.page = page;
    this.canvas = $("#crowd");
    this.drag = null;
    this.canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      page.view.zoomAt(Math.exp(-event.deltaY / 400), event.offsetX, event.offsetY);
      page.redraw();
    }, { passive: false });
    this.canvas.addEventListener("dblclick", () => { page.view.reset(); page.redraw(); });
    this.canvas.addEventListener("pointerdown", (event) => this.#down(event));
    this.canvas.addEventListener("pointermove", (event) => this.#move(event));
    this.canvas.addEventListener("pointerup", (event) => this.#up(event));
    this.canvas.addEventListener("pointerleave", () => { $("#tip").hidden = true; });
  }

  /** Zoom about the middle. */
  zoom(factor) {
    this.page.view.zoomAt(factor, this.canvas.clientWidth / 2, this.canvas.clientHeight / 2);
    this.page.redraw();
  }

  #down(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.drag = { x: event.offsetX, y: event.offsetY, moved: false };
  }

  #move(event) {
    const { offsetX: x, offsetY: y } = event;
    if (!this.drag) return this.#tip(x, y);
    const dx = x - this.drag.x, dy = y - this.drag.y;
    if (!this.drag.moved && Math.hypot(dx, dy) < 4) return undefined;
    Object.assign(this.drag, { x, y, moved: true });
    this.page.view.pan(dx, dy);
    return this.page.redraw();
  }

  #up(event) {
    const clicked = this.drag && !this.drag.moved;
    this.drag = null;
    if (clicked) this.page.choose(this.#under(event.offsetX, event.offsetY)?.id ?? "");
  }

  /** The device, door or space at a point of the canvas. */
  #under(x, y) {
    const { building, plan, view } = this.page;
    const near = plan.spots.filter((spot) => Math.hypot(spot.x - x, spot.y - y) <= spot.r);
    if (near.length) return near.at(-1);
    let best = null;
    for (const storey of building.storeys) {
      const map = view.map(storey.index);
      if (!map) continue;
      const px = (x - map.ax) / map.k, py = (map.ay - y) / map.k;
      for (const space of storey.spaces) {
        if ((!best || space.area_m2 < best.area_m2) && inside(space.outline, px, py)) best = space;
      }
    }
    return best && { kind: "space", id: best.id };
  }

  #tip(x, y) {
    const found = this.#under(x, y);
    const tip = $("#tip");
    tip.hidden = !found;
    if (!found) return;
    const [name, ...rest] = this.#words(found);
    tip.replaceChildren(el("b", { text: name }), ...rest.filter(Boolean).map((text) => el("div", { text })));
    const right = x > this.canvas.clientWidth - 240;
    tip.style.left = right ? "" : `${x + 14}px`;
    tip.style.right = right ? `${this.canvas.clientWidth - x + 14}px` : "";
    tip.style.top = `${Math.min(y + 12, this.canvas.clientHeight - 90)}px`;
  }

  #words({ kind, id }) {
    const { building, store, transport: { t } } = this.page;
    if (kind === "device") {
      const item = building.devices.get(id);
      return [`${item.kind.replaceAll("-", " ")} ${id}`, store.at("devices", id, t)?.[1] ?? "at rest",
        `on ${item.gateway || "its own"}`];
    }
    if (kind === "portal") {
      const portal = building.portals.get(id);
      const state = store.at("portals", id, t)?.[1] ?? portal.state;
      return [portal.name, `${state} · ${portal.width_m.toFixed(2)} m clear${portal.exit ? " · exit" : ""}`,
        portal.exit ? `${store.outsAt(t).get(id) ?? 0} out` : "", id];
    }
    const space = building.spaces.get(id);
    const here = store.at("counts", id, t)?.[1];
    const smoke = store.at("smoke", id, t)?.[1] ?? 0;
    const sight = smoke > 0.01 ? `smoke ${smoke.toPrecision(2)} 1/m · sees ${Math.min(30, 3 / smoke).toFixed(1)} m` : "";
    return [space.name, `${space.kind} · ${space.area_m2.toFixed(0)} m²`,
      here === undefined ? "" : `${here} people · ${(here / (space.area_m2 || 1)).toFixed(2)} per m²`, sight, id];
  }
}
