// A world without network or time: sources that are told what to say, timers that are rung by hand.

export class World {
  sources = [];
  timers = new Map();
  message = { status: "streaming", parts: [] };
  asked = 0;
  random = () => 1;
  #count = 0;

  open = (address) => {
    const source = new Source(address);
    this.sources.push(source);
    return source;
  };

  ask = async () => {
    this.asked++;
    if (this.message instanceof Error) throw this.message;
    return this.message;
  };

  watchPage = (acts) => {
    this.page = acts;
    return () => {};
  };

  later = (act, milliseconds) => {
    this.timers.set(++this.#count, { act, milliseconds });
    return this.#count;
  };

  cancel = (timer) => this.timers.delete(timer);

  ring(milliseconds) {
    for (const [timer, { act, milliseconds: due }] of [...this.timers]) {
      if (due !== milliseconds) continue;
      this.timers.delete(timer);
      act();
    }
    return settled();
  }

  get waits() {
    return [...this.timers.values()].map(({ milliseconds }) => milliseconds);
  }

  get source() {
    return this.sources.at(-1);
  }
}

class Source extends EventTarget {
  readyState = 1;

  constructor(address) {
    super();
    this.address = address;
  }

  say(name, data, lastEventId) {
    this.dispatchEvent(Object.assign(new Event(name), { data: JSON.stringify(data), lastEventId }));
  }

  break(readyState) {
    this.readyState = readyState;
    this.dispatchEvent(new Event("error"));
    return settled();
  }

  close() {
    this.readyState = 2;
    this.isClosed = true;
  }
}

/** Everything that waited only for a promise has gone on. */
export const settled = () => new Promise((done) => setImmediate(done));
