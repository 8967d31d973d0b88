import { z } from "zod";

import { type Bytes, Fault, utf8 } from "../../schemas/ground/index.ts";
import { toHubFault } from "../../schemas/wire/index.ts";
import type { Link } from "./connect.ts";
import { hubLimits } from "./limits.ts";

/** A message as a stream of the hub holds it. */
export interface HeldMessage {
  readonly stream: string;
  readonly subject: string;
  readonly sequence: number;
  readonly data: Bytes;
}

const messageNotFound = 10037;
const found = z.looseObject({
  error: z.looseObject({ err_code: z.number() }).optional(),
  message: z
    .looseObject({ subject: z.string(), seq: z.number(), data: z.string().default("") })
    .optional(),
});

/**
 * The newest message of a stream whose subject fits `pattern`; undefined when there is none.
 *
 * @throws {Fault} HUB_UNREACHABLE
 */
export async function findHeldMessage(
  link: Link,
  stream: string,
  pattern: string,
): Promise<HeldMessage | undefined> {
  try {
    const question = utf8(JSON.stringify({ last_by_subj: pattern }));
    const options = { timeout: hubLimits.apiTimeoutMs };
    const reply = await link.request(`$JS.API.STREAM.MSG.GET.${stream}`, question, options);
    const { error, message } = found.parse(reply.json());
    if (message !== undefined) {
      const data = Buffer.from(message.data, "base64");
      return { stream, subject: message.subject, sequence: message.seq, data };
    }
    if (error?.err_code === messageNotFound) return undefined;
    throw new Fault("HUB_UNREACHABLE", `${stream} could not be read (${error?.err_code ?? "?"})`);
  } catch (error) {
    throw toHubFault(error);
  }
}
