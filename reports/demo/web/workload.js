// The parameters of the workload, as fields: those that the script sets, and the
// others behind a fold.
export function workload(root, params, values, given, changed) {
  const focused = root.contains(document.activeElement) ? document.activeElement.name : "";
  const unfolded = root.querySelector("details")?.open ?? false;
  const fields = params.map((p) => {
    const label = document.createElement("label");
    label.append(p.name);
    let field;
    const options = p.one_of ?? (["true", "false"].includes(p.default) ? ["true", "false"] : null);
    if (options) {
      field = document.createElement("select");
      field.append(...options.map((value) => new Option(value || "none", value)));
    } else {
      field = document.createElement("input");
      field.size = 6;
      field.spellcheck = false;
    }
    field.name = p.name;
    field.value = given[p.name] ?? values[p.name] ?? p.default;
    label.title = p.doc;
    if (given[p.name] !== undefined) label.className = "given";
    field.addEventListener("change", () => changed(p.name, field.value === p.default ? "" : field.value));
    label.append(field);
    return label;
  });
  const others = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = "more parameters";
  others.open = unfolded;
  others.append(summary, ...fields.filter((field) => field.className !== "given"));
  root.replaceChildren(...fields.filter((field) => field.className === "given"), others);
  if (focused) root.elements[focused]?.focus();
}

// given reads what the script sets: the rest of the fields are defaults.
export function given(script) {
  const line = script.split("\n").find((row) => /^\s*workload\b/.test(row)) ?? "";
  const set = {};
  for (const [, name, value] of line.replace(/#.*/, "").matchAll(/(\S+)=(\S+)/g)) set[name] = value;
  return set;
}
