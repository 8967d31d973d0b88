import { z } from "zod";

import { parseInstant, renderInstant } from "../../schemas/index.ts";
import { type EpochMs, Fault, tryShape } from "../../schemas/ground/index.ts";
import type { Inspection, InspectionDesk, InspectionItem } from "../inspection/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { closingShape, inspectionWishShape } from "./inspection-shapes.ts";
import { parseTextWish, renderShown, showMessage, textForms } from "./message-text.ts";
import { chooseForm } from "./negotiate.ts";
import { readJsonBody } from "./read-body.ts";
import { renderDetail } from "./render-message.ts";
import { checkWordsAccepted } from "./words-first.ts";

/** In which forms an inspected message is shown: to be read here, and not to be carried away. */
export const inspectedForms = ["application/json", ...textForms] as const;

type Also = NonNullable<Parameters<InspectionDesk["consent"]>[0]["also"]>;
type Wish = z.infer<typeof inspectionWishShape>;

function deskOf({ services }: Desk): InspectionDesk {
  if (services?.inspections !== undefined) return services.inspections;
  throw new Fault("NOT_FOUND", "nothing is inspected at this gateway");
}

function momentOf(text: string): EpochMs {
  const at = parseInstant(text);
  if (at !== undefined) return at;
  throw new Fault("REQUEST_INVALID", "the moment is not in RFC 3339 with its offset");
}

function scopeOf({ messages, thread, sample }: Wish): Parameters<InspectionDesk["ask"]>[0]["scope"] {
  if ([messages, thread, sample].filter((one) => one !== undefined).length !== 1) {
    throw new Fault("REQUEST_INVALID", "say one of messages, thread and sample");
  }
  if (messages !== undefined) return { kind: "MESSAGES", messages: messages.map((id) => id.toLowerCase()) };
  if (thread !== undefined) return { kind: "THREAD", thread: thread.toLowerCase() };
  const { from = "", to = "", ...rest } = sample ?? { count: 0, nonce: "" };
  return { kind: "SAMPLE", from: momentOf(from), to: momentOf(to), ...rest };
} // prettier-ignore

function renderScope({ scope }: Inspection): Record<string, unknown> {
  if (scope.kind !== "SAMPLE") return scope;
  return { ...scope, from: renderInstant(scope.from), to: renderInstant(scope.to) };
}

function renderTimes({ until, askedAt, endsAt, openedAt, endedAt }: Inspection): Record<string, unknown> {
  const later = { openedAt, endedAt };
  const said = Object.entries(later).flatMap(([name, at]) => (at === undefined ? [] : [[name, renderInstant(at)]]));
  return { until: renderInstant(until), askedAt: renderInstant(askedAt), endsAt: renderInstant(endsAt), ...Object.fromEntries(said) };
} // prettier-ignore

function renderItem({ storedAt, ...item }: InspectionItem): Record<string, unknown> {
  return { ...item, ...(storedAt === undefined ? {} : { storedAt: renderInstant(storedAt) }) };
}

function renderInspection(desk: InspectionDesk, one: Inspection, items?: readonly InspectionItem[]): Record<string, unknown> {
  const { id, state, ground, reference, askedBy, consentedBy, consentedAs, endedBy, draw, messages = [], read, findings } = one;
  const { opened, closed } = desk.entries(one);
  return {
    id, state, ground, reference, askedBy, consentedBy, consentedAs, endedBy,
    scope: renderScope(one),
    ...renderTimes(one),
    openedEntry: opened,
    closedEntry: closed,
    draw,
    inspected: messages.length,
    read: read.length,
    findings,
    items: items?.map(renderItem),
  };
} // prettier-ignore

/** The inspector asks: the first key. */
export async function postInspection(desk: Desk, { request, caller, record }: Call): Promise<Response> {
  const wish = tryShape(inspectionWishShape, await readJsonBody(request));
  if (!wish.success) throw new Fault("REQUEST_INVALID", `say {"ground": "COMPLAINT", "reference": "DPA/7", "until": "…", "messages": ["…"]}, a thread, or a sample`);
  const { ground, reference, until } = wish.data;
  const also = (id: string): void => record.keep(id);
  const scope = scopeOf(wish.data);
  const asked = await deskOf(desk).ask({ caller, also, ground, reference, scope, until: momentOf(until) });
  const headers = { location: `/v1/inspections/${asked.id}` };
  return renderAnswer(renderInspection(deskOf(desk), asked), { status: 201, headers });
} // prettier-ignore

/** Another person consents: the second key. */
export async function postInspectionConsent(desk: Desk, { caller, params, record }: Call): Promise<Response> {
  const also: Also = (id, { digest } = {}) => {
    if (digest !== undefined) record.digest(digest);
    record.keep(id);
  };
  const opened = await deskOf(desk).consent({ caller, id: params["id"] ?? "", also });
  return renderAnswer(renderInspection(deskOf(desk), opened));
} // prettier-ignore

/** Either side ends it. */
export async function postInspectionEnding(
  desk: Desk,
  { caller, params, record }: Call,
): Promise<Response> {
  const also: Also = (id, { wasOpen = false } = {}) => {
    if (!wasOpen) record.as("INSPECTION_DECLINED");
    record.keep(id);
  };
  const ended = await deskOf(desk).end({ caller, id: params["id"] ?? "", also });
  return renderAnswer(renderInspection(deskOf(desk), ended));
}

/** Its inspector says what he found. */
export async function postInspectionClosing(desk: Desk, { request, caller, params, record }: Call): Promise<Response> {
  const said = tryShape(closingShape, await readJsonBody(request));
  if (!said.success) throw new Fault("REQUEST_INVALID", `say {"findings": [{"code": "NO_FAULT"}]}`);
  const also: Also = (id, { wasOpen = false } = {}) => {
    if (!wasOpen) record.as("INSPECTION_REPORTED");
    record.keep(id);
  };
  const closed = await deskOf(desk).close({ caller, id: params["id"] ?? "", also, ...said.data });
  return renderAnswer(renderInspection(deskOf(desk), closed));
} // prettier-ignore

/** Inspections that the caller has a part in, or oversees. */
export function getInspections(desk: Desk, { caller, record }: Call): Response {
  const found = deskOf(desk).list(caller);
  record.count(found.length);
  return renderAnswer({ items: found.map((one) => renderInspection(deskOf(desk), one)) });
}

/** One of them. */
export function getInspection(desk: Desk, { caller, params }: Call): Response {
  const { inspection, items } = deskOf(desk).show(caller, params["id"] ?? "");
  return renderAnswer(renderInspection(deskOf(desk), inspection, items));
}

/** A message of an inspection that is open, to its inspector. Its sender is not told that an officer opened it: none did. */
export async function getInspected(desk: Desk, { request, caller, params, record }: Call): Promise<Response> {
  const { id = "", message: named = "" } = params;
  const form = chooseForm(request.headers.get("accept"), inspectedForms);
  record.about(`${id}/${named}`.slice(0, 120));
  const { ground } = deskOf(desk).checkReadable(caller, id, named);
  record.readFor(ground);
  const message = desk.exchange.find(named);
  if (message === undefined) throw new Fault("NOT_FOUND", "no message that is inspected here has this id");
  checkWordsAccepted(desk, message);
  await deskOf(desk).noteRead(id, named);
  const wish = parseTextWish(form, request.headers);
  const response = wish === undefined ? renderAnswer(renderDetail(message)) : renderShown(showMessage(message, wish), wish);
  response.headers.set("vary", "accept, accept-language");
  return response;
} // prettier-ignore

/** The signed report of one that has ended. */
export function getInspectionReport(desk: Desk, { caller, params }: Call): Response {
  return renderAnswer(deskOf(desk).report(caller, params["id"] ?? ""));
}
