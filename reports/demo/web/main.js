// The page: it joins the script, the timeline, the two variants and the player.
import * as api from "./api.js";
import { Lesson, pack, unpackLink } from "./lesson.js";
import { Timeline, even, span } from "./timeline.js";
import { Player } from "./player.js";
import { Side } from "./side.js";
import { Editor } from "./editor.js";
import { workload, given } from "./workload.js";
import { Adding } from "./adding.js";
import { Guide } from "./tours.js";
import { LiveFeed } from "./livefeed.js";

const control = (id) => document.getElementById(id);
const notice = (text) => { control("notice").textContent = text; };

const catalog = await api.scenarios();
const lesson = new Lesson();
const seek = (t) => player.seek(t);
const sides = [0, 1].map(() => new Side({ picked: follow, sought: seek, chosen: compare }));
let view = null; // what the server said last
let variants; // that a person has chosen; else the server does
let stopLive = null; // ends the live run; null: there is none
let era = 0; // changes with the script's, but for edits: what was asked in an older one is of no use
let message = ""; // to follow; "": that of the story
let told = ""; // that of the last story: it stays while nothing goes wrong
let dragged = ""; // the script as a drag has made it so far; "": no hand drags
let trouble = false; // the last answer was none
let trigger = ""; // what the dragged fault waited for

control("sides").append(...sides.map((side) => side.root));
const player = new Player(moment);
const timeline = new Timeline(control("timeline"), edited, picked);
const editor = new Editor(typed);
const adding = new Adding(catalog.faults, (line) => line && edited({ add: line }, true));
const guide = new Guide(control("tour"), tourStep, (hide) => document.body.classList.toggle("asking", hide));
const runner = new api.Runner(answered);

// rerun asks for the runs of a new script.
function rerun() {
  const now = ++era;
  dragged = trigger = "";
  if (stopLive) endLive();
  runner.ask("script", () => now === era && { body: { name: lesson.name, script: lesson.text, variants }, note: { era: now } });
}

// compare puts other variants beside one another.
function compare() {
  variants = sides.filter((side) => !side.root.hidden).map((side) => side.chosenVariant);
  rerun();
}

// edited is told of a change made on the timeline or in a field. over says that
// the hand has let go.
function edited(edit, over) {
  if (edit.at !== undefined && view && !view.steps[edit.step]?.clock) trigger ||= view.steps[edit.step]?.moment ?? "";
  const asked = performance.now();
  const key = edit.at !== undefined || edit.for !== undefined ? `move ${edit.step}` : "";
  const now = era;
  if (stopLive) endLive();
  runner.ask(key || asked, () => now === era && {
    body: { name: lesson.name, script: dragged || lesson.text, variants, edit }, note: { edit, over, asked, era: now },
  });
}

function answered({ status, body }, { note }) {
  if (note.era !== era) return;
  if (status !== 200) {
    if (note.over) dragged = trigger = "";
    editor.mark(note.edit ? [] : body.mistakes ?? []);
    trouble = !body.mistakes;
    if (trouble) notice(body.error);
    else if (note.edit) notice(`That cannot be: ${body.mistakes[0].text}`);
    else notice("The script has mistakes; what is shown came of the last good one.");
    if (view) timeline.show(view, runner.idle);
    return;
  }
  view = body;
  if (trouble) notice("");
  trouble = false;
  if (note.edit) keep(note);
  editor.mark([]);
  draw();
  // How long a hand waits for what it does is measured up to the next picture.
  if (note.asked) requestAnimationFrame(() => setTimeout(() => performance.measure("redraw", { start: note.asked })));
}

// keep takes over what an edit made of the script. While a hand drags, only what
// it leaves behind is something to go back to.
function keep({ edit, over }) {
  dragged = over ? "" : view.script;
  if (over) {
    lesson.set(lesson.name, view.script);
    notice(trigger ? `This fault waited: ${trigger}. Now it goes by the clock. Ctrl-Z brings the trigger back.` : "");
    trigger = "";
  }
  if (edit.add) timeline.selected = view.steps.length - 1;
  if (edit.remove) timeline.selected = -1;
  editor.show(view.script);
}

function draw() {
  const lab = catalog.labs.find((l) => l.name === view.system);
  view.runs.forEach((run, i) => sides[i].show(run, lab.variants.map((variant) => variant.name)));
  sides[1].root.hidden = view.runs.length < 2;
  control("sides").dataset.system = view.system;
  control("about").textContent = view.story.join(" ");
  control("live").disabled = !catalog.live || view.virtual;
  told = view.runs.map((_, i) => sides[i].own).find((own) => own) ?? told;
  focus(message || told);
  const invokes = sides[0].model.items.filter((item) => item.kind === "invoke");
  view.invokes = invokes.map((item) => ({ t: item.t, chosen: item.message >= 0 && item.message === sides[0].chosen }));
  timeline.show(view, runner.idle);
  const set = given(view.script);
  renewed("workload", view.system + JSON.stringify(set), (root) => {
    workload(root, lab.params, view.params, set, (name, value) => edited({ set: { [name]: value } }, true));
  });
  renewed("logs", view.logs, (root) => {
    root.innerHTML = view.logs && `<h2>Final logs, as read back from the lab</h2>${view.logs}`; // the report's own, which escapes values
  });
  controls();
}

// renewed fills a part of the page anew if what it is made of has changed: ten
// times a second, while a fault is dragged, most of it has not.
const made = new Map();
function renewed(id, of, fill) {
  if (made.get(id) === of) return;
  made.set(id, of);
  fill(control(id));
}

// focus follows a message in both variants.
function focus(name) {
  const show = control("show").value;
  const shown = sides.filter((side) => side.run && !side.root.hidden);
  for (const side of shown) side.focus(name, show);
  control("message").value = name;
  const names = sides[0].model.messages.slice(0, 2000);
  renewed("known", names.join(), (root) => root.replaceChildren(...names.map((m) => new Option(m))));
  player.load(shown.flatMap((side) => side.items));
  moment();
}

function follow(name) {
  message = name;
  focus(name);
}

// moment draws what the player is at.
function moment() {
  const share = (from, to) => player.share(from, to);
  for (const side of sides) if (side.run && !side.root.hidden) side.at(player.t, share);
  timeline.at(player.t);
  control("play").textContent = player.playing ? "Stop" : "Play";
  control("clock").textContent = player.t === null ? "the end" : span(Math.max(0, player.t));
}

function picked(step) {
  const s = view?.steps[step];
  control("remove").disabled = !s;
  editor.line(s?.line ?? 0);
  control("selected").textContent = s ? `${s.moment} ${s.fault}` : "";
}

function controls() {
  control("undo").disabled = !lesson.canUndo;
  control("redo").disabled = !lesson.canRedo;
  picked(timeline.selected);
}

// typed is told of every change in the editor: it is checked at once, and run
// when it makes sense.
let writing = 0;
function typed(text) {
  clearTimeout(writing);
  writing = setTimeout(async () => {
    const { status, body } = await api.check(lesson.name, text);
    if (editor.text !== text) return; // the hand writes on
    editor.mark(body.mistakes ?? []);
    if (status !== 200) return notice("The script has mistakes; what is shown came of the last good one.");
    notice("");
    lesson.set(lesson.name, text);
    rerun();
  }, 150);
}

// open shows a script that was picked or handed out.
function open(name, text) {
  message = told = "";
  player.end();
  timeline.select(-1);
  lesson.set(name.split("/").at(-1), text, lesson.text !== "");
  editor.show(text);
  editor.rise();
  control("scenario").value = name.includes("/") ? name : "";
  rerun();
}

function tourStep(n, step) {
  const { name, text } = guide.script(n, catalog.scenarios);
  variants = undefined;
  open(name, text);
  message = step.message ?? "";
}

lesson.changed = async () => {
  const { name, text } = lesson;
  const packed = await pack(name, text);
  if (lesson.text === text) history.replaceState(null, "", "#s=" + packed);
};

function undo(way) {
  if (!lesson[way]()) return;
  editor.show(lesson.text);
  notice("");
  rerun();
}

// The live world: the same script in real processes.
async function live() {
  if (stopLive) return endLive();
  player.end();
  notice("Real processes are starting.");
  control("live").setAttribute("aria-pressed", true);
  let feeds = [];
  document.body.classList.add("live");
  const over = () => {
    for (const feed of feeds) feed.end();
    document.body.classList.remove("live");
    stopLive = null;
    control("live").setAttribute("aria-pressed", false);
  };
  let stop = () => {}, ended = false;
  stopLive = () => { ended = true; stop(); over(); };
  stop = await api.live({ name: lesson.name, script: lesson.text, variants }, {
    begun: (names) => {
      if (ended) return;
      feeds = names.map((_, i) => new LiveFeed(sides[i]));
      notice("The same script, in real processes.");
    },
    events: (batch) => feeds[batch.side]?.events(batch),
    result: (result) => {
      over();
      view = result;
      draw();
      notice("What you see now came of real processes. Any change reruns the script in the virtual world.");
    },
    refused: ({ body }) => {
      over();
      notice(body.mistakes ? "The script has mistakes." : body.error);
    },
  });
  if (ended) stop(); // while it was being booked
}

function endLive() {
  stopLive();
  notice("The live run was ended, with its processes.");
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    notice(`${what} is on the clipboard.`);
  } catch {
    notice(`The browser does not let this page copy. ${what}: ${text.length < 300 ? text : "take it from the editor or the address"}`);
  }
}

function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([lesson.text], { type: "text/plain" }));
  link.download = `${lesson.name}.scenario`;
  link.click();
  URL.revokeObjectURL(link.href);
}

function add() {
  if (!view) return;
  // Where the player is; else somewhere in the middle, in round numbers.
  const grid = player.t === null ? even(timeline.length / 50) : timeline.grid;
  const at = Math.round((player.t ?? timeline.length * 0.3) / grid) * grid;
  adding.open(view, span(Math.max(0, at)), span(even(timeline.length / 20)));
}

const remove = () => timeline.selected >= 0 && edited({ step: timeline.selected, remove: true }, true);

const acts = {
  undo: () => undo("undo"), redo: () => undo("redo"), add, remove, live, save,
  copy: () => copy(lesson.text, "The script"), link: () => copy(location.href, "The link"),
  play: () => player.toggle(), back: () => player.step(-1), forward: () => player.step(1), whole: () => player.end(),
  keys: () => control("help").showModal(),
};
for (const id in acts) control(id).addEventListener("click", acts[id]);

const keys = { n: add, l: live, " ": acts.play, ",": acts.back, ".": acts.forward, e: acts.whole, "?": acts.keys };
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, textarea, dialog")) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
    event.preventDefault();
    undo(event.shiftKey ? "redo" : "undo");
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = keys[event.key] ?? (/^[1-9]$/.test(event.key) && guide.tour ? () => guide.choose(Number(event.key)) : null);
  if (!act || (event.key === " " && event.target.closest("button, summary"))) return;
  event.preventDefault();
  act();
});

control("speed").addEventListener("change", (event) => { player.speed = Number(event.target.value); });
control("show").addEventListener("change", () => focus(control("message").value));
control("message").addEventListener("change", (event) => follow(event.target.value.trim()));
control("workload").addEventListener("submit", (event) => event.preventDefault());
control("scenario").addEventListener("change", (event) => {
  const found = catalog.scenarios.find((s) => s.name === event.target.value);
  if (!found) return;
  variants = undefined;
  if (guide.tour) guide.end();
  open(found.name, found.script);
});
control("tours").addEventListener("change", (event) => {
  const tour = catalog.tours.find((t) => t.name === event.target.value);
  if (tour) guide.begin(tour); else guide.end();
});

for (const lab of catalog.labs) {
  const group = document.createElement("optgroup");
  group.label = lab.name;
  const own = catalog.scenarios.filter((s) => s.name.startsWith(lab.name + "/"));
  group.append(...own.map((s) => new Option(s.name, s.name)));
  if (own.length > 0) control("scenario").append(group);
}
control("scenario").prepend(new Option("your own", ""));
control("tours").append(...catalog.tours.map((t) => new Option(t.title, t.name)));

async function begin() {
  const packed = new URLSearchParams(location.hash.slice(1)).get("s");
  const handed = packed && (await unpackLink(packed));
  if (packed && !handed) notice("The link holds no script that can be read. Here is another one.");
  const first = catalog.scenarios.find((s) => s.name === "sensor/lost-ack") ?? catalog.scenarios[0];
  if (!handed) return open(first.name, first.script);
  const same = catalog.scenarios.find((s) => s.name.endsWith("/" + handed.name) && s.script === handed.text);
  open(same?.name ?? handed.name, handed.text);
}
addEventListener("hashchange", begin);
await begin();
document.body.dataset.ready = "true";
