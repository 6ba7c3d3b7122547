// The outcomes of the fault at other times, one after another. They were
// computed beforehand; this shows them.
const outcomes = JSON.parse(document.getElementById("outcomes").textContent);

function made(name, properties, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}

const outcomeSigns = { holds: "✓", violated: "✗", unknown: "?" };

// sidePanel makes the place in which one variant's outcomes are shown, and gives
// the function that shows one.
function sidePanel(variant) {
  const finding = made("span"), effect = made("p", { className: "faint" }), title = made("h4"), told = made("ol", { className: "lines" });
  const rule = made("p", { className: "rule" }), verdicts = made("ul", { className: "verdicts" }), logs = made("div");
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("class", "drawing");
  drawing.setAttribute("aria-hidden", "true"); // the story says it in words
  const frame = made("div", { className: "diagram", tabIndex: 0 }, made("div", { className: "names" }), made("div", { className: "field" }, drawing));
  frame.setAttribute("role", "img");
  const panel = made("article", { className: "side" }, made("h3", {}, variant + " ", finding), effect, verdicts, title, told, rule, frame, logs);
  let view;

  function show(side) {
    finding.textContent = `${outcomeSigns[side.outcome]} ${side.finding}`;
    finding.className = side.outcome;
    effect.textContent = side.effect ? `The fault met: ${side.effect}.` : "The fault met nothing.";
    verdicts.replaceChildren(...side.verdicts.map((v) => {
      const item = made("li", { className: v.outcome }, `${outcomeSigns[v.outcome]} ${v.property}`);
      if (v.why) item.title = v.why;
      return item;
    }));
    title.textContent = side.title ?? "No message was in danger";
    told.replaceChildren(...(side.lines ?? []).map((line) => {
      const [when, what] = line.split("  "); // the ending has no time
      return what ? made("li", {}, made("span", { className: "time" }, when), " " + what) : made("li", {}, line);
    }));
    rule.replaceChildren(...(side.rule ? ["Rule: ", made("code", {}, side.rule)] : []));
    logs.replaceChildren(...side.logs.flatMap((log) => [
      made("p", { className: "faint" }, `Log${log.name ? ` of ${log.name}` : ""}: ${log.summary}`),
      made("ul", { className: "marks" }, ...(log.marks ?? []).map((mark) => made("li", {}, mark))),
    ]));
    frame.hidden = !side.model;
    if (side.model) draw(unpack(side.model), side.title);
  }

  function draw(model, label) {
    if (view) view.show(model); else view = spaceTime(model, frame);
    view.items = model.items;
    view.scale = stepScale(model.items, 1);
    view.chosen = model.stories[0] ?? -1;
    frame.setAttribute("aria-label", `Diagram: ${label}`);
    view.measure();
    frame.scrollTop = 0;
    view.draw();
  }

  const again = () => { if (!frame.hidden && view) { view.measure(); view.draw(); } };
  return { panel, show, again };
}

const slider = document.getElementById("position");
const strip = document.querySelector(".strip");
const panels = outcomes.variants.map(sidePanel);

function showPosition() {
  const at = Number(slider.value), position = outcomes.positions[at];
  panels.forEach((panel, i) => panel.show(position.sides[i]));
  const when = milliseconds(position.at) + (position.scripted ? `, as scripted: ${outcomes.moment}` : "");
  const all = position.sides.map((side, i) => `${outcomes.variants[i]} ${side.finding}`).join("; ");
  slider.setAttribute("aria-valuetext", `${when}: ${all}`);
  document.getElementById("when").textContent = when;
  document.getElementById("then").replaceChildren(...position.sides.map((side, i) => made("li", {},
    `${outcomes.variants[i]} `, made("b", { className: side.outcome }, `${outcomeSigns[side.outcome]} ${side.finding}`))));
  document.getElementById("cursor").style.left = `${((at + 0.5) / outcomes.positions.length) * 100}%`;
}

function moveTo(at) {
  slider.value = at;
  showPosition();
}

slider.addEventListener("input", showPosition);
document.getElementById("earlier").addEventListener("click", () => moveTo(Number(slider.value) - 1));
document.getElementById("later").addEventListener("click", () => moveTo(Number(slider.value) + 1));
document.getElementById("scripted").addEventListener("click", () => moveTo(outcomes.positions.findIndex((p) => p.scripted)));

// A hand that points at the strip means the cell that it points at.
strip.addEventListener("pointerdown", (event) => {
  strip.setPointerCapture(event.pointerId);
  point(event);
});
strip.addEventListener("pointermove", (event) => { if (event.buttons > 0) point(event); });

function point(event) {
  const box = strip.getBoundingClientRect();
  moveTo(Math.floor(((event.clientX - box.left) / box.width) * outcomes.positions.length));
}

document.getElementById("sides").append(...panels.map((side) => side.panel));
for (const id of ["sides", "position", "where", "then", "cursor"]) document.getElementById(id).hidden = false;
showPosition();
addEventListener("resize", () => panels.forEach((side) => side.again()));
