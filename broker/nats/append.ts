import { z } from "zod";

import { type Bytes, Fault, parseUtf8, tryShape } from "../../schemas/ground/index.ts";
import { toHubFault } from "../../schemas/wire/index.ts";
import { whileUp } from "./ask.ts";
import { type Link, makeHeaders } from "./connect.ts";
import { hubLimits } from "./limits.ts";

/**
 * What became of an entry that was to follow a certain one: it stands there, synced; another came first, or the stream is not as
 * it was thought to be; there is no room for it; or nobody knows, and whoever asks must read before he does anything else.
 */
export type Appended =
  | { readonly kind: "stored"; readonly sequence: number }
  | { readonly kind: "behind" }
  | { readonly kind: "full" }
  | { readonly kind: "unknown"; readonly fault: Fault };

/** An entry, and the number of the one it must follow. */
export interface ToAppend {
  readonly subject: string;
  readonly payload: Bytes;
  /** Of the stream's last entry; 0 for the first. */
  readonly after: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** "wrong last sequence" */
const wrongLast = 10071;
/** The stream, its account or the server has all the bytes it may have, or the disk has none left. */
const noRoom: readonly (number | undefined)[] = [10002, 10023, 10047, 10077];
const answer = z.looseObject({
  seq: z.number().optional(),
  error: z.looseObject({ err_code: z.number() }).optional(),
});

function unknown(detail: string): Appended {
  return { kind: "unknown", fault: new Fault("HUB_STREAM_WRITE_FAILED", detail) };
}

function parseAppended(bytes: Bytes, after: number): Appended {
  let json: unknown;
  try {
    json = JSON.parse(parseUtf8(bytes));
  } catch {
    return unknown("the stream's answer is not JSON");
  }
  const parsed = tryShape(answer, json);
  if (!parsed.success) return unknown("the stream's answer is not one we know");
  const { seq, error } = parsed.data;
  if (error?.err_code === wrongLast) return { kind: "behind" };
  if (noRoom.includes(error?.err_code)) return { kind: "full" };
  if (error !== undefined) return unknown(`the stream refused with ${error.err_code}`);
  return seq === after + 1
    ? { kind: "stored", sequence: seq }
    : unknown("the stream stored it at another place");
}

/** Adds an entry to a stream if the one before it is still the last. Never rejects. */
export async function appendAfter(
  link: Link,
  { subject, payload, after, headers: more }: ToAppend,
): Promise<Appended> {
  try {
    const headers = makeHeaders({ ...more, "Nats-Expected-Last-Sequence": String(after) });
    const options = { headers, timeout: hubLimits.storeTimeoutMs };
    const { data } = await whileUp(link, () => link.request(subject, payload, options));
    return parseAppended(data, after);
  } catch (error) {
    return { kind: "unknown", fault: toHubFault(error) };
  }
}
