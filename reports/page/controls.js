// What the person at the page asked for. It stands in the address, so that a
// view can be kept and sent.
const model = unpack(JSON.parse(document.getElementById("model").textContent));
const frame = document.getElementById("diagram");
const diagram = spaceTime(model, frame);
const control = (id) => document.getElementById(id);
const preset = model.stories.length > 0
  ? { message: model.stories[0], show: "near", time: "steps", zoom: 1, step: -1 }
  : { message: -1, show: "all", time: "steps", zoom: 1, step: -1 };
let state = { ...preset };

function readAddress() {
  const asked = new URLSearchParams(location.hash.slice(1));
  if (![...asked.keys()].some((key) => key in preset)) return false;
  const name = asked.get("message");
  state = {
    message: name === null ? preset.message : model.messages.indexOf(name),
    show: ["all", "near", "only"].includes(asked.get("show")) ? asked.get("show") : preset.show,
    time: asked.get("time") === "scale" ? "scale" : "steps",
    zoom: clamp(Number(asked.get("zoom")) || 1),
    step: Number(asked.get("step") ?? 0) - 1,
  };
  return true;
}

function writeAddress() {
  const asked = new URLSearchParams();
  asked.set("message", model.messages[state.message] ?? "");
  for (const key of ["show", "time", "zoom"]) if (state[key] !== preset[key]) asked.set(key, state[key]);
  if (state.step >= 0) asked.set("step", state.step + 1);
  location.replace("#" + asked);
}

const clamp = (zoom) => Math.min(4096, Math.max(0.25, zoom));

// apply shows the state. middle is the time that stays where it is in view.
function apply(middle) {
  const near = { all: () => model.items, near: () => meanwhile(model, state.message), only: () => thread(model, state.message) };
  diagram.chosen = state.message;
  diagram.items = state.message < 0 ? model.items : near[state.show]();
  diagram.scale = (state.time === "scale" ? timeScale : stepScale)(diagram.items, state.zoom);
  const own = thread(model, state.message);
  diagram.current = own[state.step]?.i ?? -1;
  diagram.measure();
  const focus = middle ?? own[Math.max(0, state.step)]?.t;
  if (focus !== undefined) frame.scrollTop = diagram.scale.y(focus) - frame.clientHeight / (middle === undefined ? 3 : 2);
  diagram.draw();
  tell();
  control("message").value = model.messages[state.message] ?? "";
  control("show").value = state.message < 0 ? "all" : state.show;
  control("show").disabled = state.message < 0;
  control("time").value = state.time;
  control("zoom").textContent = Math.round(state.zoom * 100) + " %";
}

// change does what a control asks for, and notes it in the address.
function change(asked, middle) {
  state = { ...state, ...asked };
  apply(middle);
  writeAddress();
}

// tell fills the panel.
function tell() {
  const panel = document.getElementById("panel");
  if (diagram.chosen < 0) {
    panel.textContent = `${model.messages.length} messages, ${diagram.items.length} events. Choose a message, or click one.`;
    return;
  }
  const own = thread(model, diagram.chosen);
  const at = own.findIndex((item) => item.i === diagram.current);
  panel.textContent = at < 0
    ? `${model.messages[diagram.chosen]}: ${own.length} events. Step through them with next.`
    : `${at + 1} of ${own.length} · ${describe(model, own[at])}`;
}

function choose(message) { change({ message, step: -1 }); }

function stepBy(by) {
  const last = thread(model, state.message).length - 1;
  if (last >= 0) change({ step: Math.min(last, Math.max(0, state.step + by)) });
}

function zoomBy(factor, y = frame.clientHeight / 2) {
  const held = diagram.scale.t(frame.scrollTop + y);
  state.zoom = clamp(state.zoom * factor);
  change({}, held);
}

function follow() {
  if (!readAddress()) return;
  apply();
}

control("message").addEventListener("change", (event) => {
  const name = event.target.value.trim();
  const message = model.messages.indexOf(name);
  if (name === "" || message >= 0) choose(message);
  else control("panel").textContent = `No message is called ${name}. Names are like ${model.messages[0] ?? "client/1"}.`;
});
control("show").addEventListener("change", (event) => change({ show: event.target.value }));
control("time").addEventListener("change", (event) => change({ time: event.target.value }));
control("next").addEventListener("click", () => stepBy(1));
control("previous").addEventListener("click", () => stepBy(-1));
control("in").addEventListener("click", () => zoomBy(1.5));
control("out").addEventListener("click", () => zoomBy(1 / 1.5));
control("reset").addEventListener("click", () => { state = { ...preset }; apply(); writeAddress(); });
control("controls").addEventListener("submit", (event) => event.preventDefault());

// Keys of one letter work in the explorer only: elsewhere they would be in the
// way of whoever steers the browser by voice.
control("explorer").addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || ["INPUT", "SELECT"].includes(event.target.tagName)) return;
  const act = { n: () => stepBy(1), p: () => stepBy(-1), "+": () => zoomBy(1.5), "=": () => zoomBy(1.5), "-": () => zoomBy(1 / 1.5) }[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});
frame.addEventListener("wheel", (event) => {
  if (!event.ctrlKey) return;
  event.preventDefault();
  zoomBy(event.deltaY < 0 ? 1.2 : 1 / 1.2, event.clientY - frame.getBoundingClientRect().top);
}, { passive: false });
frame.addEventListener("click", (event) => {
  const item = model.items[event.target.closest("[data-i]")?.dataset.i];
  if (!item) return;
  if (item.message < 0) control("panel").textContent = describe(model, item);
  else change({ message: item.message, step: thread(model, item.message).indexOf(item) }, item.t);
});

addEventListener("hashchange", follow);
document.addEventListener("click", (event) => {
  if (!event.target.closest("a.message")) return;
  // The address changes after this, and the diagram with it.
  setTimeout(() => {
    follow();
    control("messages").scrollIntoView();
    frame.focus({ preventScroll: true });
  });
});

control("explorer").hidden = false;
control("known").append(...model.messages.map((name) => new Option(name)));
if (!readAddress()) state = { ...preset };
apply();

const copy = control("copy");
if (navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(control("replay").textContent);
    copy.textContent = "Copied";
  });
}
