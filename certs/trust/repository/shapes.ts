import { z } from "zod";

import { parseInstant, renderInstant } from "../../../schemas/index.ts";
import type { EpochMs } from "../../../schemas/ground/index.ts";
import { keyShape } from "./key.ts";
import { repositoryLimits } from "./limits.ts";

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const version = z.int().min(1).max(repositoryLimits.version);

/** A moment as metadata spells it: to the second, in UTC. Fractions are cut off, so that nothing lasts longer than was said. */
export function renderExpiry(at: EpochMs): string {
  return renderInstant(at - (((at % 1000) + 1000) % 1000)).replace(".000Z", "Z");
}

const expires = z
  .string()
  .length(20)
  .transform((text, context): EpochMs => {
    const at = parseInstant(text);
    if (at !== undefined && renderExpiry(at) === text) return at;
    context.addIssue("a moment to the second in UTC, such as 2026-03-09T14:05:00Z");
    return z.NEVER;
  });

const fileMeta = z.strictObject({
  length: z.int().min(1).max(repositoryLimits.registerBytes),
  hashes: z.strictObject({ sha256: digest }),
});
const metadataMeta = fileMeta.extend({ version });

const signers = {
  keyids: z.array(digest).min(1).max(repositoryLimits.keys),
  threshold: z.int().min(1).max(repositoryLimits.keys),
};

/** One key is one vote, and there are as many as must sign. */
function canBeReached({ keyids, threshold }: { keyids: string[]; threshold: number }): boolean {
  const different = new Set(keyids).size;
  return different === keyids.length && threshold <= different;
}

const unreachable = "a role has as many different keys as its threshold asks for, or more";
const role = z.strictObject(signers).refine(canBeReached, unreachable);

const keys = z.record(digest, keyShape);
const common = { spec_version: z.string().regex(/^1\.0\.\d{1,3}$/), version, expires };

const delegation = z
  .strictObject({
    name: z.string().regex(/^[a-z]{2,10}$/),
    ...signers,
    paths: z.array(z.string().max(20)).length(1),
    terminating: z.literal(true),
  })
  .refine(
    ({ name }) => !["root", "targets", "snapshot", "timestamp", "region"].includes(name),
    "the name is one of the repository's own",
  )
  .refine(
    ({ name, paths }) => paths[0] === `${name}/*`,
    "an authority is delegated its own folder and no other",
  )
  .refine(canBeReached, unreachable);

/** What each kind of metadata holds (TUF §4), as a closed profile: what is not named here is refused. */
export const metadataShapes = {
  root: z.strictObject({
    _type: z.literal("root"),
    ...common,
    consistent_snapshot: z.literal(true),
    keys,
    roles: z.strictObject({ root: role, timestamp: role, snapshot: role, targets: role }),
  }),
  timestamp: z.strictObject({
    _type: z.literal("timestamp"),
    ...common,
    meta: z.strictObject({ "snapshot.json": metadataMeta }),
  }),
  snapshot: z.strictObject({
    _type: z.literal("snapshot"),
    ...common,
    meta: z.record(z.string().regex(/^[a-z]{2,10}\.json$/), metadataMeta),
  }),
  targets: z.strictObject({
    _type: z.literal("targets"),
    ...common,
    targets: z.strictObject({ "region.bin": fileMeta }),
    delegations: z.strictObject({
      keys,
      roles: z.array(delegation).max(repositoryLimits.delegations),
    }),
  }),
  authority: z.strictObject({
    _type: z.literal("targets"),
    ...common,
    targets: z.record(z.string().max(20), fileMeta),
  }),
} as const;

/** What of a file is known from the metadata that names it. */
export type FileMeta = z.infer<typeof fileMeta>;
