// Guided tours. A step with a question hides what came of the run until the
// class has chosen.
const made = (name, text, className = "") => {
  const element = document.createElement(name);
  element.textContent = text;
  element.className = className;
  return element;
};

export class Guide {
  tour = null;
  #step = 0;
  // go is asked to show a step's script, hide to hide what came of it.
  constructor(root, go, hide) {
    this.root = root;
    this.go = go;
    this.hide = hide;
  }

  begin(tour) {
    this.tour = tour;
    this.root.hidden = false;
    this.#show(0);
  }

  // choose presses the button of the n-th choice, from 1.
  choose(n) { this.root.querySelectorAll(".choice")[n - 1]?.click(); }

  end() {
    this.tour = null;
    this.root.hidden = true;
    this.hide(false);
  }

  // script is what a step runs: the scenario that it names, or the one before.
  script(n, scenarios) {
    let name = "";
    for (let i = n; i >= 0 && !name; i--) name = this.tour.steps[i].scenario;
    let text = scenarios.find((s) => s.name === name)?.script ?? "";
    for (const { old, new: other } of this.tour.steps[n].swap ?? []) text = text.replace(old, () => other);
    return { name, text };
  }

  #show(n) {
    const steps = this.tour.steps;
    this.#step = Math.max(0, Math.min(steps.length - 1, n));
    const step = steps[this.#step];
    const asks = (step.choices ?? []).length > 0;
    this.hide(asks);
    this.root.replaceChildren(
      made("p", `${this.tour.title} · ${this.#step + 1} of ${steps.length}`, "faint"),
      made("h2", step.title),
      made("p", step.text),
    );
    if (asks) this.#ask(step);
    const ways = made("p", "", "group");
    const last = this.#step === steps.length - 1;
    ways.append(
      this.#button("Back", () => this.#show(this.#step - 1), this.#step === 0),
      this.#button(last ? "End the tour" : "Next", () => (last ? this.end() : this.#show(this.#step + 1)), asks, "next"),
    );
    if (!last) ways.append(this.#button("Leave", () => this.end(), false));
    this.root.append(ways);
    this.root.scrollIntoView({ block: "nearest" });
    this.go(this.#step, step);
  }

  #button(text, act, disabled, className = "") {
    const button = made("button", text, className);
    button.type = "button";
    button.disabled = disabled;
    button.addEventListener("click", act);
    return button;
  }

  #ask(step) {
    const question = made("div", "", "question");
    question.append(made("p", step.question, "asked"));
    step.choices.forEach((choice, i) => {
      question.append(this.#button(choice, () => this.#reveal(step, question, i), false, "choice"));
    });
    this.root.append(question);
  }

  #reveal(step, question, choice) {
    const right = step.right ?? 0;
    question.querySelectorAll(".choice").forEach((button, i) => {
      button.disabled = true;
      if (i === right) button.classList.add("right");
      else if (i === choice) button.classList.add("wrong");
      if (i === right || i === choice) button.prepend(i === right ? "✓ " : "✗ ");
    });
    question.append(made("p", step.reveal, "reveal"));
    const next = this.root.querySelector(".next");
    next.disabled = false;
    next.focus();
    this.hide(false);
  }
}
