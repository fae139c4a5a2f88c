// Shows /openapi.json: every route with its parameters, answers and refusals.

import { ask, el } from "./format.js";

const doc = await ask("/openapi.json");

function resolve(schema) {
  return schema?.$ref ? doc.components.schemas[schema.$ref.split("/").at(-1)] : schema;
}

function kind(schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  if (schema.anyOf) return schema.anyOf.map(kind).join(" or ");
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.prefixItems) return `[${schema.prefixItems.map(kind).join(", ")}]`;
  if (schema.type === "array") return `list of ${kind(schema.items)}`;
  if (schema.type === "object" && schema.additionalProperties) return `map to ${kind(schema.additionalProperties)}`;
  return schema.type ?? "any";
}

function table(head, rows) {
  return el("table", {}, el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { text })))),
    el("tbody", {}, ...rows.map((cells) => el("tr", {}, ...cells.map((text) => el("td", { text: text ?? "" }))))));
}

function fields(schema) {
  const resolved = resolve(schema);
  if (!resolved?.properties) return el("span");
  return table(["Field", "Type", "Meaning"], Object.entries(resolved.properties)
    .map(([name, part]) => [name, kind(part), part.description]));
}

function answer(status, response) {
  const [type, content] = Object.entries(response.content ?? {})[0] ?? ["", {}];
  return el("div", {}, el("h3", { text: `${status} ${kind(content.schema) || ""}` }),
    el("p", { text: `${response.description ?? ""} ${type}`.trim() }), fields(content.schema));
}

function route(path, method, item) {
  const body = item.requestBody?.content["application/json"]?.schema;
  const parameters = (item.parameters ?? []).map((p) => [p.name, p.in, kind(p.schema), p.description]);
  return el("details", { class: "route card" },
    el("summary", {}, el("span", { class: "method", text: method.toUpperCase() }), el("code", { text: path }), ` ${item.summary}`),
    el("div", { class: "inner" }, el("p", { text: item.description ?? "" }),
      ...(parameters.length ? [el("h3", { text: "Parameters" }), table(["Name", "In", "Type", "Meaning"], parameters)] : []),
      ...(body ? [el("h3", { text: `Body ${kind(body)}` }), fields(body)] : []),
      ...Object.entries(item.responses).map(([status, response]) => answer(status, response))));
}

document.querySelector("#about").textContent = doc.info.description;
for (const tag of doc.tags) {
  const items = Object.entries(doc.paths).flatMap(([path, methods]) => Object.entries(methods)
    .filter(([, item]) => item.tags?.includes(tag.name)).map(([method, item]) => route(path, method, item)));
  document.querySelector("#routes").append(el("h2", { text: `${tag.name}: ${tag.description}` }), ...items);
}
document.body.dataset.ready = "yes";
