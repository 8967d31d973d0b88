import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type CliWorld, makeCliWorld } from "../kit/cli-world.ts";
import { runHouse } from "../kit/house-run.ts";
import { systemClock } from "../../schemas/ground/index.ts";

let dir = "";
let world: CliWorld;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "support-"));
  world = makeCliWorld(["ng/tcu"], { agencies: () => [], servedRecs: () => [] });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A word nobody else says, in every dress that it may come out in. */
const canary = fc.string({
  unit: fc.constantFrom(..."abcdefghkmnpqrstuvwxyz".split("")),
  minLength: 12,
  maxLength: 16,
});

function dresses(word: string): readonly string[] {
  const bytes = Buffer.from(word);
  // base64 of the middle, whatever stands before it
  const inner = [0, 1, 2].map((at) => Buffer.concat([Buffer.alloc(at), bytes]).toString("base64").replaceAll("=", "").slice(4, -4));
  return [word, word.toUpperCase(), bytes.toString("hex"), ...inner, encodeURIComponent(word)];
} // prettier-ignore

/** A folder where every text that somebody may write bears the word: names of files and fields, values, keys, log lines. */
function fill(folder: string, word: string, config: object): void {
  mkdirSync(join(folder, "keys"), { recursive: true });
  mkdirSync(join(folder, "attachments", word), { recursive: true });
  writeFileSync(join(folder, "attachments", word, `${word}.pdf`), word);
  writeFileSync(join(folder, "keys", `${word}.key`), `-----BEGIN PRIVATE KEY-----\n${Buffer.from(word).toString("base64")}\n`, { mode: 0o600 });
  writeFileSync(join(folder, "api-token"), word, { mode: 0o600 });
  for (const name of ["gateway.json", "broker.json"]) {
    writeFileSync(join(folder, name), JSON.stringify(config), { mode: 0o600 });
  }
  const line = (more: object): string =>
    JSON.stringify({ level: 30, time: "2026-03-09T14:05:00.000Z", name: "gateway", msg: "hub not reached", ...more });
  const fields = ["agency", "hub", "code", "type", "channel", "stream", "version", "file", "person", "messageId", "detail", word];
  const lines = [line({ code: "HUB_UNREACHABLE" }), ...fields.map((name) => line({ [name]: word.toUpperCase() })), line({ host: `${word}.example` }), line({ msg: `of ${word.toUpperCase()} 1` }), word];
  writeFileSync(join(folder, "own.log"), lines.join("\n"));
  const told = { at: Date.now(), ready: true, epoch: 4, registerExpiresAt: 1, accepted: 1, refused: 0, heldBack: 0, underWay: 0 };
  const witnesses = { missing: [word], isDisputed: false, [word]: word };
  writeFileSync(join(folder, "status.json"), JSON.stringify({ ...told, witnesses, streams: { [word]: word }, stopped: { since: 1, reason: "DRILL" } }));
} // prettier-ignore

function readBundle(folder: string): string {
  return readdirSync(folder).map((name) => `${name}\n${readFileSync(join(folder, name), "utf8")}`).join("\n"); // prettier-ignore
}

function gatewayConfig(word: string): object {
  const pair = { key: `keys/${word}.key`, certificate: `${word}.pem` };
  return {
    agency: "ng/tcu", anchors: `${word}.json`, register: `${word}.bin`, api: { host: `${word}.example`, port: 7400, token: "on" },
    keys: { signing: pair, link: pair, sealing: [pair] }, hubs: [`tls://${word}.example:1`], registerUrls: [`https://${word}:${word}@x.example/${word}`],
    oidc: { issuer: `https://${word}.example`, clientId: word, clientSecretFile: word, roles: { claim: word, map: { [word]: ["officer"] } } },
    webhooks: { allow: [`${word}.example`] }, [word]: word,
  };
} // prettier-ignore

function hubConfig(word: string, folder: string): object {
  const pair = { certificateFile: `${word}.pem`, keyFile: `keys/${word}.key` };
  return {
    hub: "au/hub-one", dir: folder, url: `tls://${word}.example:4222`, registerFile: word, rootFile: word, signing: pair, link: pair,
    witnesses: [{ url: `http://${word}.example` }], duty: [`${word}.pub`], log: { level: "info", file: "own.log" },
    server: { listen: { host: `${word}.example`, port: 4222 }, ...pair, caFile: word, configFile: word, storeDir: "store", logFile: word },
  };
} // prettier-ignore

async function runHub(...args: readonly string[]): Promise<{ code: number; said: string }> {
  let said = "";
  const hear = (words: string): void => void (said += words);
  const code = await runHouse({
    args: [...args],
    cwd: dir,
    out: hear,
    err: hear,
    clock: systemClock,
  });
  return { code, said };
}

describe("a support bundle", () => {
  it("of a gateway whose folder, configuration and log are full of a word, does not hold that word in any dress", async () => {
    let at = 0;
    await fc.assert(
      fc.asyncProperty(canary, async (word) => {
        at += 1;
        const folder = join(dir, `g${at}`);
        fill(folder, word, gatewayConfig(word));
        const out = join(dir, `b${at}`);
        const run = await world.run("support-bundle", "--out", out, "--folder", folder, "--log", join(folder, "own.log"));
        expect(run.code).toBe(0);
        const all = readBundle(out);
        for (const dress of dresses(word)) expect([dress, all.includes(dress)]).toEqual([dress, false]);
        expect(all).toContain("HUB_UNREACHABLE");
        expect(all).toContain("7400");
      }),
      { numRuns: 8 },
    );
  }); // prettier-ignore

  it("of a hub likewise, whether its configuration can be used or not", async () => {
    let at = 0;
    await fc.assert(
      fc.asyncProperty(canary, fc.boolean(), async (word, isWrong) => {
        at += 1;
        const folder = join(dir, `h${at}`);
        const config = hubConfig(word, folder);
        fill(folder, word, isWrong ? { ...config, [word]: word, metrics: { port: 0, [word]: word } } : config);
        const out = join(dir, `c${at}`);
        const run = await runHub("hub", "support-bundle", "--out", out, "--config", join(folder, "broker.json"), "--log", join(folder, "own.log"));
        expect([run.said, run.code]).toEqual([run.said, 0]);
        const all = readBundle(out);
        for (const dress of dresses(word)) expect([dress, all.includes(dress)]).toEqual([dress, false]);
        expect(all).toContain("HUB_UNREACHABLE");
        if (!isWrong) expect(all).toContain("4222");
      }),
      { numRuns: 8 },
    );
  }); // prettier-ignore

  it("is listed before it is written, and with --dry-run nothing is written", async () => {
    const folder = join(dir, "one");
    fill(folder, "someword", hubConfig("someword", folder));
    const args = [
      "hub",
      "support-bundle",
      "--out",
      "bundle",
      "--config",
      join(folder, "broker.json"),
    ];
    const { code, said } = await runHub(...args, "--dry-run");
    expect(code).toBe(0);
    expect(said).toMatch(/config\.json +\d+/);
    expect(readdirSync(dir)).toEqual(["one"]);
    expect(await runHub(...args)).toMatchObject({ code: 0 });
    expect(await runHub(...args)).toMatchObject({ code: 2 });
  });
});
