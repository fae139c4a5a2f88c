// Draws the plan: spaces, smoke, doors, devices, and their names on a layer above the people.

import { palette, prepare, within } from "./canvas.js";
import { COLOURS, device, door, flame } from "./icons.js";

const ROOMS = new Set(["room", "hall", "yard", "street"]);
const ON_DOORS = new Set(["door-lock", "door-holder", "turnstile", "bollard"]);
const DOOR_KINDS = new Set(["door", "gate", "turnstile"]);

/** Draws what stands still between two changes of state. */
export class PlanLayer {
  constructor(canvas, above, building, view) {
    Object.assign(this, { canvas, above, building, view });
    this.spots = [];
  }

  /** Draw the plan at time t; `layers` says what to show, `chosen` is an entity to mark, `anew`
      that the view changed and not only a state. */
  draw(store, t, layers, chosen, anew) {
    const c = prepare(this.canvas);
    const colours = palette();
    this.spots = [];
    for (const storey of this.building.storeys) {
      const map = this.view.map(storey.index);
      if (!map) continue;
      c.save();
      c.beginPath();
      c.rect(map.clip[0] - 2, map.clip[1] - 2, map.clip[2] + 4, map.clip[3] + 4);
      c.clip();
      this.#ghosts(c, storey, map, colours);
      this.#spaces(c, storey, map, colours);
      if (layers.smoke) this.#smoke(c, storey, map, store, t, colours);
      this.#walls(c, storey, map, colours);
      if (layers.doors) this.#doors(c, storey, map, store, t, colours);
      if (layers.devices) this.#devices(c, storey, map, store, t, colours);
      this.#fires(c, storey, map, store, t);
      c.restore();
    }
    if (anew) this.#write(layers, chosen, colours);
  }

  /** The layer above the people: names, which change only with the view. */
  #write(layers, chosen, colours) {
    const c = prepare(this.above);
    for (const storey of this.building.storeys) {
      const map = this.view.map(storey.index);
      if (!map) continue;
      if (layers.names) this.#names(c, storey, map, colours);
      this.#title(c, storey, map, colours);
    }
    if (chosen) this.#mark(c, chosen, colours);
  }

  #outline(c, space, map) {
    c.beginPath();
    for (const [x, y] of space.outline) c.lineTo(map.ax + x * map.k, map.ay - y * map.k);
    c.closePath();
  }

  /** Stairs that lead here but belong to another storey: dashed, so that no hole gapes. */
  #ghosts(c, storey, map, colours) {
    c.setLineDash([3, 3]);
    for (const space of storey.ghosts) {
      this.#outline(c, space, map);
      c.lineWidth = 1;
      c.strokeStyle = colours.faint;
      c.stroke();
    }
    c.setLineDash([]);
  }

  #spaces(c, storey, map, colours) {
    const tint = { corridor: "corridor", landing: "corridor", hall: "corridor", stair: "stair" };
    for (const space of order(storey.spaces)) {
      this.#outline(c, space, map);
      c.fillStyle = space.safe ? colours.safe : colours[tint[space.kind] ?? "room"];
      c.fill();
      if (space.kind === "stair") this.#steps(c, space, map, colours);
    }
  }

  #steps(c, space, map, colours) {
    const [x0, y0, x1, y1] = space.box;
    const across = x1 - x0 > y1 - y0;
    c.save();
    this.#outline(c, space, map);
    c.clip();
    c.beginPath();
    const pace = Math.max(0.3, 4 / map.k);
    for (let d = pace; d < (across ? x1 - x0 : y1 - y0); d += pace) {
      const [ax, ay, bx, by] = across ? [x0 + d, y0, x0 + d, y1] : [x0, y0 + d, x1, y0 + d];
      c.moveTo(map.ax + ax * map.k, map.ay - ay * map.k);
      c.lineTo(map.ax + bx * map.k, map.ay - by * map.k);
    }
    c.lineWidth = 0.5;
    c.strokeStyle = colours.faint;
    c.stroke();
    c.restore();
  }

  #smoke(c, storey, map, store, t, colours) {
    for (const space of storey.spaces) {
      const extinction = store.at("smoke", space.id, t)?.[1] ?? 0;
      if (extinction < 0.01) continue;
      this.#outline(c, space, map);
      c.globalAlpha = Math.min(0.85, 0.12 + 0.75 * (1 - Math.exp(-extinction * 1.3)));
      c.fillStyle = colours.smoke;
      c.fill();
      c.globalAlpha = 1;
    }
  }

  #walls(c, storey, map, colours) {
    c.lineJoin = "miter";
    for (const space of order(storey.spaces)) {
      this.#outline(c, space, map);
      c.lineWidth = space.safe ? 0.8 : 1.4;
      c.strokeStyle = space.safe ? colours.faint : colours.wall;
      c.stroke();
    }
  }

  #doors(c, storey, map, store, t, colours) {
    for (const portal of storey.portals) {
      const [x, y] = [map.ax + portal.xy[0] * map.k, map.ay - portal.xy[1] * map.k];
      const [ux, uy] = [portal.along[0], -portal.along[1]];
      const state = store.at("portals", portal.id, t)?.[1] ?? portal.state;
      const width = Math.max(5, portal.width_m * map.k);
      const plain = state === "open" && !DOOR_KINDS.has(portal.kind);
      if (plain) {
        c.lineWidth = 3; c.strokeStyle = colours.corridor; c.beginPath();
        c.moveTo(x - ux * width / 2, y - uy * width / 2);
        c.lineTo(x + ux * width / 2, y + uy * width / 2); c.stroke();
      } else door(c, state, x, y, ux, uy, width, colours.ink, colours.room);
      if (portal.exit) this.#exit(c, portal, x, y, state);
      this.spots.push({ kind: "portal", id: portal.id, x, y, r: Math.max(6, width / 2), storey });
    }
  }

  #exit(c, portal, x, y, state) {
    const [nx, ny] = [portal.away[0], -portal.away[1]];
    const px = x + nx * 6, py = y + ny * 6, s = 4.5;
    c.beginPath();
    c.moveTo(px + nx * s * 1.6, py + ny * s * 1.6);
    c.lineTo(px - ny * s, py + nx * s);
    c.lineTo(px + ny * s, py - nx * s);
    c.closePath();
    c.fillStyle = COLOURS[state] ?? COLOURS.open;
    c.fill();
  }

  #names(c, storey, map, colours) {
    c.textAlign = "center";
    c.textBaseline = "middle";
    c.fillStyle = colours.ink;
    c.strokeStyle = colours.room;
    c.lineJoin = "round";
    c.lineWidth = 3;
    const busy = new Set([...this.building.devices.values()].map((item) => item.at));
    for (const space of storey.spaces) {
      const size = Math.min(14, Math.max(10, map.k * 0.9));
      const [x0, y0, x1, y1] = space.box;
      const wide = (x1 - x0) * map.k - 3, high = (y1 - y0) * map.k - 3;
      c.font = `${size}px system-ui, sans-serif`;
      const lines = wrapped(c, space.name, wide, Math.floor(high / (size * 1.1)), !ROOMS.has(space.kind));
      const lower = busy.has(space.id) && map.k > 9 ? Math.min(high / 4, size * 0.8) : 0;
      const [x, y] = [map.ax + space.heart[0] * map.k, map.ay - space.heart[1] * map.k + lower];
      if (!within(map.clip, x, y)) continue;
      lines.forEach((line, i) => {
        const at = y + (i - (lines.length - 1) / 2) * size * 1.1;
        c.globalAlpha = 0.75;
        c.strokeText(line, x, at);
        c.globalAlpha = 1;
        c.fillText(line, x, at);
      });
    }
  }

  #devices(c, storey, map, store, t, colours) {
    const size = Math.min(20, Math.max(5, map.k * 1.05));
    const crowd = new Map();
    for (const item of this.building.devices.values()) {
      const place = this.#spot(item, storey, map, size, crowd);
      if (!place) continue;
      const mood = store.at("devices", item.id, t)?.[2] ?? "rest";
      const grown = mood === "rest" ? size : Math.max(size, 11);
      if (mood === "rest" && size < 9) dot(c, place, colours);
      else device(c, item.kind, mood, place[0], place[1], grown, colours.ink, colours.paper);
      this.spots.push({ kind: "device", id: item.id, x: place[0], y: place[1], r: grown / 2 + 2, storey });
    }
  }

  /** Devices of a portal stand beside it, those of a space in a row along its upper wall. */
  #spot(item, storey, map, size, crowd) {
    const portal = this.building.portals.get(item.portal);
    const space = this.building.spaces.get(item.at);
    if (portal && (!space?.drawn || ON_DOORS.has(item.kind))) {
      const home = this.building.spaces.get(portal.between.find((id) => this.building.spaces.get(id)?.drawn));
      if (home?.storey !== storey.id) return null;
      const k = crowd.get(portal.id) ?? 0;
      crowd.set(portal.id, k + 1);
      const back = (size * 0.9 + 4) / map.k, side = (k % 2 ? -1 : 1) * Math.ceil(k / 2) * size * 1.15 / map.k;
      const x = portal.xy[0] - portal.away[0] * back + portal.along[0] * side;
      const y = portal.xy[1] - portal.away[1] * back + portal.along[1] * side;
      return [map.ax + x * map.k, map.ay - y * map.k];
    }
    if (!space?.drawn || space.storey !== storey.id) return null;
    const k = crowd.get(space.id) ?? 0;
    crowd.set(space.id, k + 1);
    const [x0, , x1, y1] = space.box;
    const across = Math.max(1, Math.floor(((x1 - x0) * map.k - 6) / (size * 1.2)));
    return [map.ax + x0 * map.k + 4 + size * (0.5 + (k % across) * 1.2),
      map.ay - y1 * map.k + 4 + size * (0.5 + Math.floor(k / across) * 1.2)];
  }

  #fires(c, storey, map, store, t) {
    for (const [begun, id] of store.fires) {
      const space = this.building.spaces.get(id);
      if (begun > t || !space?.drawn || space.storey !== storey.id) continue;
      const size = Math.min(34, Math.max(18, map.k * 2.4));
      flame(c, map.ax + space.heart[0] * map.k, map.ay - space.heart[1] * map.k, size);
    }
  }

  #title(c, storey, map, colours) {
    c.font = "600 13px system-ui, sans-serif";
    c.textAlign = "left";
    c.textBaseline = "alphabetic";
    c.fillStyle = colours.ink;
    c.fillText(storey.name, map.label[0], map.label[1] - 6);
  }

  #mark(c, chosen, colours) {
    for (const spot of this.spots.filter((item) => item.id === chosen)) {
      c.beginPath();
      c.arc(spot.x, spot.y, spot.r + 7, 0, Math.PI * 2);
      c.lineWidth = 3;
      c.strokeStyle = colours.ink;
      c.stroke();
    }
    const space = this.building.spaces.get(chosen);
    const map = space?.drawn && this.view.map(this.building.storeyOf.get(space.storey));
    if (!map) return;
    this.#outline(c, space, map);
    c.lineWidth = 3;
    c.strokeStyle = colours.ink;
    c.stroke();
  }
}

/** Large spaces first, so that small ones inside them stay visible. */
function order(spaces) {
  return [...spaces].sort((a, b) => b.safe - a.safe || b.area_m2 - a.area_m2);
}

/** A name in at most `most` lines of a width; none if it does not fit and must be whole. */
function wrapped(c, text, width, most, whole) {
  const lines = [];
  for (const word of text.split(/\s+/)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && c.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  const fits = lines.length <= most && lines.every((line) => c.measureText(line).width <= width);
  if (fits) return lines;
  if (whole || most < 1) return [];
  return lines.slice(0, Math.min(most, 3)).map((line) => shortened(c, line, width)).filter(Boolean);
}

function shortened(c, text, width) {
  const full = c.measureText(text).width;
  if (full <= width) return text;
  const letters = [...text];
  const keep = Math.floor(letters.length * width / full) - 1;
  return keep >= 3 ? `${letters.slice(0, keep).join("")}…` : "";
}

function dot(c, [x, y], colours) {
  c.beginPath();
  c.arc(x, y, 1.6, 0, Math.PI * 2);
  c.globalAlpha = 0.4;
  c.fillStyle = colours.ink;
  c.fill();
  c.globalAlpha = 1;
}
