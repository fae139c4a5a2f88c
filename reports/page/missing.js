// Says what is not here, and what is nearest.

import { ask, el } from "./format.js";

const path = decodeURIComponent(location.pathname);
const why = document.querySelector("#why");
why.textContent = `There is nothing at ${path}.`;
if (path.startsWith("/runs/")) {
  try {
    await ask(`/api/runs/${encodeURIComponent(path.slice("/runs/".length))}`);
  } catch (refused) {
    why.textContent = refused.message;
    if (refused.nearest) {
      document.querySelector("#hint").append("Did you mean ",
        el("a", { href: `/runs/${encodeURIComponent(refused.nearest)}`, text: refused.nearest }), "?");
    }
  }
}
document.body.dataset.ready = "yes";
