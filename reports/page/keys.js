// The keyboard of the page of a run.

const $ = (selector) => document.querySelector(selector);

function acts(page, key) {
  const { transport } = page;
  const jump = key.shiftKey ? 10_000 : 1_000;
  return {
    " ": () => transport.toggle(), ArrowLeft: () => transport.seek(transport.t - jump),
    ArrowRight: () => transport.seek(transport.t + jump), Home: () => transport.seek(0),
    End: () => transport.seek(transport.end), "[": () => transport.faster(-1),
    "]": () => transport.faster(1), n: () => page.events.move(1), p: () => page.events.move(-1),
    "/": () => $("#find").focus(), l: () => page.followLive(), t: () => window.toggleTheme(),
    "?": () => $("#help").showModal(), "+": () => page.pointer.zoom(1.4),
    "-": () => page.pointer.zoom(1 / 1.4),
  };
}

/** Bind the keys; those that a field, a list or a dialog needs stay with it. */
export function bindKeys(page) {
  addEventListener("keydown", (key) => {
    if (key.target.matches("input[type=search], select")) {
      if (key.key === "Escape") key.target.blur();
      return;
    }
    if (key.ctrlKey || key.metaKey || key.altKey || $("#help").open) return;
    if (key.key === " " && key.target.matches("button, a")) return;
    const act = /^\d$/.test(key.key) ? () => page.show(Number(key.key) - 1) : acts(page, key)[key.key];
    if (!act) return;
    key.preventDefault();
    act();
  });
}
