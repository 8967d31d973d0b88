import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Log, type LogFields, startLog } from "../../schemas/ground/index.ts";
import { type AuditWorld, makeAuditWorld, makeCaller } from "../../test/kit/audit-world.ts";
import { bulletin } from "../../test/kit/gateway-office.ts";
import { naughtyTexts } from "../../test/kit/naughty-texts.ts";
import { routes } from "./routes.ts";

const now = 1_780_272_000_000;
const dir = mkdtempSync(join(tmpdir(), "log-injection-"));
const file = join(dir, "gateway.log");
let world: AuditWorld;
let events = 0;

/** A log that counts what it is told, over one that writes it. */
function counted(log: Log): Log {
  const tell = (level: "debug" | "info" | "warn" | "error") => (event: string, fields: LogFields = {}) => {
    events += 1;
    log[level](event, fields);
  };
  return {
    debug: tell("debug"), info: tell("info"), warn: tell("warn"), error: tell("error"),
    with: (fields) => counted(log.with(fields)),
  };
} // prettier-ignore

beforeAll(async () => {
  world = await makeAuditWorld(now, counted(startLog({ name: "t13", level: "debug", file })));
  world.callers.set("officer", makeCaller("officer"));
});
afterAll(() => {
  world.close();
  rmSync(dir, { recursive: true });
});

/** What may stand in a line of the log: nothing that turns, hides or breaks it. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/u;

function checkLog(): void {
  const text = readFileSync(file, "utf8");
  const lines = text.split("\n");
  expect(lines.pop()).toBe("");
  expect(lines).toHaveLength(events);
  const bad = lines.filter((line) => unseen.test(line) || !isObject(line));
  expect(bad).toEqual([]);
}

function isObject(line: string): boolean {
  const value: unknown = JSON.parse(line);
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Sends one text wherever a request has room for one; what the platform itself cannot send is no request. */
async function sendEverywhere(text: string): Promise<void> {
  const inPath = encodeURIComponent(text.toWellFormed());
  for (const { method, path } of routes) {
    if (path === "/v1/events") continue;
    const asked = path.replaceAll(/:[a-z]+/gi, inPath === "" ? "x" : inPath);
    const body =
      method === "GET" || method === "HEAD" ? {} : { body: JSON.stringify({ [text]: text }) };
    const headers = { "content-type": "application/json", "idempotency-key": "t13" };
    await tryAsk(`${asked}?${inPath}=${inPath}&limit=${inPath}`, { method, ...body, headers });
    await tryAsk(asked, { method, ...body, headers: { ...headers, ...everyHeader(text) } });
  }
}

function everyHeader(text: string): Record<string, string> {
  const names = [
    "idempotency-key",
    "atumpan-purpose",
    "accept",
    "accept-language",
    "content-type",
    "user-agent",
  ];
  return Object.fromEntries(names.map((name) => [name, text]));
}

async function tryAsk(path: string, init: RequestInit): Promise<void> {
  try {
    await world.ask(path, "officer", init);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

describe("T-13 log injection", () => {
  it("there are five hundred texts and more, none twice", () => {
    expect(new Set(naughtyTexts).size).toBe(naughtyTexts.length);
    expect(naughtyTexts.length).toBeGreaterThanOrEqual(500);
  });

  it("whatever stands in any field of any route, every line of the log is one object, one for each event", async () => {
    // a share of the texts through every route, in turn; each text through at least one
    for (const [at, text] of naughtyTexts.entries()) {
      if (at % 10 === 0) await sendEverywhere(text);
      else
        await tryAsk(`/v1/messages/${encodeURIComponent(text.toWellFormed())}`, {
          headers: everyHeader(text),
        });
    }
    checkLog();
    expect((await world.audit.check()).whole).toBe(true);
  });

  it("whatever stands in a submission, and in what others send", async () => {
    for (const [at, text] of naughtyTexts.entries()) {
      const body = JSON.stringify({
        ...bulletin,
        type: text,
        crimes: [text],
        body: { title: { text, lang: text } },
      });
      const good = JSON.stringify({
        ...bulletin,
        body: { ...bulletin.body, title: { text: `a${text}`, lang: "en" } },
      });
      const headers = { "content-type": "application/json", "idempotency-key": `s${at}` };
      await tryAsk("/v1/messages", { method: "POST", body, headers });
      if (at % 5 === 0) await tryAsk("/v1/messages", { method: "POST", body: good, headers });
    }
    checkLog();
  });

  it("straight into every field that a log has", () => {
    const log = counted(startLog({ name: "t13", level: "debug", file }));
    for (const text of naughtyTexts) {
      log.warn(text, {
        subject: text,
        type: text,
        code: text,
        channel: text,
        agency: text,
        file: text,
      });
      log
        .with({ hub: text, stream: text })
        .error("again", { messageId: text, host: text, fingerprint: text });
    }
    checkLog();
  });

  it("ids of the audit record are ids, whatever was asked for", () => {
    const odd = world.audit.list({ limit: 100_000 }).filter(({ who, object, purpose, outcome }) =>
      [who, object, purpose, outcome].some((text) => !/^[\x21-\x7e]*$/.test(text)),
    ); // prettier-ignore
    expect(odd).toEqual([]);
  });
});
