import { readFileSync } from "node:fs";

import type { NatsConnection } from "nats";
import { expect } from "vitest";

import {
  leafHash,
  type VerifierKey,
  verifyCheckpoint,
  verifyInclusion,
} from "../../certs/log/index.ts";
import {
  commitToAct,
  commitToMessage,
  decodeLogAnswer,
  encodeLogLeafQuestion,
  type LogAnswer,
  type logActs,
  type LogLeaf,
  makeLogSalt,
  outLogSubject,
  parseLogLeaf,
  type Receipt,
} from "../../schemas/index.ts";
import { type Bytes, sameBytes, sha256, utf8 } from "../../schemas/ground/index.ts";
import type { MadePublication } from "./hub-messages.ts";

/** An agency's connection, and the key that the hub's log is verified by. */
export interface LogReader {
  readonly link: NatsConnection;
  readonly key: VerifierKey;
}

/** Asks the hub of its log, as a gateway does. */
export async function askLog(
  { link }: LogReader,
  act: (typeof logActs)[number],
  question: Bytes = new Uint8Array(),
): Promise<LogAnswer> {
  return decodeLogAnswer((await link.request(outLogSubject(act), question)).data);
}

/** Every leaf of the log. */
export async function readLeaves(reader: LogReader): Promise<readonly LogLeaf[]> {
  const { checkpoint } = await askLog(reader, "checkpoint");
  const { size } = verifyCheckpoint(checkpoint!, reader.key).checkpoint;
  const asked = Array.from({ length: size }, async (_, index) =>
    parseLogLeaf((await askLog(reader, "prove", encodeLogLeafQuestion({ index }))).leaf!),
  );
  return Promise.all(asked);
}

/** That the hub proves what its receipt says: the leaf stands in the log, and binds this message. */
export async function expectEntered(
  reader: LogReader,
  { accepted: [line], checkpoint: note }: Receipt,
  { message, envelope, channel }: MadePublication,
): Promise<void> {
  const { root, size } = verifyCheckpoint(note!, reader.key).checkpoint;
  const { stream, instance, streamSequence: sequence, logIndex } = line!;
  const question = encodeLogLeafQuestion({ stream, instance, sequence, size });
  const answer = await askLog(reader, "prove", question);
  const index = logIndex!;
  verifyInclusion({ index, size, leafHash: leafHash(answer.leaf!), proof: answer.hashes, root });
  const { commitment, ...leaf } = parseLogLeaf(answer.leaf!);
  const { originator: origin, recs } = envelope;
  expect(leaf).toMatchObject({ kind: "FEED", rec: recs[0], origin, stream, instance, sequence });
  const envelopeDigest = sha256(message.envelope);
  const bound = { id: envelope.id, envelopeDigest, channel };
  const expected = commitToMessage(makeLogSalt(message.envelope), bound);
  expect(sameBytes(commitment!, expected)).toBe(true);
}

/** That acts of the hub stand in the log, each by the digest of its line in the hub's record. */
export async function expectActs(reader: LogReader, file: string, event: string): Promise<void> {
  const acts = (await readLeaves(reader)).filter(
    ({ kind, origin }) => kind === "ACT" && origin === undefined,
  );
  expect(acts.map(({ act }) => act)).toContain(event);
  const lines = readFileSync(file, "utf8").split("\n");
  for (const { sequence, commitment } of acts) {
    const line = lines[sequence - 1]!;
    const { salt } = (JSON.parse(line) as { fields: { salt: string } }).fields;
    expect(sameBytes(commitment!, commitToAct(Buffer.from(salt, "hex"), utf8(line)))).toBe(true);
  }
}
