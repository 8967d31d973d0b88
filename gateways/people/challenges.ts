import { createHmac } from "node:crypto";

import {
  type Bytes,
  type Chance,
  type Clock,
  concatBytes,
  isFault,
  parseBase64url,
  renderBase64url,
  sameBytes,
  utf8,
} from "../../schemas/ground/index.ts";

/** What is asked to be signed, and by whom it may be answered. */
export interface Asked {
  readonly kind: "ENROL" | "ADD" | "SIGN_IN" | "PROVE";
  /** The person or session it is for; empty where nobody is known yet. */
  readonly subject: string;
}

/**
 * Challenges that nothing has to be remembered for until one is answered well: whoever asks for many of them takes
 * nobody's room. Each is good for five minutes, for what it was asked for, and once.
 */
export interface Challenges {
  make(asked: Asked): string;
  /** Whether this was asked by us, for this, lately, and not answered yet. */
  isOpen(challenge: string, asked: Asked): boolean;
  /** Called when the answer was proved. Whether it was the first. */
  close(challenge: string): boolean;
}

const lifeMs = 5 * 60_000;
const nonceBytes = 16;
const timeBytes = 6;
const macBytes = 32;
const maxText = 100;

function parse(challenge: string): Bytes | undefined {
  if (challenge.length > maxText) return undefined;
  try {
    const bytes = parseBase64url(challenge);
    return bytes.length === nonceBytes + timeBytes + macBytes ? bytes : undefined;
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/** Builds challenges under a key of this process: a restart voids all of them. */
export function makeChallenges(chance: Chance, clock: Clock): Challenges {
  const key = chance.bytes(macBytes);
  const answered = new Map<string, number>();
  const mac = (head: Bytes, { kind, subject }: Asked): Bytes =>
    createHmac("sha256", key)
      .update(concatBytes(utf8(`${kind} ${subject} `), head))
      .digest();
  return {
    make: (asked) => {
      const head = Buffer.alloc(nonceBytes + timeBytes);
      head.set(chance.bytes(nonceBytes));
      head.writeUIntBE(Math.floor(clock.elapsed()) + lifeMs, nonceBytes, timeBytes);
      return renderBase64url(concatBytes(head, mac(head, asked)));
    },
    isOpen: (challenge, asked) => {
      const bytes = parse(challenge);
      if (bytes === undefined || answered.has(challenge)) return false;
      const head = Buffer.from(bytes.subarray(0, nonceBytes + timeBytes));
      if (!sameBytes(mac(head, asked), bytes.subarray(head.length))) return false;
      return clock.elapsed() < head.readUIntBE(nonceBytes, timeBytes);
    },
    close: (challenge) => {
      const now = clock.elapsed();
      for (const [old, until] of answered) if (until <= now) answered.delete(old);
      if (answered.has(challenge)) return false;
      answered.set(challenge, now + lifeMs);
      return true;
    },
  };
}
