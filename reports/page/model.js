// unpack gives what is known of a run from the compact form in which it comes;
// see model.go.
function unpack(raw) {
  const text = (i) => raw.texts[i];
  const items = [];
  for (const [t, came, from, to, message, op, flags, fault] of raw.hops) {
    items.push({
      kind: "hop", t, end: came < 0 ? t : came, lost: came < 0, from, to, message, label: text(op),
      answer: (flags & 1) > 0, again: (flags & 2) > 0, fault,
    });
  }
  for (const [t, node, message, kind, detail] of raw.marks) {
    items.push({ kind: text(kind), t, end: t, from: node, to: node, message, label: text(detail) });
  }
  items.sort((a, b) => a.t - b.t);
  items.forEach((item, i) => { item.i = i; });
  const never = (t) => (t < 0 ? Infinity : t);
  return {
    items,
    nodes: raw.nodes.map(text),
    messages: raw.messages.map(text),
    lives: raw.lives.map(([node, from, to, state]) => ({ node, from, to: never(to), state })),
    faults: raw.faults.map((f) => ({ ...f, to: never(f.to) })),
    stories: raw.stories,
  };
}

// thread lists the items of one message, in order.
function thread(model, message) {
  return model.items.filter((item) => item.message === message);
}

// meanwhile lists what passed while a message was on its way, from its first hop
// to its last: messages that travelled then, and what the nodes did about them.
function meanwhile(model, message) {
  const own = thread(model, message);
  const hops = own.filter((item) => item.kind === "hop");
  if (hops.length === 0) return own;
  const from = hops[0].t, to = Math.max(...hops.map((hop) => hop.end));
  const then = (item) => item.end >= from && item.t <= to;
  const travelled = new Set(model.items.filter((item) => item.kind === "hop" && then(item)).map((hop) => hop.message));
  return model.items.filter((item) => item.message === message || (then(item) && (item.message < 0 || travelled.has(item.message))));
}
