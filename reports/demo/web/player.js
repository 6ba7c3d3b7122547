// The player walks through a run at a speed at which people can follow: every
// event takes its time, and a long silence little more.
import { stepScale } from "./report.js";

const pace = 70; // pixels of the scale a second

export class Player {
  t = null; // µs; null: the end is shown
  #y = 0;
  #last = 0;
  #frame = 0;
  #scale = stepScale([], 1);
  #times = [];

  constructor(show) { this.show = show; this.speed = 1; }

  get playing() { return this.#frame !== 0; }

  // load takes the items of all runs that are shown.
  load(items) {
    this.#scale = stepScale(items, 1);
    this.#times = [...new Set(items.flatMap((item) => [item.t, item.end]))].filter(Number.isFinite).sort((a, b) => a - b);
    if (this.t !== null) this.#y = this.#scale.y(this.t);
  }

  // y is how far the player would be at a time: what moves goes by it.
  share(from, to) {
    const begin = this.#scale.y(from), end = this.#scale.y(to);
    const here = this.t === null ? Infinity : this.#y;
    return end > begin ? (here - begin) / (end - begin) : here >= begin ? 1 : 0;
  }

  toggle() { if (this.playing) this.stop(); else this.play(); }

  play() {
    if (this.#times.length === 0) return;
    if (this.t === null || this.t >= this.#times.at(-1)) this.#y = this.#scale.y(this.#times[0]) - 10;
    this.#last = performance.now();
    const tick = (now) => {
      this.#y += (pace * this.speed * Math.min(200, now - this.#last)) / 1000;
      this.#last = now;
      const end = this.#scale.y(this.#times.at(-1));
      this.t = this.#scale.t(this.#y);
      if (this.#y >= end) {
        this.stop();
        this.end();
        return;
      }
      this.show();
      this.#frame = requestAnimationFrame(tick);
    };
    this.#frame = requestAnimationFrame(tick);
    this.show();
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.show();
  }

  end() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.t = null;
    this.show();
  }

  // seek goes to a time.
  seek(t) {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.t = t;
    this.#y = this.#scale.y(t);
    this.show();
  }

  // step goes to the next event, or the one before.
  step(by) {
    if (this.#times.length === 0) return;
    if (this.playing) this.stop();
    const last = this.#times.length - 1;
    let i;
    if (this.t === null) i = by > 0 ? 0 : last;
    else if (by > 0) i = this.#times.findIndex((t) => t > this.t);
    else i = this.#times.findLastIndex((t) => t < this.t);
    if (i < 0) {
      if (by > 0) this.end();
      return;
    }
    this.seek(this.#times[i]);
  }
}
