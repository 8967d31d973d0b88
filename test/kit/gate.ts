import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A way to a port of this machine that can be closed: nothing passes then, and nobody is told, as when a cable is pulled out. */
export interface Gate {
  hold(): void;
  /** What was held goes on. */
  release(): void;
  stop(): Promise<void>;
}

interface Passage {
  readonly near: Socket;
  readonly far: Socket;
}

/** Each side hears of the other's end, unless the way is held. */
function join({ near, far }: Passage, isHeld: () => boolean): void {
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    from.setNoDelay(true);
    from.on("data", (chunk: Buffer) => {
      if (!to.destroyed && !to.write(chunk)) from.pause();
    });
    to.on("drain", () => {
      if (!isHeld()) from.resume();
    });
    from.on("error", () => undefined);
    from.on("close", () => {
      if (!isHeld()) to.destroy();
    });
  }
}

/** Opens a gate on one port of this machine before another. */
export async function openGate(port: number, toPort: number): Promise<Gate> {
  const passages = new Set<Passage>();
  let isHeld = false;
  const server = createServer((near) => {
    const far = connect(toPort, "127.0.0.1");
    const passage = { near, far };
    passages.add(passage);
    join(passage, () => isHeld);
    if (isHeld) for (const socket of [near, far]) socket.pause();
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const release = (): void => {
    isHeld = false;
    for (const passage of passages) {
      const { near, far } = passage;
      if (near.destroyed || far.destroyed) {
        for (const socket of [near, far]) socket.destroy();
        passages.delete(passage);
      } else for (const socket of [near, far]) socket.resume();
    }
  };
  return {
    hold: () => {
      isHeld = true;
      for (const { near, far } of passages) for (const socket of [near, far]) socket.pause();
    },
    release,
    stop: async () => {
      isHeld = false;
      const closed = once(server, "close");
      server.close();
      for (const { near, far } of passages) for (const socket of [near, far]) socket.destroy();
      await closed;
    },
  };
}
