import {
  findBrokenHeaders,
  findBrokenWhole,
  findMissingNominal,
  type Headers,
  isKnownType,
  type MessageType,
  newOnly,
  parseInstant,
  readBody,
  readInner,
  scopeOf,
  typeOptions,
} from "../body/index.ts";
import type { EpochMs, Violation } from "../ground/index.ts";
import { isMoved, readShape, withoutMoved } from "../submission/index.ts";
import { possibleSenders } from "./senders.ts";

/** What can be said of a submission without a gateway: its type, and everything its schema and rules refuse. */
export interface OfflineCheck {
  readonly type: string | undefined;
  readonly violations: readonly Violation[];
}

/** When a submission would be sent, and by whom; "" when that is not known. */
export interface OfflinePlace {
  readonly now: EpochMs;
  readonly originator: string;
}

const dayMs = 86_400_000;

type Members = ReadonlyMap<string, unknown>;
type Body = NonNullable<ReturnType<typeof readBody>["forRules"]>;

function placed(
  violations: readonly Violation[],
  place: (path: string) => string,
): readonly Violation[] {
  return violations.map((one) => ({ ...one, path: place(one.path) }));
}

function inBody(path: string): string {
  return `/body${path}`;
}

/** Some fields of the inner header stand beside it in a submission. */
function inHeader(path: string): string {
  const [, first = ""] = path.split("/", 2);
  return isMoved(first) ? path : `/inner${path}`;
}

function textOf(members: Members, name: string): string | undefined {
  const value = members.get(name);
  return typeof value === "string" ? value : undefined;
}

/** The inner header with what a submission says of it in other places; what stands there wrongly is told apart. */
function innerOf(members: Members): unknown {
  const inner: unknown = members.get("inner") ?? {};
  if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
  const own = ["inReplyTo", "threadId", "supersedes", "recipients"].filter((name) =>
    members.has(name),
  );
  return {
    ...withoutMoved(inner),
    ...Object.fromEntries(own.map((name) => [name, members.get(name)])),
  };
}

function expiryOf(members: Members, type: MessageType, now: EpochMs): EpochMs {
  const own = parseInstant(textOf(members, "expiresAt") ?? "");
  return own ?? now + (typeOptions(type)?.retentionDays ?? 1) * dayMs;
}

/** What is refused whoever of the senders sends it. */
function findWhoever(
  senders: readonly string[],
  find: (originator: string) => readonly Violation[],
): readonly Violation[] {
  const [first = [], ...others] = senders.map(find);
  return first.filter(({ path, code }) =>
    others.every((run) => run.some((one) => one.path === path && one.code === code)),
  );
}

function scopeIn(members: Members, type: MessageType): string {
  const named: unknown = members.get("recipients");
  return scopeOf(type, Array.isArray(named) ? named.map(String) : undefined);
}

/** The rules that need headers and body together, as far as they look at nothing wrong. */
function findTogether(
  { members, body, headers }: { members: Members; body: Body; headers: Headers },
  { now: createdAt, originator: sender }: OfflinePlace,
): readonly Violation[] {
  const { type } = headers;
  const scope = scopeIn(members, type);
  const expiresAt = expiryOf(members, type, createdAt);
  const senders = sender === "" ? possibleSenders(members.get("body")) : [sender];
  return findWhoever(senders, (originator) =>
    findBrokenWhole({ ...headers, scope, originator, createdAt, expiresAt, body }),
  );
}

function findInContent(type: MessageType, members: Members, place: OfflinePlace): readonly Violation[] {
  const inner = readInner(innerOf(members));
  const { forRules: body, violations } = readBody(type, members.get("body"));
  // what a person hands in is never the regional edition alone: that one is made from it
  const isFeed = scopeIn(members, type) === "FEED";
  const missing = body === undefined ? [] : newOnly(violations, findMissingNominal(type, body, isFeed));
  const found = [...placed(inner.violations, inHeader), ...placed([...violations, ...missing], inBody)];
  if (inner.forRules === undefined) return found;
  const { urgency: usual = "" } = typeOptions(type) ?? {};
  const headers: Headers = {
    type,
    urgency: textOf(members, "urgency") ?? usual,
    handling: textOf(members, "handling") ?? "H0",
    inner: inner.forRules,
  };
  found.push(...placed(findBrokenHeaders(headers), inHeader));
  if (body === undefined) return found;
  return [...found, ...placed(findTogether({ members, body, headers }, place), inBody)];
} // prettier-ignore

/**
 * Checks a submission's members, inner header, body and rules, without a register: mandates, audience, quota,
 * communities and recipients are the gateway's. Of an unknown originator ("") only what nobody might send is refused:
 * rules over whose a record is are left to the gateway. Never throws, whatever the JSON.
 */
export function checkSubmission(json: unknown, place: OfflinePlace): OfflineCheck {
  const { violations } = readShape(json);
  const members = new Map<string, unknown>(
    typeof json === "object" && json !== null ? Object.entries(json) : [],
  );
  const type = textOf(members, "type");
  if (type === undefined || !isKnownType(type)) return { type, violations };
  // what the shape has refused already is not said twice
  const told = new Set(violations.map(({ path }) => path));
  const more = findInContent(type, members, place).filter(({ path }) => !told.has(path));
  return { type, violations: [...violations, ...more] };
}
