import * as fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";

import { submit } from "../exchange/submit.ts";
import { type Bytes, Fault, parseUuid } from "../../schemas/ground/index.ts";
import {
  alert,
  bulletin,
  handedKeys,
  handedOf,
  type Handed,
  type MadeOffice,
  makeOffice,
} from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { dump, forge, inPieces, makeParts } from "../../test/kit/carry-world.ts";
import { takeFile } from "./index.ts";

const now = Date.UTC(2026, 2, 9, 14, 5);
const pair = { writer: "ng/tcu", to: "gh/tcu" };
const count = 12;
let world: GatewayWorld;
let nigeria: MadeOffice;
/** As a hub hands them over, or a file brings them: messages and the shares of their keys. */
let handed: readonly Handed[];
let whole: Bytes;
let wanted: unknown;

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu", "sn/tcu"], { now });
  nigeria = makeOffice(world, "ng/tcu");
  const all: Handed[] = [];
  for (let at = 0; at < count; at += 1) {
    const { id } = await submit(nigeria, at % 3 === 0 ? alert : bulletin, `key ${at}`);
    all.push(...handedOf(nigeria, nigeria.store.messages.find(parseUuid(id))!.seq));
  }
  handed = [...all, ...handedKeys(nigeria, "gh/tcu")];
  whole = await fileOf(handed);
  wanted = await run([]);
  // one share of a key besides; what gateways tell each other is in no list
  expect(wanted).toMatchObject({
    inbox: Array.from({ length: count }, () => ({ state: "VERIFIED" })),
  });
});

afterAll(() => nigeria?.close());

async function fileOf(some: readonly Handed[]): Promise<Bytes> {
  return await forge(world, pair, { records: some.map(({ bytes: publication }) => ({ publication })) });
} // prettier-ignore

/** One thing that happens to the reader: a file of some of them, in any order, by half or whole; or the hub's own way. */
interface Act {
  readonly kind: "file" | "hub";
  readonly picks: readonly number[];
  /** The gateway ends when so many of the file were taken. */
  readonly stopAfter: number | undefined;
}

function pick({ picks }: Act): readonly Handed[] {
  return picks.map((at) => handed[at % handed.length]!);
}

/** Everything an office ends with after these acts and one whole file; without the marks, which say how it came. */
async function run(acts: readonly Act[]): Promise<unknown> {
  const ghana = makeOffice(world, "gh/tcu");
  const parts = makeParts(ghana);
  try {
    for (const act of acts) {
      if (act.kind === "hub") await parts.takePublications(pick(act));
      else await bringHalf(ghana, await fileOf(pick(act)), act.stopAfter);
    }
    await takeFile(ghana, parts, { open: () => inPieces(whole, 997) });
    return strip(dump(ghana));
  } finally {
    ghana.close();
  }
}

async function bringHalf(office: MadeOffice, file: Bytes, stopAfter: number | undefined): Promise<void> {
  const parts = makeParts(office);
  const halting: typeof parts = {
    ...parts,
    takePublications: async (arrivals) => {
      await parts.takePublications(arrivals.slice(0, stopAfter));
      if (stopAfter !== undefined) throw new Fault("STORE_WRITE_FAILED", "the power was cut");
    },
  };
  await takeFile(office, halting, { open: () => inPieces(file) }).catch((error: unknown) => {
    if (stopAfter === undefined) throw error;
  });
} // prettier-ignore

function strip(dumped: unknown): unknown {
  return JSON.parse(JSON.stringify(dumped, (name, value: unknown) => (name === "marks" || name === "seq" ? undefined : value)));
} // prettier-ignore

const act = fc.record({
  kind: fc.constantFrom("file" as const, "hub" as const),
  picks: fc.array(fc.nat(100), { maxLength: 8 }),
  stopAfter: fc.option(fc.nat(8), { nil: undefined }),
});

it("files by half, twice, in any order, and the hub's own way end in one and the same store", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 4 }), async (acts) => {
      expect(await run(acts)).toEqual(wanted);
    }),
    { numRuns: 25 },
  );
});
