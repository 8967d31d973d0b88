import { z } from "zod";

import { copyKinds, isCopyKind } from "../../schemas/copies/index.ts";
import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import type { MessageDetail } from "../exchange/index.ts";
import type { Call, Desk } from "./call.ts";
import { copyQueryShape, receiverOf } from "./copies.ts";
import { findPurposeOf } from "./purpose.ts";
import { parseCopyQuery } from "./read-query.ts";
import { findVisible, readMessage } from "./visible.ts";

/** The content type of an evidence file. */
export const evidenceContentType = "application/vnd.atumpan.evidence+json";

/** The header that says why no witnesses stand behind the proof. */
export const unwitnessedHeader = "atumpan-unwitnessed";

/** Who evidence is for, and what of the message is given with it. */
export const evidenceQueryShape = copyQueryShape.extend({
  for: z.string().optional().meta({
    description: "court when left out, nominal, regional, defence; or none: digests alone",
  }),
});

interface Given {
  readonly message: MessageDetail;
  /** Undefined: its digests alone. */
  readonly bytes: Bytes | undefined;
}

function kindOf(text: string): (typeof copyKinds)[number] {
  const kind = text.toUpperCase();
  if (isCopyKind(kind)) return kind;
  const kinds = copyKinds.join(", ").toLowerCase();
  throw new Fault("REQUEST_INVALID", `for is ${kinds}, or none`);
}

/** Digests say nothing of the content: nothing is read, nothing passed on. */
function giveDigests(desk: Desk, call: Call, id: string): Given {
  const message = findVisible(desk, call, id);
  call.record.readFor(findPurposeOf(desk, call, message));
  call.record.about(message.id);
  return { message, bytes: undefined };
}

/** What leaves by hand leaves under the same rules as a copy, and is written down as one. */
async function giveCopy(desk: Desk, call: Call, asked: URLSearchParams): Promise<Given> {
  const kind = kindOf(asked.get("for") ?? "court");
  asked.delete("for");
  const query = parseCopyQuery(asked);
  const message = readMessage(desk, call, call.params["id"] ?? "");
  const bytes = desk.exchange.copy(message.id, { kind, to: query.to });
  const purpose = findPurposeOf(desk, call, message) ?? "";
  const { crime } = query;
  const by = call.caller.id;
  const said = { id: message.id, copy: kind, receiver: receiverOf(query), purpose, crime, by };
  // nothing is written down as given before it is known that it can be
  desk.services?.evidence?.make({ id: message.id, message: bytes });
  await desk.services?.onward?.copied(said);
  return { message, bytes };
}

/**
 * Evidence of one message as one file, for a court: what of it may be given as for a copy, and the proof that the hub took
 * it. Of one that was erased the digests and the proof are left, and given. Where the register asks for witnesses the proof is
 * led to a checkpoint that they cosigned; when that cannot be now, a header says why.
 */
export async function getEvidence(desk: Desk, call: Call): Promise<Response> {
  const { evidence } = desk.services ?? {};
  if (evidence === undefined) throw new Fault("NOT_FOUND", "this gateway makes no evidence");
  const asked = new URLSearchParams(call.url.searchParams);
  if (asked.getAll("for").length > 1) throw new Fault("REQUEST_INVALID", "for stands once");
  const id = call.params["id"] ?? "";
  const isErased = desk.exchange.glance(id)?.state === "ERASED";
  const isBare = isErased || asked.get("for") === "none";
  const given = isBare ? giveDigests(desk, call, id) : await giveCopy(desk, call, asked);
  const { id: found } = given.message;
  const missing = await evidence.proveWitnessed(found);
  const file = evidence.make({ id: found, message: given.bytes });
  const headers = new Headers({ "content-type": evidenceContentType });
  if (missing !== undefined) headers.set(unwitnessedHeader, missing);
  return new Response(Uint8Array.from(file), { headers });
}
