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

/**
 * Builds the asking over one connection. What is asked while it is down, or under way when it is lost, ends
 * at once: the client would wait the whole time for an answer that went with the connection.
 */
export function makeAsk(link: Link): Ask {
  const waiting = new Set<(fault: Fault) => void>();
  let isUp = true;
  const follow = async (): Promise<void> => {
    for await (const { type } of link.status()) {
      if (type === "reconnect") isUp = true;
      if (type !== "disconnect") continue;
      isUp = false;
      for (const lose of waiting) lose(new Fault("HUB_UNREACHABLE", "the connection was lost"));
    }
  };
  // the states of a connection end with it; then there is nothing to lose
  follow().catch(() => waiting.clear());
  return async (subject, payload) => {
    if (!isUp) throw new Fault("HUB_UNREACHABLE", "the connection is down");
    const { promise: lost, reject } = Promise.withResolvers<never>();
    waiting.add(reject);
    try {
      const options = { timeout: hubLimits.apiTimeoutMs };
      const { data } = await Promise.race([link.request(subject, payload, options), lost]);
      return data;
    } catch (error) {
      throw toHubFault(error);
    } finally {
      waiting.delete(reject);
    }
  };
}
