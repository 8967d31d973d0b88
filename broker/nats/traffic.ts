import { z } from "zod";

import { Fault, parseUtf8, tryShape, utf8 } from "../../schemas/ground/index.ts";
import { makeAsk } from "./ask.ts";
import type { Link } from "./connect.ts";

const counted = z.looseObject({ msgs: z.number(), bytes: z.number() });
const account = z.looseObject({
  acc: z.string(),
  conns: z.number(),
  received: counted,
  sent: counted,
});
const answer = z.looseObject({ data: z.looseObject({ account_statz: z.array(account) }) });

/** What the server counted of one account since it started, over all of its connections. */
export interface AccountTraffic {
  readonly account: string;
  /** Connections that are open. */
  readonly connections: number;
  /** What its clients sent, whatever was done with it, and how many bytes. */
  readonly messages: number;
  readonly bytes: number;
  /** Messages its clients were handed. */
  readonly answers: number;
}

/** Asks the server what it counted of every account somebody is connected to. @throws {Fault} HUB_* */
export type ReadTraffic = () => Promise<readonly AccountTraffic[]>;

/** Reads the answer. @throws {Fault} HUB_SERVER_FAILED */
function parseTraffic(data: Uint8Array): readonly AccountTraffic[] {
  let json: unknown;
  try {
    json = JSON.parse(parseUtf8(data));
  } catch (cause) {
    throw new Fault("HUB_SERVER_FAILED", "the server's counts are not JSON", { cause });
  }
  const parsed = tryShape(answer, json);
  if (!parsed.success)
    throw new Fault("HUB_SERVER_FAILED", "the server's counts are not ones we know");
  return parsed.data.data.account_statz.map(({ acc, conns, received, sent }) => ({
    account: acc,
    connections: conns,
    messages: received.msgs,
    bytes: received.bytes,
    answers: sent.msgs,
  }));
}

/** Opens the reading of counts over a connection into the system account. */
export function makeTrafficReader(link: Link): ReadTraffic {
  const ask = makeAsk(link);
  return async () => parseTraffic(await ask("$SYS.REQ.ACCOUNT.PING.STATZ", utf8("{}")));
}
