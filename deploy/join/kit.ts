import { z } from "zod";

import { type Language, parseInstant, parseJsonText, renderInstant } from "../../schemas/index.ts";
import {
  type Bytes,
  type EpochMs,
  Fault,
  isFault,
  tryShape,
  utf8,
} from "../../schemas/ground/index.ts";

/** A hub as the newcomer will dial it. */
export interface KitHub {
  readonly hub: string;
  readonly urls: readonly string[];
}

/** What a join kit says of itself: `kit.json`, the one file that is signed and sealed. */
export interface Kit {
  readonly id: string;
  /** Whom it is for. */
  readonly agency: string;
  /** The agency of the register by whose key it is signed. */
  readonly madeBy: string;
  readonly madeAt: EpochMs;
  readonly endsAt: EpochMs;
  readonly language: Language;
  readonly hubs: readonly KitHub[];
  /** To whom the drill message goes. */
  readonly neighbour: string;
  /** SHA-256 of every file beside it, in hexadecimal. */
  readonly files: Readonly<Record<KitFile, string>>;
}

/** Files of a kit that its manifest names; each must be there, and nothing else is read. */
export const kitFiles = [
  "README.txt",
  "drill.json",
  "gateway.json",
  "hub-ca.pem",
  "register.bin",
  "root.json",
] as const;

/** One of them. */
export type KitFile = (typeof kitFiles)[number];

const languages = ["en", "fr", "pt", "ar", "es", "sw"] as const;
/** Bytes of the manifest at most. */
export const maxManifestBytes = 32 * 1024;

const agency = z.string().regex(/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const instant = z.string().transform((text, context) => {
  const at = parseInstant(text);
  if (at !== undefined) return at;
  context.addIssue({ code: "custom", message: "is no time" });
  return z.NEVER;
});
const hub = z.strictObject({
  hub: agency,
  urls: z.array(z.string().min(1).max(400)).min(1).max(16),
});
const shape = z.strictObject({
  kit: z.literal(1),
  id: z.uuid(),
  agency,
  madeBy: agency,
  madeAt: instant,
  endsAt: instant,
  language: z.enum(languages),
  hubs: z.array(hub).min(1).max(16),
  neighbour: agency,
  files: z.strictObject({
    "README.txt": digest,
    "drill.json": digest,
    "gateway.json": digest,
    "hub-ca.pem": digest,
    "register.bin": digest,
    "root.json": digest,
  }),
});

/** Writes a manifest; its bytes are what is signed and sealed. */
export function renderKit({ id, agency: whose, madeBy, madeAt, endsAt, ...rest }: Kit): Bytes {
  const times = { madeAt: renderInstant(madeAt), endsAt: renderInstant(endsAt) };
  return utf8(`${JSON.stringify({ kit: 1, id, agency: whose, madeBy, ...times, ...rest }, undefined, 2)}\n`);
} // prettier-ignore

/** Reads a manifest; nothing of it is believed yet. @throws {Fault} KIT_INVALID */
export function parseKit(bytes: Bytes): Kit {
  try {
    const json = parseJsonText(Buffer.from(bytes).toString("utf8"), maxManifestBytes);
    const read = tryShape(shape, json);
    if (read.success) {
      const { kit: _, ...kit } = read.data;
      return kit;
    }
  } catch (cause) {
    if (!isFault(cause)) throw cause;
    throw new Fault("KIT_INVALID", "kit.json is no JSON of ours", { cause });
  }
  throw new Fault("KIT_INVALID", "kit.json does not say what a kit says");
}
