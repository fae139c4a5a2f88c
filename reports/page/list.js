// The page of all runs: the list, kept up to date, and the form that starts one.

import { ask, badge, clock, el } from "./format.js";

const $ = (selector) => document.querySelector(selector);
let known = { runs: [], folder: "", site: "" };
let sites = new Map();

function row(run) {
  const name = run.scenario || run.id;
  const link = run.status === "broken" ? el("span", { text: name })
    : el("a", { href: `/runs/${encodeURIComponent(run.id)}`, text: name });
  const number = (value) => el("td", { class: "number", text: value ?? "–" });
  return el("tr", { "data-run": run.id },
    el("td", {}, link, el("small", { text: run.id }), ...(run.reason ? [el("small", { text: `${run.status}: ${run.reason}` })] : [])),
    el("td", { text: run.site || "–" }),
    el("td", {}, badge(run.verdict, run.status)),
    number(run.people), number(run.evacuated), number(run.stranded),
    number(run.sim_ms === null ? null : clock(run.sim_ms)),
    el("td", {}, run.rig || "–", ...(run.seed === null ? [] : [el("small", { text: `seed ${run.seed}` })])),
    el("td", { text: run.started.replace("T", " ").replace(/(\.\d+)?(\+00:00|Z)$/, " UTC") || "–" }));
}

function show() {
  const words = $("#find").value.trim().toLocaleLowerCase();
  const shown = known.runs.filter((run) => [run.id, run.scenario, run.site, run.verdict, run.status]
    .join(" ").toLocaleLowerCase().includes(words));
  $("#runs").replaceChildren(...shown.map(row));
  $("#folder").textContent = `${shown.length} of ${known.runs.length} in ${known.folder}`;
  $("#empty").hidden = shown.length > 0;
  $("#empty").textContent = known.runs.length ? "No run matches."
    : "No run yet. Start one above, or with: twin run SCENARIO";
}

async function refresh() {
  try {
    known = await ask("/api/runs");
    show();
  } catch (problem) {
    $("#folder").textContent = problem.message;
  }
}

async function offer() {
  const { scenarios } = await ask("/api/scenarios");
  const wanted = scenarios.filter((item) => !known.site || item.site === known.site);
  sites = new Map(wanted.map((item) => [item.name, item]));
  $("#starter").scenario.append(...wanted.map((item) => el("option", {
    value: item.name, text: `${item.name} (${item.site})`, title: item.title,
  })));
  $("#starter").hidden = !known.control || !wanted.length;
  describe();
}

function describe() {
  $("#told").textContent = sites.get($("#starter").scenario.value)?.title ?? "";
}

$("#starter").addEventListener("change", describe);
$("#starter").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { scenario, seed, rig, pace } = event.target;
  const order = {
    scenario: scenario.value, seed: Number(seed.value), rig: rig.value, pace: Number(pace.value),
  };
  try {
    const started = await ask("/api/runs", order);
    location.href = `/runs/${encodeURIComponent(started.id)}`;
  } catch (problem) {
    $("#told").textContent = problem.message;
  }
});
$("#find").addEventListener("input", show);
await refresh();
await offer();
document.body.dataset.ready = "yes";
setInterval(() => { if (!document.hidden) refresh(); }, 2_000);
