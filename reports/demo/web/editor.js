// The editor of the script. Behind its text lies the same text once more, in
// which the mistakes and the selected fault are marked.
const control = (id) => document.getElementById(id);

export class Editor {
  #mistakes = [];
  #line = 0;

  // typed is told when a person has changed the text.
  constructor(typed) {
    this.area = control("script");
    this.area.addEventListener("input", () => {
      this.draw();
      typed(this.area.value);
    });
    this.area.addEventListener("scroll", () => this.#follow());
    control("mistakes").addEventListener("click", (event) => {
      const place = event.target.closest("button")?.dataset;
      if (place) this.go(Number(place.line), Number(place.col));
    });
  }

  get text() { return this.area.value; }
  get focused() { return document.activeElement === this.area; }

  // show puts a text in. The hand that writes is not disturbed.
  show(text) {
    if (this.area.value !== text) {
      const at = this.area.selectionStart;
      this.area.value = text;
      if (this.focused) this.area.setSelectionRange(at, at);
    }
    this.draw();
  }

  // rise brings the first line into view that is no comment: the story is told
  // beside the editor, in larger letters.
  rise() {
    const first = control("backdrop").querySelector("span:not(.comment)");
    this.area.closest(".editor").scrollTop = first?.offsetTop ?? 0;
  }

  // mark shows what is wrong where. No mistakes: all is well.
  mark(mistakes) {
    this.#mistakes = mistakes;
    control("mistakes").replaceChildren(...mistakes.map(({ line, col, text }) => {
      const item = document.createElement("li");
      const go = document.createElement("button");
      go.type = "button";
      go.dataset.line = line;
      go.dataset.col = col;
      go.textContent = `line ${line}:${col}`;
      item.append(go, ` ${text}`);
      return item;
    }));
    this.area.setAttribute("aria-invalid", mistakes.length > 0);
    this.draw();
  }

  // line marks the line of the selected fault; 0: none is.
  line(line) {
    this.#line = line;
    this.draw();
    // In view, within the editor alone: the page must not jump under a drag.
    const box = this.area.closest(".editor"), mark = control("backdrop").querySelector(".chosenline");
    if (mark && !this.focused) box.scrollTop = mark.offsetTop - box.clientHeight / 2;
  }

  go(line, col) {
    const before = this.area.value.split("\n").slice(0, line - 1).join("\n");
    const at = before.length + (line > 1 ? 1 : 0) + col - 1;
    this.area.focus();
    this.area.setSelectionRange(at, at);
  }

  draw() {
    const rows = this.area.value.split("\n");
    this.area.rows = Math.max(7, rows.length);
    const wrong = new Set(this.#mistakes.map((mistake) => mistake.line));
    control("gutter").textContent = rows.map((_, i) => `${wrong.has(i + 1) ? "✗" : " "}${String(i + 1).padStart(3)}`).join("\n");
    const all = document.createDocumentFragment();
    rows.forEach((row, i) => {
      const line = document.createElement("span");
      if (i + 1 === this.#line) line.className = "chosenline";
      const here = this.#mistakes.filter((mistake) => mistake.line === i + 1);
      this.#marked(line, row, here);
      if (row.trimStart().startsWith("#")) line.classList.add("comment");
      all.append(line, "\n");
    });
    control("backdrop").replaceChildren(all);
    this.#follow();
  }

  // The word at which a mistake stands is underlined, or the end of its line.
  #marked(line, row, mistakes) {
    let done = 0;
    for (const { col } of mistakes.toSorted((a, b) => a.col - b.col)) {
      const from = Math.max(done, Math.min(row.length, col - 1));
      const length = Math.max(1, row.slice(from).search(/\s|$/));
      line.append(row.slice(done, from));
      const mark = document.createElement("mark");
      mark.textContent = row.slice(from, from + length) || " ";
      line.append(mark);
      done = from + length;
    }
    line.append(row.slice(done));
  }

  #follow() {
    control("backdrop").scrollLeft = this.area.scrollLeft;
  }
}
