import type { FirearmTraceRequest } from "../../gen/index.ts";
import type { FaultCode } from "../../ground/index.ts";
import type { BodyContext, Rule } from "../rule.ts";

type TraceRule = Rule<BodyContext<FirearmTraceRequest>>;

interface Needed {
  readonly code: FaultCode;
  readonly says: string;
  readonly path: string;
  /** Whether the item that the trace cannot run without is missing. */
  readonly isMissing: (body: FirearmTraceRequest) => boolean;
}

function rule({ code, says, path, isMissing }: Needed): TraceRule {
  return { code, says, find: ({ body }) => (isMissing(body) ? [path] : []) };
}

function isUnknown(code: string | undefined): boolean {
  return code === undefined || code === "UNKNOWN";
}

/**
 * What a trace cannot run without (ATF form 3312.1): each item has a code of its own, so that a machine can ask
 * for exactly what is missing. The date and the requester are in the envelope.
 */
export const traceItems: readonly TraceRule[] = [
  rule({
    code: "RULE_TRACE_PRIORITY_MISSING",
    says: "priority is missing; say ROUTINE or URGENT",
    path: "/priority",
    isMissing: ({ priority }) => priority === undefined,
  }),
  rule({
    code: "RULE_TRACE_JUSTIFICATION_MISSING",
    says: "justification is missing; say why the trace is urgent or make it ROUTINE",
    path: "/justification",
    isMissing: ({ priority, justification }) =>
      priority === "URGENT" && justification === undefined,
  }),
  rule({
    code: "RULE_TRACE_CRIME_MISSING",
    says: "crime is missing; a trace serves a criminal case only, so name the crime",
    path: "/crime",
    isMissing: ({ crime }) => crime === undefined,
  }),
  rule({
    code: "RULE_TRACE_CASE_MISSING",
    says: "caseRef is missing; give the number of the case the trace is for",
    path: "/caseRef",
    isMissing: ({ caseRef }) => caseRef === undefined || caseRef === "",
  }),
  rule({
    code: "RULE_TRACE_SERIAL_MISSING",
    says: "serial is missing; give it, or say that it is obliterated",
    path: "/firearm/serial",
    isMissing: ({ firearm }) => firearm.serial === undefined && firearm.serialObliterated !== true,
  }),
  rule({
    code: "RULE_TRACE_RESTORATION_MISSING",
    says: "restoration is missing; the serial is obliterated, so say what was tried to read it",
    path: "/restoration",
    isMissing: ({ firearm, restoration }) =>
      firearm.serial === undefined &&
      firearm.serialObliterated === true &&
      restoration === undefined,
  }),
  rule({
    code: "RULE_TRACE_MANUFACTURER_MISSING",
    says: "make is missing; give the manufacturer",
    path: "/firearm/make",
    isMissing: ({ firearm }) => firearm.make === undefined || firearm.make === "",
  }),
  rule({
    code: "RULE_TRACE_TYPE_MISSING",
    says: "kind is missing or UNKNOWN; give the type of firearm",
    path: "/firearm/kind",
    isMissing: ({ firearm }) => isUnknown(firearm.kind),
  }),
  rule({
    code: "RULE_TRACE_CALIBRE_MISSING",
    says: "calibre is missing; give it as it is marked or measured",
    path: "/firearm/calibre",
    isMissing: ({ firearm }) => firearm.calibre === undefined || firearm.calibre === "",
  }),
  rule({
    code: "RULE_TRACE_MODEL_MISSING",
    says: "model is missing; give it as it is marked, or the nearest model",
    path: "/firearm/model",
    isMissing: ({ firearm }) => firearm.model === undefined || firearm.model === "",
  }),
  rule({
    code: "RULE_TRACE_ORIGIN_MISSING",
    says: "countryOfManufacture is missing; give the country of origin",
    path: "/firearm/countryOfManufacture",
    isMissing: ({ firearm }) => firearm.countryOfManufacture === undefined,
  }),
  rule({
    code: "RULE_TRACE_IMPORTER_MISSING",
    says: "importer is missing; the firearm was imported, so give the importer it is marked with",
    path: "/firearm/importer",
    isMissing: ({ firearm, imported }) =>
      (imported === true || firearm.importMarks.length > 0) && firearm.importer === undefined,
  }),
];
