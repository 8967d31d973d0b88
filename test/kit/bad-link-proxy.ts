import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** What a way does with what is put on it. Held: nothing passes and nobody is told, as when a cable is pulled out. */
export type Way = "open" | "held";

/** What a line is like; the moment's values count for what is put on it from then on. */
export interface Nature {
  /** Milliseconds that everything takes one way. */
  delayMs: number;
  /** From whoever dials. */
  up: Way;
  down: Way;
}

/** A TCP relay in front of a server, with a delay, that can be hurt. */
export interface BadLinkProxy {
  readonly port: number;
  readonly nature: Nature;
  /** Connections taken so far. */
  readonly dials: () => number;
  /** Bytes put on each way so far. */
  readonly carried: { up: number; down: number };
  /**
   * Bytes that a wire which loses nothing would have carried for it, both ways: whole packets with their heads, and answers
   * to each second one or, to a single one, when nothing goes back soon. What chance loses and brings again is not in it.
   */
  readonly wouldWire: () => number;
  /** Ends what stands, with a reset. */
  cut(): void;
  stop(): Promise<void>;
}

/** Where a relay stands and whom it stands for. */
export interface ProxyPlace {
  readonly host?: string;
  readonly toPort: number;
  readonly delayMs?: number;
}

/** Passes on what comes, later and in order, and reads no faster than it may pass on. */
function relay(
  from: Socket,
  to: Socket,
  at: { way: () => Way; delayMs: () => number; note: (bytes: number) => void },
): void {
  const held: Buffer[] = [];
  const release = (): void => {
    while (at.way() === "open" && held.length > 0 && !to.destroyed) {
      const chunk = held.shift();
      if (chunk !== undefined && !to.write(chunk)) return void from.pause();
    }
    if (at.way() === "open" && !to.writableNeedDrain) from.resume();
  };
  const timer = setInterval(release, 20);
  to.on("drain", release);
  from.on("data", (chunk: Buffer) => {
    at.note(chunk.length);
    setTimeout(() => {
      held.push(chunk);
      release();
    }, at.delayMs());
    // nobody who is far away can have much on the way: a held way fills up as a real one does
    if (held.reduce((sum, one) => sum + one.length, 0) > 65_536) from.pause();
  });
  const end = (): void => {
    // the end of one side is not heard of on the other while the way is held
    const timed = setInterval(() => {
      if (at.way() !== "open" && !to.destroyed) return;
      clearInterval(timed);
      clearInterval(timer);
      setTimeout(() => to.destroy(), at.delayMs());
    }, 20);
  };
  from.on("close", end);
  from.on("error", () => undefined);
}

/** Ethernet, IPv4 and TCP with its times, and what fits behind them. */
const headBytes = 66;
const segmentBytes = 1_448;
/** A single packet is answered so late, unless something goes back meanwhile (RFC 1122, 4.2.3.2). */
const answerMs = 40;

/** Counts the packets of one connection, and their answers. */
function makePacketCount(): { note(way: "up" | "down", bytes: number): void; readonly packets: number } {
  const open = { up: 0, down: 0 };
  let [packets, at] = [0, 0];
  return {
    note: (way, bytes) => {
      const now = performance.now();
      const count = Math.ceil(bytes / segmentBytes);
      if (now - at > answerMs) {
        packets += open.up + open.down;
        Object.assign(open, { up: 0, down: 0 });
      }
      at = now;
      open[way === "up" ? "down" : "up"] = 0;
      open[way] += count;
      packets += count + Math.floor(open[way] / 2);
      open[way] %= 2;
    },
    get packets() {
      return packets;
    },
  };
} // prettier-ignore

/** Starts a relay to a port of this machine. */
export async function startBadLinkProxy({
  host = "127.0.0.1",
  toPort,
  delayMs = 0,
}: ProxyPlace): Promise<BadLinkProxy> {
  const nature: Nature = { delayMs, up: "open", down: "open" };
  const carried = { up: 0, down: 0 };
  const counts: ReturnType<typeof makePacketCount>[] = [];
  const sockets = new Set<Socket>();
  let dials = 0;
  const server = createServer((near) => {
    dials += 1;
    const far = connect(toPort, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("close", () => sockets.delete(socket));
    }
    const delay = (): number => nature.delayMs;
    const count = makePacketCount();
    counts.push(count);
    const note = (way: keyof typeof carried, bytes: number): void => {
      carried[way] += bytes;
      count.note(way, bytes);
    };
    relay(near, far, {
      way: () => nature.up,
      delayMs: delay,
      note: (bytes) => note("up", bytes),
    });
    relay(far, near, {
      way: () => nature.down,
      delayMs: delay,
      note: (bytes) => note("down", bytes),
    });
  });
  server.listen(0, host);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: address.port,
    nature,
    dials: () => dials,
    carried,
    wouldWire: () => {
      const packets = counts.reduce((sum, one) => sum + one.packets, 0);
      return carried.up + carried.down + packets * headBytes;
    },
    cut,
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      Object.assign(nature, { up: "open", down: "open", delayMs: 0 });
      cut();
      await closed;
    },
  };
}
