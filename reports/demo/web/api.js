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

// Runner reruns as often as it is asked, one request at a time: what is asked
// for while one is under way waits, and only the newest of it is sent. So the
// page is as fast as the runs are, and no faster.
export class Runner {
  #waiting = null;
  #under = false;
  constructor(show) { this.show = show; }

  ask(body) {
    this.#waiting = { ...body, page };
    if (!this.#under) this.#work();
  }

  async #work() {
    this.#under = true;
    while (this.#waiting) {
      const asked = this.#waiting;
      this.#waiting = null;
      try {
        const answer = await post("api/run", asked);
        if (answer.status === 429 && !this.#waiting) {
          this.show(answer, asked);
          await new Promise((go) => setTimeout(go, 500));
          this.#waiting ??= asked;
          continue;
        }
        if (answer.status !== 409) this.show(answer, asked);
      } catch {
        this.show({ status: 0, body: { error: "The server does not answer. Is faultlab demo still running?" } }, asked);
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
