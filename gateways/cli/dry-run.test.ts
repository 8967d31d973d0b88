import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { silentLog, systemChance } from "../../schemas/ground/index.ts";
import { makeParts } from "../../test/kit/carry-world.ts";
import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { bulletin, makeOffice } from "../../test/kit/gateway-office.ts";
import { makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { type HookWorld, startHookWorld } from "../../test/kit/hook-world.ts";
import {
  makeCoastDirectory,
  makeMaritimeRow,
  renderMaritimeFile,
} from "../../test/kit/maritime-rows.ts";
import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import { digestStore } from "../../test/kit/store-rows.ts";
import type { AuditRecord } from "../audit/index.ts";
import { makeCarryDesk } from "../carry/index.ts";
import { submit } from "../exchange/submit.ts";
import { openPeople } from "../people-desk.ts";
import { openStore, type Store } from "../store/index.ts";

const now = Date.UTC(2026, 2, 9, 14, 5);
const nobody = { agencies: () => [], servedRecs: () => [] };

/** The lines of an audit record that is kept nowhere. */
const kept: unknown[] = [];
const audit = {
  add: (line: unknown) => void kept.push(line),
  inWrite: async (act: () => void) => act(),
  note: async () => undefined,
} as unknown as AuditRecord;

describe("people and machines, tried", () => {
  let dir = "";
  let store: Store;
  let world: CliWorld;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), "dry-run-"));
    store = openStore(join(dir, "store.db"));
    const parts = { store, clock: makeStillClock(now), chance: systemChance, log: silentLog };
    const { service } = openPeople({ ...parts, audit: { add: () => undefined } });
    world = makeCliWorld(["ng/tcu"], nobody, () => ({ people: service }));
    await world.run("people", "invite", "K. Boateng", "--role", "officer");
    await world.run("machine", "add", "cases", "--role", "integrator");
  });

  afterEach(() => {
    store.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const rows = (): unknown => digestStore(join(dir, "store.db"));
  const idOf = async (list: string): Promise<string> => {
    const { out } = await world.run("--json", list, "ls");
    return (JSON.parse(out) as { items: { id: string }[] }).items[0]?.id ?? "";
  };

  it.each([
    ["people", ["invite", "A. Mensah", "--role", "officer"]],
    ["people", ["roles", "ID", "--role", "analyst", "--up-to", "H2"]],
    ["people", ["code", "ID"]],
    ["people", ["suspend", "ID"]],
    ["people", ["remove", "ID"]],
    ["machine", ["add", "desk", "--role", "officer"]],
    ["machine", ["rotate", "ID"]],
    ["machine", ["rm", "ID"]],
  ])("%s %s says what would come of it and changes nothing; without --dry-run it changes something", async (list, words) => {
    const id = await idOf(list);
    const args = [list, ...words.map((word) => (word === "ID" ? id : word))];
    const before = rows();
    const tried = await world.run(...args, "--dry-run");
    expect([tried.code, tried.out]).toEqual([0, "Nothing was changed. It would be done at once.\n"]);
    expect(rows()).toEqual(before);
    const json = await world.run(...args, "--dry-run", "--json");
    expect([JSON.parse(json.out), rows()]).toEqual([{ tried: true, done: true }, before]);
    expect((await world.run(...args)).code).toBe(0);
    expect(rows()).not.toEqual(before);
  }); // prettier-ignore

  it("what would wait says so, and waits for nobody; a yes that is tried decides nothing", async () => {
    const id = await idOf("people");
    const [person] = store.people.all();
    await store.write(() => store.people.put({ ...person!, state: "active", roles: ["administrator"] }));
    const before = rows();
    const tried = await world.run("people", "invite", "A. Mensah", "--role", "officer", "--dry-run");
    expect([tried.code, tried.out, rows()]).toEqual([9, expect.stringMatching(/would wait/), before]);
    const { out } = await world.run("people", "invite", "A. Mensah", "--role", "officer");
    const change = /people agree ([\w-]{36})/.exec(out)?.[1] ?? "";
    const asked = rows();
    expect((await world.run("people", "refuse", change, "--dry-run")).code).toBe(0);
    expect([id === "", rows()]).toEqual([false, asked]);
  }); // prettier-ignore

  it("what would be refused is refused, with the same code", async () => {
    const before = rows();
    const none = "01890a5d-ac96-774b-bcce-b302099a8057";
    for (const verb of [["people", "suspend"], ["people", "agree"], ["machine", "rm"]]) {
      expect(await world.run(...verb, none, "--dry-run")).toMatchObject({ code: 5, out: "" });
    }
    expect((await world.run("people", "resume", await idOf("people"), "--dry-run")).code).toBe(3);
    expect(rows()).toEqual(before);
  }); // prettier-ignore
});

describe("webhooks, tried", () => {
  let hooks: HookWorld;
  let world: CliWorld;

  beforeEach(async () => {
    hooks = await startHookWorld();
    kept.length = 0;
    world = makeCliWorld(["ng/tcu"], nobody, () => ({ hooks: hooks.hooks.desk, audit }));
  });
  afterEach(() => hooks.stop());

  const rows = (): unknown => [kept.length, digestStore(hooks.file)];
  const run = (...words: string[]) => world.run("webhook", ...words);
  const add = async (): Promise<string> =>
    (await run("add", "https://cases.example/hook")).out.slice(0, 36);

  it.each([
    ["add", ["https://cases.example/hook", "--type", "alert.incident", "--box", "in"], /would be told of messages of alert\.incident, in box in, up to H3; id and state alone\.\nIts secret would be shown once/],
    ["rotate", ["ID", "--overlap", "2"], /would sign too until 2026-03-09 02:00 UTC/],
    ["pause", ["ID"], /It would be PAUSED, and is ACTIVE now/],
    ["replay", ["ID", "--since", "2026-03-08T00:00:00Z"], /It would look again at 2 changes/],
    ["rm", ["ID"], /It would be gone.*https:\/\/cases\.example\/hook would be told no more/],
  ])("%s says what would change and changes nothing; without --dry-run it changes something", async (verb, words, says) => {
    const id = await add();
    await hooks.receive({}, {});
    const args = [verb, ...words.map((word) => (word === "ID" ? id : word))];
    const before = rows();
    const tried = await run(...args, "--dry-run");
    expect([tried.code, tried.out]).toEqual([0, expect.stringMatching(/^Nothing was changed\.\n/)]);
    expect(tried.out).toMatch(says);
    expect(tried.out).not.toContain("whsec_");
    const json = await run(...args, "--dry-run", "--json");
    expect([JSON.parse(json.out), rows()]).toMatchObject([{ tried: true }, before]);
    expect((await run(...args)).code).toBe(0);
    expect(rows()).not.toEqual(before);
  }); // prettier-ignore

  it("a second rotation says that the secret before ends at once; resuming one that works says that it would stay", async () => {
    const id = await add();
    await run("rotate", id);
    expect((await run("rotate", id, "--dry-run")).out).toMatch(
      /The one before it, good until .*, would end at once/,
    );
    expect((await run("resume", id, "--dry-run")).out).toMatch(/It would stay ACTIVE/);
  });

  it("what would be refused is refused, with the same code", async () => {
    const before = rows();
    for (const words of [["add", "https://other.example/"], ["rm", "none"], ["pause", "none"], ["replay", await add(), "--since", "soon"]]) {
      const tried = await run(...words, "--dry-run");
      expect([tried.code > 0, await run(...words)]).toEqual([true, tried]);
    }
    expect(rows()).not.toEqual(before);
  }); // prettier-ignore
});

describe("words on sealing keys, tried", () => {
  it("say how the key stands and how it would, keep no line, and change nothing", async () => {
    kept.length = 0;
    const world = makeCliWorld(["ng/tcu"], nobody, () => ({ audit }));
    const ng = world.exchanges.get("ng/tcu")!;
    const key = { agency: "gh/fiu", fingerprint: "ab".repeat(32), since: now, at: now, state: "UNENDORSED", isBelieved: false, isListed: true } as const;
    ng.keys = [key];
    const words = ["keys", "confirm", "gh/fiu", key.fingerprint, "--by", "A. Mensah"];
    const tried = await world.run(...words, "--dry-run");
    expect([tried.code, tried.out]).toEqual([0, expect.stringMatching(/^Nothing was changed\. A\. Mensah .*\n.*\n {2}now: .*nothing is sealed to it.*\n {2}then: confirmed by a person; sealed to\n$/)]);
    expect([ng.keys, kept]).toEqual([[key], []]);
    expect((await world.run("keys", "refuse", "zz/fiu", key.fingerprint, "--by", "A", "--dry-run")).code).toBe(5);
    await world.run(...words);
    expect([ng.keys[0]?.state, kept.length]).toEqual(["CONFIRMED", 1]);
  }); // prettier-ignore
});

describe("carry, tried", () => {
  it("export writes and notes nothing, import takes nothing in; afterwards both do", async () => {
    const world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
    const offices = new Map(["ng/tcu", "gh/tcu"].map((agency) => [agency, makeOffice(world, agency)]));
    const desks: { stop(): Promise<void> }[] = [];
    const cli = makeCliWorld(["ng/tcu", "gh/tcu"], nobody, (agency) => {
      const office = offices.get(agency)!;
      const parts = { ...makeParts(office), registerBytes: () => world.register };
      const carry = makeCarryDesk({ office, parts, dir: office.dir });
      desks.push(carry);
      return { carry };
    });
    const rows = (agency: string): unknown => digestStore(join(offices.get(agency)!.dir, "store.db"));
    mkdirSync(join(cli.dir, "stick"));
    await submit(offices.get("ng/tcu")!, bulletin, "a");
    const give = ["--as", "ng/tcu", "carry", "export", "--to", "gh/tcu", "--out", "stick"];
    const ours = rows("ng/tcu");
    const counted = await cli.run(...give, "--dry-run");
    expect([counted.code, counted.out]).toEqual([0, expect.stringMatching(/^Nothing was written\. .*1 messages/)]);
    expect([readdirSync(join(cli.dir, "stick")), rows("ng/tcu")]).toEqual([[], ours]);
    expect((await cli.run(...give)).code).toBe(0);
    expect(rows("ng/tcu")).not.toEqual(ours);
    const take = ["--as", "gh/tcu", "carry", "import", join("stick", readdirSync(join(cli.dir, "stick"))[0]!)];
    const theirs = rows("gh/tcu");
    const looked = await cli.run(...take, "--dry-run");
    expect([looked.code, looked.out]).toEqual([0, expect.stringMatching(/^Nothing was taken in\. .*ng\/tcu/)]);
    expect(rows("gh/tcu")).toEqual(theirs);
    expect((await cli.run(...take)).code).toBe(0);
    expect(rows("gh/tcu")).not.toEqual(theirs);
    writeFileSync(join(cli.dir, "stick/spoilt"), "no file of ours");
    expect((await cli.run("--as", "gh/tcu", "carry", "import", "stick/spoilt", "--dry-run")).code).not.toBe(0);
    for (const desk of desks) await desk.stop();
    for (const office of offices.values()) office.close();
  }); // prettier-ignore
});

describe("imports, tried", () => {
  it("maritime: every row is judged and counted, none is stored", async () => {
    const world = makeCliWorld(["ng/moc", "gh/moc"], makeCoastDirectory(["ecowas"]));
    const row = (state: string, more = {}) => makeMaritimeRow({ eez_country: state, nearest_country: state, ...more });
    const rows = [row("NGA"), row("GHA"), row("IDN"), row("NGA", { date: "NA" })];
    writeFileSync(join(world.dir, "rows.csv"), renderMaritimeFile(rows));
    const asked = new Set<string>();
    world.onRequest = ({ pathname }) => void asked.add(pathname);
    const tried = await world.run("--json", "import", "maritime", "rows.csv", "--dry-run");
    const lines = tried.out.trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
    expect([tried.code, lines.at(-1)]).toMatchObject([0, { dryRun: true, read: 4, accepted: 2, listed: 2 }]);
    expect([...asked].toSorted()).toEqual(["/v1/directory", "/v1/messages:validate"]);
    expect([...world.exchanges.values()].map(({ stored }) => stored)).toEqual([0, 0]);
    await world.run("import", "maritime", "rows.csv");
    expect([...world.exchanges.values()].map(({ stored }) => stored)).toEqual([1, 1]);
  }); // prettier-ignore

  it("goaml: the gateway judges what would be sent, and stores nothing", async () => {
    const world = makeCliWorld(["ng/fiu"], makeCoastDirectory(["ecowas"]));
    copyFileSync(join(import.meta.dirname, "../formats/goaml/fixtures/str-bi-party.xml"), join(world.dir, "r.xml"));
    const args = ["import", "goaml", "r.xml", "--to", "gh/fiu", "--send"];
    const tried = await world.run(...args, "--dry-run");
    expect([tried.code, world.exchanges.get("ng/fiu")?.stored]).toEqual([0, 0]);
    expect(tried.out).toMatch(/^Valid: /);
    await world.run(...args);
    expect(world.exchanges.get("ng/fiu")?.stored).toBe(1);
  }); // prettier-ignore
});
