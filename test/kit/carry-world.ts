import { createHash } from "node:crypto";

import { renderFrame, renderFront } from "../../gateways/carry/frames.ts";
import { renderLength } from "../../gateways/carry/byte-reader.ts";
import {
  type Taken,
  takeFile,
  type TakeParts,
  writeFile,
  type Written,
} from "../../gateways/carry/index.ts";
import { carryOriginator, sealPieces } from "../../gateways/carry/pieces.ts";
import { headType } from "../../gateways/carry/read-file.ts";
import { sealBody, sealRecipients } from "../../gateways/crypto/index.ts";
import { makeTakePublications, makeTakeReceipts } from "../../gateways/exchange/index.ts";
import {
  type CarryEnd,
  type CarryHead,
  type CarryRecord,
  encodeCarryEnd,
  encodeCarryHead,
  encodeCarryRecord,
} from "../../schemas/index.ts";
import { type Bytes, concatBytes, renderHex, renderUuid } from "../../schemas/ground/index.ts";
import { believesAll } from "./believes-all.ts";
import { type MadeOffice, makeOffice } from "./gateway-office.ts";
import type { GatewayWorld } from "./gateway-world.ts";

/** What takes in at an office: the real takers, and a register that only tests change. */
export function makeParts(office: MadeOffice): TakeParts {
  const refreshRegister = (): Promise<boolean> => Promise.resolve(false);
  return {
    takePublications: makeTakePublications(office, { refreshRegister, held: () => undefined }),
    takeReceipts: makeTakeReceipts(office, {
      wake: () => undefined,
      postpone: () => undefined,
      sawEpoch: () => undefined,
      refreshRegister,
    }),
    tryRegister: () => Promise.resolve(office.register()),
    offerRegister: () => Promise.resolve(false),
  };
}

/** Bytes as they come from a disk: in pieces of a size that fits nothing. */
export async function* inPieces(bytes: Bytes, size = 10_007): AsyncGenerator<Bytes> {
  await Promise.resolve();
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** All of it as one. */
export async function collect(source: AsyncIterable<Bytes>): Promise<Bytes> {
  const pieces: Bytes[] = [];
  for await (const piece of source) pieces.push(piece);
  return concatBytes(...pieces);
}

/** A file that an office writes for another agency, and what it says of it. */
export async function carry(
  office: MadeOffice,
  world: GatewayWorld,
  to: string,
): Promise<{ readonly file: Bytes; readonly written: Written }> {
  const writing = await writeFile(office, { to, register: world.register });
  return { file: await collect(writing.bytes), written: writing.written };
}

/** Brings a file to an office. */
export async function bring(office: MadeOffice, file: Bytes): Promise<Taken> {
  return await takeFile(office, makeParts(office), { open: () => inPieces(file) });
}

/** All that an office holds of others, and what it knows of its own, in words that can be compared. */
export function dump(office: MadeOffice): unknown {
  const { messages, chains, ladder, carried } = office.store;
  const all = [...messages.list({ box: "in", limit: 10_000 })].toSorted((a, b) =>
    renderUuid(a.id) < renderUuid(b.id) ? -1 : 1,
  );
  return {
    inbox: all.map(({ seq, id, state, type, originator }) => {
      const { digest = new Uint8Array(), raw = new Uint8Array() } = messages.get(seq) ?? {};
      const marks = carried.of(digest).map(({ agency }) => agency);
      const shown = state === "VERIFIED" ? renderUuid(id) : "quarantined";
      return {
        shown,
        state,
        type,
        originator,
        digest: renderHex(digest),
        bytes: raw.length,
        marks,
      };
    }),
    chains: chains
      .changedSince(0)
      .map(({ seq: _seq, digest, ...chain }) => ({ ...chain, digest: renderHex(digest) }))
      .toSorted((a, b) =>
        `${a.originator} ${a.channel}` < `${b.originator} ${b.channel}` ? -1 : 1,
      ),
    outbox: messages.list({ box: "out", limit: 10_000 }).map(({ seq, id, state }) => ({
      id: renderUuid(id),
      state,
      rungs: ladder.rungs(seq).map(({ kind, issuer, channel }) => `${kind} ${issuer} ${channel}`),
    })),
  };
}

/** What may be wrong with a file that somebody makes who holds an agency's keys, or says he does. */
export interface Forgery {
  /** In order; the end is made of them unless `end` says another. */
  readonly records: readonly CarryRecord[];
  readonly head?: Partial<CarryHead>;
  readonly end?: Partial<CarryEnd>;
  readonly signer?: string;
  /** Behind the end, before it is cut into pieces. */
  readonly behind?: Bytes;
  /** In place of the end. */
  readonly noEnd?: true;
}

async function* one(bytes: Bytes): AsyncGenerator<Bytes> {
  await Promise.resolve();
  yield bytes;
}

function frame(record: CarryRecord): Bytes {
  const bytes = encodeCarryRecord(record);
  return concatBytes(renderLength(bytes.length), bytes);
}

/** A file as a writer of ill will makes it, every seal in order. */
export async function forge(
  world: GatewayWorld,
  { writer, to }: { readonly writer: string; readonly to: string },
  { records, head, end, signer = writer, behind = new Uint8Array(), noEnd }: Forgery,
): Promise<Bytes> {
  const fileId = Buffer.alloc(16, 7);
  const key = Buffer.alloc(32, 9);
  const writtenAt = world.now;
  const place = { register: world.view, now: world.now, believes: believesAll };
  const recipients = sealRecipients(place, [to]);
  const parts = encodeCarryHead({ version: 1, writer, reader: to, writtenAt, key, ...head });
  const binding = { originator: carryOriginator, id: fileId, type: headType };
  const sealedHead = await sealBody({ ...binding, parts, recipients });
  const framed = concatBytes(...records.map(frame));
  const count = (name: keyof CarryRecord): number =>
    records.filter((record) => record[name] !== undefined).length;
  const said = encodeCarryEnd({
    version: 1,
    fileId,
    writer,
    reader: to,
    writtenAt,
    registerFiles: count("registerFile"),
    receipts: count("receipt"),
    publications: count("publication"),
    pieces: count("piece"),
    digest: createHash("sha256").update(framed).digest(),
    ...end,
  });
  const signature = world.agency(signer).signer.sign("atumpan-carry", said);
  const last = noEnd === true ? new Uint8Array() : frame({ end: { end: said, signature } });
  const content = one(concatBytes(framed, last, behind));
  const pieces: Bytes[] = [renderFront({ fileId, head: sealedHead })];
  for await (const sealed of sealPieces(content, { fileId, key }, "A256GCM")) {
    pieces.push(renderFrame(sealed));
  }
  return concatBytes(...pieces);
}

export { makeOffice, type MadeOffice };
