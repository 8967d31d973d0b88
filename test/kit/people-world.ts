import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  type Api,
  type ApiOptions,
  loadToken,
  startApi,
  type TlsFiles,
} from "../../gateways/api/index.ts";
import type { Callers, PeopleChoice, PeopleService } from "../../gateways/people/index.ts";
import { owner, usualChoice } from "../../gateways/people/index.ts";
import { openPeople } from "../../gateways/people-desk.ts";
import { openStore, type Store } from "../../gateways/store/index.ts";
import { type Log, silentLog, systemChance } from "../../schemas/ground/index.ts";
import {
  makeMemoryExchange,
  makeStillClock,
  type MemoryExchange,
  type StillClock,
} from "./memory-exchange.ts";
import { makeSoftPasskey, type SoftPasskey } from "./soft-passkey.ts";

/** What came back over the socket. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Record<string, unknown>;
  readonly text: string;
}

/** A person who is signed in: a browser with its cookie, and her passkey. */
export interface Browser {
  readonly id: string;
  readonly passkey: SoftPasskey;
  cookie: string;
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<HttpAnswer>;
} // prettier-ignore

/** A gateway's people over a real store and a real listener, with a clock that stands still. */
export interface PeopleWorld {
  readonly api: Api;
  readonly store: Store;
  readonly people: PeopleService;
  readonly exchange: MemoryExchange;
  readonly clock: StillClock;
  readonly notes: { readonly who: string; readonly act: string; readonly object?: string | undefined; readonly outcome?: string | undefined }[];
  readonly token: string;
  /** Such as http://localhost:40001. */
  readonly origin: string;
  /** Asks with nothing but what is given. */
  ask(method: string, path: string, init?: { body?: unknown; headers?: Record<string, string> }): Promise<HttpAnswer>;
  /** Asks as the owner of the token. */
  own(method: string, path: string, body?: unknown): Promise<HttpAnswer>;
  /** Enrols with a code; the new browser is signed in. */
  enrol(id: string, code: string): Promise<Browser>;
  /** Invites by the store's own people, waits for nobody: what a second person would say is said. */
  person(roles: readonly string[], handlingUpTo?: string): Promise<Browser>;
  signIn(passkey: SoftPasskey, id: string): Promise<Browser>;
  stop(): Promise<void>;
} // prettier-ignore

/** What a world is made with. */
export interface PeopleWorldOptions {
  readonly choice?: Partial<PeopleChoice>;
  readonly tls?: TlsFiles;
  readonly log?: Log;
  readonly start?: number;
  readonly token?: "on" | "off";
  /** A gateway in the place of one in memory. */
  readonly gateway?: PeopleGateway;
}

/** What a gateway has beside its people. */
export interface PeopleGateway extends Pick<ApiOptions, "exchange" | "services"> {
  readonly store: Store;
  readonly callers: (inner: Callers) => Callers;
}

/** The mark of our own pages. */
export const ownPage = { "atumpan-request": "1" } as const;

/** The cookie of a Set-Cookie. */
export function cookieOf(answer: HttpAnswer): string {
  const all = answer.headers.getSetCookie();
  return all.map((one) => one.split(";")[0] ?? "").filter((one) => !one.endsWith("=")).join("; ");
} // prettier-ignore

/** Starts the gateway of ng/moc. */
export async function startPeopleWorld(options: PeopleWorldOptions = {}): Promise<PeopleWorld> {
  const dir = mkdtempSync(join(tmpdir(), "people-"));
  const clock = makeStillClock(options.start ?? Date.UTC(2026, 2, 9, 14, 5));
  const exchange = makeMemoryExchange("ng/moc", clock);
  const memory = (): PeopleGateway => ({ store: openStore(join(dir, "store.db")), exchange, services: {}, callers: (inner) => inner });
  const gateway = options.gateway ?? memory();
  const { store } = gateway;
  const notes: PeopleWorld["notes"][number][] = [];
  const log = options.log ?? silentLog;
  const ground = { clock, chance: systemChance, log };
  const choice = { ...usualChoice, ...options.choice };
  const audit = { add: (line: PeopleWorld["notes"][number]): void => void notes.push(line) };
  const { service, callers } = openPeople({ store, audit, choice, ...ground });
  const api = await startApi({
    exchange: gateway.exchange,
    directory: { agencies: () => [], servedRecs: () => ["ecowas"] },
    dir,
    host: "127.0.0.1",
    port: 0,
    callers: gateway.callers(callers),
    services: { ...gateway.services, people: service },
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    ...(options.token === undefined ? {} : { token: options.token }),
    ...ground,
  });
  const token = loadToken(dir, systemChance);
  const origin = api.url.replace("127.0.0.1", "localhost");

  const ask: PeopleWorld["ask"] = async (method, path, { body, headers = {} } = {}) => {
    const isText = typeof body === "string";
    const type = body === undefined || isText ? {} : { "content-type": "application/json" };
    const response = await fetch(`${origin}${path}`, {
      method,
      redirect: "manual",
      headers: { ...type, ...headers },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    const json = isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: response.status, headers: response.headers, json, text };
  };
  const own: PeopleWorld["own"] = (method, path, body) =>
    ask(method, path, { body, headers: { authorization: `Bearer ${token}` } });
  const browser = (id: string, passkey: SoftPasskey, cookie: string): Browser => {
    const made: Browser = {
      id,
      passkey,
      cookie,
      ask: (method, path, ...[body, headers = {}]) =>
        ask(method, path, { body, headers: { ...ownPage, cookie: made.cookie, ...headers } }),
    };
    return made;
  };
  const post = async (path: string, body?: unknown): Promise<HttpAnswer> =>
    await ask("POST", path, { body, headers: ownPage });
  const enrol: PeopleWorld["enrol"] = async (id, code) => {
    const passkey = makeSoftPasskey();
    const begun = await post("/v1/enrolment:begin", { code });
    const answer = passkey.create(begun.json["options"], origin);
    const done = await post("/v1/enrolment", { code, ceremony: begun.json["ceremony"], answer });
    if (done.status !== 201) throw new Error(`not enrolled: ${done.text}`);
    return browser(id, passkey, cookieOf(done));
  };
  return {
    api,
    store,
    people: service,
    exchange,
    clock,
    notes,
    token,
    origin,
    ask,
    own,
    enrol,
    person: async (roles, handlingUpTo = "H3") => {
      const asked = await own("POST", "/v1/people", { name: `Officer ${roles.join(" ")}`, roles, handlingUpTo });
      if (asked.status === 201) return await enrol(String(asked.json["id"]), String(asked.json["code"]));
      const [first] = service.people().filter(({ state, roles: held }) => state === "active" && held.includes("administrator"));
      const caller = { ...owner, id: `person:${first?.id}`, kind: "person" } as const;
      const done = await service.decide(caller, { id: String(asked.json["change"]), agrees: true });
      return await enrol(done.id, done.code?.code ?? "");
    },
    signIn: async (passkey, id) => {
      const begun = await post("/v1/session:begin");
      const answer = passkey.get(begun.json["options"], origin);
      const done = await post("/v1/session", { ceremony: begun.json["ceremony"], answer });
      if (done.status !== 201) throw new Error(`not signed in: ${done.text}`);
      return browser(id, passkey, cookieOf(done));
    },
    stop: async () => {
      await api.stop();
      if (options.gateway === undefined) store.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
} // prettier-ignore
