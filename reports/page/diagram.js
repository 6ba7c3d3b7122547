// The space-time diagram.
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

// The signs of what a node does by itself, around 0 0.
const signs = {
  store: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
  decide: "M0 -7l7 7l-7 7l-7 -7z",
  invoke: "M-4 -5l9 5l-9 5z",
  ok: "M4 -5l-9 5l9 5z", fail: "M4 -5l-9 5l9 5z", info: "M4 -5l-9 5l9 5z",
  kill: "M-6 -6l12 12m0 -12l-12 12", stop: "M-6 -6l12 12m0 -12l-12 12",
  start: "M-7 0h14", exit: "M-7 0h14", fault: "M-3 -7h7l-3 5h4l-8 9l2 -7h-4z",
};

// spaceTime draws a model in an element that scrolls, which holds .names, .field
// and svg.drawing. Who uses it sets what is to be seen (items and scale, the
// chosen message, the current item), and then asks it to measure and draw. Of a
// long run only what is in view is drawn, anew whenever it is scrolled.
function spaceTime(model, frame) {
  const field = frame.querySelector(".field"), drawing = frame.querySelector(".drawing");
  const view = { items: model.items, scale: stepScale(model.items, 1), chosen: -1, current: -1, left: 96, column: 0, show, measure, draw };

  const lineOf = (node) => view.left + view.column * (node + 0.5);

  // show takes another model, of a run after this one.
  function show(other) { model = other; }

  // measure fits the columns to the width there is; where it is too narrow for
  // them the diagram scrolls sideways, not the page.
  function measure() {
    const wide = frame.clientWidth;
    view.column = Math.max(84, (wide - view.left - 8) / model.nodes.length);
    const width = view.left + view.column * model.nodes.length;
    field.style.width = width + "px";
    field.style.height = view.scale.height + "px";
    const names = frame.querySelector(".names");
    names.style.width = width + "px";
    names.replaceChildren(...model.nodes.map((name, i) => {
      const label = document.createElement("span");
      label.textContent = name;
      label.style.left = lineOf(i) + "px";
      label.style.maxWidth = view.column + "px";
      return label;
    }));
  }

  function draw() {
    const room = 60; // beyond the view, so that arrows into it are whole
    const top = Math.max(0, frame.scrollTop - room);
    const bottom = Math.min(view.scale.height, frame.scrollTop + frame.clientHeight + room);
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
      const from = Math.max(top, view.scale.y(life.from)), to = Math.min(bottom, view.scale.y(life.to));
      if (to <= from) continue;
      element("path", { class: "gone", d: `M${lineOf(life.node)} ${from}V${to}` }, all);
      element("path", { class: life.state ? "life paused" : "life down", d: `M${lineOf(life.node)} ${from}V${to}` }, all);
      if (to - from > 60) {
        write(life.state ? "paused" : "down", { class: "state", x: lineOf(life.node) + 8, y: (from + to) / 2 }, all);
      }
    }
  }

  function drawFaults(all, top, bottom) {
    const named = []; // where names stand already
    for (const fault of model.faults) {
      const begin = view.scale.y(fault.from), end = Math.max(begin + 4, view.scale.y(fault.to));
      if (end < top || begin > bottom || fault.from > view.scale.until || fault.to < view.scale.since) continue;
      const from = Math.max(begin, top - 20), to = Math.min(end, bottom + 20);
      const places = fault.links.map(([client, service]) => gap(client, service));
      if (fault.node >= 0) places.push([lineOf(fault.node) - 9, 18]);
      for (const [x, width] of places) {
        const group = element("g", { class: "band" }, all);
        element("title", {}, group).textContent = `${fault.key} ${fault.label}`;
        element("rect", { x, y: from, width, height: to - from, rx: 3 }, group);
        // The name stays in view as long as its band does.
        let head = Math.max(begin, Math.min(Math.max(begin, frame.scrollTop), end - 16)) + 13;
        while (named.some((n) => n.x === x && Math.abs(n.head - head) < 13)) head += 13;
        named.push({ x, head });
        const name = width > 90 ? `${fault.key} ${fault.label.split(" ")[0]}` : fault.key;
        write(name, fault.node < 0 ? { x: x + 4, y: head } : { class: "beside", x: x - 3, y: head }, group);
      }
    }
  }

  // gap is where the band of a link stands: between its nodes or, where others
  // stand between them, beside its client, so that it covers no other's messages.
  function gap(client, service) {
    const near = Math.abs(client - service) <= 1;
    const width = view.column * (near ? 1 : 0.4) - 10;
    return [client < service ? lineOf(client) + 5 : lineOf(client) - 5 - width, width];
  }

  function drawItems(all, top, bottom) {
    const times = []; // of what was drawn
    const last = new Map(); // what was drawn at which height: crowds are thinned
    const draws = (item) => {
      const y = view.scale.y(item.t), end = view.scale.y(item.end);
      if (end < top || y > bottom) return;
      const chosen = item.message >= 0 && item.message === view.chosen;
      const way = `${item.kind} ${item.from} ${item.to}`;
      const apart = y - (last.get(way) ?? -Infinity);
      if (!chosen && !item.lost && apart < 4) return;
      last.set(way, y);
      const group = element("g", {
        class: ["item", item.kind, chosen ? "chosen" : view.chosen >= 0 ? "muted" : "", item.i === view.current ? "current" : ""].join(" "),
        "data-i": item.i,
      }, all);
      element("title", {}, group).textContent = describe(model, item);
      if (item.kind === "hop") drawHop(group, item, y, end, chosen || apart >= 13); else drawMark(group, item, y);
      times.push({ y, t: item.t, chosen });
    };
    // The chosen message is drawn last, over the others.
    for (const item of view.items) if (item.message !== view.chosen || item.message < 0) draws(item);
    for (const item of view.items) if (item.message === view.chosen && item.message >= 0) draws(item);
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
      write(milliseconds(t), { class: "time", x: view.left - 12, y: y + 4 }, all);
    }
  }

  // short is where a message ends that never came. Where other nodes stand
  // between the two it ends where the bands of its link are: a cross at another
  // node's line would say that it was lost there.
  function short(hop, from, to) {
    if (hop.to < 0 || Math.abs(hop.from - hop.to) <= 1) return from + (to - from) * 0.65;
    const [x, width] = hop.answer ? gap(hop.to, hop.from) : gap(hop.from, hop.to);
    return x + width / 2;
  }

  function drawHop(group, hop, y, end, roomy) {
    const x = lineOf(hop.from), aim = hop.to >= 0 ? lineOf(hop.to) : x + view.column * 0.5;
    const to = hop.lost ? short(hop, x, aim) : aim, bottom = hop.lost ? y + 12 : end;
    element("path", { class: "reach", d: `M${x} ${y}L${to} ${bottom}` }, group);
    element("path", { class: hop.again ? "way again" : "way", d: `M${x} ${y}L${to} ${bottom}` }, group);
    if (hop.lost) {
      element("path", { class: "cross", d: `M${to - 5} ${bottom - 5}l10 10m0 -10l-10 10` }, group);
    } else {
      const turn = (Math.atan2(bottom - y, to - x) * 180) / Math.PI;
      element("path", { class: "head", d: "M0 0L-9 -4V4z", transform: `translate(${to} ${bottom}) rotate(${turn})` }, group);
    }
    const chosen = hop.message === view.chosen;
    if (roomy && view.column > 110 && (chosen || hop.lost || view.chosen < 0)) {
      const fault = hop.fault >= 0 ? ` ✗ ${model.faults[hop.fault].key}` : hop.lost ? " ✗" : "";
      write(hop.label + (hop.again ? " again" : "") + fault, { class: "label", x: (x + (hop.lost ? to : aim)) / 2, y: (y + (hop.lost ? y + 18 : end)) / 2 - 5 }, group);
    }
  }

  function drawMark(group, mark, y) {
    const x = lineOf(mark.from);
    element("path", { class: "sign", d: signs[mark.kind], transform: `translate(${x} ${y})` }, group);
    if (mark.kind === "decide" && mark.message === view.chosen && view.column > 110) {
      const right = x + 20 + 7 * mark.label.length < field.clientWidth; // else on the other side
      write(mark.label, { class: right ? "rule" : "rule before", x: right ? x + 12 : x - 12, y: y + 4 }, group);
    }
  }

  let asked = 0;
  const redraw = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(draw);
  };
  frame.addEventListener("scroll", redraw, { passive: true });
  addEventListener("resize", () => { measure(); redraw(); });
  return view;
}
