import { beforeEach, describe, expect, it } from "vitest";

import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { makeCoastDirectory } from "../../test/kit/maritime-rows.ts";
import { languages } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import type { RecallDesk, RecallWish } from "../recall/index.ts";

const id = "01a1f7fd-ae40-7e27-8bc8-617fc88b99ee";
const at = "2026-03-05T14:05:00Z";
const line = { id, kind: "PURGE", state: "OVERDUE", orders: 2, holders: 2, done: 1, kept: 0, overdue: 1, unreached: 0, unanswered: 2 }; // prettier-ignore
const done = { done: "DELETED", at, onwardDone: [], onwardPending: [] };
const copies = [
  { agency: "gh/tcu", held: "DELIVERED", state: "DONE", isOverdue: false, due: at, answer: done },
  { agency: "sn/tcu", held: "CARRIED", state: "OPEN", isOverdue: true, due: at, answer: { ...done, done: "UNDER_WAY", onwardPending: ["ml/tcu"] } },
]; // prettier-ignore
const hold = { id, message: id, ref: "HC/88", country: "GH", ground: "trial", until: at, setBy: "owner", setAt: at, isStanding: true }; // prettier-ignore

let world: CliWorld;
const beyond = [
  { hub: "au/south", relay: "sadc/centre", askedAt: at, at, stream: "DIRECT", sequence: 7 },
  { hub: "au/east", relay: "eac/centre", askedAt: at },
  { hub: "au/north", relay: "uma/centre", state: "OVERDUE", askedAt: at, due: at },
  { hub: "au/far", relay: "uma/centre", state: "UNANSWERED", askedAt: at, due: at },
];
let wishes: RecallWish[];
let keys: string[];
let unreached: { holder: string; code: string }[];

const desk: RecallDesk = {
  start: async (wish, key) => {
    wishes.push(wish);
    keys.push(key);
    return { sent: [{ holder: "gh/tcu", id }], unreached };
  },
  list: () => [line],
  show: (target) => {
    if (target !== id) throw new Fault("NOT_FOUND", "nothing was ordered of it");
    return { ...line, ordered: [], copies, hub: [{ stream: "FEED_ECOWAS", at }], beyond, here: [] };
  },
  asked: () => [{ order: id, message: id, originator: "ng/tcu", kind: "PURGE", state: "OPEN", told: "UNDER_WAY", onwardPending: ["ml/tcu"], outside: [{ use: 7 }] }],
  confirmOutside: async ({ use }) => ({ order: id, message: id, originator: "ng/tcu", kind: "PURGE", state: use === 7 ? "DONE" : "OPEN", onwardPending: [], outside: [] }),
  setHolds: async () => [hold],
  confirmHold: async () => ({ ...hold, confirmedBy: "person:kofi" }),
  liftHold: async (_id, { ground }) => ({ ...hold, isStanding: false, liftedBy: "person:kofi", liftGround: ground }),
  holds: () => [hold],
  retention: () => [{ id, originator: "ng/tcu", type: "alert.incident", box: "in", keep: "SAID", isHeld: true, reviewAt: at, deleteAt: at }],
  erasures: () => [],
}; // prettier-ignore

beforeEach(() => {
  [wishes, keys, unreached] = [[], [], []];
  world = makeCliWorld(["gh/tcu"], makeCoastDirectory(["ecowas"]), () => ({ recalls: desk }));
});

const run = (...args: readonly string[]): ReturnType<CliWorld["run"]> => world.run(...args);

describe("atumpan recall", () => {
  it("lists what is taken back, and shows each holder, what he answered, whom he waits for and what is late", async () => {
    const list = (await run("recall", "list")).out;
    expect(list).toMatch(/PURGE +OVERDUE +1\/2/);
    expect(list).toContain(`${id}: hubs beyond that have not answered in time: 2; "atumpan recall show" names them.`);
    const { out } = await run("recall", "show", id);
    expect(out).toMatch(/gh\/tcu +DELIVERED +DONE +DELETED/);
    expect(out).toMatch(/sn\/tcu +CARRIED +OPEN +UNDER_WAY, waits for ml\/tcu +2026-03-05 14:05 UTC {2}LATE/);
    expect(out).toContain("The hub keeps no bytes of it in FEED_ECOWAS since 2026-03-05 14:05 UTC.");
    expect(out).toContain("The hub au/south, to which sadc/centre brought it, keeps no bytes of it since 2026-03-05 14:05 UTC.");
    expect(out).toContain("The hub au/east was asked by eac/centre since 2026-03-05 14:05 UTC, and has not answered.");
    expect(out).toContain("Not answered by the hub au/north, asked by uma/centre since 2026-03-05 14:05 UTC; it was to answer by 2026-03-05 14:05 UTC, and is asked on.");
    expect(out).toContain("Not answered by the hub au/far, asked by uma/centre since 2026-03-05 14:05 UTC; no relay and no hub keeps mail so long, and it is asked no more.");
  });

  it("takes back by reason and deadline, and says whom it did not reach", async () => {
    const start = ["recall", "start", id, "--reason", "COURT_ORDER", "--by", at, "--order-ref", "HC/1"];
    expect(await run(...start)).toMatchObject({ code: 0, out: expect.stringContaining("Asked of 1: gh/tcu") as string });
    expect(wishes).toMatchObject([{ ids: [id], scope: "MESSAGE", reason: "COURT_ORDER", deadline: Date.parse(at), more: { orderRef: "HC/1" } }]);
    unreached = [{ holder: "sn/tcu", code: "AGENCY_UNKNOWN" }];
    expect(await run(...start)).toMatchObject({ code: 1, out: expect.stringContaining("Not reached: sn/tcu (AGENCY_UNKNOWN)") as string });
  });

  it("is the same recall when the same is typed again, and another when anything of it is not", async () => {
    const start = ["recall", "start", id, "--reason", "COURT_ORDER", "--by", at];
    for (const more of [[], [], ["--order-ref", "HC/1"], ["--scope", "PERSON_IN_MESSAGE"], ["--key", "mine"]]) await run(...start, ...more);
    expect([keys[0] === keys[1], new Set(keys).size, keys.at(-1)]).toEqual([true, 4, "recall mine"]);
  });

  it.each([
    [["recall", "start", id, "--reason", "NOTHING", "--by", at], "--reason"],
    [["recall", "start", id, "--reason", "COURT_ORDER", "--by", "soon"], "--by"],
    [["recall", "start", id, "--reason", "COURT_ORDER", "--by", at, "--scope", "ALL"], "--scope"],
    [["recall", "confirm", id, "--use", "seven", "--ref", "letter 3"], "--use"],
    [["hold", "set", id, "--ref", "HC/88", "--country", "GH", "--ground", "trial", "--until", "tomorrow"], "--until"],
  ])("%j is refused before anybody is asked, and says which word is wrong", async (args, option) => {
    const { code, out, err } = await run(...args);
    expect([code, out, err, wishes]).toEqual([2, "", expect.stringContaining(option), []]);
  });

  it("says that for a person in it the whole copy goes, and names files by their digests", async () => {
    const start = ["recall", "start", id, "--reason", "UNLAWFUL", "--by", at];
    expect((await run(...start, "--scope", "PERSON_IN_MESSAGE")).out).toContain("deletes the whole copy");
    expect((await run(...start, "--scope", "ATTACHMENT", "--file", "ab".repeat(32))).out).not.toContain("whole copy");
    expect(wishes.at(-1)).toMatchObject({ scope: "ATTACHMENT", more: { attachmentDigests: [Buffer.alloc(32, 0xab).toString("base64url")] } });
    const before = wishes.length;
    expect((await run(...start, "--scope", "ATTACHMENT", "--file", "abc")).code).toBe(2);
    expect(wishes).toHaveLength(before);
  });

  it("asks for a reason and a deadline, and knows what is not there", async () => {
    expect((await run("recall", "start", id, "--by", at)).code).toBe(2);
    expect((await run("recall", "start", id, "--reason", "RETENTION")).code).toBe(2);
    expect((await run("recall", "show", "01a1f7fd-ae40-7e27-8bc8-617fc88b99ff")).code).toBe(5);
    expect(wishes).toEqual([]);
  });

  it("says its heads, and that there is nothing, in the language asked for; JSON stays as it is", async () => {
    const lists = [["recall", "list"], ["recall", "show", id], ["recall", "orders"], ["hold", "list"], ["retention"]];
    for (const words of lists) {
      const told = await Promise.all(languages.map(async (lang) => (await run(...words, "--lang", lang)).out));
      expect([words, new Set(told).size]).toEqual([words, languages.length]);
      const [english, french] = await Promise.all(["en", "fr"].map(async (lang) => (await run(...words, "--lang", lang, "--json")).out));
      expect(french).toBe(english);
    }
  });

  it("lists what others ordered, and takes the word that a body outside is done", async () => {
    expect((await run("recall", "orders")).out).toMatch(/UNDER_WAY +ml\/tcu, use 7/);
    expect((await run("recall", "confirm", id, "--use", "7", "--ref", "letter 3")).out).toContain("the order is DONE");
  });
}); // prettier-ignore

describe("atumpan hold and retention", () => {
  it("set, confirm, lift and list holds, and say that a second person is needed", async () => {
    const set = await run("hold", "set", id, "--ref", "HC/88", "--country", "GH", "--ground", "trial", "--until", at);
    expect(set.out).toContain("until another person agrees");
    expect(set.out).toContain("Another person has to agree within 72 hours");
    expect((await run("hold", "confirm", id)).out).toContain("stands");
    expect((await run("hold", "lift", id, "--ground", "over")).out).toContain("lifted");
    expect((await run("hold", "lift", id)).code).toBe(2);
    expect((await run("hold", "list")).out).toContain("HC/88");
  });

  it("say what is to be looked at again and what goes", async () => {
    expect((await run("retention")).out).toMatch(/ng\/tcu +alert\.incident +2026-03-05 14:05 UTC +2026-03-05 14:05 UTC +kept by an order/);
  });
}); // prettier-ignore
