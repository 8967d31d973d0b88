import { isKnownCode } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import type { MessageDetail } from "../exchange/index.ts";
import type { Caller } from "../people/index.ts";
import type { Call, Desk } from "./call.ts";
import type { Route } from "./route.ts";

/** The header that says what content is read for. */
export const purposeHeader = "atumpan-purpose";

/** What the owner of the token reads for when nothing else was configured. */
const usualOwnerPurpose = "INVESTIGATION";

function defaultOf({ ownerPurpose = usualOwnerPurpose }: Desk, caller: Caller): string | undefined {
  if (caller.purpose !== undefined) return caller.purpose;
  return caller.kind === "owner" && ownerPurpose !== "NONE" ? ownerPurpose : undefined;
}

/**
 * What a caller reads for: what the request says, or else what was set for him. Only where the route reads content
 * must there be one.
 *
 * @throws {Fault} PURPOSE_MISSING, PURPOSE_UNKNOWN
 */
export function findPurpose(
  desk: Desk,
  { route, request, caller }: { route: Route; request: Request; caller: Caller },
): string | undefined {
  const said = request.headers.get(purposeHeader) ?? "";
  const purpose = said === "" ? defaultOf(desk, caller) : said;
  if (purpose === undefined) {
    if (route.reads === undefined || route.isInspection === true) return undefined;
    throw new Fault("PURPOSE_MISSING", "send Atumpan-Purpose with a code of the list PURPOSE");
  }
  if (purpose.length > 60 || !isKnownCode("PURPOSE", purpose)) {
    throw new Fault("PURPOSE_UNKNOWN", "Atumpan-Purpose is one code of the list PURPOSE");
  }
  return purpose;
}

function purposesOf({ inner }: Pick<MessageDetail, "inner">): readonly unknown[] {
  if (typeof inner !== "object" || inner === null) return [];
  const purposes: unknown = Object.entries(inner).find(([name]) => name === "purposes")?.[1];
  return Array.isArray(purposes) ? purposes : [];
}

/** Whether a message of others may be read for this; what it does not limit, and our own, for anything. */
export function isAllowedFor(
  message: Pick<MessageDetail, "box" | "inner">,
  purpose: string | undefined,
): boolean {
  const purposes = purposesOf(message);
  return message.box === "out" || purposes.length === 0 || purposes.includes(purpose);
}

/** Whether it is the owner of the token, who said nothing and for whom nothing was configured. */
function isUnsaid(
  { ownerPurpose }: Desk,
  { caller, request }: Pick<Call, "caller" | "request">,
): boolean {
  const said = request.headers.get(purposeHeader) ?? "";
  return caller.kind === "owner" && said === "" && ownerPurpose === undefined;
}

/**
 * What a message is read for by this call: what was said, or set, and its sender allows. The owner of the token who says
 * nothing reads for the first purpose that the sender names; that is what is recorded.
 *
 * @throws {Fault} PURPOSE_NOT_ALLOWED
 */
export function findPurposeOf(
  desk: Desk,
  call: Pick<Call, "caller" | "request" | "purpose">,
  message: Pick<MessageDetail, "box" | "inner">,
): string | undefined {
  if (isAllowedFor(message, call.purpose)) return call.purpose;
  const [first] = purposesOf(message);
  if (isUnsaid(desk, call) && typeof first === "string") return first;
  throw new Fault(
    "PURPOSE_NOT_ALLOWED",
    "the message says what it may be used for; read it for one of those, or ask its sender",
  );
}
