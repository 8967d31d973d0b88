import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type HookEvent, signEvent } from "../../gateways/hooks/event.ts";
import { findLanguages, root } from "../kit/client-readme.ts";
import { freePort, until } from "../kit/server.ts";

const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const otherSecret = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
// about nothing, so that the receiver asks no gateway; with letters beyond ASCII
const event: HookEvent = {
  id: "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
  type: "webhook.test",
  body: '{"type":"webhook.test","data":{"note":"Téma · تيما"}}',
};
type Headers = Readonly<Record<string, string>>;
interface Vector {
  readonly rule: string;
  readonly status: number;
  readonly headers: () => Headers;
  readonly body?: string;
}

const minute = 60_000;
const ours = (at = Date.now(), by = { secret }): Record<string, string> => signEvent(by, event, at);
const theirs = (at: number): string => new Webhook(secret).sign(event.id, new Date(at), event.body);
const signed = (signature: string, at = Date.now()): Headers => ({
  ...ours(at),
  "webhook-signature": signature,
});

const vectors: readonly Vector[] = [
  { rule: "what we sign is taken", status: 204, headers: () => ours() },
  { rule: "what the package of the specification signs is taken", status: 204, headers: () => signed(theirs(Date.now())) },
  { rule: "one good signature among several is enough", status: 204, headers: () => ({ ...signEvent({ secret: otherSecret, oldSecret: secret, oldUntil: Date.now() + minute }, event, Date.now()) }) },
  { rule: "four minutes old is taken", status: 204, headers: () => ours(Date.now() - 4 * minute) },
  { rule: "six minutes old is refused", status: 401, headers: () => ours(Date.now() - 6 * minute) },
  { rule: "six minutes ahead is refused", status: 401, headers: () => ours(Date.now() + 6 * minute) },
  { rule: "another secret is refused", status: 401, headers: () => ours(Date.now(), { secret: otherSecret }) },
  { rule: "another body is refused", status: 401, headers: () => ours(), body: event.body.replace("note", "n0te") },
  { rule: "the same JSON spelled otherwise is refused", status: 401, headers: () => ours(), body: ` ${event.body}` },
  { rule: "another id is refused", status: 401, headers: () => ({ ...ours(), "webhook-id": "msg_other" }) },
  { rule: "another time is refused", status: 401, headers: () => ({ ...ours(), "webhook-timestamp": ours(Date.now() - minute)["webhook-timestamp"]! }) },
  { rule: "a time that is no number is refused", status: 401, headers: () => ({ ...ours(), "webhook-timestamp": "now" }) },
  { rule: "a signature of another kind is refused", status: 401, headers: () => signed(ours()["webhook-signature"]!.replace("v1,", "v1a,")) },
  { rule: "a signature cut short is refused", status: 401, headers: () => signed(ours()["webhook-signature"]!.slice(0, -4)) },
  { rule: "no signature at all is refused", status: 401, headers: () => ({}) },
]; // prettier-ignore

describe("signatures of webhooks", () => {
  it("are those of the package of the specification, and of its own example", () => {
    const at = Date.now();
    expect(ours(at)["webhook-signature"]).toBe(theirs(at));
    const published = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", type: "", body: '{"test": 2432232314}' };
    const known = signEvent({ secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }, published, 1_614_265_330_000);
    expect(known["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }); // prettier-ignore
});

for (const { name, once: before, receiver, missing } of findLanguages()) {
  const title = `the receiver in ${name}${missing === undefined ? "" : ` (${missing})`}`;
  describe.skipIf(missing !== undefined)(title, () => {
    const dir = mkdtempSync(join(tmpdir(), "atumpan-receiver-"));
    let child: ChildProcess;
    let url = "";

    beforeAll(async () => {
      cpSync(join(root, "gateways/client/examples"), join(dir, "examples"), { recursive: true });
      for (const file of ["index", "again", "events", "follow", "problem-error"])
        cpSync(join(root, `gateways/client/${file}.ts`), join(dir, `${file}.ts`));
      symlinkSync(join(root, "node_modules"), join(dir, "node_modules"));
      writeFileSync(join(dir, "access.json"), '{"url":"http://127.0.0.1:1","tokenFile":"none"}');
      writeFileSync(join(dir, "webhook.json"), JSON.stringify({ secret }));
      if (before !== "") expect(spawnSync("bash", ["-c", before], { cwd: dir }).status).toBe(0);
      const port = await freePort();
      const command = receiver.replace("9104", String(port)).replace("npx node", process.execPath);
      child = spawn("bash", ["-c", `exec ${command}`], { cwd: dir, stdio: "ignore" });
      url = `http://127.0.0.1:${port}/`;
      await until("it listens", async () => (await fetch(url, { method: "POST" }).catch(() => undefined)) !== undefined);
    }); // prettier-ignore

    afterAll(async () => {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
      rmSync(dir, { recursive: true });
    });

    it.each(vectors)("$rule", async ({ status, headers, body = event.body }) => {
      const asked = { method: "POST", headers: { ...headers(), "content-type": "application/json" }, body };
      expect((await fetch(url, asked)).status).toBe(status);
    }); // prettier-ignore
  });
}
