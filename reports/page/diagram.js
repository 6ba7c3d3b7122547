// The space-time diagram. Of a long run only what is in view is drawn, anew
// whenever it is scrolled.
const field = document.getElementById("field");
const frame = document.getElementById("diagram");
const drawing = document.getElementById("drawing");

const diagram = { items: [], scale: stepScale([], 1), chosen: -1, current: -1, left: 74, column: 0 };

const milliseconds = (t) => (t >= 1e7 ? (t / 1e6).toFixed(3) + " s" : (t / 1e3).toFixed(2) + " ms");

function element(name, attributes, parent) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  parent?.append(made);
  return made;
}

function write(text, attributes, parent) {
  element("text", attributes, parent).textContent = text;
}

const lineOf = (node) => diagram.left + diagram.column * (node + 0.5);

// measure fits the columns to the width there is; where it is too narrow for
// them the diagram scrolls sideways, not the page.
function measure() {
  const wide = frame.clientWidth;
  diagram.left = 96;
  diagram.column = Math.max(84, (wide - diagram.left - 8) / model.nodes.length);
  const width = diagram.left + diagram.column * model.nodes.length;
  field.style.width = width + "px";
  field.style.height = diagram.scale.height + "px";
  const names = document.getElementById("names");
  names.style.width = width + "px";
  names.replaceChildren(...model.nodes.map((name, i) => {
    const label = document.createElement("span");
    label.textContent = name;
    label.style.left = lineOf(i) + "px";
    label.style.maxWidth = diagram.column + "px";
    return label;
  }));
}

function draw() {
  const room = 60; // beyond the view, so that arrows into it are whole
  const top = Math.max(0, frame.scrollTop - room);
  const bottom = Math.min(diagram.scale.height, frame.scrollTop + frame.clientHeight + room);
  drawing.setAttribute("width", field.clientWidth);
  drawing.setAttribute("height", Math.max(0, bottom - top));
  drawing.setAttribute("viewBox", `0 ${top} ${field.clientWidth} ${Math.max(1, bottom - top)}`);
  drawing.style.top = top + "px";
  const all = document.createDocumentFragment();
  drawLives(all, top, bottom);
  drawFaults(all, top, bottom);
  drawItems(all, top, bottom);
  drawing.replaceChildren(all);
}

function drawLives(all, top, bottom) {
  model.nodes.forEach((_, node) => {
    element("path", { class: "life", d: `M${lineOf(node)} ${top}V${bottom}` }, all);
  });
  for (const life of model.lives) {
    const from = Math.max(top, diagram.scale.y(life.from)), to = Math.min(bottom, diagram.scale.y(life.to));
    if (to <= from) continue;
    element("path", { class: "gone", d: `M${lineOf(life.node)} ${from}V${to}` }, all);
    element("path", { class: life.state ? "life paused" : "life down", d: `M${lineOf(life.node)} ${from}V${to}` }, all);
    if (to - from > 60) {
      write(life.state ? "paused" : "down", { class: "state", x: lineOf(life.node) + 8, y: (from + to) / 2 }, all);
    }
  }
}

function drawFaults(all, top, bottom) {
  for (const fault of model.faults) {
    const begin = diagram.scale.y(fault.from), end = Math.max(begin + 4, diagram.scale.y(fault.to));
    if (end < top || begin > bottom || fault.from > diagram.scale.until || fault.to < diagram.scale.since) continue;
    const from = Math.max(begin, top - 20), to = Math.min(end, bottom + 20);
    const places = fault.links.map(([client, service]) => gap(client, service));
    if (fault.node >= 0) places.push([lineOf(fault.node) - 9, 18]);
    for (const [x, width] of places) {
      const group = element("g", { class: "band" }, all);
      element("title", {}, group).textContent = `${fault.key} ${fault.label}`;
      element("rect", { x, y: from, width, height: to - from, rx: 3 }, group);
      // The name stays in view as long as its band does.
      const head = Math.min(Math.max(begin, frame.scrollTop), end - 16) + 13;
      write(width > 90 ? `${fault.key} ${fault.label.split(" ")[0]}` : fault.key, { x: x + 4, y: Math.max(begin + 13, head) }, group);
    }
  }
}

// gap is where the band of a link stands: between its nodes or, where others
// stand between them, beside its client, so that it covers no other's messages.
function gap(client, service) {
  const near = Math.abs(client - service) <= 1;
  const width = diagram.column * (near ? 1 : 0.4) - 10;
  return [client < service ? lineOf(client) + 5 : lineOf(client) - 5 - width, width];
}

function drawItems(all, top, bottom) {
  const times = []; // of what was drawn
  const last = new Map(); // what was drawn at which height: crowds are thinned
  const draws = (item) => {
    const y = diagram.scale.y(item.t), end = diagram.scale.y(item.end);
    if (end < top || y > bottom) return;
    const chosen = item.message >= 0 && item.message === diagram.chosen;
    const way = `${item.kind} ${item.from} ${item.to}`;
    if (!chosen && !item.lost && y - (last.get(way) ?? -Infinity) < 2) return;
    last.set(way, y);
    const group = element("g", {
      class: ["item", item.kind, chosen ? "chosen" : diagram.chosen >= 0 ? "muted" : "", item.i === diagram.current ? "current" : ""].join(" "),
      "data-i": item.i,
    }, all);
    element("title", {}, group).textContent = describe(item);
    if (item.kind === "hop") drawHop(group, item, y, end); else drawMark(group, item, y);
    times.push({ y, t: item.t, chosen });
  };
  // The chosen message is drawn last, over the others.
  for (const item of diagram.items) if (item.message !== diagram.chosen || item.message < 0) draws(item);
  for (const item of diagram.items) if (item.message === diagram.chosen && item.message >= 0) draws(item);
  drawTimes(all, times);
}

// drawTimes writes as many times as fit, first those of the chosen message.
function drawTimes(all, times) {
  const taken = new Set();
  times.sort((a, b) => b.chosen - a.chosen);
  for (const { y, t } of times) {
    const row = Math.round(y / 8);
    if (taken.has(row - 1) || taken.has(row) || taken.has(row + 1)) continue;
    taken.add(row);
    write(milliseconds(t), { class: "time", x: diagram.left - 12, y: y + 4 }, all);
  }
}

function drawHop(group, hop, y, end) {
  const x = lineOf(hop.from), aim = hop.to >= 0 ? lineOf(hop.to) : x + diagram.column * 0.5;
  const to = hop.lost ? x + (aim - x) * 0.65 : aim, bottom = hop.lost ? y + 12 : end;
  element("path", { class: "reach", d: `M${x} ${y}L${to} ${bottom}` }, group);
  element("path", { class: hop.again ? "way again" : "way", d: `M${x} ${y}L${to} ${bottom}` }, group);
  if (hop.lost) {
    element("path", { class: "cross", d: `M${to - 5} ${bottom - 5}l10 10m0 -10l-10 10` }, group);
  } else {
    const turn = (Math.atan2(bottom - y, to - x) * 180) / Math.PI;
    element("path", { class: "head", d: "M0 0L-9 -4V4z", transform: `translate(${to} ${bottom}) rotate(${turn})` }, group);
  }
  const chosen = hop.message === diagram.chosen;
  if (diagram.column > 110 && (chosen || hop.lost || diagram.chosen < 0)) {
    const fault = hop.fault >= 0 ? ` ✗ ${model.faults[hop.fault].key}` : hop.lost ? " ✗" : "";
    write(hop.label + (hop.again ? " again" : "") + fault, { class: "label", x: (x + aim) / 2, y: (y + (hop.lost ? y + 18 : end)) / 2 - 5 }, group);
  }
}

// The signs of what a node does by itself, around 0 0.
const signs = {
  store: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
  decide: "M0 -7l7 7l-7 7l-7 -7z",
  invoke: "M-4 -5l9 5l-9 5z",
  ok: "M4 -5l-9 5l9 5z", fail: "M4 -5l-9 5l9 5z", info: "M4 -5l-9 5l9 5z",
  kill: "M-6 -6l12 12m0 -12l-12 12", stop: "M-6 -6l12 12m0 -12l-12 12",
  start: "M-7 0h14", exit: "M-7 0h14", fault: "M-3 -7h7l-3 5h4l-8 9l2 -7h-4z",
};

function drawMark(group, mark, y) {
  const x = lineOf(mark.from);
  element("path", { class: "sign", d: signs[mark.kind], transform: `translate(${x} ${y})` }, group);
  if (["decide", "fault"].includes(mark.kind) && mark.message === diagram.chosen && diagram.column > 110) {
    const right = x + 20 + 7 * mark.label.length < field.clientWidth; // else on the other side
    write(mark.label, { class: right ? "rule" : "rule before", x: right ? x + 12 : x - 12, y: y + 4 }, group);
  }
}
