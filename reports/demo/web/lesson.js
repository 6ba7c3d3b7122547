// The script, its past, and the link that carries it.
export class Lesson {
  #past = [];
  #future = [];
  constructor() { this.name = "mine"; this.text = ""; this.changed = () => {}; }

  // set makes a text the present one. kept says that what was before can be
  // gone back to.
  set(name, text, kept = true) {
    if (name === this.name && text === this.text) return;
    if (kept) {
      this.#past.push({ name: this.name, text: this.text });
      if (this.#past.length > 500) this.#past.shift();
      this.#future = [];
    }
    this.name = name;
    this.text = text;
    this.changed();
  }

  get canUndo() { return this.#past.length > 0; }
  get canRedo() { return this.#future.length > 0; }
  undo() { return this.#go(this.#past, this.#future); }
  redo() { return this.#go(this.#future, this.#past); }

  #go(from, to) {
    const other = from.pop();
    if (!other) return false;
    to.push({ name: this.name, text: this.text });
    this.name = other.name;
    this.text = other.text;
    this.changed();
    return true;
  }

  forget() { this.#past = []; this.#future = []; }
}

const piped = (bytes, through) => new Response(new Blob([bytes]).stream().pipeThrough(through)).arrayBuffer();

// pack gives a script the form in which an address can carry it.
export async function pack(name, text) {
  const packed = new Uint8Array(await piped(new TextEncoder().encode(name + "\n" + text), new CompressionStream("deflate-raw")));
  let letters = "";
  for (const byte of packed) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// unpackLink reads what pack made; null if it is something else. A short text
// can unpack to gigabytes: nothing is read beyond what a script may be.
export async function unpackLink(packed) {
  try {
    const letters = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    const decoder = new TextDecoder();
    let all = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      all += decoder.decode(part.value, { stream: true });
      if (all.length > 200_000) return null;
    }
    const end = all.indexOf("\n");
    return end < 0 ? null : { name: all.slice(0, end), text: all.slice(end + 1) };
  } catch {
    return null;
  }
}
