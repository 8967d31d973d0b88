import type { Server as PlainServer } from "node:http";
import type { Server as SecureServer } from "node:https";
import type { Socket } from "node:net";

/** One connection, and how many of its requests are being answered. */
interface Guest {
  readonly socket: Socket;
  busy: number;
}

function keyOf({ remoteAddress = "", remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function findIdle(guests: ReadonlyMap<string, Guest>): Guest | undefined {
  for (const guest of guests.values()) if (guest.busy === 0) return guest;
  return undefined;
}

/**
 * Keeps a server's connections to `max`: one more than that takes the place of the oldest on which no request is being answered,
 * whether it says nothing or says it slowly. Who opens thousands thus shuts out himself; whoever asks at once is answered. Only
 * where every place is answering something is the new one cut.
 */
export function keepCrowd(server: PlainServer | SecureServer, max: number): void {
  const guests = new Map<string, Guest>();
  server.on("connection", (socket: Socket) => {
    const key = keyOf(socket);
    guests.set(key, { socket, busy: 0 });
    socket.once("close", () => void guests.delete(key));
    if (guests.size <= max) return;
    const leaving = findIdle(guests) ?? { socket };
    guests.delete(keyOf(leaving.socket));
    leaving.socket.destroy();
  });
  server.on("request", (request, response) => {
    // of TLS this is another socket over the same connection: both ends have the same names
    const guest = guests.get(keyOf(request.socket));
    if (guest === undefined) return;
    guest.busy += 1;
    response.once("close", () => {
      guest.busy -= 1;
      // it asked: it is the youngest again
      const key = keyOf(guest.socket);
      if (guests.delete(key)) guests.set(key, guest);
    });
  });
}
