// Small pieces that every page needs: the API, elements, times.

/** A refusal of the API: `message` is its sentence, `nearest` a valid name or "". */
export class Refused extends Error {
  constructor(status, body) {
    super(body?.error || `The server answered ${status}.`);
    this.status = status;
    this.nearest = body?.nearest || "";
  }
}

/** Ask the API for JSON; throws Refused with the server's own sentence. */
export async function ask(path, order) {
  const options = order === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(order),
  };
  const answer = await fetch(path, options);
  const body = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused(answer.status, body);
  return body;
}

/** Make an element: tag, attributes (class, text, on...), children. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null) continue;
    if (value === false && !name.startsWith("aria-")) continue;
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : value);
  }
  node.append(...children);
  return node;
}

/** Milliseconds as m:ss or, with tenths, m:ss.t */
export function clock(ms, tenths = false) {
  const total = Math.max(0, tenths ? Math.floor(ms / 100) / 10 : Math.floor(ms / 1000));
  const minutes = Math.floor(total / 60);
  const seconds = (total - minutes * 60).toFixed(tenths ? 1 : 0);
  return `${minutes}:${seconds.padStart(tenths ? 4 : 2, "0")}`;
}

/** The mark of a verdict: a shape as well as a colour. */
export const VERDICTS = {
  pass: ["✓", "Pass"], fail: ["✗", "Fail"], inconclusive: ["?", "Inconclusive"],
  error: ["!", "Error"],
};

/** A badge for a verdict or for the status of a run without one. */
export function badge(verdict, status) {
  const kind = verdict in VERDICTS ? verdict : status;
  const [mark, word] = VERDICTS[verdict] ?? {
    running: ["●", "Running"], stopped: ["■", "Stopped"], broken: ["⚠", "Broken"],
    finished: ["?", "No verdict"],
  }[status] ?? ["?", status];
  return el("span", { class: `badge ${kind}` },
    el("span", { class: "mark", "aria-hidden": "true", text: mark }), ` ${word}`);
}

/** A number with its unit as a planner reads it; long ones are rounded. */
export function quantity(value, unit = "") {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number" && unit === "ms") return `${(value / 1000).toFixed(1)} s`;
  const number = typeof value === "number" && !Number.isInteger(value)
    ? Number(value.toPrecision(3)) : value;
  return unit ? `${number} ${unit}` : `${number}`;
}
