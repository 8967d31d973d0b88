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

async function publishAll(
  { link }: RawAgency,
  channel: string,
  all: Iterable<Bytes>,
): Promise<void> {
  let sent = 0;
  for (const bytes of all) {
    link.publish(outSubject(channel), bytes);
    sent += 1;
    if (sent % flushEvery === 0) await link.flush();
  }
  await link.flush();
}

function* copies(count: number, make: (at: number) => Bytes): Generator<Bytes> {
  for (let at = 0; at < count; at += 1) yield make(at);
}

/** Says that it signs with an agency's certificate, and has another key. */
function otherSigner(signer: string, thumbprint: Bytes): Signer {
  return makeSigner({ signer, key: makeSigningKey(makeKeyPair("P-256")), thumbprint });
}

/** Sends all of it, one kind after the other, as fast as the server takes it. */
export async function flood(raw: RawAgency, thumbprint: Bytes, plan: FloodPlan): Promise<void> {
  const { channel } = forge(raw.signer);
  const large = systemChance.bytes(limits.maxPublicationBytes);
  const wrong = otherSigner(raw.agency, thumbprint);
  // what was refused is judged anew when it comes again, so signing each would only keep the flooder busy
  const bad = [...copies(Math.min(plan.badSignatures, signedApart), () => forge(wrong).bytes)];
  await publishAll(
    raw,
    channel,
    copies(plan.large, () => large),
  );
  await publishAll(
    raw,
    channel,
    copies(plan.tiny, (at) => utf8(String(at).padStart(10, "0"))),
  );
  await publishAll(
    raw,
    channel,
    copies(plan.badSignatures, (at) => bad[at % bad.length] ?? large),
  );
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
