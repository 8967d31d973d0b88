import { readFileSync } from "node:fs";
import { join } from "node:path";

import { array, assert, asyncProperty, boolean, integer, tuple } from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { alert, type MadeOffice, makeOffice } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { listMessages } from "./list.ts";
import type { ListQuery } from "./exchange.ts";
import { submit } from "./submit.ts";

let world: GatewayWorld;
let office: MadeOffice;
const ids = new Map<string, string>();

/** An alert that names one person, and says where he comes from in words. */
function naming(full: string, words = "Nothing"): object {
  const person = {
    ref: "p1",
    names: [{ full, kind: "LEGAL" }],
    roles: ["SUSPECT"],
    sex: "UNKNOWN",
  };
  return {
    ...alert,
    body: { ...alert.body, persons: [person], narrative: { text: words, lang: "en" } },
  };
}

const people = {
  muhammad: ["Muhammad Ibn Yusuf", "Seen at the fishing harbour of Tema"],
  arabic: ["محمد بن يوسف", "Arrivé à la frontière d’Aflao, coffre-fort n° 77"],
  somali: ["Maxamed Cali", "Kilos: ٢٥ of them"],
  amharic: ["ዓለሙ በቀለ", "ሠላም"],
  turkish: ["İbrahim Şahin", "Straßenkontrolle"],
  ivorian: ["Aïssatou N’Guessan-Koné", "Œuvres volées"],
} as const;

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now: 1_780_272_000_000 });
  office = makeOffice(world, "ng/tcu");
  for (const [who, [full, words]] of Object.entries(people)) {
    ids.set(who, (await submit(office, naming(full, words), `k-${who}`)).id);
  }
});
afterAll(() => office.close());

function found(q: string, more: Partial<ListQuery> = {}): string[] {
  const page = listMessages(office, { q, limit: 50, ...more });
  return page.items.map(({ id }) => [...ids].find(([, one]) => one === id)?.[0] ?? "?").toSorted();
}

describe("searching", () => {
  it.each([
    ["Muhammad", ["arabic", "muhammad", "somali"]],
    ["mohamed", ["arabic", "muhammad", "somali"]],
    ["محمد", ["arabic", "muhammad", "somali"]],
    ["مُحَمَّد", ["arabic", "muhammad", "somali"]],
    ["Yusuf Mohammed", ["arabic", "muhammad"]],
    ["youssouf", ["arabic", "muhammad"]],
    ['"ibn yusuf"', ["muhammad"]],
    ['"yusuf ibn"', []],
    ["ዐለሙ", ["amharic"]],
    ["ሰላም", ["amharic"]],
    ["ibrahim sahin", ["turkish"]],
    ["IBRAHIM ŞAHİN", ["turkish"]],
    ["strassenkontrolle", ["turkish"]],
    ["aissatou", ["ivorian"]],
    ["oeuvres volees", ["ivorian"]],
    ["nguessan", ["ivorian"]],
    ["frontiere", ["arabic"]],
    ["front*", ["arabic"]],
    ["ront", []],
    ["25", ["somali"]],
    ["harbour tema", ["muhammad"]],
    ["harbour aflao", []],
    ["mhmd", ["arabic", "muhammad", "somali"]],
  ])("%s finds %j", (q, wanted) => {
    expect(found(q)).toEqual(wanted.toSorted());
  });

  it("what lies in quarantine is found by no word of its content", async () => {
    const { messages } = office.store;
    const seq = messages.list({ box: "out", limit: 1 })[0]!.seq;
    await office.store.write(() => messages.setState(seq, "QUARANTINED", "CERT_REVOKED"));
    expect(found("aissatou")).toEqual([]);
    await office.store.write(() => messages.setState(seq, "QUEUED"));
    expect(found("aissatou")).toEqual(["ivorian"]);
  });

  it("what is removed is neither in the index nor in its file", async () => {
    const word = "Zyzzyvakoko";
    await submit(office, naming("Ama", word), "gone");
    expect(listMessages(office, { q: word, limit: 1 }).items).toHaveLength(1);
    const { store } = office;
    const { messages } = store;
    const seq = messages.list({ box: "out", limit: 1 })[0]!.seq;
    await store.write(() => messages.setState(seq, "QUARANTINED", "X"));
    expect(listMessages(office, { q: word, limit: 1 }).items).toEqual([]);
    const texts = ["store.db"].map((name) =>
      readFileSync(join(office.dir, name)).includes(word.toLowerCase()),
    );
    expect(texts).toEqual([false]);
    await store.write(() => messages.setState(seq, "QUEUED"));
  });

  it("messages that were stored before there was an index are indexed, and lose nothing by it", async () => {
    const { messages } = office.store;
    expect(
      await office.store.write(() => messages.index(Number.MAX_SAFE_INTEGER, 10)),
    ).toBeUndefined();
    expect(found("aissatou")).toEqual(["ivorian"]);
  });
});

describe("pages", () => {
  it.each([{}, { order: "due" as const }, { filters: { crime: ["drugs"] } }])(
    "with %j every message is on one page and once, whatever comes meanwhile",
    { timeout: 180_000 },
    async (wish) => {
      let key = 0;
      await assert(
        asyncProperty(
          array(tuple(integer({ min: 1, max: 3 }), boolean()), {
            minLength: 1,
            maxLength: 5,
          }),
          async (steps) => {
            const before = listMessages(office, { box: "out", limit: 200, ...wish }).items.map(
              ({ id }) => id,
            );
            const seen: string[] = [];
            let cursor: string | undefined;
            let at = 0;
            do {
              const [limit, isMore] = steps[at % steps.length]!;
              const page = listMessages(office, {
                box: "out",
                limit,
                ...wish,
                ...(cursor === undefined ? {} : { cursor }),
              });
              seen.push(...page.items.map(({ id }) => id));
              cursor = page.next;
              if (isMore && at < 3)
                await submit(office, alert, `more-${(key += 1)}-${JSON.stringify(wish)}`);
              at += 1;
            } while (cursor !== undefined);
            expect(new Set(seen).size).toBe(seen.length);
            for (const id of before) expect(seen).toContain(id);
          },
        ),
        { numRuns: 15, seed: 7 },
      );
    },
  );

  it.each(["", "MQ==", "LTE", "!!", "MSAy", "x".repeat(150)])(
    "the cursor %j is refused",
    (cursor) => {
      const code = expect.objectContaining({ code: "REQUEST_INVALID" });
      expect(() => listMessages(office, { box: "out", limit: 1, cursor })).toThrow(code);
    },
  );
});
