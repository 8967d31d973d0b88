import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";

import { until } from "../../test/kit/server.ts";
import { systemChance, systemClock } from "../../schemas/ground/index.ts";
import { verifyHookCall } from "./echoing.ts";
import { runCli } from "./run-cli.ts";

const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const other = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
const body = '{"type":"message.stored","id":"\u202e"}';

function callAt(at: number, by = secret): Parameters<typeof verifyHookCall>[0] {
  const signature = new Webhook(by).sign("msg_1", new Date(at), body);
  return { id: "msg_1", timestamp: String(Math.floor(at / 1000)), signature, body };
}

describe("a call of a webhook", () => {
  const now = 1_700_000_000_000;

  it("signed as Standard Webhooks says is found good, by any of the secrets", () => {
    expect(verifyHookCall(callAt(now), [secret], now)).toBe(true);
    expect(verifyHookCall(callAt(now), [other, secret], now)).toBe(true);
    const two = `${callAt(now, other).signature} ${callAt(now).signature}`;
    expect(verifyHookCall({ ...callAt(now), signature: two }, [secret], now)).toBe(true);
  });

  it.each([
    ["by another secret", callAt(now, other)],
    ["over another body", { ...callAt(now), body: `${body} ` }],
    ["over another id", { ...callAt(now), id: "msg_2" }],
    ["long ago", callAt(now - 301_000)],
    ["in a time to come", callAt(now + 301_000)],
    ["without a time", { ...callAt(now), timestamp: "" }],
    ["without a signature", { ...callAt(now), signature: "" }],
    ["by another way", { ...callAt(now), signature: callAt(now).signature.replace("v1,", "v1a,") }],
  ])("signed %s is not", (_, call) => {
    expect(verifyHookCall(call, [secret], now)).toBe(false);
  });
});

describe("webhook echo", () => {
  it("answers 204 to what was signed and 401 to what was not, prints both, and ends after its count", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "atumpan-echo-"));
    writeFileSync(join(cwd, "hook.secret"), `${secret}\n`);
    let [out, err] = ["", ""];
    const code = runCli({
      args: ["webhook", "echo", "--port", "0", "--secret-file", "hook.secret", "--count", "2"], version: "0.0.0", cwd,
      out: (text) => void (out += text), err: (text) => void (err += text),
      isWatched: false, stdin: () => Promise.resolve(""), fetch, clock: systemClock, chance: systemChance, signal: new AbortController().signal,
    }); // prettier-ignore
    await until("it listens", () => err.includes("listening"));
    const [url = ""] = /http:\/\/127\.0\.0\.1:\d+\//.exec(err) ?? [];
    const post = async (by: string): Promise<number> => {
      const { id, timestamp, signature } = callAt(Date.now(), by);
      const headers = { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
      return (await fetch(url, { method: "POST", body, headers })).status;
    }; // prettier-ignore
    expect(await post(secret)).toBe(204);
    expect(await post(other)).toBe(401);
    expect(await code).toBe(0);
    expect(out).toContain("signed");
    expect(out).toContain("NOT SIGNED");
    expect(out).not.toContain("\u202e");
  });
});
