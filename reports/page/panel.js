// describe says in words what an item of the diagram is: for the panel, which a
// screen reader speaks, and for the pointer.
function describe(model, item) {
  const node = model.nodes[item.from];
  const named = item.message >= 0 ? `, ${model.messages[item.message]}` : "";
  return `${milliseconds(item.t)}${named}: ${item.kind === "hop" ? describeHop(model, item, node) : describeMark(item, node)}`;
}

function describeHop(model, hop, node) {
  const to = hop.to >= 0 ? `${hop.answer ? "" : " to"} ${model.nodes[hop.to]}` : "";
  const named = hop.label === "answer" ? "" : ` with ${hop.label}`;
  const did = hop.answer ? `${node} answered${to}${named}` : `${node} sent ${hop.label}${to}${hop.again ? " again" : ""}`;
  if (!hop.lost) return `${did}; it came ${((hop.end - hop.t) / 1e3).toFixed(2)} ms later`;
  const fault = hop.fault >= 0 ? `: ${model.faults[hop.fault].key} ${model.faults[hop.fault].label}` : "";
  return `${did}; it never came${fault}`;
}

function describeMark(mark, node) {
  if (mark.kind === "fault") return mark.label;
  const did = {
    invoke: "invoked", ok: "completed, ok", fail: "completed, failed", info: "gave up, outcome unknown",
    decide: "decided", store: "stored", start: "started", kill: "was killed", stop: "was stopped", exit: "ended",
  }[mark.kind];
  return `${node} ${did}${mark.label ? `: ${mark.label}` : ""}`;
}
