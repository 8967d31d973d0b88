import type { AccountTraffic, ServerTraffic } from "./traffic.ts";

/** Adds up what several servers counted. */
export type TrafficSum = (told: readonly ServerTraffic[]) => readonly AccountTraffic[];

const nothing = { messages: 0, bytes: 0, answers: 0 } as const;
type Counts = Pick<AccountTraffic, keyof typeof nothing>;

function add(one: Counts, other: Counts): Counts {
  return {
    messages: one.messages + other.messages,
    bytes: one.bytes + other.bytes,
    answers: one.answers + other.answers,
  };
}

/** What was counted since; all of it by a server that began anew. */
function growth(before: Counts, now: Counts): Counts {
  if (now.messages < before.messages || now.bytes < before.bytes) return now;
  return {
    messages: now.messages - before.messages,
    bytes: now.bytes - before.bytes,
    answers: Math.max(0, now.answers - before.answers),
  };
}

/**
 * Builds a sum that never goes back: a server that is out of reach for a while, or begins anew, must not look like a flood when
 * it is there again, nor hide one.
 */
export function makeTrafficSum(): TrafficSum {
  const last = new Map<string, Counts>();
  const sums = new Map<string, Counts>();
  return (told) => {
    const connections = new Map<string, number>();
    for (const { server, accounts } of told) {
      for (const seen of accounts) {
        const { account } = seen;
        const key = `${server} ${account}`;
        const grown = growth(last.get(key) ?? nothing, seen);
        last.set(key, seen);
        sums.set(account, add(sums.get(account) ?? nothing, grown));
        connections.set(account, (connections.get(account) ?? 0) + seen.connections);
      }
    }
    return [...connections].map(([account, count]) => ({
      account,
      connections: count,
      ...(sums.get(account) ?? nothing),
    }));
  };
}
