import { scrypt } from "node:crypto";

import { type Bytes, type Clock, Fault, utf8 } from "../../schemas/ground/index.ts";

/** What one try of a passphrase costs (RFC 7914). */
export interface ScryptCost {
  readonly n: 32_768 | 65_536 | 131_072;
  readonly r: 8;
  readonly p: number;
}

const leastCharacters = 12;
const mostCharacters = 256;
const keyBytes = 32;
/** One try takes at least this long on the machine the passphrase was set on. */
const leastMs = 300;
/**
 * 64 MiB: an office computer with 2 GB spares that for a second, and whoever guesses with graphics cards needs it for each
 * guess at once. Two rounds are the least that is advised for it; an old processor takes two seconds for them.
 */
const memoryCost = { n: 65_536, r: 8 } as const;
const rounds = { least: 2, most: 8 } as const;
const maxMemoryBytes = 300 * 1024 * 1024;

/** One after another, in the whole process: forty gateways that open at once would want forty times the memory. */
let turn: Promise<unknown> = Promise.resolve();

function stretchNow(passphrase: Bytes, salt: Bytes, { n, r, p }: ScryptCost): Promise<Buffer> {
  const options = { N: n, r, p, maxmem: maxMemoryBytes };
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, keyBytes, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/**
 * The bytes of a passphrase, the same however a keyboard composes its letters.
 *
 * @throws {Fault} REQUEST_INVALID when it is shorter than 12 characters or longer than 256
 */
export function readPassphrase(text: string): Bytes {
  const { length } = text.length > mostCharacters ? text : Array.from(text);
  if (length < leastCharacters || length > mostCharacters) {
    const bounds = `${leastCharacters} to ${mostCharacters} characters`;
    throw new Fault("REQUEST_INVALID", `a passphrase has ${bounds}; four words or more are best`);
  }
  return utf8(text.normalize("NFKC"));
}

/** The secret of a passphrase. Takes its time and memory; one at a time in the process. */
export async function stretchPassphrase(
  text: string,
  salt: Bytes,
  cost: ScryptCost,
): Promise<Buffer> {
  const bytes = Buffer.from(readPassphrase(text));
  const mine = turn.then(() => stretchNow(bytes, salt, cost));
  // who comes next waits for the end, good or bad
  turn = mine.catch(() => undefined);
  try {
    return await mine;
  } finally {
    bytes.fill(0);
  }
}

/** The cost of tries on this machine: 64 MiB, and as many rounds as take 0.3 seconds here, two at least. */
export async function measureCost(clock: Clock): Promise<ScryptCost> {
  const beganAt = clock.elapsed();
  await stretchNow(utf8("a passphrase to measure with"), utf8("salt"), { ...memoryCost, p: 1 });
  const once = Math.max(1, clock.elapsed() - beganAt);
  // a third more: what was measured may have been a slow moment
  const p = Math.ceil((leastMs * 4) / (once * 3));
  return { ...memoryCost, p: Math.min(rounds.most, Math.max(rounds.least, p)) };
}
