import type { Log } from "../schemas/ground/index.ts";
import type { Links } from "./links.ts";
import { admissionConsumer, findIntakes, hubAccounts, type JetStream, type ServerControl } from "./nats/index.ts"; // prettier-ignore
import type { BrokerOptions } from "./options.ts";
import { checkTurns } from "./turns.ts";

/** What a broker whose turn begins has. */
export interface ExpelParts {
  readonly options: Pick<BrokerOptions, "turn" | "standby">;
  readonly links: Pick<Links, "ids">;
  readonly control: Pick<ServerControl, "sessions" | "close">;
  readonly jetStream: JetStream;
  readonly log: Log;
}

/** Before anything of a broker is in force: nobody else works, and nobody who did is heard any more. @throws {Fault} CONFIG_INVALID, HUB_* */
export async function beginTurn(parts: ExpelParts): Promise<void> {
  await checkTurns(parts.jetStream, parts.options);
  await expelOthers(parts);
}

/**
 * Closes the connections of whoever had the turn before: what a frozen process had handed to its sockets and not got rid of is
 * never heard. What of the intakes was handed to it and not settled is handed out anew, and not only when its time is over. Those
 * that only listen for their turn come back by themselves.
 */
async function expelOthers({ options, links, control, jetStream, log }: ExpelParts): Promise<void> {
  if (options.turn === undefined) return;
  const own = links.ids();
  for (const account of Object.values(hubAccounts)) {
    const found = await control.sessions(account);
    const others = found.filter(({ id, server }) => !own.has(`${server.id} ${id}`));
    for (const session of others) await control.close(session);
    if (others.length > 0) log.info("connections of another broker closed", { count: others.length });
  }
  // they are made again with all other things that are missing
  for (const stream of await findIntakes(jetStream)) await jetStream.deleteConsumer(stream, admissionConsumer);
} // prettier-ignore
