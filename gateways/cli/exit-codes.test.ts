import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { beforeEach, describe, expect, it } from "vitest";

import { type Clock, makeSeededChance } from "../../schemas/ground/index.ts";
import { makeCliWorld, makeHastyClock } from "../../test/kit/cli-world.ts";
import { exitCodes, runCli, type World } from "./index.ts";

const id = "01890a5d-ac96-774b-bcce-b302099a8057";
let dir = "";
const stop = { now: new AbortController() };

/** One way to ask a gateway, for every command that does; the arguments are good. */
const asking: readonly (readonly string[])[] = [
  ["message", "validate", "a.json"], ["message", "send", "a.json"], ["message", "ls"], ["message", "show", id],
  ["message", "copy", id, "--for", "court", "--out", "x.copy"], ["message", "check-copy", "a.json"],
  ["message", "translate", id, "--field", "/narrative", "--to", "fr"], ["message", "check-translation", id],
  ["inbox", "ls"], ["lookup", "document", "A0123456", "--country", "NG"], ["status"],
  ["keys", "list"], ["keys", "confirm", "gh/fiu", "ab".repeat(32), "--by", "A. Mensah"],
  ["people", "ls"], ["people", "invite", "A. Mensah", "--role", "officer"], ["people", "roles", id, "--role", "officer"],
  ["people", "code", id], ["people", "suspend", id], ["people", "resume", id], ["people", "remove", id],
  ["people", "changes"], ["people", "agree", id], ["people", "refuse", id],
  ["machine", "ls"], ["machine", "add", "cases", "--role", "integrator"], ["machine", "rotate", id], ["machine", "rm", id],
  ["store", "lock"], ["why", "gh/tcu", "publish", "alert.incident", "--crime", "drugs", "--in", "ecowas"],
  ["audit", "ls"], ["audit", "head"], ["drop", "status"], ["backup", "run"],
  ["carry", "export", "--to", "gh/tcu", "--out", "x.carry"], ["carry", "import", "a.json"], ["context", "validate"],
]; // prettier-ignore

/** Every time is over at once, however long it is: what takes longest to send has minutes. */
const clock: Clock = {
  ...makeHastyClock(1_780_272_000_000),
  after: (_, act) => {
    const timer = setImmediate(act);
    return { stop: () => clearImmediate(timer) };
  },
};

async function run(args: readonly string[], fetch: World["fetch"]): Promise<number> {
  return await runCli({
    args: ["--timeout", "1", ...args], version: "0", cwd: dir, fetch, clock,
    out: () => undefined, err: () => undefined, isWatched: false, stdin: () => Promise.resolve("{}"),
    chance: makeSeededChance("x"), signal: stop.now.signal,
  }); // prettier-ignore
}

const says = (status: number, code: string): World["fetch"] => () =>
  Promise.resolve(new Response(JSON.stringify({ code, title: "t", detail: "d" }), { status })); // prettier-ignore

const answers: readonly (readonly [string, World["fetch"], number])[] = [
  ["nobody answers", () => Promise.reject(new TypeError("fetch failed")), exitCodes.other],
  ["it fails inside", says(500, "INTERNAL"), exitCodes.other],
  ["what is sent is not good", says(422, "SCHEMA_INVALID"), exitCodes.invalidContent],
  ["it does not know us", says(401, "NOT_AUTHENTICATED"), exitCodes.notPermitted],
  ["it may not", says(403, "CEILING_EXCEEDED"), exitCodes.notPermitted],
  ["it is not there", says(404, "NOT_FOUND"), exitCodes.notFound],
  ["another content has this key", says(409, "IDEMPOTENCY_KEY_REUSED"), exitCodes.conflict],
  ["a signature is not good", says(422, "CARRY_SIGNATURE_INVALID"), exitCodes.verificationFailed],
  ["it never answers", (_, init) => new Promise((__, reject) => { init?.signal?.addEventListener("abort", () => reject(new Error("late"))); }), exitCodes.timedOut],
]; // prettier-ignore

beforeEach(() => {
  stop.now = new AbortController();
  const world = makeCliWorld(["ng/tcu"], { agencies: () => [], servedRecs: () => [] });
  dir = world.dir;
  writeFileSync(join(dir, "a.json"), "{}");
});

describe("exit codes", () => {
  it.each(answers)("%s: every command that asks ends with the same number", async (_, fetch, code) => {
    const ended: Record<string, number> = {};
    for (const args of asking) ended[args.join(" ")] = await run(args, fetch);
    const others = Object.entries(ended).filter(([, one]) => one !== code);
    // a copy that a gateway refuses is one that was not proved
    const isOwn = code === exitCodes.invalidContent ? "message check-copy" : "-";
    expect(others.filter(([args]) => !args.startsWith(isOwn))).toEqual([]);
  }); // prettier-ignore

  it("whoever stops a command gets 130, whatever the command", async () => {
    const fetch: World["fetch"] = () => {
      stop.now.abort();
      return Promise.reject(new Error("stopped"));
    };
    for (const args of asking) {
      stop.now = new AbortController();
      expect([args, await run(args, fetch)]).toEqual([args, exitCodes.interrupted]);
    }
  });

  it("the published numbers are these and no others", () => {
    expect(exitCodes).toEqual({
      ok: 0, other: 1, usage: 2, invalidContent: 3, notPermitted: 4, notFound: 5, conflict: 6, savedNotSent: 7,
      verificationFailed: 8, needsApproval: 9, timedOut: 10, interrupted: 130, checkUnknown: 3,
    }); // prettier-ignore
    expect(readFileSync(join(dir, "a.json"), "utf8")).toBe("{}");
  });
});
