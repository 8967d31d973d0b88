import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { messageTypes } from "../../schemas/index.ts";
import { Fault, utf8 } from "../../schemas/ground/index.ts";
import { makeTargets } from "./all-targets.ts";
import { closeTargets } from "./at-exit.ts";
import { maxInputBytes } from "./change-bytes.ts";
import { makeInput } from "./make-input.ts";
import { Broken } from "./promises.ts";
import { renderFinding } from "./report.ts";
import { maxRounds, measureRound, type RunPlan, runTarget, tryInput } from "./run-target.ts";
import type { Target } from "./target.ts";
import { goodMessages } from "./targets/bodies.ts";
import { openWatch, watchBytes } from "./watch.ts";

/** In CI always the same inputs; `npm run fuzz` tries others, and thousands of times as many. */
const seed = 20_261_121;

/** So that all of it takes less than 20 seconds on two cores: decoders are hundreds, and families do most a run. */
function runsOf({ name }: Target): number {
  if (name.startsWith("schemas/decode")) return 6;
  return /^schemas\/(?:parseBody|checkContent|checkSubmission)/.test(name) ? 12 : 40;
}
const targets = await makeTargets();

afterAll(closeTargets);

function plan(count: number, change: Partial<RunPlan> = {}): RunPlan {
  return { seed, from: 0, isOver: (done) => done >= count, ...change };
}

describe("every reader of outside bytes", () => {
  it.each(targets.map((target) => [target.name, target] as const))("%s", async (_, target) => {
    for (const input of target.seeds) {
      expect(await tryInput(target, input)).toEqual({ code: undefined });
    }
    const { finding, runs } = await runTarget(target, plan(runsOf(target)));
    expect(finding === undefined ? "" : renderFinding(finding)).toBe("");
    expect(runs).toBe(runsOf(target));
  });

  it("begins with good inputs", () => {
    const without = targets.filter(({ seeds }) => seeds.length === 0);
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it("has a name of its own", () => {
    expect(new Set(targets.map(({ name }) => name)).size).toBe(targets.length);
  });
});

/** Readers that are tried through another one, or that read only what we wrote ourselves. */
const triedOtherwise: Readonly<Record<string, string>> = {
  parsePublication: "judge",
  parseSigned: "parseCertificate, parseCrl and parseRequest",
  parseNames: "a column of our own store",
  parseTable: "tables that stand in our own code",
  parseNumbers: "a column of our own store",
  readSecretFile: "a file of the operator's own, as it is",
  readPrivateFile: "a file of the operator's own, as it is",
  readFolderId: "a file of the broker's own, by one expression",
  readFolderFacts: "a gateway.json, by the reader that loadGateway is tried with",
  parseVaultConfig: "a gateway.json whose shape was checked",
  readBody: "parseBody and checkSubmission",
  readInner: "checkSubmission",
  readThread: "messages that were proved, by stories drawn in schemas/work",
  readOrder: "a body by parseBody and checkSubmission",
  readHubWord: "verifyReceipt",
  readClaim: "parseFraming and parseEnvelope",
  readLogTail: "parseLogLines",
  readStopState: "a file of the broker's own, and one of another shape stops its start",
  readLeaves: "parseLogAnswer",
  readTaken: "headers that our own hub wrote",
  readTakenNote: "readNotes",
  readWatched: "messages that were proved, by stories drawn in schemas/work",
  readOperation: "messages that were proved, by stories drawn in schemas/work",
  readPacks: "our own files",
  readTipCase: "messages that were proved, by stories drawn in schemas/work",
};

describe("the list of targets", () => {
  const root = join(import.meta.dirname, "../..");
  const codeOf = (pattern: string): string =>
    globSync(pattern, {
      cwd: root,
      exclude: (file) => file.includes(".test.") || file.includes("node_modules"),
    })
      .map((file) => readFileSync(join(root, file), "utf8"))
      .join("\n");

  it("tries every function that parses", () => {
    const code = codeOf("{schemas,certs,broker,gateways}/**/*.ts");
    const parsers = [...code.matchAll(/^export (?:async )?function\*? (parse\w+)/gm)].map(
      ([, name = ""]) => name,
    );
    expect(parsers.length).toBeGreaterThan(30);
    const tried = codeOf("test/fuzz/targets/*.ts");
    const untried = parsers.filter(
      (name) => !new RegExp(`\\b${name}\\b`).test(tried) && triedOtherwise[name] === undefined,
    );
    expect(untried).toEqual([]);
  });

  it("tries every function that reads and stands in a room's door", () => {
    const doors = codeOf("{schemas,certs,broker,gateways}/**/index.ts");
    const readers = [...doors.matchAll(/\b(read[A-Z]\w*)\b/g)].map(([, name = ""]) => name);
    expect(readers.length).toBeGreaterThan(1);
    const tried = codeOf("test/fuzz/targets/*.ts");
    const isTried = (name: string): boolean =>
      new RegExp(`\\b${name}\\(`).test(tried) || triedOtherwise[name] !== undefined;
    expect(readers.filter((name) => !isTried(name))).toEqual([]);
  });

  it("has a good message of every type to begin with", () => {
    const types = new Set(goodMessages.map(({ type }) => type));
    expect(messageTypes.filter((type) => !types.has(type))).toEqual([]);
  });

  it("tries every generated decoder", () => {
    const decoders = [...codeOf("schemas/gen/*.ts").matchAll(/^export const (decode\w+)/gm)].map(
      ([, name = ""]) => `schemas/${name}`,
    );
    expect(decoders.length).toBeGreaterThan(40);
    expect(targets.map(({ name }) => name)).toEqual(expect.arrayContaining(decoders));
  });
});

function planted(run: (input: Uint8Array) => unknown): Target {
  const seeds = [utf8("a good input, long enough to be changed in many places")];
  return { name: "planted", shape: "bytes", seeds, run };
}

describe("runTarget", () => {
  it("finds an error that is no fault, and the same input shows it again", async () => {
    const target = planted((input) => {
      if (input.includes(0x80)) throw new TypeError("planted");
    });
    const { finding } = await runTarget(target, plan(5000));
    expect(finding?.what).toContain("TypeError: planted");
    const { run = 0, input } = finding ?? {};
    expect(makeInput(target, seed, run)).toEqual(input);
    const again = await runTarget(target, plan(1, { from: run }));
    expect(again.finding?.input).toEqual(input);
  });

  it.each<[string, () => never]>([
    ["a broken promise", () => { throw new Broken("planted"); }],
    ["a fault of our own", () => { throw new Fault("INTERNAL", "planted"); }],
    ["a fault that was not promised", () => { throw new Fault("ID_INVALID", "planted"); }],
  ])("finds %s", async (_, run) => {
    const { finding } = await runTarget({ ...planted(run), codes: ["JSON_"] }, plan(5));
    expect(finding?.what).toContain("planted");
  }); // prettier-ignore

  it("a fault that was promised is an answer, not a finding", async () => {
    const refuse = (): never => {
      throw new Fault("ID_INVALID", "planted");
    };
    const tally = await runTarget({ ...planted(refuse), codes: ["ID_"] }, plan(5));
    expect(tally).toMatchObject({ runs: 5, taken: 0, codes: new Set(["ID_INVALID"]) });
    expect(tally.finding).toBeUndefined();
  });

  it("finds a call that takes too long each time, and passes over one that did once", async () => {
    const work = (ms: number): void => {
      const from = process.threadCpuUsage().user;
      while (process.threadCpuUsage().user - from < ms * 1000);
    };
    const isGood = (input: Uint8Array): boolean => planted(() => undefined).seeds.some((good) => Buffer.compare(good, input) === 0);
    const slow = planted((input) => {
      if (!isGood(input)) work(Math.max(130, 2 * maxRounds * measureRound()));
    });
    expect((await runTarget(slow, plan(3))).finding?.what).toMatch(/takes \d+ ms/);
    let calls = 0;
    const once = planted((input) => {
      if (isGood(input)) return;
      calls += 1;
      if (calls === 1) work(130);
    });
    expect((await runTarget(once, plan(1))).finding).toBeUndefined();
  }); // prettier-ignore

  it("a call that is slow only because everything is slow here is none", async () => {
    let ms = 30;
    const target = planted(() => {
      const from = process.threadCpuUsage().user;
      while (process.threadCpuUsage().user - from < ms * 1000);
      ms = 110;
    });
    expect((await runTarget(target, plan(2))).finding).toBeUndefined();
  });
});

describe("makeInput", () => {
  it("depends on seed and run alone, and no input is larger than a reader may meet", () => {
    for (const target of targets.filter((_, i) => i % 31 === 0)) {
      const made = Array.from({ length: 40 }, (_, run) => makeInput(target, seed, run));
      expect(made.map((_, run) => makeInput(target, seed, run))).toEqual(made);
      expect(Math.max(...made.map(({ length }) => length))).toBeLessThanOrEqual(maxInputBytes);
      expect(new Set(made.map((input) => input.toString())).size).toBeGreaterThan(10);
    }
  });
});

describe("the watch", () => {
  it("shows another thread what is being tried", () => {
    const memory = new SharedArrayBuffer(watchBytes);
    const [writer, reader] = [openWatch(memory), openWatch(memory)];
    expect(reader.look()).toBeUndefined();
    writer.begin("schemas/parseSlip");
    writer.note(7, utf8("input"));
    expect(reader.look()).toMatchObject({ target: "schemas/parseSlip", run: 7, tried: 1 });
    expect(Buffer.from(reader.look()?.input ?? "").toString()).toBe("input");
    writer.end();
    expect(reader.look()).toBeUndefined();
  });
});
