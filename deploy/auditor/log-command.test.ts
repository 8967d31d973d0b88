import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { leafHash, parseProof, renderVerifierKey, verifyProof } from "../../certs/log/index.ts";
import { type Bytes, renderHex, sha256, systemClock, utf8 } from "../../schemas/ground/index.ts";
import { commitToMessage, makeLogSalt } from "../../schemas/index.ts";
import { parseUuid } from "../../schemas/ground/index.ts";
import { serveFolder } from "../../test/kit/log-service.ts";
import { runHouse } from "../../test/kit/house-run.ts";
import {
  madeLeaf,
  madeLeaves,
  madeLogSigner,
  madeLogStart,
  makeLog,
} from "../../test/kit/made-log.ts";

const cwd = mkdtempSync(join(tmpdir(), "auditor-"));
const key = renderVerifierKey(madeLogSigner.verifierKey);
const clock = { ...systemClock, now: () => madeLogStart + 900_000 };
const id = "01890a5d-ac96-774b-bcce-b302099a8057";
const envelope = utf8("envelope");
const salt = makeLogSalt(envelope);
const channel = "ecowas.drugs.h1.alert.incident";
const asked = { id: parseUuid(id), envelopeDigest: sha256(envelope), channel };
const mine = madeLeaf(301, { commitment: commitToMessage(salt, asked) });
const leaves = madeLeaves(600).with(300, mine);
let service: Awaited<ReturnType<typeof serveFolder>>;

/** Lays a log where the hub serves it. */
function publish(all: readonly Bytes[]): void {
  const made = makeLog(all);
  for (const [path, bytes] of [...made.files, ["checkpoint", made.note] as const]) {
    mkdirSync(dirname(join(cwd, "log", path)), { recursive: true });
    writeFileSync(join(cwd, "log", path), bytes);
  }
}

async function run(...args: readonly string[]): Promise<{ code: number; out: string }> {
  let out = "";
  const write = (text: string): void => void (out += text);
  const code = await runHouse({ args: ["log", ...args], cwd, clock, out: write, err: write });
  return { code, out };
}

const follow = (from: string, ...more: readonly string[]): ReturnType<typeof run> =>
  run("follow", from, "--into", "mirror", "--once", "--log-key", key, ...more);

beforeAll(async () => {
  publish(leaves.slice(0, 400));
  service = await serveFolder(join(cwd, "log"));
});

afterAll(() => service.stop());

describe("an auditor follows a log", () => {
  it("over the network, keeps all of it, and goes on from there", async () => {
    expect(await follow(service.url)).toEqual({
      code: 0,
      out: "400 entries are proved, 400 of them new\n",
    });
    publish(leaves);
    expect(await follow(service.url)).toEqual({
      code: 0,
      out: "600 entries are proved, 200 of them new\n",
    });
    expect(await follow("log")).toEqual({
      code: 0,
      out: "600 entries are proved, 0 of them new\n",
    });
    for (const path of ["tile/entries/001", "tile/entries/002.p/88", "tile/1/000.p/2"]) {
      expect(readFileSync(join(cwd, "mirror", path))).toEqual(readFileSync(join(cwd, "log", path)));
    }
    expect(existsSync(join(cwd, "mirror", "tile/entries/001.p"))).toBe(false);
    const checked = await run("check", "mirror", "--log-key", key);
    expect(checked).toEqual({
      code: 0,
      out: "600 entries were read and proved\nall of it is as it should be\n",
    });
  });

  it("who knows a message learns where it stands, with a proof; who guesses learns that it does not", async () => {
    const named = ["--id", id, "--digest", renderHex(asked.envelopeDigest), "--channel", channel];
    const found = await run("challenge", "--mirror", "mirror", ...named, "--salt", renderHex(salt), "--out", "proof");
    expect(found.code).toBe(0);
    expect(found.out).toMatch(/^yes: entry 300, taken 2026-11-20T\S+ as number 301 of FEED_ECOWAS\n$/);
    const proof = parseProof(readFileSync(join(cwd, "proof")));
    const policy = { witnesses: [], groups: [], quorum: undefined };
    const keys = [madeLogSigner.verifierKey];
    expect(verifyProof({ proof, leafHash: leafHash(mine), keys, policy }).checkpoint.size).toBe(600);
    const guess = await run("challenge", "--mirror", "mirror", ...named, "--salt", "00".repeat(16));
    expect([guess.code, guess.out]).toEqual([5, "no: none of 600 entries is this message\n"]);
    writeFileSync(join(cwd, "q.json"), JSON.stringify({ id, digest: renderHex(asked.envelopeDigest), salt: renderHex(salt), channel }));
    expect((await run("challenge", "q.json", "--mirror", "mirror")).code).toBe(0);
    writeFileSync(join(cwd, "q.json"), JSON.stringify({ id, digest: "zz", salt: "", channel }));
    expect((await run("challenge", "q.json", "--mirror", "mirror")).code).toBe(2);
  }); // prettier-ignore

  it("counts of what was followed are counted again; no file, no table and no mirror are refused", async () => {
    const check = async (file: string, mirror = "mirror"): Promise<number> => {
      const write = (): void => undefined;
      const args = ["oversight", "check", file, "--mirror", mirror];
      return await runHouse({ args, cwd, clock, out: write, err: write });
    };
    const { note } = makeLog(leaves);
    const all = renderHex(sha256(utf8("0-599")));
    const row = { of: { rec: "ecowas" }, count: 600, positions: { runs: [[0, 599]], left: 0, digest: all } };
    const table = { format: "atumpan-oversight-counts/1", log: "atumpan/ecowas/hub", size: 600, checkpoint: Buffer.from(note).toString(), by: ["rec"], smallest: 0, rows: [row] };
    writeFileSync(join(cwd, "counts.json"), JSON.stringify(table));
    expect(await check("counts.json")).toBe(0);
    writeFileSync(join(cwd, "less.json"), JSON.stringify({ ...table, rows: [] }));
    expect(await check("less.json")).toBe(8);
    writeFileSync(join(cwd, "none.json"), JSON.stringify({ ...table, rows: [row, row] }));
    const other = makeLog(leaves.with(5, leaves[6]!));
    writeFileSync(join(cwd, "other.json"), JSON.stringify({ ...table, checkpoint: Buffer.from(other.note).toString() }));
    expect(await check("other.json")).toBe(8);
    expect([await check("none.json"), await check("gone.json"), await check("counts.json", "nowhere")]).toEqual([3, 2, 2]);
  }); // prettier-ignore

  it("a log that was changed ends with 8 and names the entry; the mirror stays, with both notes beside it", async () => {
    const before = readFileSync(join(cwd, "mirror", "followed.json"));
    publish([...leaves.with(100, madeLeaf(101, { origin: "gh/tcu" })), madeLeaf(601)]);
    const { code, out } = await follow("log");
    expect([code, out]).toEqual([8, "600 entries are proved, 0 of them new\nentry 100: the log has another entry here than it had (SPLIT)\n"]);
    expect(readFileSync(join(cwd, "mirror", "followed.json"))).toEqual(before);
    expect(existsSync(join(cwd, "mirror", "split"))).toBe(true);
  }); // prettier-ignore

  it("a mirror that was damaged is found by reading it again", async () => {
    const entries = join(cwd, "mirror", "tile/entries/000");
    const bytes = readFileSync(entries);
    writeFileSync(entries, bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1));
    const { code, out } = await run("check", "mirror", "--log-key", key);
    expect([code, out.includes("entry 255: ")]).toEqual([8, true]);
    writeFileSync(entries, bytes);
    appendFileSync(join(cwd, "mirror", "followed.json"), "x");
    expect((await follow("log")).code).not.toBe(0);
  });

  it("what is wrongly asked is refused: no key, another's key, https without a certificate, nobody there", async () => {
    expect((await run("follow", "log", "--into", "m2", "--once")).code).toBe(2);
    const other = renderVerifierKey({ ...madeLogSigner.verifierKey, name: "x" });
    expect(
      (await run("follow", "log", "--into", "m2", "--once", "--log-key", other)).code,
    ).not.toBe(0);
    expect(
      (await run("follow", "https://127.0.0.1:1", "--into", "m2", "--once", "--log-key", key)).code,
    ).toBe(2);
    expect(
      (await run("follow", "http://127.0.0.1:1", "--into", "m2", "--once", "--log-key", key)).code,
    ).toBe(1);
    expect(existsSync(join(cwd, "m2"))).toBe(false);
  });
});
