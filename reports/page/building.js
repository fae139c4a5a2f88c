// The floor plan as geometry: storeys, portals between spaces, places to stand.

/** True if a point lies inside a polygon. */
export function inside(outline, x, y) {
  let within = false;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [ax, ay] = outline[i], [bx, by] = outline[j];
    if (ay > y !== by > y && x < (bx - ax) * (y - ay) / (by - ay) + ax) within = !within;
  }
  return within;
}

/** The bounding box [x0, y0, x1, y1] of points. */
export function boxOf(points) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
  }
  return box;
}

/** The box of a building with some ground around it, as far as there is ground. */
function around([x0, y0, x1, y1], whole) {
  const margin = 6;
  return [Math.min(x0, Math.max(whole[0], x0 - margin)), Math.min(y0, Math.max(whole[1], y0 - margin)),
    Math.max(x1, Math.min(whole[2], x1 + margin)), Math.max(y1, Math.min(whole[3], y1 + margin))];
}

function wallDistance(outline, x, y) {
  let best = [Infinity, 1, 0];
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [ax, ay] = outline[j], [bx, by] = outline[i];
    const length = Math.hypot(bx - ax, by - ay) || 1e-9;
    const ux = (bx - ax) / length, uy = (by - ay) / length;
    const along = Math.min(length, Math.max(0, (x - ax) * ux + (y - ay) * uy));
    const distance = Math.hypot(ax + along * ux - x, ay + along * uy - y);
    if (distance < best[0]) best = [distance, ux, uy];
  }
  return best;
}

/** A point well inside the outline: the one farthest from its walls on a coarse lattice. */
function heart(outline) {
  const [x0, y0, x1, y1] = boxOf(outline);
  let best = [-1, (x0 + x1) / 2, (y0 + y1) / 2];
  for (let i = 1; i < 10; i++) {
    for (let j = 1; j < 10; j++) {
      const x = x0 + (x1 - x0) * i / 10, y = y0 + (y1 - y0) * j / 10;
      if (!inside(outline, x, y)) continue;
      const centred = Math.hypot(i - 5, j - 5) * 0.02;
      const depth = wallDistance(outline, x, y)[0] - centred;
      if (depth > best[0]) best = [depth, x, y];
    }
  }
  return [best[1], best[2]];
}

/** Points inside an outline on a lattice of a given spacing, off the walls. */
function lattice(outline, spacing, margin) {
  const [x0, y0, x1, y1] = boxOf(outline);
  const points = [];
  for (let row = 0, y = y0 + spacing / 2; y < y1; row++, y += spacing) {
    for (let x = x0 + spacing * (row % 2 ? 0.7 : 0.4); x < x1; x += spacing) {
      if (inside(outline, x, y) && wallDistance(outline, x, y)[0] >= margin) points.push([x, y]);
    }
  }
  return points;
}

/** Spaces, portals and devices of a plan, and where people stand in them. */
export class Building {
  constructor(plan) {
    this.plan = plan;
    this.spaces = new Map(plan.spaces.map((space) => [space.id, { ...space }]));
    this.portals = new Map(plan.portals.map((portal) => [portal.id, { ...portal }]));
    this.devices = new Map(plan.devices.map((device) => [device.id, { ...device }]));
    this.between = new Map();
    this.memory = new Map();
    for (const space of this.spaces.values()) {
      space.drawn = space.outline.length > 2;
      if (!space.drawn) continue;
      space.box = boxOf(space.outline);
      space.heart = heart(space.outline);
    }
    for (const portal of this.portals.values()) this.#place(portal);
    this.storeys = plan.storeys.map((storey) => this.#storey(storey)).filter((s) => s.spaces.length);
    this.storeys.forEach((storey, index) => { storey.index = index; });
    this.storeyOf = new Map(this.storeys.map((storey) => [storey.id, storey.index]));
    this.exits = [...this.portals.values()].filter((portal) => portal.exit);
  }

  #place(portal) {
    const sides = portal.between.map((id) => this.spaces.get(id)).filter((side) => side?.drawn);
    const hearts = sides.map((side) => side.heart);
    portal.xy = portal.at ?? (hearts.length
      ? [hearts.reduce((a, h) => a + h[0], 0) / hearts.length,
        hearts.reduce((a, h) => a + h[1], 0) / hearts.length] : [0, 0]);
    let wall = [Infinity, 1, 0];
    for (const side of sides) {
      const found = wallDistance(side.outline, ...portal.xy);
      if (found[0] < wall[0] - 1e-6) wall = found;
    }
    portal.along = [wall[1], wall[2]];
    portal.away = this.#away(portal);
    portal.storeys = [...new Set(sides.map((side) => side.storey))];
    const key = [...portal.between].sort().join("|");
    if (!this.between.has(key)) this.between.set(key, []);
    this.between.get(key).push(portal);
  }

  /** The unit vector through a portal, from its inner to its outer side. */
  #away(portal) {
    const [ux, uy] = portal.along;
    const inner = this.spaces.get(portal.between[0]);
    const [x, y] = portal.xy;
    const [nx, ny] = [-uy, ux];
    const flip = inner?.drawn && inside(inner.outline, x + nx * 0.3, y + ny * 0.3);
    return flip ? [-nx, -ny] : [nx, ny];
  }

  #storey(storey) {
    const spaces = [...this.spaces.values()].filter((s) => s.drawn && s.storey === storey.id);
    const portals = [...this.portals.values()].filter((p) => p.storeys.includes(storey.id));
    const ghosts = [...new Set(portals.flatMap((portal) => portal.between))]
      .map((id) => this.spaces.get(id)).filter((s) => s?.drawn && s.storey !== storey.id && !s.safe);
    const corners = (some) => some.flatMap((space) => space.outline);
    const whole = spaces.length ? boxOf(corners(spaces)) : null;
    const built = [...spaces.filter((space) => !space.safe), ...ghosts];
    return { ...storey, spaces, portals, ghosts, whole, box: built.length ? around(boxOf(corners(built)), whole) : whole };
  }

  /** The portal from one space to the next; of several, the one nearest to a point. */
  portalBetween(from, to, near) {
    const found = this.between.get([from, to].sort().join("|")) ?? [];
    if (found.length < 2 || !near) return found[0] ?? null;
    const distance = (p) => Math.hypot(p.xy[0] - near[0], p.xy[1] - near[1]);
    return found.reduce((a, b) => (distance(b) < distance(a) ? b : a));
  }

  /** Portals to pass from one safe space to another over open ground; null if there is no way. */
  wayOver(from, to) {
    return this.#remember(`over ${from} ${to}`, () => {
      const came = new Map([[from, null]]);
      for (const here of came.keys()) {
        if (here === to) break;
        for (const portal of this.portals.values()) {
          const [a, b] = portal.between;
          const next = a === here ? b : b === here ? a : null;
          if (next && !came.has(next) && this.spaces.get(next)?.safe) came.set(next, [portal, here]);
        }
      }
      if (!came.has(to)) return null;
      const way = [];
      for (let step = came.get(to); step; step = came.get(step[1])) way.unshift(step[0]);
      return way;
    });
  }

  #remember(key, make) {
    if (!this.memory.has(key)) this.memory.set(key, make());
    return this.memory.get(key);
  }

  /** At least `n` places spread evenly over a space. */
  seats(space, n) {
    const wanted = Math.max(4, 2 ** (Math.ceil(Math.log2(Math.max(1, n)) * 2) / 2));
    return this.#remember(`seats ${space.id} ${Math.ceil(wanted)}`, () => {
      const area = Math.max(space.area_m2, 1);
      let spacing = Math.min(2.4, Math.sqrt(area / Math.max(1, wanted)));
      for (let tries = 0; tries < 24; tries++, spacing *= 0.9) {
        const points = lattice(space.outline, spacing, Math.min(0.35, spacing / 3));
        if (points.length >= wanted) return spread(points, Math.ceil(wanted));
      }
      return [space.heart];
    });
  }

  /** Places in front of a portal inside a space, the nearest first. */
  front(space, portal) {
    return this.#remember(`front ${space.id} ${portal.id}`, () => {
      const [x, y] = portal.xy;
      const far = (p) => Math.hypot(p[0] - x, p[1] - y);
      const points = lattice(space.outline, 0.5, 0.15).sort((a, b) => far(a) - far(b));
      return points.length ? points.slice(0, 900) : [space.heart];
    });
  }

  /** A point to walk round by from one point of a space to another, or null for straight on. */
  detour(space, from, to) {
    const key = `via ${space.id} ${from.map(Math.round)} ${to.map(Math.round)}`;
    return this.#remember(key, () => {
      const [x0, y0, x1, y1] = space.box;
      const long = Math.max(x1 - x0, y1 - y0);
      if (space.kind === "stair" && Math.hypot(from[0] - to[0], from[1] - to[1]) < long / 2) {
        const ends = x1 - x0 > y1 - y0
          ? [[x0 + 0.6, (y0 + y1) / 2], [x1 - 0.6, (y0 + y1) / 2]]
          : [[(x0 + x1) / 2, y0 + 0.6], [(x0 + x1) / 2, y1 - 0.6]];
        const far = (p) => Math.hypot(p[0] - from[0], p[1] - from[1]);
        return far(ends[0]) > far(ends[1]) ? ends[0] : ends[1];
      }
      for (const f of [0.25, 0.5, 0.75]) {
        const x = from[0] + (to[0] - from[0]) * f, y = from[1] + (to[1] - from[1]) * f;
        if (!inside(space.outline, x, y)) return space.heart;
      }
      return null;
    });
  }
}

/** `n` of the points, evenly over the list. */
function spread(points, n) {
  if (n >= points.length) return points;
  return Array.from({ length: n }, (_, i) => points[Math.floor(i * points.length / n)]);
}
