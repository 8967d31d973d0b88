import { z } from "zod";

import { Fault, parseUtf8, tryShape, utf8 } from "../../schemas/ground/index.ts";
import { makeAsk } from "./ask.ts";
import type { Link } from "./connect.ts";
import { askAll } from "./roll-call.ts";
import { makeTrafficSum } from "./traffic-sum.ts";

const moved = { msgs: z.number(), bytes: z.number() };
/** All of it, and what of that came from the hub's other servers. */
const counted = z.looseObject({ ...moved, routes: z.looseObject(moved).optional() });
const account = z.looseObject({
  acc: z.string(),
  conns: z.number(),
  received: counted,
  sent: counted,
});
const answer = z.looseObject({
  server: z.looseObject({ id: z.string() }).optional(),
  data: z.looseObject({ account_statz: z.array(account) }),
});

/** What the hub's servers counted of one account since they started, over all of its connections. */
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

/** What one server counted of every account that somebody is connected to there. */
export interface ServerTraffic {
  readonly server: string;
  readonly accounts: readonly AccountTraffic[];
}

function ownOf({ msgs, bytes, routes }: z.infer<typeof counted>): { msgs: number; bytes: number } {
  return { msgs: msgs - (routes?.msgs ?? 0), bytes: bytes - (routes?.bytes ?? 0) };
}

/** Reads the answer. @throws {Fault} HUB_SERVER_FAILED */
function parseTraffic(data: Uint8Array): ServerTraffic {
  let json: unknown;
  try {
    json = JSON.parse(parseUtf8(data));
  } catch (cause) {
    throw new Fault("HUB_SERVER_FAILED", "the server's counts are not JSON", { cause });
  }
  const parsed = tryShape(answer, json);
  if (!parsed.success)
    throw new Fault("HUB_SERVER_FAILED", "the server's counts are not ones we know");
  const { server, data: told } = parsed.data;
  const accounts = told.account_statz.map(({ acc, conns, received, sent }) => ({
    account: acc,
    connections: conns,
    messages: ownOf(received).msgs,
    bytes: ownOf(received).bytes,
    answers: ownOf(sent).msgs,
  }));
  return { server: server?.id ?? "", accounts };
}

const subject = "$SYS.REQ.ACCOUNT.PING.STATZ";

/** Opens the reading of counts over a connection into the system account of a hub with so many servers. */
export function makeTrafficReader(link: Link, servers = 1): ReadTraffic {
  if (servers === 1) {
    const ask = makeAsk(link);
    return async () => parseTraffic(await ask(subject, utf8("{}"))).accounts;
  }
  const sum = makeTrafficSum();
  // whoever was not there the last time is waited for at every eighth look only
  let expected = servers;
  let looks = 0;
  return async () => {
    looks += 1;
    const answers = await askAll(link, subject, { expected: looks % 8 === 0 ? servers : expected });
    expected = answers.length;
    return sum(answers.map(parseTraffic));
  };
}
