import { z } from "zod";

import {
  type Mandate,
  parseInstant,
  parseJsonText,
  type StatePart,
} from "../../../schemas/index.ts";
import {
  type Bytes,
  type EpochMs,
  Fault,
  parseUtf8,
  tryShape,
} from "../../../schemas/ground/index.ts";
import { revocationReasons } from "../revoke.ts";
import type { PartContent } from "./content.ts";

const moment = z.string().max(30).refine((text) => parseInstant(text) !== undefined); // prettier-ignore
const code = z.string().regex(/^[A-Z][A-Z0-9_]{0,59}$/);
const pattern = z.string().regex(/^(?:\*|[a-z][a-z0-9_]{0,30}(?:\.(?:\*|[a-z][a-z0-9_]{0,30}))?)$/);
const scope = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/);
const count = z.int().min(0).max(1_000_000);

const line = z.strictObject({
  action: z.enum(["PUBLISH", "READ"]),
  scope,
  types: z.array(pattern).min(1).max(100),
  crimes: z.array(pattern).min(1).max(60),
  handlingUpTo: z.enum(["H0", "H1", "H2", "H3"]),
  until: moment.optional(),
});

const told = {
  format: z.literal("atumpan-agency-request"),
  version: z.literal(1),
  agency: z.string().regex(/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/),
  at: moment,
  reason: z.string().min(3).max(500),
};

const shape = z.discriminatedUnion("kind", [
  z.strictObject({
    ...told,
    kind: z.literal("ENROL"),
    agencyKind: code,
    languages: z.array(z.string().regex(/^[a-z]{2,3}$/)).min(1).max(6),
    nominations: z.array(line).min(1).max(60),
  }),
  z.strictObject({
    ...told,
    kind: z.literal("REVOKE"),
    cause: z.string().refine((text) => Object.hasOwn(revocationReasons, text)),
    /** What hung on it at the gateway that asks: told to officers, never believed. */
    seen: z.strictObject({ certificates: count, waiting: count, awaitedOfIt: count, awaitedOfUs: count }),
  }),
]); // prettier-ignore

/** What an administrator asks an authority for: an agency that comes, or one that is to lose its rights. */
export type AgencyRequest = Readonly<z.infer<typeof shape>>;

/** A request is a page of text; whatever is larger is none. */
const maxRequestBytes = 64 * 1024;

function invalid(cause?: unknown): Fault {
  const why = "the file holds no request for an agency; have it made anew in the console";
  return new Fault("CHANGE_INVALID", why, { cause });
}

/**
 * Reads the file of a request, as a gateway's console writes it. Nothing of it is proved: officers compare its fingerprint
 * with who asks, and decide.
 *
 * @throws {Fault} CHANGE_INVALID
 */
export function parseAgencyRequest(file: Bytes): AgencyRequest {
  if (file.length > maxRequestBytes) throw invalid();
  let json: unknown;
  try {
    json = parseJsonText(parseUtf8(file), maxRequestBytes);
  } catch (cause) {
    throw invalid(cause);
  }
  const found = tryShape(shape, json);
  if (found.success) return found.data;
  throw invalid(found.error);
} // prettier-ignore

type Enrolment = Extract<AgencyRequest, { kind: "ENROL" }>;

function linesOf({ agency, nominations }: Enrolment, from: EpochMs): readonly Mandate[] {
  return nominations.map(({ until, ...rest }) => {
    const end = parseInstant(until ?? "");
    return { ...rest, agency, from, ...(end === undefined ? {} : { until: end }) };
  });
}

function checkAbsent({ agencies }: StatePart, { agency }: AgencyRequest): void {
  if (agencies.every((one) => one.agency !== agency)) return;
  throw new Fault("CHANGE_INVALID", `${agency} is in the register already`);
}

function enrol(state: StatePart, request: Enrolment, now: EpochMs): StatePart {
  checkAbsent(state, request);
  const { agency, agencyKind: kind, languages } = request;
  const added = { agency, kind, languages, names: [], certificates: [], keys: [] };
  return {
    ...state,
    agencies: [...state.agencies, added],
    nominations: [...state.nominations, ...linesOf(request, now)],
  };
}

/** From now on, or from when it was suspended before: nobody's suspension is put off by asking again. */
function suspend(state: StatePart, { agency }: AgencyRequest, now: EpochMs): StatePart {
  const found = state.agencies.find((one) => one.agency === agency);
  if (found === undefined) throw new Fault("CHANGE_INVALID", `${agency} is not in the register`);
  if (found.suspendedFrom !== undefined && found.suspendedFrom <= now) {
    throw new Fault("CHANGE_INVALID", `${agency} is suspended already`);
  }
  const agencies = state.agencies.map((one) => (one.agency === agency ? { ...one, suspendedFrom: now } : one));
  return { ...state, agencies };
} // prettier-ignore

/**
 * What a request comes to in one part: in its state's the agency without certificates and what the state lets it do, or its
 * suspension; in the region's what the region grants it. To be proposed like every change.
 *
 * @throws {Fault} CHANGE_INVALID for what is there already, is of another part, or of the region where somebody is to go
 */
export function applyRequest(content: PartContent, request: AgencyRequest, now: EpochMs): PartContent {
  if (content.kind === "state") {
    const { authority } = content.state;
    if (!request.agency.startsWith(`${authority}/`)) {
      throw new Fault("CHANGE_INVALID", `${request.agency} is none of ${authority}`);
    }
    const state = request.kind === "ENROL" ? enrol(content.state, request, now) : suspend(content.state, request, now);
    return { ...content, state };
  }
  if (request.kind !== "ENROL") {
    throw new Fault("CHANGE_INVALID", "its own state suspends an agency; the region's part stays as it is");
  }
  const { region } = content;
  return { ...content, region: { ...region, mandates: [...region.mandates, ...linesOf(request, now)] } };
} // prettier-ignore
