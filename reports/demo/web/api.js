// What the page asks of the server.
const page = crypto.getRandomValues(new Uint32Array(2)).join("-"); // which of all open ones this is

async function post(path, body, signal) {
  const response = await fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal,
  });
  return { status: response.status, body: await response.json() };
}

export async function scenarios() {
  const response = await fetch("api/scenarios");
  return response.json();
}

export const check = (name, script) => post("api/check", { name, script });

// Runner reruns as often as it is asked, one request at a time. What is asked for
// while one is under way waits, and of those with one key only the newest is
// sent: so the page is as fast as the runs are, and no faster.
export class Runner {
  #waiting = [];
  #under = false;
  // show is told of each answer, with what was asked.
  constructor(show) { this.show = show; }

  // idle says that what was answered is all that was asked for.
  get idle() { return this.#waiting.length === 0; }

  // ask makes its body only when it is sent: by then it can build on the answers
  // to those before it, or be of no use any more.
  ask(key, make) {
    if (this.#waiting.at(-1)?.key === key) this.#waiting.pop();
    this.#waiting.push({ key, make });
    if (!this.#under) this.#work();
  }

  async #work() {
    this.#under = true;
    while (this.#waiting.length > 0) {
      const next = this.#waiting.shift();
      const made = next.make();
      if (!made) continue;
      const { body, note } = made;
      let answer;
      try {
        answer = await post("api/run", { ...body, page });
      } catch {
        answer = { status: 0, body: { error: "The server does not answer. Is faultlab demo still running?" } };
      }
      if (answer.status === 429) {
        if (this.#waiting[0]?.key !== next.key) this.#waiting.unshift(next);
        this.show(answer, { body, note });
        await new Promise((go) => setTimeout(go, 400));
      } else {
        this.show(answer, { body, note });
      }
    }
    this.#under = false;
  }
}

// live runs a script in real processes. It gives a function that stops them.
export async function live(body, on) {
  const booked = await post("api/live", { ...body, page });
  if (booked.status !== 200) {
    on.refused(booked);
    return () => {};
  }
  const source = new EventSource("api/live?ticket=" + encodeURIComponent(booked.body.ticket));
  const listen = (name, act) => source.addEventListener(name, (event) => act(JSON.parse(event.data)));
  on.begun(booked.body.variants);
  listen("events", on.events);
  listen("result", (result) => { source.close(); on.result(result); });
  listen("trouble", (trouble) => { source.close(); on.refused({ status: 500, body: trouble }); });
  source.onerror = () => {
    source.close(); // it would ask again, with a ticket that is used
    on.refused({ status: 429, body: { error: "The live run broke off, or others are running live now. Try again." } });
  };
  return () => source.close();
}
