import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A relay in front of a server that keeps every byte that goes over it, both ways. */
export interface Capture {
  readonly port: number;
  bytes(): Buffer;
  stop(): Promise<void>;
}

/** Starts a relay to a port of this machine. */
export async function startCapture(toPort: number): Promise<Capture> {
  const chunks: Buffer[] = [];
  const sockets = new Set<Socket>();
  const pass = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on("data", (chunk: Buffer) => void chunks.push(chunk));
    from.on("error", () => void to.destroy());
    from.pipe(to);
  };
  const server = createServer((near) => {
    const far = connect(toPort, "127.0.0.1");
    pass(near, far);
    pass(far, near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return {
    port: address.port,
    bytes: () => Buffer.concat(chunks),
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
