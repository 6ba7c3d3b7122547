// Messages on their way, drawn on the topology that the server drew.
const svg = "http://www.w3.org/2000/svg";

export class Topology {
  constructor(root) { this.root = root; this.dots = new Map(); }

  show(html, model) {
    this.root.innerHTML = html; // of our own server's making; values are escaped in it
    this.model = model;
    this.dots.clear();
    this.picture = this.root.querySelector("svg");
    this.ways = new Map([...this.root.querySelectorAll("[data-link]")].map((path) => [path.dataset.link, path]));
    if (!this.picture) return;
    this.layer = document.createElementNS(svg, "g");
    this.picture.append(this.layer);
  }

  // way finds the link between two nodes, and whether it is gone backwards.
  #way(from, to) {
    const a = this.model.nodes[from], b = this.model.nodes[to];
    const there = this.ways.get(`${a}->${b}`);
    return there ? { path: there, back: false } : { path: this.ways.get(`${b}->${a}`), back: true };
  }

  // at draws the hops that are on their way. share tells how much of a time is over.
  at(items, chosen, share) {
    if (!this.picture) return;
    const now = new Map();
    for (const item of items) {
      if (item.kind !== "hop" || item.to < 0) continue;
      // A lost message stays for a moment where it was lost.
      const gone = share(item.t, item.lost ? item.t + 2000 : item.end);
      if (gone < 0 || gone >= 1) continue;
      now.set(item.i, { item, gone });
      if (now.size > 60) break;
    }
    this.#place(now, chosen);
  }

  #place(now, chosen) {
    for (const [key, dot] of this.dots) {
      if (now.has(key)) continue;
      dot.remove();
      this.dots.delete(key);
    }
    for (const [key, { item, gone }] of now) {
      const { path, back } = this.#way(item.from, item.to);
      if (!path) continue;
      let dot = this.dots.get(key);
      if (!dot) {
        dot = document.createElementNS(svg, "g");
        const shape = document.createElementNS(svg, item.lost ? "path" : "circle");
        if (item.lost) shape.setAttribute("d", "M-7 -7l14 14m0 -14l-14 14"); else shape.setAttribute("r", "7");
        const label = document.createElementNS(svg, "text");
        label.setAttribute("y", item.answer ? "22" : "-12");
        label.textContent = `${item.message >= 0 ? this.model.messages[item.message] : ""} ${item.answer ? item.label : ""}`.trim();
        dot.append(shape, label);
        dot.setAttribute("class", `moving${item.lost ? " lost" : ""}${item.answer ? " answer" : ""}${item.message === chosen ? " chosen" : ""}`);
        this.dots.set(key, dot);
        this.layer.append(dot);
      }
      const along = item.lost ? Math.min(0.55, gone * 2) : gone;
      const point = path.getPointAtLength(path.getTotalLength() * (back ? 1 - along : along));
      dot.setAttribute("transform", `translate(${point.x} ${point.y})`);
    }
  }

  // pulse shows a message of a live run: when it was sent, its way is not known yet.
  pulse(from, to, lost) {
    const path = this.ways?.get(`${from}->${to}`) ?? this.ways?.get(`${to}->${from}`);
    if (!path || !this.layer || this.layer.childElementCount > 40) return;
    const back = !this.ways.has(`${from}->${to}`);
    const dot = document.createElementNS(svg, "circle");
    dot.setAttribute("r", "6");
    dot.setAttribute("class", `moving${lost ? " lost" : ""}`);
    this.layer.append(dot);
    const began = performance.now(), long = path.getTotalLength();
    const tick = (now) => {
      const gone = (now - began) / 450;
      if (gone >= 1) return dot.remove();
      const point = path.getPointAtLength(long * (back ? 1 - gone : gone));
      dot.setAttribute("transform", `translate(${point.x} ${point.y})`);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }
}
