import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { MessageType } from "../../schemas/index.ts";
import { recastExample } from "./recast.ts";
import type { RegionProcess } from "./region-process.ts";
import { makeSoftPasskey } from "./soft-passkey.ts";
import { until } from "./server.ts";
import type { Words } from "./talk.ts";

type Json = Readonly<Record<string, unknown>>;

/** What a command ended with, and what it said. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What `--json` printed; empty when that is no JSON. */
  readonly json: Json;
  /** The code of a refusal; empty when nothing was refused. */
  readonly fault: string;
}

/** An example of this type, otherwise than it stands there. */
type Saying = readonly [MessageType, Words?];

/** What a gateway answered over HTTP. */
export interface RegionAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Json;
}

/** Says over HTTP, to one agency's gateway. */
type Post = (
  path: string,
  body: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<RegionAnswer>;

/** People of a region who type commands, each at the gateway of his agency. */
export interface RegionWork {
  /** Runs `atumpan --as AGENCY …` as a process of its own. */
  run(agency: string, ...args: readonly string[]): Promise<Said>;
  /** What somebody of `from` would send: an example, changed as said. */
  submission(from: string, to: readonly string[], said: Saying): object;
  /** Puts it into a file beside the region; the file's name. */
  write(submission: object): string;
  /** Sends it over HTTP; its id, once those of `to` hold it. */
  say(from: string, to: readonly string[], said: Saying): Promise<string>;
  /** Asks a gateway with its owner's token. */
  ask(agency: string, path: string): Promise<RegionAnswer>;
  /** Enrols whom a command invited, with a passkey in software; what says things in that person's name. */
  enrol(agency: string, code: unknown): Promise<Post>;
} // prettier-ignore

function readJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}

/** As `Talk` makes it, for a gateway that runs elsewhere. */
const submission: RegionWork["submission"] = (from, to, [type, words = {}]) => {
  const said = recastExample(type, { sender: from, readers: to }, { now: Date.now(), rec: "ecowas" });
  const { threadId: _t, inReplyTo: _r, supersedes: _s, ...rest } = said;
  const { thread, about = thread, body, inner, ...more } = words;
  const { inReplyTo: _i, threadId: _h, supersedes: _u, ...innerRest } = rest["inner"] as Record<string, unknown>;
  return {
    ...rest, ...more, status: "ACTUAL", threadId: thread, inReplyTo: about,
    inner: { ...innerRest, ...inner }, body: { ...(rest["body"] as object), ...body },
  };
}; // prettier-ignore

/** Opens a region that runs for people who type commands. */
export function openRegionWork(region: RegionProcess): RegionWork {
  const folder = join(region.home, "work");
  mkdirSync(folder, { recursive: true });
  const file = join(region.home, ".atumpan", "contexts.json");
  const { contexts } = JSON.parse(readFileSync(file, "utf8")) as {
    contexts: Readonly<Record<string, { readonly url: string; readonly tokenFile: string }>>;
  };
  let files = 0;
  const call = async (agency: string, path: string, init: RequestInit = {}): Promise<RegionAnswer> => {
    // passkeys are bound to a name, and 127.0.0.1 is none
    const url = (contexts[agency]?.url ?? "").replace("127.0.0.1", "localhost").replace(/\/$/, "");
    const answer = await fetch(`${url}${path}`, init);
    return { status: answer.status, headers: answer.headers, json: readJson(await answer.text()) };
  };
  const post = async (agency: string, path: string, { body, headers }: { body: unknown; headers: object }): Promise<RegionAnswer> => {
    const own = { "content-type": "application/json", "idempotency-key": randomUUID(), ...headers };
    return await call(agency, path, { method: "POST", headers: own, body: JSON.stringify(body) });
  };
  const bearer = (agency: string): object => ({
    authorization: `Bearer ${readFileSync(contexts[agency]?.tokenFile ?? "", "utf8").trim()}`,
    "atumpan-purpose": "INVESTIGATION",
  });
  const ask: RegionWork["ask"] = (agency, path) =>
    call(agency, path, { headers: { ...bearer(agency) } });
  return {
    run: async (agency, ...args) => {
      const { code, out, err } = await region.command("--as", agency, ...args).ended;
      const fault = readJson(err)["code"] ?? /Code ([A-Z_]+)\./.exec(err)?.[1];
      return { code, out, err, json: readJson(out), fault: typeof fault === "string" ? fault : "" };
    },
    submission,
    write: (said) => {
      files += 1;
      const name = join("work", `${files}.json`);
      writeFileSync(join(region.home, name), JSON.stringify(said));
      return name;
    },
    say: async (from, to, [type, words = {}]) => {
      const sent = await post(from, "/v1/messages", { body: submission(from, to, [type, words]), headers: bearer(from) });
      if (sent.status !== 201) throw new Error(`${type}: ${JSON.stringify(sent.json)}`);
      const id = String(sent.json["id"]);
      for (const reader of to) {
        await until(`${reader} holds ${type}`, async () => (await ask(reader, `/v1/messages/${id}`)).status !== 404);
      }
      return id;
    },
    ask,
    enrol: async (agency, code) => {
      const page = { "atumpan-request": "1" };
      const begun = await post(agency, "/v1/enrolment:begin", { body: { code }, headers: page });
      const origin = (contexts[agency]?.url ?? "").replace("127.0.0.1", "localhost").replace(/\/$/, "");
      const answer = makeSoftPasskey().create(begun.json["options"], origin);
      const done = await post(agency, "/v1/enrolment", { body: { code, ceremony: begun.json["ceremony"], answer }, headers: page });
      if (done.status !== 201) throw new Error(`not enrolled: ${JSON.stringify(done.json)}`);
      const cookie = done.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
      return (path, body, headers = {}) => post(agency, path, { body, headers: { ...page, cookie, ...headers } });
    },
  };
} // prettier-ignore
