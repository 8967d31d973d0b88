import { z } from "zod";

import { parseJsonText } from "../../schemas/index.ts";
import {
  type Bytes,
  type EpochMs,
  Fault,
  parseUtf8,
  tryShape,
  utf8,
} from "../../schemas/ground/index.ts";
import {
  isLogOriginOf,
  parsePolicy,
  type QuorumPolicy,
  renderPolicy,
  type VerifierKey,
} from "../log/index.ts";
import type { RegisterView } from "../trust/index.ts"; // prettier-ignore

/** What whoever judges believes before he opens the file. */
export interface EvidenceTrust {
  /** Who says who is who; absent: the roots alone are believed. */
  readonly register?: RegisterView | undefined;
  /** Roots (DER) of a state or body; none: it is not known. */
  rootsOf(authority: string): readonly Bytes[];
  /** Keys of the log of this name that were in force at one of the moments. */
  logKeys(origin: string, moments: readonly EpochMs[]): readonly VerifierKey[];
  /** Whose cosignatures are enough at that moment. */
  policy(at: EpochMs): QuorumPolicy;
}

/** Believes a register that was proved. */
export function trustRegister(register: RegisterView): EvidenceTrust {
  return {
    register,
    rootsOf: (authority) => register.authority(authority)?.roots ?? [],
    logKeys: (origin, moments) => {
      const hubs = register.hubs.filter(({ hub }) => isLogOriginOf(hub, origin));
      const all = hubs.flatMap(({ hub }) => moments.flatMap((at) => register.logKeys(hub, at)));
      return [...new Set(all)];
    },
    policy: (at) => register.witnessPolicy(at),
  };
}

const format = "atumpan evidence roots 1";
const maxRootsBytes = 2_500_000;
const shape = z.strictObject({
  format: z.literal(format),
  authorities: z
    .array(
      z.strictObject({
        authority: z.string().regex(/^[a-z]{2,10}$/),
        roots: z.array(z.string().max(20_000).base64()).min(1).max(8),
      }),
    )
    .max(400),
  policy: z.string().max(262_144),
});

/**
 * What a register says of roots, logs and witnesses at a moment, as a short file for whoever judges evidence without
 * the register: keys of the logs and rule about witnesses are a policy file of C2SP.
 *
 * @throws {Fault} LOG_POLICY_INVALID
 */
export function renderRoots(register: RegisterView, at: EpochMs): Bytes {
  const names = [...register.numbers.keys()].filter((name) => name !== "region").toSorted();
  const authorities = names.flatMap((authority) => {
    const { roots = [] } = register.authority(authority) ?? {};
    const texts = roots.map((der) => Buffer.from(der).toString("base64"));
    return texts.length === 0 ? [] : [{ authority, roots: texts }];
  });
  const logs = register.hubs.flatMap(({ hub }) => register.logKeys(hub, at));
  const witnesses = register.witnessPolicy(at);
  const hasKeys = witnesses.witnesses.filter(({ keys }) => keys.length > 0);
  const policy = parseUtf8(renderPolicy({ logs, policy: { ...witnesses, witnesses: hasKeys } }));
  return utf8(`${JSON.stringify({ format, authorities, policy })}\n`);
}

function refuse(cause?: unknown): never {
  throw new Fault("EVIDENCE_INVALID", "the file of roots is not one", { cause });
}

/**
 * Reads a file of roots and believes it.
 *
 * @throws {Fault} EVIDENCE_INVALID, LOG_POLICY_INVALID
 */
export function parseRoots(file: Bytes): EvidenceTrust {
  let value: unknown;
  try {
    value = parseJsonText(parseUtf8(file), maxRootsBytes);
  } catch (cause) {
    return refuse(cause);
  }
  const found = tryShape(shape, value);
  if (!found.success) return refuse();
  const { authorities, policy: text } = found.data;
  const { logs, policy } = parsePolicy(utf8(text));
  const byName = new Map(
    authorities.map(({ authority, roots }) => [
      authority,
      roots.map((one): Bytes => Uint8Array.from(Buffer.from(one, "base64"))),
    ]),
  );
  return {
    rootsOf: (authority) => byName.get(authority) ?? [],
    logKeys: (origin) => logs.filter(({ name }) => name === origin),
    policy: () => policy,
  };
}
