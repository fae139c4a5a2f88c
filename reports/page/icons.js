// Signs drawn on a canvas: people by state, doors by state, devices by kind. Shape and colour both
// carry the meaning; the colours are those of Okabe and Ito.

export const COLOURS = {
  unaware: "#56b4e9", premove: "#e69f00", walk: "#009e73", queue: "#d55e00",
  out: "#0072b2", counted: "#7f8a96",
  open: "#009e73", closed: "#0072b2", locked: "#d55e00", blocked: "#cc79a7",
  active: "#0072b2", alarm: "#d55e00", fault: "#cc79a7", lost: "#8a929b",
};

/** Take the lighter blue on dark ground: the dark one would drown. */
export function lighten() {
  const dark = document.documentElement.dataset.theme === "dark";
  COLOURS.out = dark ? "#7db9e8" : "#0072b2";
  COLOURS.closed = dark ? "#4fa3e0" : "#0072b2";
}

/** What each sign means, in the order of the legend. */
export const PEOPLE = [
  ["unaware", "Unaware", "Has not noticed anything yet"],
  ["premove", "Preparing", "Has noticed, has not set off yet"],
  ["walk", "Walking", "On the way"],
  ["queue", "Queueing", "Waits before a door or stair"],
  ["out", "Out", "In a safe place"],
];
export const DOORS = [
  ["open", "Open"], ["closed", "Closed"], ["locked", "Locked"], ["blocked", "Blocked"],
];
export const MOODS = [
  ["rest", "At rest"], ["active", "Active"], ["alarm", "Alarm"],
  ["fault", "Faulty"], ["lost", "Lost"],
];

/** Add the outline of a person in a state to the path, centre x, y and radius r. */
export function person(c, state, x, y, r) {
  if (state === "unaware" || state === "counted") {
    c.moveTo(x + r, y);
    c.arc(x, y, r, 0, Math.PI * 2);
  } else if (state === "premove") {
    const d = r * 1.25;
    c.moveTo(x, y - d); c.lineTo(x + d, y); c.lineTo(x, y + d); c.lineTo(x - d, y); c.closePath();
  } else if (state === "walk") {
    const d = r * 1.25;
    c.moveTo(x, y - d); c.lineTo(x + d, y + d * 0.8); c.lineTo(x - d, y + d * 0.8); c.closePath();
  } else if (state === "queue") {
    c.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  } else {
    const d = r * 0.95, w = r * 0.38;
    c.rect(x - d, y - w, d * 2, w * 2);
    c.rect(x - w, y - d, w * 2, d - w);
    c.rect(x - w, y + w, w * 2, d - w);
  }
}

/** Draw a door at x, y: wall direction (ux, uy) on the canvas, clear width w in px. */
export function door(c, state, x, y, ux, uy, w, ink, paper) {
  const h = Math.max(3, w / 2), t = Math.max(2.5, Math.min(5, w / 4));
  const ax = x - ux * h, ay = y - uy * h, bx = x + ux * h, by = y + uy * h;
  const stroke = (width, colour, ...points) => {
    c.lineWidth = width; c.strokeStyle = colour; c.beginPath();
    for (let i = 0; i < points.length; i += 4) {
      c.moveTo(points[i], points[i + 1]); c.lineTo(points[i + 2], points[i + 3]);
    }
    c.stroke();
  };
  c.lineCap = "butt";
  stroke(t + 1, paper, ax, ay, bx, by);
  const colour = COLOURS[state] ?? ink, nx = -uy, ny = ux;
  if (state === "open") {
    stroke(2, colour, ax - nx * t, ay - ny * t, ax + nx * t, ay + ny * t,
      bx - nx * t, by - ny * t, bx + nx * t, by + ny * t);
    return;
  }
  stroke(t, colour, ax, ay, bx, by);
  if (state === "locked" || state === "blocked") {
    const s = t * 1.5;
    stroke(2, state === "locked" ? colour : ink,
      x + (ux + nx) * s, y + (uy + ny) * s, x - (ux + nx) * s, y - (uy + ny) * s);
    stroke(2, state === "locked" ? colour : ink,
      x + (ux - nx) * s, y + (uy - ny) * s, x - (ux - nx) * s, y - (uy - ny) * s);
  }
}

const GLYPHS = {
  "smoke-detector": (c) => { c.arc(0, 0, 0.5, 0, 7); c.moveTo(0.16, 0); c.arc(0, 0, 0.16, 0, 7); },
  "heat-detector": (c) => { c.arc(0, 0.25, 0.25, 0, 7); c.moveTo(0, 0); c.lineTo(0, -0.55); },
  "call-point": (c) => { c.rect(-0.45, -0.45, 0.9, 0.9); c.moveTo(0.18, 0); c.arc(0, 0, 0.18, 0, 7); },
  "fire-panel": (c) => { c.rect(-0.5, -0.4, 1, 0.8); lines(c, [-0.25, -0.1, 0.25, -0.1], [-0.25, 0.15, 0.25, 0.15]); },
  "door-lock": (c) => { c.rect(-0.4, -0.05, 0.8, 0.55); c.moveTo(-0.25, -0.05); c.arc(0, -0.1, 0.25, Math.PI, 0); },
  "door-holder": (c) => { lines(c, [-0.45, -0.5, -0.45, 0.5], [-0.45, 0, 0.1, 0]); c.rect(0.1, -0.25, 0.35, 0.5); },
  sounder: (c) => { speaker(c); lines(c, [0.25, -0.3, 0.5, -0.5], [0.3, 0, 0.6, 0], [0.25, 0.3, 0.5, 0.5]); },
  "pa-zone": (c) => { speaker(c); c.moveTo(0.3, -0.35); c.arc(0, 0, 0.45, -0.9, 0.9); },
  "emergency-light": (c) => { c.arc(0, 0, 0.28, 0, 7); for (let a = 0.4; a < 6; a += 1.05) lines(c, [Math.cos(a) * 0.42, Math.sin(a) * 0.42, Math.cos(a) * 0.62, Math.sin(a) * 0.62]); },
  turnstile: (c) => { lines(c, [0, 0, 0, -0.55], [0, 0, 0.5, 0.32], [0, 0, -0.5, 0.32]); },
  bollard: (c) => { c.rect(-0.18, -0.5, 0.36, 0.9); lines(c, [-0.5, 0.45, 0.5, 0.45]); },
  camera: (c) => { c.rect(-0.55, -0.25, 0.7, 0.5); c.moveTo(0.15, 0); c.lineTo(0.55, -0.28); c.lineTo(0.55, 0.28); c.closePath(); },
  "exit-sign": (c) => { lines(c, [-0.5, 0, 0.45, 0], [0.1, -0.35, 0.45, 0], [0.1, 0.35, 0.45, 0]); },
  "duty-desk": (c) => { c.arc(0, -0.25, 0.2, 0, 7); c.moveTo(-0.45, 0.45); c.arc(0, 0.45, 0.45, Math.PI, 0); c.closePath(); },
};

function speaker(c) {
  c.moveTo(-0.5, -0.2); c.lineTo(-0.25, -0.2); c.lineTo(0.1, -0.5); c.lineTo(0.1, 0.5);
  c.lineTo(-0.25, 0.2); c.lineTo(-0.5, 0.2); c.closePath();
}

function lines(c, ...parts) {
  for (const [x0, y0, x1, y1] of parts) { c.moveTo(x0, y0); c.lineTo(x1, y1); }
}

/** Draw a device: a disc in the colour of its mood with the sign of its kind. `size` in px. */
export function device(c, kind, mood, x, y, size, ink, paper) {
  const r = size / 2, colour = COLOURS[mood], resting = mood === "rest";
  c.save();
  c.translate(x, y);
  if (mood === "alarm") ring(c, r * 1.6, colour);
  c.beginPath();
  c.arc(0, 0, r, 0, Math.PI * 2);
  c.fillStyle = resting || mood === "lost" ? paper : colour;
  c.fill();
  c.lineWidth = 1;
  c.strokeStyle = resting ? ink : colour;
  if (mood === "lost") c.setLineDash([2, 2]);
  c.globalAlpha = resting ? 0.45 : 1;
  c.stroke();
  c.setLineDash([]);
  c.scale(r * 1.15, r * 1.15);
  c.lineWidth = 1.3 / r;
  c.strokeStyle = resting ? ink : mood === "lost" ? colour : "#fff";
  c.beginPath();
  (GLYPHS[kind] ?? GLYPHS["duty-desk"])(c);
  c.stroke();
  if (mood === "fault" || mood === "lost") cross(c, mood === "fault" ? ink : colour, r);
  c.restore();
}

function ring(c, r, colour) {
  c.beginPath();
  c.arc(0, 0, r, 0, Math.PI * 2);
  c.lineWidth = 2;
  c.strokeStyle = colour;
  c.stroke();
}

function cross(c, colour, r) {
  c.beginPath();
  lines(c, [-0.85, 0.85, 0.85, -0.85]);
  c.lineWidth = 2 / r;
  c.strokeStyle = colour;
  c.stroke();
}

/** A flame where a fire started. */
export function flame(c, x, y, size) {
  c.save();
  c.translate(x, y);
  c.scale(size / 20, size / 20);
  for (const [k, colour] of [[1, "#d55e00"], [0.55, "#f0e442"]]) {
    c.beginPath();
    c.moveTo(0, -11 * k + 3 * (1 - k));
    c.bezierCurveTo(9 * k, -2 * k, 10 * k, 9, 0, 9);
    c.bezierCurveTo(-10 * k, 9, -8 * k, 1, -3 * k, -3 * k);
    c.bezierCurveTo(-2 * k, 0, -1 * k, -6 * k, 0, -11 * k + 3 * (1 - k));
    c.fillStyle = colour;
    c.fill();
  }
  c.lineWidth = 1;
  c.restore();
}
