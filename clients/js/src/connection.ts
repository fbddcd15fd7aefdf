import { read, type Envelope } from './envelope.js';

/** The hub, or whatever stood for it, has ended the connection. */
export class Closed extends Error {
  /** The WebSocket's close code. */
  readonly code: number;

  constructor(code: number) {
    super(`closed with ${code}`);
    this.code = code;
  }
}

/** A WebSocket whose envelopes are taken one by one. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #received: Envelope[] = [];
  #end: Closed | undefined;
  #wake: () => void = () => {};

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const envelope = read(data);
      if (envelope) this.#received.push(envelope);
      this.#wake();
    };
    socket.onclose = ({ code }) => this.#finish(code);
  }

  /**
   * The next envelope.
   * @throws {Closed} when there is none any more.
   */
  async next(): Promise<Envelope> {
    for (;;) {
      const envelope = this.#received.shift();
      if (envelope) return envelope;
      if (this.#end) throw this.#end;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  send(envelope: Envelope): void {
    this.#socket.send(JSON.stringify(envelope));
  }

  /** Ends it at once, whether or not the other side takes notice. What came and was not taken is lost. */
  close(): void {
    this.#socket.close();
    this.#socket.onmessage = null;
    this.#received.length = 0;
    this.#finish(1000);
  }

  #finish(code: number): void {
    this.#end ??= new Closed(code);
    this.#wake();
  }
}
