import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { toHubFault } from "../../schemas/wire/index.ts";
import type { Link } from "./connect.ts";
import { hubLimits } from "./limits.ts";

/**
 * Asks the server and gives its answer.
 *
 * @throws {Fault} HUB_UNREACHABLE when no answer can come any more, and as the client's errors mean
 */
export type Ask = (subject: string, payload: Bytes) => Promise<Bytes>;

/** Whether a connection is up, and who waits for something over it. */
interface Standing {
  isUp: boolean;
  readonly waiting: Set<(fault: Fault) => void>;
}

const standings = new WeakMap<Link, Standing>();

async function follow(link: Link, standing: Standing): Promise<void> {
  for await (const { type } of link.status()) {
    if (type === "reconnect") standing.isUp = true;
    if (type !== "disconnect") continue;
    standing.isUp = false;
    for (const lose of standing.waiting) {
      lose(new Fault("HUB_UNREACHABLE", "the connection was lost"));
    }
  }
}

function standingOf(link: Link): Standing {
  const held = standings.get(link);
  if (held !== undefined) return held;
  const made: Standing = { isUp: true, waiting: new Set() };
  standings.set(link, made);
  // the states of a connection end with it; then there is nothing to lose
  follow(link, made).catch(() => made.waiting.clear());
  return made;
}

/**
 * What comes over a connection, as long as it is up. What is asked for while it is down, or under way when it is lost, ends at once:
 * the client would wait the whole time for an answer that went with the connection.
 *
 * @throws {Fault} HUB_UNREACHABLE when nothing can come any more, and what `answer` throws
 */
export async function whileUp<T>(link: Link, answer: () => Promise<T>): Promise<T> {
  const standing = standingOf(link);
  if (!standing.isUp) throw new Fault("HUB_UNREACHABLE", "the connection is down");
  const { promise: lost, reject } = Promise.withResolvers<never>();
  standing.waiting.add(reject);
  try {
    return await Promise.race([answer(), lost]);
  } finally {
    standing.waiting.delete(reject);
  }
}

/** Builds the asking over one connection; it ends as `whileUp` does. */
export function makeAsk(link: Link): Ask {
  // from now on it is known whether it is up
  standingOf(link);
  return async (subject, payload) => {
    try {
      const options = { timeout: hubLimits.apiTimeoutMs };
      const { data } = await whileUp(link, () => link.request(subject, payload, options));
      return data;
    } catch (error) {
      throw toHubFault(error);
    }
  };
}
