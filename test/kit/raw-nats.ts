import { connect, type TLSSocket } from "node:tls";

import type { Bytes } from "../../schemas/ground/index.ts";

/** One message as it came over the wire. */
export interface RawMessage {
  readonly subject: string;
  readonly sid: string;
  readonly reply: string;
  /** The header block as it is, "" when there is none. */
  readonly headers: string;
  readonly payload: string;
}

/** Where and how a raw connection is opened. */
export interface RawOptions {
  readonly port: number;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** Fields of CONNECT beside, or in place of, the usual ones. */
  readonly connect?: Readonly<Record<string, unknown>>;
  /** How long the login may take. */
  readonly timeoutMs?: number;
}

/** What goes with a published message. */
export interface RawExtras {
  readonly reply?: string;
  /** The whole header block, its first line and the empty line at the end included; nothing is checked. */
  readonly headers?: string;
}

/**
 * A connection that speaks the protocol by hand: it sends what libraries refuse to send, and hides nothing of
 * what the server says.
 */
export interface RawNats {
  readonly info: Readonly<Record<string, unknown>>;
  readonly messages: readonly RawMessage[];
  /** What the server reproached, in order, without the `-ERR`. */
  readonly errors: readonly string[];
  readonly isClosed: boolean;
  readonly closed: Promise<unknown>;
  /** Any bytes at all. */
  write(text: string | Bytes): void;
  publish(subject: string, payload: string, extras?: RawExtras): void;
  /** Listens; returns its number. */
  subscribe(subject: string, queue?: string): string;
  unsubscribe(sid: string): void;
  /** Waits until the server has dealt with all that was written, or closed the connection. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

const usualTimeoutMs = 15_000;
const crlf = "\r\n";

function byteLength(text: string): number {
  return Buffer.byteLength(text, "utf8");
}

/** Cuts what arrived into lines and payloads. Everything is read as latin1: one octet, one character. */
class Reader {
  #held: Buffer = Buffer.alloc(0);
  readonly #onLine: (line: string, body: Buffer) => void;

  constructor(onLine: (line: string, body: Buffer) => void) {
    this.#onLine = onLine;
  }

  add(chunk: Buffer): void {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    let from = 0;
    for (;;) {
      const end = this.#held.indexOf(crlf, from);
      if (end < 0) break;
      const line = this.#held.toString("latin1", from, end);
      const size = /^H?MSG /.test(line) ? Number(line.slice(line.lastIndexOf(" ") + 1)) : -1;
      const after = end + 2 + (size < 0 ? 0 : size + 2);
      if (after > this.#held.length) break;
      this.#onLine(line, this.#held.subarray(end + 2, Math.max(end + 2, after - 2)));
      from = after;
    }
    this.#held = this.#held.subarray(from);
  }
}

function messageOf(line: string, body: Buffer): RawMessage {
  const [verb, subject = "", sid = "", ...rest] = line.split(" ");
  const sizes = verb === "HMSG" ? 2 : 1;
  const headerSize = verb === "HMSG" ? Number(rest.at(-2)) : 0;
  return {
    subject,
    sid,
    reply: rest.length > sizes ? (rest[0] ?? "") : "",
    headers: body.toString("latin1", 0, headerSize),
    payload: body.toString("latin1", headerSize),
  };
}

class Raw implements RawNats {
  info: Readonly<Record<string, unknown>> = {};
  readonly messages: RawMessage[] = [];
  readonly errors: string[] = [];
  readonly closed: Promise<unknown>;
  isClosed = false;
  readonly #socket: TLSSocket;
  readonly #pongs: PromiseWithResolvers<undefined>[] = [];
  #sids = 0;

  constructor(socket: TLSSocket) {
    this.#socket = socket;
    const reader = new Reader((line, body) => this.#take(line, body));
    socket.on("data", (chunk: Buffer) => reader.add(chunk));
    // what is wrong with the socket shows as its end
    socket.on("error", () => undefined);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.closed = promise;
    socket.once("close", () => {
      this.isClosed = true;
      for (const pong of this.#pongs.splice(0)) pong.resolve(undefined);
      resolve(undefined);
    });
  }

  #take(line: string, body: Buffer): void {
    const [verb = ""] = line.split(" ", 1);
    if (verb === "MSG" || verb === "HMSG") this.messages.push(messageOf(line, body));
    else if (verb === "PING") this.write(`PONG${crlf}`);
    else if (verb === "PONG") this.#pongs.shift()?.resolve(undefined);
    else if (verb === "INFO") this.info = JSON.parse(line.slice(5)) as Record<string, unknown>;
    else if (verb === "-ERR") this.errors.push(line.slice(6, -1));
  }

  write(text: string | Bytes): void {
    if (!this.isClosed) this.#socket.write(text);
  }

  publish(subject: string, payload: string, { reply, headers }: RawExtras = {}): void {
    const to = reply === undefined ? subject : `${subject} ${reply}`;
    const size = byteLength(payload);
    if (headers === undefined) return this.write(`PUB ${to} ${size}${crlf}${payload}${crlf}`);
    const above = byteLength(headers);
    const text = `HPUB ${to} ${above} ${above + size}${crlf}${headers}${payload}${crlf}`;
    return this.write(text);
  }

  subscribe(subject: string, queue = ""): string {
    this.#sids += 1;
    const sid = String(this.#sids);
    this.write(`SUB ${subject} ${queue === "" ? "" : `${queue} `}${sid}${crlf}`);
    return sid;
  }

  unsubscribe(sid: string): void {
    this.write(`UNSUB ${sid}${crlf}`);
  }

  async settle(): Promise<void> {
    if (this.isClosed) return;
    const pong = Promise.withResolvers<undefined>();
    this.#pongs.push(pong);
    this.write(`PING${crlf}`);
    await pong.promise;
  }

  async close(): Promise<void> {
    this.#socket.destroy();
    await this.closed;
  }
}

const usualConnect = {
  verbose: false,
  pedantic: false,
  tls_required: true,
  headers: true,
  no_responders: true,
  protocol: 1,
  lang: "raw",
  version: "1",
} as const;

/**
 * Opens a TLS connection, says CONNECT and waits until the server takes it. Every handshake is a full one.
 * Rejects with what the server said, or that it closed or was silent.
 */
export async function dialRaw(options: RawOptions): Promise<RawNats> {
  const { port, ca, cert, key, timeoutMs = usualTimeoutMs } = options;
  const checkServerIdentity = (): undefined => undefined;
  const socket = connect({ host: "127.0.0.1", port, ca, cert, key, checkServerIdentity });
  const raw = new Raw(socket);
  const timer = setTimeout(() => socket.destroy(new Error("silent")), timeoutMs);
  raw.write(`CONNECT ${JSON.stringify({ ...usualConnect, ...options.connect })}${crlf}`);
  await raw.settle();
  clearTimeout(timer);
  // a refused login is told and closed; the close may come a moment after the words
  if (!raw.isClosed && raw.errors.length === 0) return raw;
  await raw.close();
  throw new Error(raw.errors.join("; ") || "the connection was closed without a word");
}
