// Canvases at the screen's resolution, in the colours of the theme.

/** The colours of the theme, read from the style sheet. */
export function palette() {
  const style = getComputedStyle(document.documentElement);
  const names = ["ink", "paper", "plan", "room", "corridor", "stair", "safe", "wall", "faint", "smoke"];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** Fit a canvas to its box at the screen's resolution; returns its context in CSS pixels. */
export function prepare(canvas) {
  const ratio = devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const c = canvas.getContext("2d");
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.clearRect(0, 0, width, height);
  return c;
}

/** True if a point lies in a clip rectangle [left, top, width, height]. */
export function within([left, top, wide, high], x, y) {
  return x >= left && y >= top && x <= left + wide && y <= top + high;
}
