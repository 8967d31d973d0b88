import { z } from "zod";

import { readers, roles } from "../../people/index.ts";
import { getEnds, getImpact, getRules } from "../insight.ts";
import {
  agencyQueryShape,
  endsQueryShape,
  endsShape,
  impactShape,
  rulesShape,
} from "../insight-shapes.ts";
import { getDirectory, getPingDraft } from "../authorities.ts";
import { directoryQueryShape, directoryShape, pingDraftShape } from "../directory-shapes.ts";
import type { Route } from "../route.ts";
import {
  audienceQueryShape,
  audienceShape,
  decisionQueryShape,
  decisionShape,
  sealingKeyShape,
} from "../register-shapes.ts";
import { getSealingKeys, postSealingKeyWord, sealingWordShape } from "../sealing-keys.ts";
import { trialQueryShape } from "../trial.ts";
import { getAudience, getDecision } from "../why.ts";

const triedKey = z.strictObject({
  tried: z.literal(true),
  before: sealingKeyShape,
  after: sealingKeyShape,
});

/** What the register and the schemas say, and people's words on keys of others. */
export const registerRoutes: readonly Route[] = [
  { method: "GET", path: "/v1/sealing-keys", summary: "sealing keys of others that changed", for: [...readers, "administrator", "auditor"], query: z.strictObject({ all: z.literal("true").optional() }), answers: { 200: { says: "what needs a person first", shape: z.strictObject({ items: z.array(sealingKeyShape) }) } }, handle: getSealingKeys },
  { method: "POST", path: "/v1/sealing-keys:decide", summary: "confirm or refuse a sealing key", for: ["administrator"], stepUp: true, act: "KEY_DECIDED", query: trialQueryShape, body: { shape: sealingWordShape }, answers: { 200: { says: "the key as it stands then; with dryRun as it would", shape: z.union([sealingKeyShape, triedKey]) } }, handle: postSealingKeyWord },
  { method: "GET", path: "/v1/register/decision", summary: "why an agency may, or may not, read or publish something", for: roles, query: decisionQueryShape, answers: { 200: { says: "yes or no, and why", shape: decisionShape } }, handle: getDecision },
  { method: "GET", path: "/v1/register/audience", summary: "who would read a message, who not, and why", for: roles, packed: true, query: audienceQueryShape, answers: { 200: { says: "a page, by the names of agencies", shape: audienceShape } }, handle: getAudience },
  { method: "GET", path: "/v1/register/rules", summary: "what the register says of an agency: what it may do, by whose word, and whom its state admits", for: roles, query: agencyQueryShape, answers: { 200: { says: "its lines, in force or not", shape: rulesShape } }, handle: getRules },
  { method: "GET", path: "/v1/register/ends", summary: "certificates of our own state's agencies that end soon", for: ["administrator", "auditor"], query: endsQueryShape, answers: { 200: { says: "the first to end first", shape: endsShape } }, handle: getEnds },
  { method: "GET", path: "/v1/register/impact", summary: "what would end at this gateway were an agency revoked or suspended; changes nothing", for: ["administrator", "auditor"], query: agencyQueryShape, answers: { 200: { says: "numbers, and names of agencies", shape: impactShape } }, handle: getImpact },
  { method: "GET", path: "/v1/directory", summary: "agencies and served communities; by country, function or crime also the authorities to ask", for: roles, tagged: true, packed: true, query: directoryQueryShape, answers: { 200: { says: "agencies, communities and authorities", shape: directoryShape } }, handle: getDirectory },
  { method: "GET", path: "/v1/directory/:id/ping", summary: "the question to an authority whether its entry holds, to be sent", for: readers, answers: { 200: { says: "a submission; nothing is sent", shape: pingDraftShape } }, handle: getPingDraft },
]; // prettier-ignore
