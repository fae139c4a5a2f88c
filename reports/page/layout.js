// Where each storey lies on the canvas, and the zoom.

const GAP = 18;
const LABEL = 20;
/** Storeys above each other read better than in rows: worth so much in scale. */
const TIDY = 1.1;

/** Every way to cut 0..n-1 into consecutive groups (up to 10 storeys; more go in even rows). */
function cuts(n) {
  if (n > 10) {
    const across = Math.ceil(Math.sqrt(n));
    const rows = [];
    for (let i = 0; i < n; i += across) rows.push(range(i, Math.min(n, i + across)));
    return [rows];
  }
  return range(0, 2 ** (n - 1)).map((mask) => {
    const groups = [[0]];
    for (let i = 1; i < n; i++) {
      if (mask & (1 << (i - 1))) groups.push([i]); else groups.at(-1).push(i);
    }
    return groups;
  });
}

function range(from, to) {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function sizes(boxes) {
  return boxes.map(([x0, y0, x1, y1]) => [Math.max(1, x1 - x0), Math.max(1, y1 - y0)]);
}

/** Boxes of a group widened to one extent, so that what lies above each other is drawn so. */
function aligned(groups, boxes, stacked) {
  const [low, high] = stacked ? [0, 2] : [1, 3];
  const result = [];
  for (const group of groups) {
    const from = Math.min(...group.map((i) => boxes[i][low]));
    const to = Math.max(...group.map((i) => boxes[i][high]));
    for (const i of group) {
      result[i] = [...boxes[i]];
      [result[i][low], result[i][high]] = [from, to];
    }
  }
  return result;
}

/** The scale (px per m) at which groups fit, with storeys of a group side by side or stacked. */
function scaleOf(groups, size, width, height, stacked) {
  const main = stacked ? 1 : 0;
  const room = stacked ? [height, width] : [width, height];
  const pad = stacked ? [GAP + LABEL, GAP] : [GAP, GAP + LABEL];
  let scale = Infinity, across = 0;
  for (const group of groups) {
    const along = group.reduce((sum, i) => sum + size[i][main], 0);
    scale = Math.min(scale, (room[0] - pad[0] * group.length - GAP) / along);
    across += Math.max(...group.map((i) => size[i][1 - main]));
  }
  return Math.min(scale, (room[1] - pad[1] * groups.length - GAP) / across);
}

function place(groups, boxes, size, scale, width, height, stacked) {
  const main = stacked ? 1 : 0;
  const extent = groups.map((group) => Math.max(...group.map((i) => size[i][1 - main])) * scale);
  const pads = stacked ? [GAP + LABEL, GAP] : [GAP, GAP + LABEL];
  const used = extent.reduce((a, b) => a + b, 0) + pads[1] * groups.length;
  let cross = Math.max(GAP, ((stacked ? width : height) - used) / 2 + GAP / 2);
  const frames = [];
  groups.forEach((group, row) => {
    const length = group.reduce((sum, i) => sum + size[i][main] * scale + pads[0], 0);
    let along = Math.max(GAP, ((stacked ? height : width) - length) / 2 + GAP / 2);
    for (const i of group) {
      const [x, y] = stacked ? [cross, along] : [along, cross];
      frames[i] = { x, y: y + LABEL, scale, box: boxes[i] };
      along += size[i][main] * scale + pads[0];
    }
    cross += extent[row] + pads[1];
  });
  return frames;
}

/** Frames for storeys on a canvas: the arrangement that draws them largest at one scale. */
export function arrange(boxes, width, height) {
  if (!boxes.length) return [];
  let best = { score: -1 };
  for (const stacked of [false, true]) {
    for (const groups of cuts(boxes.length)) {
      const level = aligned(groups, boxes, stacked);
      const scale = scaleOf(groups, sizes(level), width, height, stacked);
      const score = scale * (stacked ? TIDY : 1);
      if (score > best.score) best = { score, scale, groups, stacked, level };
    }
  }
  const scale = Math.max(best.scale, 0.2);
  return place(best.groups, best.level, sizes(best.level), scale, width, height, best.stacked);
}

/** The view: frames of the storeys shown, with zoom and pan on top. */
export class View {
  constructor() {
    this.frames = new Map();
    this.zoom = 1;
    this.dx = 0;
    this.dy = 0;
  }

  /** Fit storeys (all, or the one chosen) into a canvas; `grounds` shows all open ground too. */
  fit(storeys, width, height, grounds) {
    const boxes = storeys.map((storey) => (grounds ? storey.whole : storey.box));
    const frames = arrange(boxes, width, height);
    this.frames = new Map(storeys.map((storey, i) => [storey.index, frames[i]]));
  }

  reset() {
    this.zoom = 1;
    this.dx = this.dy = 0;
  }

  /** Zoom by a factor about a point of the canvas. */
  zoomAt(factor, x, y) {
    const next = Math.min(24, Math.max(1, this.zoom * factor));
    const ratio = next / this.zoom;
    this.dx = x - (x - this.dx) * ratio;
    this.dy = y - (y - this.dy) * ratio;
    this.zoom = next;
    if (next === 1) this.dx = this.dy = 0;
  }

  pan(dx, dy) {
    this.dx += dx;
    this.dy += dy;
  }

  /** How a storey maps to the canvas: x = ax + k * X, y = ay - k * Y; null if it is not shown. */
  map(index) {
    const frame = this.frames.get(index);
    if (!frame) return null;
    const k = frame.scale * this.zoom;
    return {
      k,
      ax: frame.x * this.zoom + this.dx - frame.box[0] * k,
      ay: frame.y * this.zoom + this.dy + frame.box[3] * k,
      clip: [frame.x * this.zoom + this.dx, frame.y * this.zoom + this.dy,
        (frame.box[2] - frame.box[0]) * k, (frame.box[3] - frame.box[1]) * k],
      label: [frame.x * this.zoom + this.dx, frame.y * this.zoom + this.dy],
    };
  }
}
