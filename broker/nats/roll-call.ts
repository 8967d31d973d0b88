import { z } from "zod";

import {
  type Bytes,
  Fault,
  isFault,
  parseUtf8,
  tryShape,
  utf8,
} from "../../schemas/ground/index.ts";
import { toHubFault } from "../../schemas/wire/index.ts";
import type { Link } from "./connect.ts";

/** One server of a hub that runs, as the others see it. */
export interface HubServer {
  /** Another at each start. */
  readonly id: string;
  /** The same for good. */
  readonly name: string;
}

/** Who of the hub's servers is in reach of ours, and ours. @throws {Fault} HUB_UNREACHABLE */
export type RollCall = () => Promise<readonly HubServer[]>;

/** Whoever has not answered by then is not in reach: they stand near each other. */
const waitMs = 1_000;

const unanswered = "no server of the hub answers";

/** Whether all servers of a hub were asked, and nobody answered in time. */
export function isUnanswered(error: unknown): boolean {
  return isFault(error, "HUB_UNREACHABLE") && error.detail === unanswered;
}

const named = z.looseObject({ id: z.string().min(1), name: z.string() });

/**
 * Asks all servers of a hub the same, and gives the answers of those that answer in time.
 *
 * @throws {Fault} HUB_UNREACHABLE when nobody does
 */
export async function askAll(
  link: Link,
  subject: string,
  { expected, payload = "{}" }: { readonly expected: number; readonly payload?: string },
): Promise<readonly Bytes[]> {
  const answers: Bytes[] = [];
  try {
    const options = { strategy: "count", maxMessages: expected, maxWait: waitMs } as const;
    for await (const { data } of await link.requestMany(subject, utf8(payload), options)) {
      // what the library itself says of nobody listening has no bytes
      if (data.length > 0) answers.push(data);
    }
  } catch (error) {
    throw toHubFault(error);
  }
  if (answers.length === 0) throw new Fault("HUB_UNREACHABLE", unanswered);
  return answers;
}

function parseServer(data: Bytes): HubServer {
  let json: unknown;
  try {
    json = JSON.parse(parseUtf8(data));
  } catch (cause) {
    throw new Fault("HUB_SERVER_FAILED", "the server's name is not JSON", { cause });
  }
  const parsed = tryShape(named, json);
  if (parsed.success) return { id: parsed.data.id, name: parsed.data.name };
  throw new Fault("HUB_SERVER_FAILED", "the server does not say which it is");
}

/** Builds the roll call of a hub with so many servers, over a connection into the system account. */
export function makeRollCall(link: Link, servers: number): RollCall {
  return async () => {
    if (servers === 1) {
      const { server_id: id, server_name: name = "" } = link.info ?? {};
      if (id === undefined)
        throw new Fault("HUB_UNREACHABLE", "the server has not shown its id yet");
      return [{ id, name }];
    }
    const answers = await askAll(link, "$SYS.REQ.SERVER.PING.IDZ", { expected: servers });
    return answers.map(parseServer);
  };
}
