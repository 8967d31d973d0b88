import {
  checkHeaders,
  checkWhole,
  type Headers,
  isKnownType,
  type MessageType,
  parseBody,
  parseInnerHeader,
  parseInstant,
  typeOptions,
} from "../body/index.ts";
import { type EpochMs, isFault, type Violation } from "../ground/index.ts";
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
type Place = (path: string) => string;

class Findings {
  readonly violations: Violation[] = [];

  attempt<T>(place: Place, act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      if (!isFault(error)) throw error;
      const { violations, code, detail } = error;
      const found = violations.length > 0 ? violations : [{ path: "", code, message: detail }];
      this.violations.push(...found.map((one) => ({ ...one, path: place(one.path) })));
      return undefined;
    }
  }
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
  check: (originator: string) => void,
): readonly Violation[] {
  const runs = senders.map((originator) => {
    const found = new Findings();
    found.attempt(inBody, () => check(originator));
    return found.violations;
  });
  const [first = [], ...others] = runs;
  return first.filter(({ path, code }) =>
    others.every((run) => run.some((one) => one.path === path && one.code === code)),
  );
}

function checkContent(type: MessageType, members: Members, place: OfflinePlace): Findings {
  const found = new Findings();
  const { scope = "", urgency: usual = "" } = typeOptions(type) ?? {};
  const inner = found.attempt(inHeader, () => parseInnerHeader(innerOf(members)));
  const body = found.attempt(inBody, () => parseBody(type, members.get("body")));
  const headers: Headers = {
    type,
    urgency: textOf(members, "urgency") ?? usual,
    handling: textOf(members, "handling") ?? "H0",
    inner: inner ?? parseInnerHeader({}),
  };
  if (inner !== undefined) found.attempt(inHeader, () => checkHeaders(headers));
  if (inner === undefined || body === undefined) return found;
  const { now: createdAt, originator: sender } = place;
  const expiresAt = expiryOf(members, type, createdAt);
  const senders = sender === "" ? possibleSenders(members.get("body")) : [sender];
  found.violations.push(
    ...findWhoever(senders, (originator) =>
      checkWhole({ ...headers, type, scope, originator, createdAt, expiresAt, body }),
    ),
  );
  return found;
}

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
  const more = checkContent(type, members, place).violations.filter(({ path }) => !told.has(path));
  return { type, violations: [...violations, ...more] };
}
