/**
 * `npm run fuzz:decoders -- [--runs N] [--family NAME] [--seed N]`: spoilt bytes into the decoder and the validator of
 * every type, N runs a family (a million unless it is told otherwise). Nothing is made for a run but the bytes, so a million
 * takes about a minute. A crash that is no Fault, a run over 100 ms, or memory that grows ends it with exit 1.
 */
import { parseArgs } from "node:util";

import { bodyCodecs, checkBody, type MessageType, messageTypes } from "../../schemas/index.ts";
import { encodeBody, parseBody } from "../../schemas/body/index.ts";
import { exampleOf } from "../../schemas/examples/index.ts";
import { isFault, renderBase64url } from "../../schemas/ground/index.ts";

const maxBytes = 65_536;
const maxMillis = 100;
const maxGrowth = 64 * 1024 * 1024;

/** A small generator that gives the same numbers for the same seed (Marsaglia's xorshift32). */
function makeNumbers(seed: number): (below: number) => number {
  let state = seed === 0 ? 1 : seed >>> 0;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const numbers = [0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x12, 0x22];

/** Spoils `length` bytes of `input` in place, one way; the length they have afterwards. */
function spoilOnce(input: Buffer, length: number, draw: (below: number) => number): number {
  const at = draw(Math.max(1, length));
  switch (draw(7)) {
    case 0:
      input[at] = (input[at] ?? 0) ^ (1 << draw(8));
      return length;
    case 1:
      input[at] = numbers[draw(numbers.length)] ?? 0;
      return length;
    case 2:
      // cut short
      return at;
    case 3: {
      // a piece again, somewhere else
      const size = Math.min(draw(32), length - at);
      input.copyWithin(draw(Math.max(1, length)), at, at + size);
      return length;
    }
    case 4: {
      // a piece put in between
      const size = Math.min(1 + draw(16), maxBytes - length);
      input.copyWithin(at + size, at, length);
      return length + size;
    }
    case 5: {
      // a piece taken out
      const size = Math.min(1 + draw(16), length - at);
      input.copyWithin(at, at + size, length);
      return length - size;
    }
    default:
      // a length as long as they come
      input.fill(0xff, at, Math.min(at + 5, length));
      return length;
  }
}

interface Seed {
  readonly type: MessageType;
  readonly bytes: Uint8Array;
}

function readOne<T extends MessageType>(type: T, bytes: Buffer): boolean {
  try {
    checkBody(type, bodyCodecs[type].decode(bytes));
    return true;
  } catch (error) {
    if (isFault(error)) return false;
    throw error;
  }
}

/** Reads and times one input. A slow one is read again: the machine may have looked elsewhere, a bad input stays slow. */
function timeOne(type: MessageType, input: Buffer): { isTaken: boolean; millis: number } {
  let millis = Infinity;
  let isTaken = false;
  for (let times = 0; times < 4 && (times === 0 || millis > maxMillis / 4); times += 1) {
    const start = performance.now();
    isTaken = readOne(type, input);
    millis = Math.min(millis, performance.now() - start);
  }
  return { isTaken, millis };
}

interface Outcome {
  readonly taken: number;
  readonly slowest: number;
  readonly perSecond: number;
  readonly grown: number;
}

function heapNow(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function runFamily(seeds: readonly Seed[], runs: number, seed: number): Outcome {
  const draw = makeNumbers(seed);
  const room = Buffer.alloc(maxBytes + 64);
  let taken = 0;
  let slowest = 0;
  const heap = heapNow();
  const began = performance.now();
  for (let run = 0; run < runs; run += 1) {
    const { type, bytes } = seeds[draw(seeds.length)]!;
    room.set(bytes);
    let length = bytes.length;
    for (let times = 1 + draw(4); times > 0; times -= 1) length = spoilOnce(room, length, draw);
    const input = room.subarray(0, length);
    try {
      const { isTaken, millis } = timeOne(type, input);
      if (isTaken) taken += 1;
      slowest = Math.max(slowest, millis);
    } catch (error) {
      process.stdout.write(`${type}: ${String(error)}\n${renderBase64url(input)}\n`);
      throw error;
    }
  }
  const seconds = (performance.now() - began) / 1000;
  return { taken, slowest, perSecond: runs / seconds, grown: heapNow() - heap };
}

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000000" },
    family: { type: "string" },
    seed: { type: "string", default: "20261121" },
  },
});
const families = Map.groupBy(messageTypes, (type) => type.split(".")[0] ?? "");
let broken = 0;
for (const [family, types] of families) {
  if (values.family !== undefined && values.family !== family) continue;
  const seeds = types.map((type) => ({
    type,
    bytes: encodeBody(type, parseBody(type, exampleOf(type).body)),
  }));
  const { taken, slowest, perSecond, grown } = runFamily(
    seeds,
    Number(values.runs),
    Number(values.seed),
  );
  const isGood = slowest <= maxMillis && grown <= maxGrowth;
  if (!isGood) broken += 1;
  const columns = [
    family.padEnd(16),
    `${types.length} types`.padStart(9),
    `${values.runs} runs`.padStart(14),
    `${perSecond.toFixed(0)}/s`.padStart(10),
    `${((100 * taken) / Number(values.runs)).toFixed(1)}% taken`.padStart(13),
    `slowest ${slowest.toFixed(1)} ms`.padStart(17),
    `heap ${(grown / 1_048_576).toFixed(1)} MB`.padStart(14),
    isGood ? "" : "  FINDING",
  ];
  process.stdout.write(`${columns.join(" ")}\n`);
}
process.exitCode = broken === 0 ? 0 : 1;
