// The timeline: a lane for each fault, on which it can be moved and stretched,
// by the pointer and by the keys.
import { milliseconds } from "./report.js";

// even rounds a step up to 1, 2 or 5 times a power of ten.
export function even(step) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, step)));
  return power * ([1, 2, 5, 10].find((times) => times * power >= step) ?? 10);
}

const made = (name, className, text = "") => {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
};

export const span = (µs) => (µs === 0 ? "0s" : µs >= 1e6 ? `${+(µs / 1e6).toFixed(3)}s` : µs >= 1e3 ? `${+(µs / 1e3).toFixed(2)}ms` : `${Math.round(µs)}µs`);

export class Timeline {
  selected = -1;
  #drag = null;
  #view = null;
  #pending = null; // where a fault was put, and the server has not answered yet

  // edits is told of each change: (edit, over), over when the hand lets go.
  constructor(root, edits, picked) {
    this.root = root;
    this.edits = edits;
    this.picked = picked;
    root.addEventListener("pointerdown", (event) => this.#begin(event));
    root.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) root.addEventListener(end, () => this.#end());
    root.addEventListener("keydown", (event) => this.#key(event));
    root.addEventListener("focusin", (event) => {
      const bar = event.target.closest("[data-step]");
      if (bar) this.select(Number(bar.dataset.step));
    });
  }

  get dragging() { return this.#drag !== null; }

  // grid is the least by which a fault moves: what a person would write, and a
  // thousandth of what is seen.
  get grid() { return Math.max(1, even(this.length / 2000)); }

  // show draws a view of the server's. settled says that nothing is asked for any
  // more. While a fault is dragged the scale stays: it must not run away from
  // under the hand.
  show(view, settled) {
    this.#view = view;
    if (settled && !this.#drag) this.#pending = null;
    if (!this.#drag) this.length = Math.max(1000, view.span * 1.06);
    this.selected = Math.min(this.selected, view.steps.length - 1);
    this.draw();
  }

  select(step) {
    this.selected = step;
    for (const bar of this.root.querySelectorAll("[data-step]")) bar.classList.toggle("selected", Number(bar.dataset.step) === step);
    this.picked(step);
  }

  focus(step) { this.root.querySelector(`[data-step="${step}"]`)?.focus(); }

  // place is when a step is in force: as it was found, or as it is being dragged.
  place(step) {
    const s = this.#view.steps[step];
    const use = this.#view.runs.map((run) => run.uses?.[step]?.[0]).find((u) => u);
    const found = s.clock ? { at: s.at, for: s.for } : { at: use ? use[0] : this.length * 0.03, for: s.for };
    return this.#pending?.step === step ? { ...found, ...this.#pending.edit } : found;
  }

  draw() {
    const view = this.#view, focused = this.root.contains(document.activeElement) ? document.activeElement?.dataset.step : undefined;
    const percent = (t) => `${Math.min(100, Math.max(0, (100 * t) / this.length))}%`;
    const rows = [this.#axis(percent), this.#traffic(view, percent)];
    view.steps.forEach((step, i) => rows.push(this.#lane(view, step, i, percent)));
    if (view.steps.length === 0) rows.push(made("p", "faint", "No fault yet. Press n to add one."));
    this.root.replaceChildren(...rows);
    if (focused !== undefined) this.focus(focused);
  }

  #axis(percent) {
    const axis = made("div", "lane axis");
    const track = made("div", "track");
    const step = even(this.length / 8);
    for (let t = 0; t < this.length; t += step) {
      const tick = made("span", "tick", span(t));
      tick.style.left = percent(t);
      track.append(tick);
    }
    axis.append(made("span", "lanename"), track);
    return axis;
  }

  // The operations of the workload, so that a fault can be aimed at one.
  #traffic(view, percent) {
    const lane = made("div", "lane traffic");
    const track = made("div", "track");
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    picture.setAttribute("viewBox", "0 0 1000 10");
    picture.setAttribute("preserveAspectRatio", "none");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", view.invokes.map(({ t }) => `M${((1000 * t) / this.length).toFixed(1)} 5v5`).join(""));
    picture.append(path);
    picture.dataset.count = view.invokes.length;
    track.append(picture);
    for (const { t } of view.invokes.filter((invoke) => invoke.chosen)) {
      const chosen = made("i", "chosen");
      chosen.style.left = percent(t);
      track.append(chosen);
    }
    const now = made("b", "now");
    now.hidden = true;
    track.append(now);
    lane.append(made("span", "lanename faint", "operations"), track);
    return lane;
  }

  // at shows what time the player is at; null: it shows the end.
  at(t) {
    const now = this.root.querySelector(".now");
    if (!now) return;
    now.hidden = t === null;
    now.style.left = `${Math.min(100, (100 * (t ?? 0)) / this.length)}%`;
    now.style.height = `${this.root.clientHeight - 20}px`;
  }

  #lane(view, step, i, percent) {
    const lane = made("div", "lane");
    const track = made("div", "track");
    const place = this.place(i);
    const moved = this.#pending?.step === i;
    view.runs.forEach((run, which) => {
      const uses = moved ? [] : run.uses?.[i] ?? [];
      uses.slice(0, 300).forEach(([from, to], n) => {
        if (n === 0 && step.clock) return; // the bar itself
        const use = made("i", `use side${which}`);
        use.style.left = percent(from);
        use.style.width = `calc(${percent((to < 0 ? this.length : to) - from)} + 2px)`;
        track.append(use);
      });
    });
    const bar = made("div", `fault ${step.clock || moved ? "clock" : "triggered"}${i === this.selected ? " selected" : ""}`);
    bar.dataset.step = i;
    bar.tabIndex = 0;
    bar.setAttribute("role", "slider");
    bar.setAttribute("aria-label", `${step.fault}, ${step.moment}`);
    bar.setAttribute("aria-valuemin", 0);
    bar.setAttribute("aria-valuemax", Math.round(this.length));
    bar.setAttribute("aria-valuenow", Math.round(place.at));
    bar.setAttribute("aria-valuetext", `${moved ? "at " + milliseconds(place.at) : step.moment}${place.for ? " for " + span(place.for) : ", until the end"}`);
    bar.style.left = percent(place.at);
    bar.style.width = place.for ? percent(place.for) : `calc(100% - ${percent(place.at)})`;
    if (!place.for) bar.classList.add("endless");
    bar.append(made("span", "grip"), made("span", "stretch"));
    const met = view.runs.some((run) => run.effects?.[i]);
    const name = made("span", "lanename", `${step.name} `);
    name.append(made("small", met ? "faint" : "unmet", met ? step.fault.split(" ")[1] ?? "" : step.clock ? "met nothing" : "not reached"));
    name.title = step.fault;
    track.append(bar);
    lane.append(name, track);
    return lane;
  }

  #begin(event) {
    const bar = event.target.closest("[data-step]");
    if (!bar || event.button > 0) return;
    event.preventDefault();
    bar.focus();
    const step = Number(bar.dataset.step);
    this.select(step);
    this.root.setPointerCapture(event.pointerId);
    const place = this.place(step);
    this.#drag = { step, from: event.clientX, stretch: event.target.classList.contains("stretch"), ...place };
  }

  #move(event) {
    const drag = this.#drag;
    if (!drag) return;
    const wide = this.root.querySelector(".track").clientWidth;
    this.#change(((event.clientX - drag.from) / wide) * this.length, drag);
  }

  #end() {
    const drag = this.#drag;
    if (!drag) return;
    this.#drag = null;
    if (drag.edit) this.edits({ step: drag.step, ...drag.edit }, true);
    this.draw();
  }

  #change(by, drag) {
    const round = (t) => Math.max(0, Math.round(t / this.grid) * this.grid);
    const edit = drag.stretch
      ? { for: Math.max(this.grid, round((drag.for || this.length - drag.at) + by)) }
      : { at: Math.min(round(drag.at + by), Math.floor(this.length)) };
    if (!drag.edit && Math.abs(by) < this.grid / 2) return; // a click
    if (drag.edit && drag.edit.at === edit.at && drag.edit.for === edit.for) return;
    drag.edit = edit;
    // A stretch of a fault that was just moved, and not yet answered, keeps its place.
    const before = this.#pending?.step === drag.step ? this.#pending.edit : {};
    this.#pending = { step: drag.step, edit: { ...before, ...edit } };
    this.draw();
    if (this.#drag) this.edits({ step: drag.step, ...edit }, false);
  }

  #key(event) {
    if (!event.target.closest("[data-step]") || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowLeft: -0.01, ArrowRight: 0.01, ArrowDown: -0.001, ArrowUp: 0.001 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      const drag = { step: this.selected, stretch: event.shiftKey, ...this.place(this.selected) };
      this.#change(Math.sign(by) * Math.max(this.grid, Math.abs(by) * this.length), drag);
      if (drag.edit) this.edits({ step: drag.step, ...drag.edit }, true);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.edits({ step: this.selected, remove: true }, true);
    }
  }
}
