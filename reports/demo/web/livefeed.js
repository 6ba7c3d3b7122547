// What real processes do, as they do it.
const shown = 14;

export class LiveFeed {
  #count = 0;
  #stored = 0;
  #first = null;
  #recent = [];
  // side is the pane of the variant whose processes these are.
  constructor(side) {
    this.side = side;
    this.root = document.createElement("div");
    this.root.className = "livefeed";
    this.root.innerHTML = `<p><b>real processes</b> <span></span></p><ol></ol>`;
    side.root.classList.add("running");
    side.root.querySelector(".topologybox").after(this.root);
  }

  events(batch) {
    for (const e of batch.events) {
      this.#count++;
      this.#first ??= e.t;
      if (e.kind === "store") this.#stored++;
      if (e.kind === "send" && e.link) this.#pulse(e);
      if (e.kind !== "print") this.#recent.push(e);
    }
    this.#recent = this.#recent.slice(-shown);
    this.root.querySelector("span").textContent = `${this.#count} events, ${this.#stored} stored`;
    this.root.querySelector("ol").replaceChildren(...this.#recent.map((e) => {
      const item = document.createElement("li");
      item.className = e.kind;
      const about = e.seq ? `${e.source}/${e.seq}` : "";
      item.textContent = `${((e.t - this.#first) / 1e6).toFixed(1)} ms  ${e.node ?? ""}  ${e.kind} ${[e.op, about, e.link, e.detail].filter(Boolean).join(" ")}`.slice(0, 110);
      return item;
    }));
  }

  #pulse(e) {
    const [from, to] = e.link.split("->");
    if (e.node === to) this.side.topology.pulse(to, from); else this.side.topology.pulse(from, to);
  }

  end() {
    this.side.root.classList.remove("running");
    this.root.remove();
  }
}
