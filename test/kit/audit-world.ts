import { makeApp } from "../../gateways/api/app.ts";
import { makeEventStreams } from "../../gateways/api/events.ts";
import type { Services } from "../../gateways/api/services.ts";
import { makeHostNames } from "../../gateways/api/host.ts";
import { digestToken } from "../../gateways/api/token.ts";
import { type AuditRecord, openAuditRecord } from "../../gateways/audit/index.ts";
import { type Exchange, makeExchange, makeWatchers } from "../../gateways/exchange/index.ts";
import { makeTakePublications } from "../../gateways/exchange/take-publications.ts";
import type { Caller } from "../../gateways/people/index.ts";
import { type Log, renderUuid, silentLog } from "../../schemas/ground/index.ts";
import { checkAnswered } from "./checked-answer.ts";
import { type MadeOffice, makeOffice, publish } from "./gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "./gateway-world.ts";

/** The token of the gateway below. */
export const auditToken = "a".repeat(43);

/** The header that says who asks; believed here and nowhere else. */
const callerHeader = "x-caller";

/** What came back, read whole. */
export interface AuditAnswer {
  readonly status: number;
  readonly text: string;
  readonly json: Record<string, unknown>;
  readonly headers: Headers;
}

/** The gateway of gh/tcu with its audit record and its HTTP face, and ng/tcu that writes to it. */
export interface AuditWorld {
  readonly world: GatewayWorld;
  readonly reader: MadeOffice;
  readonly sender: MadeOffice;
  readonly exchange: Exchange;
  readonly audit: AuditRecord;
  /** Callers by the name a request asks as. */
  readonly callers: Map<string, Caller>;
  /** Sends something from ng/tcu and gives its id at gh/tcu. */
  receive(submission: unknown): Promise<string>;
  /** Asks as one of the callers, or as the owner of the token when none is named. */
  ask(path: string, as?: string, init?: RequestInit): Promise<AuditAnswer>;
  close(): void;
}

/** Somebody of this agency. */
export function makeCaller(id: string, change: Partial<Caller> = {}): Caller {
  return {
    id: `person:${id}`,
    kind: "person",
    name: id,
    roles: new Set(["officer"]),
    handlingUpTo: "H2",
    ...change,
  };
}

/** What may be otherwise in one world. */
export interface AuditWorldPlan {
  readonly log?: Log;
  /** What its agencies are mandated for, beside alerts and bulletins. */
  readonly types?: readonly string[];
  /** Up to which handling; H2 when left out. */
  readonly handlingUpTo?: string;
  /** Services of gh/tcu beside its audit record. */
  readonly services?: (reader: MadeOffice, audit: AuditRecord) => Services;
  /** Told of each line of the record of gh/tcu. */
  readonly onLine?: (reader: MadeOffice) => Parameters<typeof openAuditRecord>[1];
}

/** Builds it. Its clocks stand still. */
export async function makeAuditWorld(now: number, plan: AuditWorldPlan | Log = silentLog): Promise<AuditWorld> {
  const { log = silentLog, types = [], handlingUpTo = "H2", services, onLine }: AuditWorldPlan = "info" in plan ? { log: plan } : plan;
  const world = await makeGatewayWorld(["ng/tcu", "gh/tcu", "ci/tcu"], { now, types, handlingUpTo });
  const [sender, reader] = [makeOffice(world, "ng/tcu"), { ...makeOffice(world, "gh/tcu"), log }];
  const watchers = makeWatchers(reader.store, log);
  const exchange = makeExchange(reader, { watchers, wake: () => undefined, link: () => undefined });
  const audit = openAuditRecord(reader, onLine?.(reader));
  const callers = new Map<string, Caller>();
  const app = makeApp({
    exchange,
    directory: { agencies: () => [], servedRecs: () => ["ecowas"] },
    clock: reader.clock,
    chance: reader.chance,
    log,
    streams: makeEventStreams(exchange, reader.clock),
    tokenDigest: digestToken(auditToken),
    callers: { who: (request) => Promise.resolve(callers.get(request.headers.get(callerHeader) ?? "")) },
    services: { ...services?.(reader, audit), audit },
    hostNames: makeHostNames("127.0.0.1"),
    onFatal: () => undefined,
  });
  let keys = 0;
  const take = makeTakePublications(reader, { refreshRegister: () => Promise.resolve(false), held: () => undefined });
  return {
    world, sender, reader, exchange, audit, callers,
    receive: async (submission) => {
      const before = reader.store.messages.list({ box: "in", limit: 1 })[0]?.seq ?? 0;
      await take(await publish(sender, submission, `k${(keys += 1)}`));
      const [found] = reader.store.messages.list({ box: "in", limit: 1 });
      if (found === undefined || found.seq === before) throw new Error("nothing came");
      return renderUuid(found.id);
    },
    ask: async (path, as, init = {}) => {
      const headers = new Headers(init.headers);
      if (as === undefined) headers.set("authorization", `Bearer ${auditToken}`);
      else headers.set(callerHeader, as);
      const response = await app.request(path, { ...init, headers });
      const text = await response.text();
      const type = response.headers.get("content-type") ?? "";
      checkAnswered({ method: init.method ?? "GET", path, status: response.status, type, text });
      const isJson = /[/+]json/.test(type);
      const { headers: told } = response;
      return { status: response.status, text, headers: told, json: isJson ? JSON.parse(text) as Record<string, unknown> : {} };
    },
    close: () => {
      audit.stop();
      sender.close();
      reader.close();
    },
  };
} // prettier-ignore
