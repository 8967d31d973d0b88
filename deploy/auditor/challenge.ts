import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { z } from "zod";

import { type Challenge, findEntries, type FoundEntry } from "../../certs/auditor/index.ts";
import { type Desk, exitCodes } from "../../gateways/cli/index.ts";
import { Fault, parseUtf8, parseUuid, tryShape } from "../../schemas/ground/index.ts";
import { openFolderMirror } from "./folder-mirror.ts";
import { readNamedFile } from "./trust.ts";

/** What is asked, and of which mirror. */
export interface ChallengeOptions {
  readonly mirror: string;
  readonly id?: string;
  readonly digest?: string;
  readonly salt?: string;
  readonly channel?: string;
  readonly out?: string;
}

const shape = z.object({
  id: z.uuid(),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  channel: z.string().min(1).max(255),
});
const maxFileBytes = 64 * 1024;

function readJson(path: string): unknown {
  const bytes = readNamedFile(path);
  if (bytes.length > maxFileBytes) throw new Fault("USAGE_INVALID", `${path} has more than ${maxFileBytes} bytes`);
  try {
    return JSON.parse(parseUtf8(bytes));
  } catch (cause) {
    throw new Fault("USAGE_INVALID", `${path} is not JSON`, { cause });
  }
} // prettier-ignore

/**
 * Reads what is asked, from a file or from the options.
 *
 * @throws {Fault} USAGE_INVALID, ID_INVALID
 */
export function parseChallenge(asked: unknown): Challenge {
  const read = tryShape(shape, asked);
  if (!read.success) {
    throw new Fault("USAGE_INVALID", "a question has id (UUID), digest (64 hex digits), salt (32) and channel");
  }
  const { id, digest, salt, channel } = read.data;
  const [envelopeDigest, saltBytes] = [Buffer.from(digest, "hex"), Buffer.from(salt, "hex")];
  return { id: parseUuid(id), envelopeDigest, salt: saltBytes, channel };
} // prettier-ignore

function renderFound({ index, time, stream, sequence }: FoundEntry): string {
  // oxlint-disable-next-line no-restricted-globals -- calendar arithmetic; no clock is read
  const since = new Date(time).toISOString();
  return `yes: entry ${index}, taken ${since} as number ${sequence} of ${stream}`;
}

/**
 * Says whether a message stands in the log that was followed, since when, and proves it.
 *
 * @returns 5 when it does not
 * @throws {Fault} USAGE_INVALID, LOG_*, INTEGRITY_STORE
 */
export function runChallenge(desk: Desk, file: string | undefined, options: ChallengeOptions): number {
  const { cwd } = desk.world;
  const { mirror: dir, out, ...named } = options;
  const challenge = parseChallenge(file === undefined ? named : readJson(resolve(cwd, file)));
  const mirror = openFolderMirror(resolve(cwd, dir));
  if (mirror.held === undefined) throw new Fault("USAGE_INVALID", `${dir} is no mirror: atumpan log follow`);
  const { size } = mirror.held;
  const found = findEntries(mirror, challenge);
  const items = found.map(({ index, time, stream, sequence }) => ({ index, time, stream, sequence }));
  const [first] = found;
  if (first === undefined) {
    desk.result({ size, items }, `no: none of ${size} entries is this message`);
    return exitCodes.notFound;
  }
  if (out !== undefined) writeFileSync(resolve(cwd, out), first.proof);
  desk.result({ size, items }, found.map(renderFound).join("\n"));
  return exitCodes.ok;
} // prettier-ignore
