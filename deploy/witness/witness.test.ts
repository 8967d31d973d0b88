import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeEach, describe, expect, it } from "vitest";

import { encodeLogAnswer, decodeLogAnswer, parseLogSizesQuestion } from "../../schemas/index.ts";
import { type Bytes, Fault, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { makeCosigner, parseNote, renderNote, renderVerifierKey } from "../../certs/log/index.ts";
import {
  findCosignatures,
  makeWitness,
  maxRequestBytes,
  parseCosignatures,
  renderAddCheckpoint,
  type LogWitness,
} from "../../certs/witness/index.ts";
import { codeOf } from "../../test/kit/code-of.ts";
import { noteKey } from "../../test/kit/note-key.ts";
import { makeTestLog, type TestLog } from "../../test/kit/test-log.ts";
import { runWitnessVerb } from "../../test/kit/witness-runs.ts";
import { loadWitnessConfig, makeWitnessFolder, openCosigners } from "./folder.ts";
import { listen } from "./listen.ts";
import { startListeningWitness } from "./listening.ts";
import { runWitness } from "./run.ts";
import { makeSeenStore, openSeenStore } from "./seen-store.ts";
import { type AskLog, visitHub } from "./visit.ts";

const top = mkdtempSync(join(tmpdir(), "witness-"));
afterAll(() => rmSync(top, { recursive: true }));

const origin = "atumpan/au/hub-one";
const log = makeTestLog(origin, 40);
const fork = makeTestLog(origin, 40, { signer: log.signer, from: 20 });
const noteOf = (of: TestLog, size: number) => parseNote(of.checkpoint(size));

let made = 0;
let dir: string;
beforeEach(() => {
  made += 1;
  dir = join(top, String(made));
  mkdirSync(dir);
});

const seenFiles = (): readonly string[] =>
  readdirSync(dir).filter((name) => name.startsWith("seen"));

describe("what a witness cosigned", () => {
  it("is read as it was written, from one file", () => {
    makeSeenStore(dir);
    const store = openSeenStore(dir);
    for (const size of [3, 7, 9]) store.save(origin, noteOf(log, size));
    store.save("another", parseNote(makeTestLog("another", 2).checkpoint(2)));
    expect(seenFiles()).toEqual(["seen-000000000005.json"]);
    expect(openSeenStore(dir).lastOf(origin)).toEqual(noteOf(log, 9));
  });

  it.each([
    ["gone", (file: string) => rmSync(file)],
    ["torn", (file: string) => writeFileSync(file, readFileSync(file).subarray(0, -9))],
    ["empty", (file: string) => writeFileSync(file, "")],
    ["changed", (file: string) => writeFileSync(file, readFileSync(file, "utf8").replace("hub-one", "hub-two"))],
  ])("that is %s is refused, and nothing is begun anew", (_, spoil) => {
    makeSeenStore(dir);
    openSeenStore(dir).save(origin, noteOf(log, 9));
    spoil(join(dir, seenFiles()[0]!));
    const before = seenFiles();
    expect(codeOf(() => openSeenStore(dir))).toBe("INTEGRITY_STORE");
    expect(seenFiles()).toEqual(before);
  });

  it("of two processes in one folder the one that comes second is refused, and stays so", () => {
    makeSeenStore(dir);
    const [one, two, three] = [openSeenStore(dir), openSeenStore(dir), openSeenStore(dir)];
    one.save(origin, noteOf(log, 5));
    expect(codeOf(() => two.save(origin, noteOf(fork, 30)))).toBe("INTEGRITY_STORE");
    one.save(origin, noteOf(log, 25));
    one.save(origin, noteOf(log, 30));
    // the file of its own number is long gone: it is refused by what stands further on
    expect(codeOf(() => three.save(origin, noteOf(fork, 30)))).toBe("INTEGRITY_STORE");
    expect(codeOf(() => two.save(origin, noteOf(log, 31)))).toBe("INTEGRITY_STORE");
    one.save(origin, noteOf(log, 31));
    expect(openSeenStore(dir).lastOf(origin)).toEqual(noteOf(log, 31));
    expect(seenFiles()).toHaveLength(1);
  });

  it("what a crash left half-way is the old or the new, never nothing", () => {
    makeSeenStore(dir);
    openSeenStore(dir).save(origin, noteOf(log, 9));
    const newest = readFileSync(join(dir, "seen-000000000002.json"));
    // killed before the link: a file with another name; killed before the old one was taken away: both
    writeFileSync(join(dir, "seen-000000000003.json.4711"), newest.subarray(0, 40));
    writeFileSync(join(dir, "seen-000000000001.json"), "the old one");
    expect(openSeenStore(dir).lastOf(origin)).toEqual(noteOf(log, 9));
  });
}); // prettier-ignore

describe("atumpan witness init", () => {
  const init = (...more: readonly string[]) => runWitnessVerb(top, "init", dir, "--name", "w.example/one", ...more);

  it("makes keys of its owner alone and tells what the registrars need; it never overwrites a witness", async () => {
    const first = await init("--listen", "127.0.0.1:0", "--log", renderVerifierKey(log.key));
    expect(first.code).toBe(0);
    const told = first.out.trimEnd().split("\n").slice(-2);
    expect(told).toEqual(openCosigners(dir, "w.example/one").map(({ verifierKey }) => renderVerifierKey(verifierKey)));
    for (const key of ["witness.key", "witness-ml-dsa-44.key"]) expect(statSync(join(dir, key)).mode & 0o777).toBe(0o600);
    expect(loadWitnessConfig(dir).listen).toEqual({ host: "127.0.0.1", port: 0 });
    expect((await init("--listen", "127.0.0.1:0")).err).toContain("KEY_UNUSABLE");
    const shown = await runWitnessVerb(top, "show", dir, "--json");
    expect(JSON.parse(shown.out)).toEqual({ name: "w.example/one", keys: told, logs: [] });
  });

  it.each([
    ["neither a hub nor an address", [], "CONFIG_INVALID"],
    ["a hub without a link", ["--hub", "au/hub"], "USAGE_INVALID"],
    ["an address that is none", ["--listen", "8080"], "USAGE_INVALID"],
    ["a key that is none", ["--listen", "127.0.0.1:0", "--log", "x+00000000+AAAA"], "LOG_NOTE_INVALID"],
  ])("with %s is refused, and nothing is made", async (_, args, code) => {
    expect((await init(...args)).err).toContain(code);
    expect(readdirSync(dir)).toEqual([]);
  });

  it("run without a folder that was made, or without its record, is refused", async () => {
    expect((await runWitnessVerb(top, "run", dir)).err).toContain("CONFIG_INVALID");
    await init("--listen", "127.0.0.1:0");
    expect((await runWitnessVerb(top, "run", dir, "--once")).err).toContain("USAGE_INVALID");
    rmSync(join(dir, seenFiles()[0]!));
    const { code, err } = await runWitnessVerb(top, "run", dir);
    expect([code, err]).toEqual([8, expect.stringContaining("INTEGRITY_STORE")]);
  });
}); // prettier-ignore

async function post(url: string, body: Bytes, { path = "/add-checkpoint", method = "POST" } = {}): Promise<{ status: number; type: string; body: Bytes }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; type: string; body: Bytes }>();
  const asked = request(new URL(path, url), { method }, (response) => {
    const pieces: Buffer[] = [];
    response.on("data", (piece: Buffer) => pieces.push(piece));
    response.on("end", () => resolve({ status: response.statusCode ?? 0, type: response.headers["content-type"] ?? "", body: Buffer.concat(pieces) }));
  });
  asked.on("error", reject);
  asked.end(body);
  return await promise;
} // prettier-ignore

describe("a witness that listens", () => {
  const requestOf = (of: TestLog, oldSize: number, size: number): Bytes =>
    renderAddCheckpoint({ oldSize, proof: of.prove(oldSize, size), checkpoint: of.checkpoint(size) });

  it("cosigns over HTTP what it was sent, tells its size, and keeps both notes of a log that lies", async () => {
    const listenOn = { host: "127.0.0.1", port: 0 };
    const [{ verifierKey }] = makeWitnessFolder(dir, { name: "w.example/one", listen: listenOn, logs: [renderVerifierKey(log.key)] }) as [ReturnType<typeof makeCosigner>];
    const said: string[] = [];
    const heard = Promise.withResolvers<string>();
    const stop = new AbortController();
    const say = (text: string): void => {
      said.push(text);
      const url = /http:\/\/[\d.:]+/.exec(text)?.[0];
      if (url !== undefined) heard.resolve(url);
    };
    const running = runWitness({ dir, clock: systemClock, chance: systemChance, signal: stop.signal, say }, false);
    const url = await heard.promise;
    const good = await post(url, requestOf(log, 0, 30));
    const { text } = noteOf(log, 30);
    expect(findCosignatures({ text, lines: parseCosignatures(good.body) }, [verifierKey])).toHaveLength(1);
    expect(await post(url, requestOf(fork, 0, 40))).toEqual({ status: 409, type: "text/x.tlog.size", body: Buffer.from("30\n") });
    expect((await post(url, requestOf(fork, 30, 30))).status).toBe(409);
    expect((await post(url, requestOf(fork, 30, 40))).status).toBe(422);
    expect((await post(url, Buffer.from("x"))).status).toBe(400);
    expect((await post(url, Buffer.from("x"), { path: "/other" })).status).toBe(404);
    expect((await post(url, Buffer.from(""), { method: "PUT" })).status).toBe(405);
    expect((await post(url, Buffer.alloc(maxRequestBytes + 1))).status).toBe(413);
    stop.abort();
    expect(await running).toBe(false);
    const [kept, ...more] = readdirSync(join(dir, "evidence"));
    expect(more).toEqual([]);
    const evidence = JSON.parse(readFileSync(join(dir, "evidence", kept!), "utf8")) as { before: string; after: string };
    expect([evidence.before, evidence.after]).toEqual([log, fork].map((one) => Buffer.from(one.checkpoint(30)).toString()));
    expect(said.join("\n")).toContain("ALARM");
  });

  it("answers 500 when it cannot write down, without a cosignature", async () => {
    const faults: Fault[] = [];
    const store = { lastOf: () => undefined, save: (): never => { throw new Fault("INTEGRITY_STORE", "full"); } };
    const witness = makeWitness({ store, cosigners: [makeCosigner("w", noteKey("ed25519"))], keysOf: () => [log.key], clock: systemClock, onLie: () => undefined });
    const listening = await listen(witness, { host: "127.0.0.1", port: 0, onFault: (fault) => void faults.push(fault) });
    const { status, body } = await post(listening.url, requestOf(log, 0, 9));
    expect([status, Buffer.from(body).toString(), faults.map(({ code }) => code)]).toEqual([500, "nothing was cosigned\n", ["INTEGRITY_STORE"]]);
    await listening.stop();
  });
}); // prettier-ignore

interface Hub {
  readonly ask: AskLog;
  readonly handed: Bytes[];
}

/** A hub that offers one size of a log, says another is the newest, and proves as asked, or badly. */
function makeHub(of: TestLog, { offered, newest = offered, isHelpful = true }: { offered: number; newest?: number; isHelpful?: boolean }): Hub {
  const handed: Bytes[] = [];
  const answers: Record<string, (question: Bytes) => Parameters<typeof encodeLogAnswer>[0]> = {
    cosign: (question) => {
      if (question.length > 0) handed.push(question);
      return { checkpoint: of.checkpoint(offered), hashes: [], leaves: [] };
    },
    checkpoint: () => ({ checkpoint: of.checkpoint(newest), hashes: [], leaves: [] }),
    consistency: (question) => {
      const { from, to } = parseLogSizesQuestion(question);
      return isHelpful ? { hashes: [...of.prove(from, to)], leaves: [] } : { refused: "HUB_UNREACHABLE", hashes: [], leaves: [] };
    },
  };
  return { handed, ask: (act, question) => Promise.resolve(decodeLogAnswer(encodeLogAnswer(answers[act]!(question)))) };
} // prettier-ignore

describe("a witness that visits", () => {
  const cosigner = makeCosigner("w.example/one", noteKey("ed25519"));
  const open = (): LogWitness => {
    makeSeenStore(dir);
    return makeWitness({ store: openSeenStore(dir), cosigners: [cosigner], keysOf: () => [log.key], clock: systemClock, onLie: () => undefined });
  };

  it("cosigns what the hub offers, goes on by proof, and hands in its own line alone", async () => {
    const witness = open();
    for (const offered of [9, 30, 30]) {
      const hub = makeHub(log, { offered });
      expect(await visitHub(hub.ask, witness)).toEqual({ kind: "cosigned", origin, size: offered });
      const { text, signatures } = parseNote(hub.handed[0]!);
      expect([signatures.length, findCosignatures({ text, lines: signatures }, witness.keys).length]).toEqual([1, 1]);
    }
  });

  it.each([
    ["a fork that grew", makeHub(fork, { offered: 40 }), noteOf(fork, 40)],
    ["another tree of that size", makeHub(fork, { offered: 30 }), noteOf(fork, 30)],
    ["a log that became shorter", makeHub(log, { offered: 12 }), noteOf(log, 12)],
    ["another's signature", makeHub(makeTestLog(origin, 40), { offered: 40 }), undefined],
  ])("%s is not cosigned, and is told of", async (_, hub, after) => {
    const witness = open();
    await visitHub(makeHub(log, { offered: 30 }).ask, witness);
    expect(await visitHub(hub.ask, witness)).toMatchObject({ kind: "refused", origin, after });
    expect([hub.handed, openSeenStore(dir).lastOf(origin)]).toEqual([[], noteOf(log, 30)]);
  });

  it("what it signed and has no record of stops it: the folder was put back from a copy", async () => {
    const witness = open();
    const copy = seenFiles().map((name) => [name, readFileSync(join(dir, name))] as const);
    const hub = makeHub(log, { offered: 30 });
    await visitHub(hub.ask, witness);
    const { text, signatures } = noteOf(log, 30);
    const checkpoint = renderNote({ text, signatures: [...signatures, ...parseNote(hub.handed[0]!).signatures] });
    const shows: AskLog = () => Promise.resolve({ checkpoint, hashes: [], leaves: [] });
    expect(await visitHub(shows, witness)).toEqual({ kind: "nothing", says: "cosigned before" });
    for (const name of seenFiles()) rmSync(join(dir, name));
    for (const [name, bytes] of copy) writeFileSync(join(dir, name), bytes);
    const again = makeWitness({ store: openSeenStore(dir), cosigners: [cosigner], keysOf: () => [log.key], clock: systemClock, onLie: () => undefined });
    await expect(visitHub(shows, again)).rejects.toMatchObject({ code: "INTEGRITY_STORE" });
  });

  it("an older offer of a log that is longer is no lie; a hub that proves nothing is tried again", async () => {
    const witness = open();
    await visitHub(makeHub(log, { offered: 30 }).ask, witness);
    const older = makeHub(log, { offered: 12, newest: 33 });
    expect(await visitHub(older.ask, witness)).toMatchObject({ kind: "nothing" });
    await expect(visitHub(makeHub(log, { offered: 33, isHelpful: false }).ask, witness)).rejects.toMatchObject({ code: "HUB_UNREACHABLE" });
    expect(witness.sizeOf(origin)).toBe(30);
  });
}); // prettier-ignore

describe("a witness inside another process", () => {
  const place = { host: "127.0.0.1", port: 0 };
  const file = (name: string): string => join(dir, name);
  const said: string[] = [];
  const start = (at?: { host: string; port: number }) =>
    startListeningWitness(dir, { clock: systemClock, say: (text) => void said.push(text), ...(at === undefined ? {} : { at }) });
  const send = async (url: string, of: TestLog, [oldSize, size]: readonly [number, number]): Promise<readonly [number, string]> => {
    const body = renderAddCheckpoint({ oldSize, proof: oldSize === 0 ? [] : of.prove(oldSize, size), checkpoint: of.checkpoint(size) });
    const answer = await fetch(`${url}/add-checkpoint`, { method: "POST", body: Buffer.from(body) });
    return [answer.status, await answer.text()];
  };

  it("cosigns what the logs of its folder send to where it listens, goes on after a restart, and tells of a lie", async () => {
    makeWitnessFolder(dir, { name: "w.example/in", listen: { host: "127.0.0.1", port: 1 }, logs: [renderVerifierKey(log.key)] });
    const first = await start(place);
    const [status, lines] = await send(first.url, log, [0, 9]);
    expect([status, lines.trim().split("\n").length]).toEqual([200, 2]);
    expect((await send(first.url, makeTestLog("another", 3), [0, 3]))[0]).toBe(404);
    await first.stop();
    const next = await start(place);
    expect((await send(next.url, log, [0, 9]))[0]).toBe(409);
    expect((await send(next.url, log, [9, 25]))[0]).toBe(200);
    expect(said).toEqual([]);
    expect((await send(next.url, fork, [25, 25]))[0]).toBe(409);
    expect(said.join()).toMatch(/^ALARM: atumpan\/au\/hub-one is not cosigned.*evidence/);
    await next.stop();
  });

  it("is refused where nothing is, where it only dials, and at a place that is taken", async () => {
    await expect(start(place)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    const link = { hub: "au/hub-one", agency: "ng/tcu", registerFile: file("r"), rootFile: file("o"), certificateFile: file("c"), keyFile: file("k") };
    makeWitnessFolder(dir, { name: "w.example/out", link });
    await expect(start()).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    const other = await start(place);
    await expect(start({ ...place, port: Number(new URL(other.url).port) })).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    await other.stop();
  });
}); // prettier-ignore
