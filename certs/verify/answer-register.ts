import { z } from "zod";

import { renderInstant } from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault, renderBase64url } from "../../schemas/ground/index.ts";
import {
  type Anchors,
  type PartFlaw,
  type ProvenRegister,
  verifyRegister,
} from "../trust/index.ts";
import { type Answer, refusalOf } from "./answer.ts";
import { base64, moment } from "./fields.ts";
import { readShape } from "./read-shape.ts";

/** The answer about a register: whether it is proved and in date, and what it holds when it is proved. */
export interface RegisterAnswer extends Answer {
  readonly epoch?: number;
  /** Version of the newest root that it was proved by. */
  readonly root?: number;
  readonly expiresAt?: string;
  /** SHA-256 of what the snapshot says, base64url: two registers of one epoch are the same exactly when these are. */
  readonly digest?: string;
  readonly authorities?: readonly string[];
  /** How many agencies it knows. */
  readonly agencies?: number;
  readonly hubs?: readonly string[];
  /** Parts that their own authority spoilt; read as they were before, or not at all. */
  readonly flaws?: readonly PartFlaw[];
}

/** By what a register is judged. */
export interface RegisterPlace {
  readonly anchors: Anchors;
  readonly at: EpochMs;
}

/**
 * Proves registers one after another, as a gateway that was given each in turn: none may be older than the one
 * before it.
 *
 * @returns the last
 * @throws {Fault} REGISTER_*
 */
export function verifyRegisters(registers: readonly Bytes[], anchors: Anchors): ProvenRegister {
  let held: ProvenRegister | undefined;
  for (const bytes of registers) held = verifyRegister(bytes, anchors, held);
  if (held === undefined) throw new Fault("REGISTER_INVALID", "there is no register");
  return held;
}

function renderRegister(view: ProvenRegister, at: EpochMs): RegisterAnswer {
  const { epoch, expiresAt, digest, numbers, agencies, hubs, trusted } = view;
  const { root, flaws } = trusted;
  const isStale = expiresAt <= at;
  return {
    ok: !isStale,
    ...(isStale ? { code: "REGISTER_STALE", detail: "its time is over; nothing can be judged by it" } : {}),
    epoch,
    root: root.version,
    expiresAt: renderInstant(expiresAt),
    digest: renderBase64url(digest),
    authorities: [...numbers.keys()].filter((name) => name !== "region"),
    agencies: agencies.length,
    hubs: hubs.map(({ hub }) => hub),
    ...(flaws.length === 0 ? {} : { flaws }),
  };
} // prettier-ignore

/** Judges registers as a gateway does when it starts, and says what the last one holds. Never throws. */
export function checkRegisterBytes(
  registers: readonly Bytes[],
  { anchors, at }: RegisterPlace,
): RegisterAnswer {
  try {
    return renderRegister(verifyRegisters(registers, anchors), at);
  } catch (error) {
    return refusalOf(error);
  }
}

const shape = z.strictObject({
  registers: z.array(base64).min(1).max(16),
  root: base64.optional(),
  at: moment.optional(),
});

/**
 * Makes what answers requests about registers, `{registers, root?, at?}`: by this trusted root and at this time
 * unless they say others.
 */
export function makeRegisterAnswerer(
  place: Partial<RegisterPlace> & Pick<RegisterPlace, "at">,
): (request: unknown) => RegisterAnswer {
  return (request) => {
    const { registers, root, at = place.at } = readShape(shape, request);
    const anchors = root === undefined ? place.anchors : { root };
    if (anchors === undefined) {
      throw new Fault("REQUEST_INVALID", "root: the trusted root (root.json) is missing");
    }
    return checkRegisterBytes(registers, { anchors, at });
  };
}
