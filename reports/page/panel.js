// What an item of the diagram is, in words: for the panel below the controls,
// which a screen reader speaks, and for the pointer.
function describe(item) {
  const node = model.nodes[item.from];
  const named = item.message >= 0 ? `, ${model.messages[item.message]}` : "";
  return `${milliseconds(item.t)}${named}: ${item.kind === "hop" ? describeHop(item, node) : describeMark(item, node)}`;
}

function describeHop(hop, node) {
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

// tell fills the panel.
function tell() {
  const panel = document.getElementById("panel");
  if (diagram.chosen < 0) {
    panel.textContent = `${model.messages.length} messages, ${diagram.items.length} events. Choose a message, or click one.`;
    return;
  }
  const own = thread(diagram.chosen);
  const at = own.findIndex((item) => item.i === diagram.current);
  panel.textContent = at < 0
    ? `${model.messages[diagram.chosen]}: ${own.length} events. Step through them with next.`
    : `${at + 1} of ${own.length} · ${describe(own[at])}`;
}
