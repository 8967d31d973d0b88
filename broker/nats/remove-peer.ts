import { z } from "zod";

import { Fault, parseUtf8, sha256, tryShape, utf8 } from "../../schemas/ground/index.ts";
import { makeAsk } from "./ask.ts";
import type { Link } from "./connect.ts";

/** "server is not a member of the cluster". */
const noMember = 10_044;

const answer = z.looseObject({
  error: z.looseObject({ err_code: z.number().default(0) }).optional(),
});

function parseCode(data: Uint8Array): number | undefined {
  let json: unknown;
  try {
    json = JSON.parse(parseUtf8(data));
  } catch (cause) {
    throw new Fault("HUB_SERVER_FAILED", "the servers' answer is not JSON", { cause });
  }
  const parsed = tryShape(answer, json);
  if (parsed.success) return parsed.data.error?.err_code;
  throw new Fault("HUB_SERVER_FAILED", "the servers' answer is not one we know");
}

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** What servers call each other among themselves. A leader that began anew knows one that is away by this alone. */
function peerOf(server: string): string {
  return [...sha256(utf8(server)).subarray(0, 8)]
    .map((byte) => digits[byte % digits.length])
    .join("");
}

/**
 * Has the servers of a hub count one of them no more, which must not run: what it kept is given to others.
 *
 * @param link into the system account
 * @param server what it calls itself
 * @returns false when they did not count it
 * @throws {Fault} HUB_UNREACHABLE, HUB_SERVER_FAILED
 */
export async function removePeer(link: Link, server: string): Promise<boolean> {
  const ask = makeAsk(link);
  for (const which of [{ peer: server }, { peer_id: peerOf(server) }]) {
    const code = parseCode(await ask("$JS.API.SERVER.REMOVE", utf8(JSON.stringify(which))));
    if (code === undefined) return true;
    if (code !== noMember) throw new Fault("HUB_SERVER_FAILED", `the servers would not take one of them out: ${code}`);
  }
  return false;
} // prettier-ignore
