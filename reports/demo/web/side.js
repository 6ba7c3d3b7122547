// One variant of the lab: what was judged, who believes what, the topology with
// messages on their way, the space-time diagram and the filling log.
import { unpack, thread, meanwhile, milliseconds, spaceTime, stepScale } from "./report.js";
import { beliefs, parted } from "./beliefs.js";
import { Topology } from "./topology.js";

const shape = `
<h2><select class="name" aria-label="Variant"></select> <small class="faint"></small></h2>
<p class="finding"></p>
<div><ul class="verdicts"></ul><pre class="why" hidden></pre></div>
<div class="belief" aria-live="off"></div>
<div class="topologybox"></div>
<div class="diagram" tabindex="0" role="application" aria-label="Space-time diagram: nodes are vertical lines, time runs down, messages are arrows."><div class="names" aria-hidden="true"></div><div class="field"><svg class="drawing" aria-hidden="true"></svg><div class="veil" hidden></div></div></div>
<h3 class="logtitle"></h3><ol class="log filling"></ol>
<details class="told"><summary>How it came about</summary><div></div></details>`;

const signs = { holds: "✓", violated: "✗", unknown: "?" };

export class Side {
  run = null;
  model = null;
  chosen = -1;
  // picked is told of the name of a message that was clicked, sought of a time
  // that a person wants to see, chosen that another variant is asked for.
  constructor({ picked, sought, chosen }) {
    this.root = document.createElement("article");
    this.root.className = "side";
    this.root.innerHTML = shape; // no values in it
    this.find = (selector) => this.root.querySelector(selector);
    this.frame = this.find(".diagram");
    this.topology = new Topology(this.find(".topologybox"));
    this.find(".name").addEventListener("change", chosen);
    this.find(".told").addEventListener("toggle", () => this.#tell());
    this.find(".belief").addEventListener("click", (event) => {
      const t = event.target.closest("button")?.dataset.t;
      if (t !== undefined) sought(Number(t));
    });
    this.frame.addEventListener("click", (event) => {
      const item = this.model?.items[event.target.closest("[data-i]")?.dataset.i];
      if (item && item.message >= 0) picked(this.model.messages[item.message]);
    });
  }

  get chosenVariant() { return this.find(".name").value; }

  // show draws a run of one of these variants.
  show(run, variants) {
    this.run = run;
    this.model = unpack(run.model);
    if (this.view) this.view.show(this.model); else this.view = spaceTime(this.model, this.frame);
    this.root.dataset.variant = run.variant;
    this.root.dataset.outcome = run.outcome;
    this.find(".name").replaceChildren(...variants.map((name) => new Option(name)));
    this.find(".name").value = run.variant;
    this.find("h2 small").textContent = run.world === "live" ? "in real processes" : run.summary;
    const finding = this.find(".finding");
    finding.className = `finding ${run.outcome}`;
    finding.textContent = `${signs[run.outcome]} ${run.finding.replace(", as expected", "")}`;
    this.find(".verdicts").replaceChildren(...run.verdicts.filter((v) => !v.idle).map((v) => {
      const item = document.createElement("li");
      item.className = v.outcome;
      item.textContent = `${signs[v.outcome]} ${v.property}`;
      item.title = v.why;
      return item;
    }));
    this.find(".why").hidden = !run.why;
    this.find(".why").textContent = (run.why ?? []).join("\n").slice(0, 4000);
    this.find(".told").hidden = run.told === "";
    this.#tell();
    this.topology.show(run.topology, this.model);
  }

  // The story is long, and drawn for whoever opens it.
  #tell() {
    const open = this.find(".told").open;
    this.find(".told div").innerHTML = open ? this.run.told : ""; // of the report's own page, which escapes values
  }

  // own is the message that this run's story is of; "": none.
  get own() { return this.model?.messages[this.model.stories[0]] ?? ""; }

  // focus chooses what of the run is drawn.
  focus(message, show) {
    this.chosen = this.model.messages.indexOf(message);
    this.items = { all: () => this.model.items, near: () => meanwhile(this.model, this.chosen), only: () => thread(this.model, this.chosen) }[
      this.chosen < 0 ? "all" : show]();
    this.view.items = this.items;
    this.view.chosen = this.chosen;
    this.view.scale = stepScale(this.items, 1);
    this.view.measure();
  }

  // at draws the moment t; null: the end.
  at(t, share) {
    const veil = this.find(".veil");
    veil.hidden = t === null;
    if (t !== null) {
      const y = this.view.scale.y(t);
      veil.style.top = `${y}px`;
      this.frame.scrollTop = y - this.frame.clientHeight * 0.6;
    } else if (!this.frame.matches(":focus")) {
      const first = this.items.find((item) => item.message === this.chosen && item.lost) ?? this.items.find((item) => item.message === this.chosen);
      this.frame.scrollTop = first ? this.view.scale.y(first.t) - this.frame.clientHeight / 3 : 0;
    }
    this.view.draw();
    this.topology.at(t === null ? [] : this.items, this.chosen, share);
    this.#believe(t ?? Infinity);
    this.#log(t);
  }

  #believe(t) {
    const strip = this.find(".belief");
    if (this.chosen < 0) {
      strip.replaceChildren();
      return;
    }
    const known = beliefs(this.model, this.chosen, t);
    const part = parted(known);
    const gone = t === Infinity && this.run.finals.some((f) => f.mark === "missing" && f.message === this.model.messages[this.chosen]);
    const name = document.createElement("b");
    name.textContent = this.model.messages[this.chosen];
    const all = [name];
    known.forEach((k, i) => {
      if (!k.says) return;
      const belief = document.createElement("span");
      belief.textContent = `${this.model.nodes[i]}: ${k.says}`;
      if (k.stored > 1 || (part.doubts && (k.delivered === false || k.stored)) || (gone && k.delivered)) belief.className = "parted";
      all.push(belief);
    });
    const verdict = document.createElement("span");
    verdict.className = "verdict";
    if (gone) verdict.textContent = "✗ it is not in the log";
    else if (part.doubts) verdict.textContent = "⚡ here they part";
    else if (part.twice) verdict.textContent = "✗ once too often";
    strip.classList.toggle("parts", verdict.textContent !== "");
    strip.replaceChildren(...all, verdict);
    // From the end there is a way back to where it went wrong.
    const lost = t === Infinity && thread(this.model, this.chosen).find((item) => item.lost);
    if (!lost) return;
    const back = document.createElement("button");
    back.type = "button";
    back.dataset.t = lost.t;
    back.textContent = `${lost.answer ? "they parted" : "lost"} at ${milliseconds(lost.t)} ▸`;
    strip.append(back);
  }

  // The log fills with what the nodes store; at the end stands what was read
  // back from the lab.
  #log(t) {
    let n = 0;
    const rows = t === null
      ? this.run.finals.map((f) => ({ n: f.mark === "missing" ? "∅" : ++n, message: f.message, value: f.value, mark: f.mark }))
      : this.model.items.filter((item) => item.kind === "store" && item.t <= t)
        .map((item, i) => ({ n: i + 1, message: this.model.messages[item.message] ?? "", value: `${this.model.nodes[item.from]} ${item.label}`, mark: "" }));
    const chosen = this.model.messages[this.chosen];
    // In view is the message that is followed, or what came last.
    const marked = t === null ? rows.findLastIndex((row) => row.message === chosen) : -1;
    const last = Math.max(0, rows.length - 8), from = marked < 0 ? last : Math.min(last, Math.max(0, marked - 4));
    this.find(".logtitle").textContent = t === null ? `Final log: ${n} entries` : `Stored so far: ${rows.length}`;
    this.find(".log").replaceChildren(...rows.slice(from, from + 8).map((row) => {
      const item = document.createElement("li");
      item.className = `${row.message === chosen ? "chosen " : ""}${row.mark}`;
      const text = { missing: "∅ missing", again: "×2 again", late: "↕ late" }[row.mark] ?? "";
      item.append(made("span", "n", row.n), made("b", "", row.message), made("code", "", row.value), made("span", "tag", text));
      return item;
    }));
  }
}

function made(name, className, text) {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}
