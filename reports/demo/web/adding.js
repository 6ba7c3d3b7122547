// The dialog that makes the line of a new fault.
const control = (id) => document.getElementById(id);

export class Adding {
  #view = null;
  constructor(faults, add) {
    this.faults = faults;
    this.root = control("adding");
    this.root.innerHTML = `<form method="dialog"><h2>Add a fault</h2>
<label>Fault <select name="fault"></select></label><label>On <select name="target"></select></label>
<p class="doc faint"></p>
<label>The line <input name="line" size="60" spellcheck="false" autocomplete="off"></label>
<p class="group"><button value="add">Add it</button> <button value="">Cancel</button></p></form>`;
    this.form = this.root.querySelector("form");
    const { fault, target } = this.form.elements;
    fault.addEventListener("change", () => this.#targets());
    target.addEventListener("change", () => this.#line());
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.tagName !== "SELECT") return; // which would only open
      event.preventDefault();
      this.root.close("add");
    });
    this.root.addEventListener("close", () => {
      if (this.root.returnValue === "add") add(this.form.elements.line.value.trim());
      this.root.returnValue = "";
    });
  }

  // open offers what can be put on the lab of a view, at a time and for so long.
  open(view, at, length) {
    this.#view = view;
    this.at = at;
    this.length = length;
    const { fault } = this.form.elements;
    const had = fault.value || "reset_peer";
    const can = this.faults.filter((f) => (f.on !== "link" || view.links.length > 0) && (!f.virtual || view.virtual));
    fault.replaceChildren(...can.map((f) => new Option(f.name)));
    fault.value = can.some((f) => f.name === had) ? had : can[0].name;
    this.#targets();
    this.root.showModal();
    fault.focus();
  }

  get #fault() { return this.faults.find((f) => f.name === this.form.elements.fault.value); }

  #targets() {
    const f = this.#fault, view = this.#view;
    const groups = () => view.nodes.slice(0, -1).join(" ") + " | " + view.nodes.at(-1);
    const targets = { link: view.links, node: view.nodes, groups: [groups()] }[f.on];
    this.form.elements.target.replaceChildren(...targets.map((t) => new Option(t)));
    this.form.elements.target.value = targets.at(-1);
    this.root.querySelector(".doc").textContent = f.doc;
    this.#line();
  }

  #line() {
    const f = this.#fault;
    // What has to be given gets a value that shows something.
    const attrs = f.attrs.filter((a) => ["latency", "rate", "bytes", "offset", "probability", "average_size"].includes(a.name))
      .map((a) => `${a.name}=${{ latency: "80ms", rate: "10", bytes: "200", offset: "-5s", probability: "0.3", average_size: "8" }[a.name]}`);
    this.form.elements.line.value = ["at", this.at, f.name, this.form.elements.target.value, ...attrs, "for", this.length].join(" ");
  }
}
