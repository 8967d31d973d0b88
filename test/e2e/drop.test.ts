import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { type Api, loadToken, makeDirectory, startApi } from "../../gateways/api/index.ts";
import { type Drop, type DropChoice, openDrop } from "../../gateways/drop/index.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { makeServices, type OpenServices } from "../../gateways/services.ts";
import { silentLog, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { recastExample } from "../kit/recast.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

const ground = { clock: systemClock, chance: systemChance, log: silentLog };
const machine = "0195d5a4-7b1c-7c1e-9d0a-3f6f2b1a4c55";
const alert = (caseRef: string, change: object = {}): string =>
  JSON.stringify(example("red-flag", { ...change, inner: { caseRef } }));

let world: World;
let own: OpenServices;
let gateway: Gateway;
const stops: (() => Promise<void>)[] = [];
let dir: string;

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh"], recs: ["ecowas"] });
  gateway = await world.gateway("ng/tcu");
  await world.gateway("gh/tcu");
  own = makeServices({ gateway, dir: world.layout.gateway("ng/tcu"), ...ground });
  const { store } = gateway.office;
  await store.write(() =>
    store.machines.put({
      id: machine,
      name: "case system",
      roles: ["integrator"],
      handling: "H1",
      purpose: "INVESTIGATION",
      addresses: [],
      madeAt: Date.now(),
    }),
  );
});

afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
  rmSync(dir, { recursive: true, force: true });
});

afterAll(async () => {
  await own?.stop();
  await world?.stop();
});

const at = (...path: readonly string[]): string => join(dir, ...path);

function newDir(): string {
  dir = mkdtempSync(join(tmpdir(), "atumpan-drop-"));
  mkdirSync(at("in"));
  return dir;
}

/** Puts a file there as a system should: written under another name, then renamed. */
function put(name: string, content: string | Uint8Array): void {
  writeFileSync(at("in", `${name}.tmp`), content);
  renameSync(at("in", `${name}.tmp`), at("in", name));
}

async function startDrop(change: Partial<DropChoice> = {}, agency = "ng/tcu", clock = systemClock): Promise<Drop> {
  const run = await world.gateway(agency);
  const ownDir = join(dir, "own");
  mkdirSync(ownDir, { recursive: true });
  const services = agency === "ng/tcu" ? own : makeServices({ gateway: run, dir: world.layout.gateway(agency), ...ground });
  if (services !== own) stops.push(() => services.stop());
  const choice = { dir, as: "owner", settleSeconds: 0.1, pollSeconds: 0.1, ...change } as const;
  const drop = openDrop({ choice, dir, ownDir, people: () => services.services.people, peek: (id) => run.exchange.find(id), ...ground, clock });
  const api = await startApi({ exchange: run.exchange, directory: makeDirectory(() => run.register(), systemClock), dir: world.layout.gateway(agency), host: "127.0.0.1", port: 0, services: services.services, callers: drop.callers(services.callers), ...ground });
  stops.push(() => api.stop(), () => drop.stop());
  drop.start(api.serve);
  return drop;
} // prettier-ignore

interface Result {
  readonly state: string;
  readonly problem?: { readonly code: string; readonly says: Record<string, string>; readonly detail: string };
  readonly items: readonly { readonly row: number; readonly state: string; readonly id?: string; readonly again?: true; readonly code?: string; readonly problems?: readonly { path: string; sentence: object }[] }[];
} // prettier-ignore

async function resultOf(folder: "done" | "rejected", name: string): Promise<Result> {
  const file = at(folder, `${name}.result.json`);
  await until(`${folder}/${name} is there`, () => existsSync(at(folder, name)));
  return JSON.parse(readFileSync(file, "utf8")) as Result;
}

function sentCount({ exchange }: Gateway, caseRef: string): number {
  let [count, cursor]: [number, string | undefined] = [0, undefined];
  do {
    const page: ReturnType<typeof exchange.list> = exchange.list({ box: "out", limit: 200, ...(cursor === undefined ? {} : { cursor }) });
    for (const { id } of page.items) count += JSON.stringify(exchange.find(id)?.inner).includes(caseRef) ? 1 : 0;
    cursor = page.next;
  } while (cursor !== undefined);
  return count;
} // prettier-ignore

describe("a dropped file", () => {
  it("is sent, and lies in done/ with its result", async () => {
    newDir();
    await startDrop();
    put("a.json", `\ufeff${alert("DROP-A")}`);
    const { state, items } = await resultOf("done", "a.json");
    expect(state).toBe("SENT");
    expect(gateway.exchange.find(items[0]!.id!)?.inner).toMatchObject({ caseRef: "DROP-A" });
    expect(readdirSync(at("work"))).toEqual([]);
  });

  it("dropped again, under any name, is no second message", async () => {
    newDir();
    await startDrop();
    put("b.json", alert("DROP-B"));
    await resultOf("done", "b.json");
    put("b.json", alert("DROP-B"));
    put("copy.json", alert("DROP-B"));
    expect((await resultOf("done", "copy.json")).items).toMatchObject([{ again: true }]);
    await resultOf("done", "b~2.json");
    expect(sentCount(gateway, "DROP-B")).toBe(1);
  });

  it("with something wrong lies in rejected/, with pointers and sentences in six languages", async () => {
    newDir();
    await startDrop();
    put("bad.json", alert("DROP-BAD", { body: { title: { text: "x", lang: "en" } } }));
    const { state, items } = await resultOf("rejected", "bad.json");
    expect(state).toBe("REJECTED");
    expect(items[0]).toMatchObject({ code: "SCHEMA_INVALID" });
    const told = items[0]!.problems!.find(({ path }) => path === "/body/evidenceLevel");
    expect(Object.keys(told!.sentence).toSorted()).toEqual(["ar", "en", "es", "fr", "pt", "sw"]);
  });

  it("of many lines is sent line by line, and a corrected one sends only what was missing", async () => {
    newDir();
    await startDrop();
    const good = [alert("DROP-N1"), alert("DROP-N2")];
    put("rows.ndjson", `${good[0]}\r\n{"type":\n\n${good[1]}\n`);
    const first = await resultOf("rejected", "rows.ndjson");
    expect(first.state).toBe("PARTLY");
    expect(first.items.map(({ row, state }) => [row, state])).toEqual([[1, "SENT"], [2, "REJECTED"], [4, "SENT"]]); // prettier-ignore
    put("rows.ndjson", `${good[0]}\n${alert("DROP-N3")}\n${good[1]}\n`);
    const second = await resultOf("done", "rows.ndjson");
    expect(second.items.map(({ again }) => again === true)).toEqual([true, false, true]);
    expect(sentCount(gateway, "DROP-N")).toBe(3);
  });

  it("as a sheet of a spreadsheet is read: semicolons, commas in numbers, days as the sheet counts them", async () => {
    newDir();
    const { body: _body, type, ...template } = example("maritime");
    const moc = "ng/moc";
    await startDrop({ templates: { [String(type)]: template }, csv: { dates: { order: "DMY", offset: "+01:00" } } }, moc);
    const head = "stage;ship.name;ship.type;position.lat;position.lon;occurred.date;occurred.timeUtc;occurred.timeKnown;shipStatus;method;statesConcerned;nearestCountry;zoneCountry;narrative.text;narrative.lang;attackers;reportedAt";
    const row = (day: string, reported: string): string => `INITIAL;Exercise Star;TANKER;4,6;-1,4;${day};02:40;KNOWN;ANCHOR;BOARDED;NG|BJ;NG;NG;"Exercise; nothing happened";en;3;${reported}`;
    put("maritime.incident.november.csv", `\ufeff${head}\r\n${row("19/11/2026", "20.11.2026 09:30")}\r\n${row("46345", "46346,5")}\r\n${row("31/02/2026", "")}\r\n`);
    const { state, items } = await resultOf("rejected", "maritime.incident.november.csv");
    expect(items.map((item) => item.state)).toEqual(["SENT", "SENT", "REJECTED"]);
    expect(state).toBe("PARTLY");
    const bodies = items.slice(0, 2).map(({ id }) => world.gateway(moc).then(({ exchange }) => exchange.find(id!)?.body as Record<string, never>));
    const [first, second] = await Promise.all(bodies);
    expect(first).toMatchObject({ position: { lat: 4.6, lon: -1.4 }, occurred: { date: { year: 2026, month: 11, day: 19 } }, statesConcerned: ["NG", "BJ"], reportedAt: "2026-11-20T08:30:00.000Z" });
    expect(second).toMatchObject({ occurred: { date: { year: 2026, month: 11, day: 19 } }, reportedAt: "2026-11-20T11:00:00.000Z" });
  }); // prettier-ignore

  it("as goAML becomes a report by its template, and without one is refused", async () => {
    newDir();
    const xml = readFileSync(
      join(import.meta.dirname, "../../gateways/formats/goaml/fixtures/ctr-cash.xml"),
    );
    put("report.xml", xml);
    await startDrop();
    const { problem } = await resultOf("rejected", "report.xml");
    expect(problem).toMatchObject({ code: "IMPORT_FILE_UNREADABLE" });
    expect(problem!.detail).toContain("drop.templates");
    expect(Object.keys(problem!.says)).toHaveLength(6);
  });
});

describe("what is not whole, or no file", () => {
  it("is not taken while it grows, however long that takes", async () => {
    newDir();
    // time passes with what is written: a machine that stands still for a while is no writer who has ended
    let elapsed = 0;
    const clock = { ...systemClock, elapsed: () => elapsed };
    const drop = await startDrop({ settleSeconds: 1.5 }, "ng/tcu", clock);
    const text = alert("DROP-SLOW");
    for (let end = 0; end < text.length; end += Math.ceil(text.length / 20)) {
      writeFileSync(at("in", "slow.json"), text.slice(0, end));
      elapsed += 1_000;
      await systemClock.sleep(100);
    }
    expect(drop.state()).toMatchObject({ rejected: 0, sent: 0 });
    writeFileSync(at("in", "slow.json"), text);
    await until("it is taken", () => {
      elapsed += 1_000;
      return existsSync(at("done", "slow.json"));
    });
    expect((await resultOf("done", "slow.json")).state).toBe("SENT");
  });

  it("waits for its mark where marks are wanted", async () => {
    newDir();
    await startDrop({ marker: true });
    put("marked.json", alert("DROP-MARK"));
    await systemClock.sleep(500);
    expect(existsSync(at("in", "marked.json"))).toBe(true);
    writeFileSync(at("in", "marked.json.ready"), "");
    await resultOf("done", "marked.json");
    await until("the mark is gone", () => !existsSync(at("in", "marked.json.ready")));
  });

  it("a link is never followed, a pipe never waited for, a folder never entered; the next file is sent", async () => {
    newDir();
    const secret = at("secret.json");
    writeFileSync(secret, alert("DROP-SECRET"));
    symlinkSync(secret, at("in", "a-link.json"));
    execFileSync("mkfifo", [at("in", "b-pipe.json")]);
    mkdirSync(at("in", "c-folder.json", "deep"), { recursive: true });
    writeFileSync(Buffer.concat([Buffer.from(at("in", "/")), Buffer.from([0x64, 0xff, 0x0a]), Buffer.from(".json")]), "{}");
    writeFileSync(at("in", "e-huge.json"), "");
    truncateSync(at("in", "e-huge.json"), 40 * 2 ** 30);
    put("f-zip.csv", "PK\u0003\u0004....");
    put("z.json", alert("DROP-Z"));
    await startDrop();
    expect((await resultOf("done", "z.json")).state).toBe("SENT");
    const results = readdirSync(at("rejected")).filter((name) => name.endsWith(".result.json"));
    const codes = results.map((name) => (JSON.parse(readFileSync(at("rejected", name), "utf8")) as Result).problem?.code);
    expect(codes).toEqual(Array(6).fill("IMPORT_FILE_UNREADABLE"));
    expect(sentCount(gateway, "DROP-SECRET")).toBe(0);
    expect(readdirSync(at("in"))).toEqual([]);
  }); // prettier-ignore
});

describe("a drop that acts as a machine", () => {
  it("has its ceiling, and leaves its name in the audit record", async () => {
    newDir();
    await startDrop({ as: machine });
    put("1.json", alert("DROP-M1"));
    put("2.json", JSON.stringify(example("lagos-alert", { handling: "H2" })));
    expect((await resultOf("done", "1.json")).state).toBe("SENT");
    expect((await resultOf("rejected", "2.json")).items).toMatchObject([{ code: "CEILING_EXCEEDED" }]);
    const lines = own.services.audit!.list({ limit: 50 });
    expect(lines.filter(({ who }) => who === `machine:${machine}`).map(({ act }) => act)).toContain("MESSAGE_SENT");
  }); // prettier-ignore

  it("that is not let in any more keeps the files waiting, and says so", async () => {
    newDir();
    const drop = await startDrop({ as: "0195d5a4-7b1c-7c1e-9d0a-3f6f2b1a4c56" });
    put("w.json", alert("DROP-W"));
    await until("it says so", () => drop.state().code === "NOT_AUTHENTICATED");
    expect(readdirSync(at("rejected"))).toEqual([]);
    expect(sentCount(gateway, "DROP-W")).toBe(0);
  });

  it("is nobody whom a request over a connection could be", async () => {
    newDir();
    const drop = await startDrop({ as: machine });
    const callers = drop.callers(undefined);
    expect(await callers.who(new Request("http://localhost/v1/messages"))).toBeUndefined();
  });
});

describe("what is received", () => {
  it("is laid in out/ as JSON and text, once, also over a new start", async () => {
    newDir();
    await startDrop({ out: { lang: "fr", types: ["bulletin.red_flag"] } }, "gh/tcu");
    await until("it follows", () => existsSync(at("own", "drop-out.json")));
    const { id } = await gateway.exchange.submit(JSON.parse(alert("DROP-OUT")), "drop-out-1");
    await gateway.exchange.submit(example("lagos-alert"), "drop-out-2");
    const files = (): readonly string[] => readdirSync(at("out")).filter((name) => !name.startsWith("."));
    await until("both are there", () => files().length === 2);
    const [json = "", text = ""] = files().toSorted();
    expect(json).toMatch(new RegExp(String.raw`^[0-9]{8}T[0-9.]+Z-${id}\.json$`));
    expect(JSON.parse(readFileSync(at("out", json), "utf8"))).toMatchObject({ id, inner: { caseRef: "DROP-OUT" } });
    expect(readFileSync(at("out", text), "utf8")).toContain("ng/tcu");
    for (const stop of stops.splice(0).toReversed()) await stop();
    for (const name of files()) rmSync(at("out", name));
    await startDrop({ out: { types: ["bulletin.red_flag"] } }, "gh/tcu");
    const next = await gateway.exchange.submit(JSON.parse(alert("DROP-OUT2")), "drop-out-3");
    await until("the next is there", () => files().length === 2);
    expect(files().every((name) => name.includes(next.id))).toBe(true);
  }); // prettier-ignore

  it("of handling H3 is laid there once a person accepted its words, and not before", async () => {
    newDir();
    const drop = await startDrop({ out: { types: ["request.information"] } }, "gh/tcu");
    await until("it follows", () => existsSync(at("own", "drop-out.json")));
    const restricted = recastExample("request.information", { sender: "ng/tcu", readers: ["gh/tcu"] }, { now: Date.now(), rec: "ecowas" });
    const inner = { ...(restricted["inner"] as object), h3Text: { text: "For crew Zebra alone.", lang: "en" } };
    const { id } = await gateway.exchange.submit({ ...restricted, handling: "H3", inner }, "drop-out-h3");
    await until("it is held back", () => drop.state().withheld === 1);
    const files = (): readonly string[] => readdirSync(at("out")).filter((name) => name.includes(id) && !name.startsWith("."));
    expect(files()).toEqual([]);
    const { exchange } = await world.gateway("gh/tcu");
    await exchange.acceptWords(id, { by: "person:ama", digest: exchange.words(id)!.digest });
    await until("it is there", () => files().length === 2);
    expect(readFileSync(at("out", files().find((name) => name.endsWith(".txt"))!), "utf8")).toContain("crew Zebra");
  }); // prettier-ignore
});

describe("a gateway's own process", () => {
  it("has the drop its gateway.json names, and says over its API how it stands", async () => {
    newDir();
    const agency = "gh/moc";
    const folder = world.layout.gateway(agency);
    const config = JSON.parse(readFileSync(join(folder, "gateway.json"), "utf8")) as { api: { host: string; port: number } };
    const chosen = { dir, as: "owner", settleSeconds: 0.1, pollSeconds: 0.2, out: {} };
    writeFileSync(join(folder, "gateway.json"), JSON.stringify({ ...config, drop: chosen }));
    put("incident.json", JSON.stringify(example("maritime")));
    const child = spawn(process.execPath, [join(import.meta.dirname, "../../gateways/main.ts"), "--config", folder], { stdio: "ignore" });
    stops.push(async () => {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
      writeFileSync(join(folder, "gateway.json"), JSON.stringify(config));
    });
    expect((await resultOf("done", "incident.json")).state).toBe("SENT");
    const authorization = `Bearer ${loadToken(folder, systemChance)}`;
    const state = async (): Promise<unknown> => await (await fetch(`http://${config.api.host}:${config.api.port}/v1/drop`, { headers: { authorization } })).json();
    await expect.poll(state).toMatchObject({ dir, as: "owner", sent: 1, rejected: 0, working: 0 });
  }); // prettier-ignore
});

describe("a process that is killed anywhere", () => {
  const kills = 8;
  const fileCount = 40;

  it("loses nothing, sends nothing twice and writes nothing twice", { timeout: 200_000 }, async () => {
    newDir();
    const ownDir = at("own");
    mkdirSync(ownDir);
    const api: Api = await startApi({ exchange: gateway.exchange, directory: makeDirectory(() => gateway.register(), systemClock), dir: world.layout.gateway("ng/tcu"), host: "127.0.0.1", port: 0, services: own.services, callers: own.callers, ...ground });
    stops.push(() => api.stop());
    const other = await world.gateway("gh/tcu");
    for (let n = 0; n < 40; n += 1) await other.exchange.submit(JSON.parse(alert(`KILL-IN-${n}`)), `kill-in-${n}`);
    for (let n = 0; n < fileCount; n += 1) {
      put(`${n}.ndjson`, [0, 1, 2].map((row) => alert(`KILL-${n}-${row}-`)).join("\n"));
    }
    let child: ChildProcess | undefined;
    const start = async (): Promise<ChildProcess> => {
      const args = [join(import.meta.dirname, "../kit/drop-process.ts"), dir, ownDir, api.url, loadToken(world.layout.gateway("ng/tcu"), systemChance)];
      const started = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
      await once(started.stdout, "data");
      return started;
    };
    const taken = new Map<string, number>();
    /** Another system takes what it sees in out/ away at once, so what is written again is seen again. */
    const takeAway = (): void => {
      for (const name of readdirSync(at("out")).filter((one) => !one.startsWith("."))) {
        taken.set(name, (taken.get(name) ?? 0) + 1);
        rmSync(at("out", name));
      }
    };
    try {
      for (let n = 0; n < kills; n += 1) {
        child = await start();
        await systemClock.sleep(randomInt(250));
        const gone = once(child, "exit");
        child.kill("SIGKILL");
        await gone;
        if (existsSync(at("out"))) takeAway();
      }
      child = await start();
      await until("all is dealt with", () => readdirSync(at("in")).length + readdirSync(at("work")).length === 0);
      const countVerified = (): number => gateway.exchange.list({ box: "in", limit: 200 }).items.filter(({ state }) => state === "VERIFIED").length;
      await until("what the other sent is here", () => countVerified() >= 40);
      const wanted = countVerified();
      await until("all is written", () => {
        takeAway();
        return taken.size >= 2 * wanted;
      });
      await systemClock.sleep(300);
      takeAway();
      expect([...taken.values()].filter((count) => count !== 1)).toEqual([]);
    } finally {
      child?.kill("SIGKILL");
    }
    expect(readdirSync(at("done")).filter((name) => !name.startsWith(".")).length).toBe(2 * fileCount);
    expect(readdirSync(at("rejected"))).toEqual([]);
    for (const n of [0, 17, fileCount - 1]) {
      for (const row of [0, 1, 2]) expect(sentCount(gateway, `KILL-${n}-${row}-`)).toBe(1);
    }
    expect(sentCount(gateway, "KILL-")).toBe(3 * fileCount);
  }); // prettier-ignore
});
