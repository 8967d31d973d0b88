import { renderInstant } from "../../schemas/index.ts";
import { parseUtf8, renderHex, utf8 } from "../../schemas/ground/index.ts";
import { renderProof } from "../../certs/log/index.ts";
import { renderLine } from "../audit/index.ts";
import type { Inspection } from "./keep.ts";
import type { InspectionParts } from "./parts.ts";

/** A report, and the agency's signature over its very bytes. */
export interface SignedReport {
  /** JSON. */
  readonly statement: string;
  /** Detached JWS (RFC 7797) of type atumpan-inspection. */
  readonly signature: string;
}

function scopeOf({ scope, messages = [] }: Inspection): Record<string, unknown> {
  if (scope.kind !== "SAMPLE") return { kind: scope.kind, count: messages.length };
  const { from, to, box, count, nonce } = scope;
  return { kind: scope.kind, from: renderInstant(from), to: renderInstant(to), box, count, nonce };
}

/** Where an act of the inspection stands in the hub's log; WAITING while it does not. */
export function renderEntry({ store }: Pick<InspectionParts, "store">, line: number | undefined): Record<string, unknown> {
  const act = line === undefined ? undefined : store.logActs.of(line);
  if (act === undefined) return { state: "NONE" };
  if (act.proved === undefined) return { state: "WAITING", ...(act.code === undefined ? {} : { code: act.code }) };
  return { state: "PROVED", origin: act.proved.origin, index: act.proved.index };
} // prettier-ignore

/** With it what shows to whoever has no network that the act was entered, and which line of the record it binds. */
function renderProvedEntry(parts: InspectionParts, line: number | undefined): Record<string, unknown> {
  const { store } = parts;
  const entry = renderEntry(parts, line);
  const act = line === undefined ? undefined : store.logActs.of(line);
  const [said] = line === undefined ? [] : store.audit.list({ before: line + 1, limit: 1 });
  if (act?.proved === undefined || said === undefined) return entry;
  const { index, leaf: extra, hashes } = act.proved;
  const checkpoint = store.logHeads.note(act.proved);
  const proof = checkpoint === undefined ? {} : { proof: parseUtf8(renderProof({ extra, index, hashes, checkpoint })) };
  return { ...entry, line: parseUtf8(renderLine(said)), salt: renderHex(act.salt), ...proof };
} // prettier-ignore

/**
 * Says of an inspection that has ended who turned the keys, why, how its messages were chosen, how many were read and what was
 * found: by ids and codes, nothing of any message, no note and no name.
 *
 * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY, SIGNATURE_KEY_MISSING
 */
export function makeReport(parts: InspectionParts, one: Inspection): SignedReport {
  const { agency, signer } = parts;
  const { id, state, ground, reference, askedBy, askedAt, consentedBy, consentedAs, openedAt = askedAt, endedBy, endedAt = one.endsAt } = one;
  const { messages = [], read, findings } = one;
  const statement = JSON.stringify({
    v: 1, agency, inspection: id, state, ground, reference,
    scope: scopeOf(one),
    keys: [{ who: askedBy, as: "inspector", at: renderInstant(askedAt) }, { who: consentedBy, as: consentedAs, at: renderInstant(openedAt) }],
    opened: { at: renderInstant(openedAt), log: renderProvedEntry(parts, one.openedLine) },
    ended: { at: renderInstant(endedAt), by: endedBy ?? "gateway", log: renderProvedEntry(parts, one.closedLine) },
    terms: one.terms,
    draw: one.draw,
    inspected: messages.length,
    read: read.length,
    findings: findings?.map(({ code, place }) => ({ code, place })),
  });
  return { statement, signature: signer.sign("atumpan-inspection", utf8(statement)) };
} // prettier-ignore
