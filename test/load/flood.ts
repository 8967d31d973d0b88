import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

import { makeKeyPair, makeSigner, makeSigningKey, type Signer } from "../../certs/keys/index.ts";
import { limits, outSubject } from "../../schemas/index.ts";
import { type Bytes, systemChance, utf8 } from "../../schemas/ground/index.ts";
import type { RawAgency } from "../kit/agency.ts";
import { forge } from "../kit/forge.ts";

/** How much of each kind one agency sends. */
export interface FloodPlan {
  /** Publications of the largest size, of no shape. */
  readonly large: number;
  /** Publications of ten bytes. */
  readonly tiny: number;
  /** Publications that are good but for their signature. */
  readonly badSignatures: number;
  /** Connections that say nothing: half of them end TLS and wait, half do not begin it. */
  readonly idle: number;
}

const flushEvery = 64;
/** Bad signatures that are made; more of them are these again. */
const signedApart = 500;

/** What became of a flood. */
export interface FloodTally {
  /** Publications that were written to a connection. */
  readonly sent: number;
  /** How often the hub closed the connection, and how often it refused the next. */
  readonly closed: number;
  readonly refused: number;
}

/** A flooding agency's way in: dialled again for as long as it takes, or until it gives up. */
interface Way {
  readonly dial: () => Promise<RawAgency>;
  readonly isOver: () => boolean;
  readonly onClosed: () => void;
  raw: RawAgency;
  sent: number;
  closed: number;
  refused: number;
}

/** Somebody who tries as often as he can without being a flood of handshakes. */
const redialMs = 250;

/** Dials until it is let in; false when it gives up. */
async function comeAgain(way: Way): Promise<boolean> {
  way.closed += 1;
  way.onClosed();
  while (!way.isOver()) {
    try {
      way.raw = await way.dial();
      return true;
    } catch {
      way.refused += 1;
      await new Promise((resolve) => setTimeout(resolve, redialMs));
    }
  }
  return false;
}

/** Sends a few; false when the connection was closed meanwhile. */
async function publishSome(way: Way, channel: string, some: readonly Bytes[]): Promise<boolean> {
  const { link } = way.raw;
  try {
    for (const bytes of some) link.publish(outSubject(channel), bytes);
    // of a connection that was closed nobody answers a flush
    const isUp = await Promise.race([
      link.flush().then(() => true),
      link.closed().then(() => false),
    ]);
    if (isUp) way.sent += some.length;
    return isUp;
  } catch {
    return false;
  }
}

async function publishAll(way: Way, channel: string, all: Iterable<Bytes>): Promise<void> {
  let some: Bytes[] = [];
  const send = async (): Promise<boolean> => {
    const isSent = await publishSome(way, channel, some);
    some = [];
    return (isSent || (await comeAgain(way))) && !way.isOver();
  };
  for (const bytes of way.isOver() ? [] : all) {
    some.push(bytes);
    if (some.length === flushEvery && !(await send())) return;
  }
  if (some.length > 0) await send();
}

function* copies(count: number, make: (at: number) => Bytes): Generator<Bytes> {
  for (let at = 0; at < count; at += 1) yield make(at);
}

/** Says that it signs with an agency's certificate, and has another key. */
function otherSigner(signer: string, thumbprint: Bytes): Signer {
  return makeSigner({ signer, key: makeSigningKey(makeKeyPair("P-256")), thumbprint });
}

/**
 * Sends all of it, one kind after the other, as fast as the server takes it. Whoever is shut out comes again as soon as he
 * is let in, and until `isOver`.
 */
export async function flood(
  plan: FloodPlan,
  {
    thumbprint,
    ...ways
  }: Pick<Way, "dial" | "isOver" | "onClosed"> & { readonly thumbprint: Bytes },
): Promise<FloodTally> {
  const way: Way = { ...ways, raw: await ways.dial(), sent: 0, closed: 0, refused: 0 };
  const { channel } = forge(way.raw.signer);
  const large = systemChance.bytes(limits.maxPublicationBytes);
  const wrong = otherSigner(way.raw.agency, thumbprint);
  // what was refused is judged anew when it comes again, so signing each would only keep the flooder busy
  const bad = [...copies(Math.min(plan.badSignatures, signedApart), () => forge(wrong).bytes)];
  const tiny = (at: number): Bytes => utf8(String(at).padStart(10, "0"));
  await publishAll(way, channel, copies(plan.large, () => large)); // prettier-ignore
  await publishAll(way, channel, copies(plan.tiny, tiny));
  await publishAll(way, channel, copies(plan.badSignatures, (at) => bad[at % bad.length] ?? large)); // prettier-ignore
  const { sent, closed, refused } = way;
  await way.raw.close();
  return { sent, closed, refused };
}

/** Connections that say nothing, all opened; `close` ends them. */
export interface IdleCrowd {
  readonly opened: number;
  close(): void;
}

/** Opens so many connections to a port and says nothing on any. */
export async function crowd(
  { port, ca }: { readonly port: number; readonly ca?: string },
  count: number,
): Promise<IdleCrowd> {
  const sockets: Socket[] = [];
  const open = async (at: number): Promise<void> => {
    const socket =
      ca !== undefined && at % 2 === 0
        ? connectTls({ host: "127.0.0.1", port, ca, checkServerIdentity: () => undefined })
        : connectTcp({ host: "127.0.0.1", port });
    socket.on("error", () => undefined);
    sockets.push(socket);
    await new Promise<void>((resolve) => {
      socket.once(ca !== undefined && at % 2 === 0 ? "secureConnect" : "connect", () => resolve());
      socket.once("close", () => resolve());
    });
  };
  for (let at = 0; at < count; at += flushEvery) {
    await Promise.all(Array.from({ length: Math.min(flushEvery, count - at) }, (_, n) => open(at + n))); // prettier-ignore
  }
  return {
    opened: sockets.length,
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
