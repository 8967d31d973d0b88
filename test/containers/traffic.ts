import { until } from "../kit/server.ts";
import type { Agency } from "./agency.ts";
import type { CountryRegion } from "./country-region.ts";
import { countries, type Country } from "./region-folders.ts";

/** What came of what was sent, by the lists of both sides. */
export interface Reckoning {
  readonly sent: number;
  /** Sent, and missing at somebody who was to have it. */
  readonly lost: number;
  /** Held more than once by somebody. */
  readonly twice: number;
  /** Held by somebody, and sent by nobody. */
  readonly strange: number;
  /** What its sender does not know to be held by everybody. */
  readonly untold: number;
}

/** Alerts on their way to everybody from some countries, all the time. */
export interface Traffic {
  /** Waits until somebody holds so many of those that are sent from now on. */
  flows(count: number, reader: Country): Promise<void>;
  /** Sends no more, waits until everybody has all, and counts. */
  end(): Promise<Reckoning>;
  /** Sends no more: for when a test failed. */
  stop(): void;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** Each question is a process of its own in a container. */
const everyMs = 1_000;

interface Held {
  readonly missing: number;
  readonly twice: number;
  readonly strange: number;
}

async function compare(agency: Agency, expected: ReadonlySet<string>): Promise<Held> {
  const ids = (await agency.inbox()).map(({ id }) => id);
  const held = new Set(ids);
  // a list names each once: that the store holds no more is told by its own count
  const count = (await agency.status())?.inbox ?? 0;
  return {
    missing: [...expected].filter((id) => !held.has(id)).length,
    twice: Math.max(ids.length, count) - held.size,
    strange: [...held].filter((id) => !expected.has(id)).length,
  };
}

let keys = 0;

/**
 * Starts to send from these countries; goes on until it is ended, whatever happens to any part.
 *
 * @param sent who sent what, from before too; it is added to
 */
export function startTraffic(region: CountryRegion, senders: readonly Country[], sent: Map<string, Country>): Traffic {
  let isOver = false;
  const send = async (country: Country): Promise<void> => {
    for (;;) {
      if (isOver) return;
      keys += 1;
      sent.set(await region.agency(country).send(`containers-${keys}`), country);
      await pause(everyMs);
    }
  };
  const sending = senders.map(send);
  // whoever ends it hears of it; what is stopped while it goes on is no fault of its own
  for (const one of sending) one.catch(() => undefined);
  const expectedOf = (country: Country): ReadonlySet<string> =>
    new Set([...sent].filter(([, from]) => from !== country).map(([id]) => id));
  const reckon = async (): Promise<Reckoning> => {
    const held = await Promise.all(countries.map((country) => compare(region.agency(country), expectedOf(country))));
    const own = await Promise.all(countries.map((country) => region.agency(country).outbox()));
    const sum = (pick: (one: Held) => number): number => held.reduce((all, one) => all + pick(one), 0);
    const untold = own.flat().filter(({ state }) => state !== "DELIVERED").length;
    return { sent: sent.size, lost: sum((one) => one.missing), twice: sum((one) => one.twice), strange: sum((one) => one.strange), untold };
  };
  return {
    flows: async (count, reader) => {
      const known = new Set(sent.keys());
      await until(`${reader} holds ${count} more`, async () => {
        const ids = (await region.agency(reader).inbox()).map(({ id }) => id);
        if (ids.filter((id) => sent.has(id) && !known.has(id)).length >= count) return true;
        await pause(everyMs);
        return false;
      });
    },
    end: async () => {
      isOver = true;
      await Promise.all(sending);
      let reckoning = await reckon();
      await until("everybody has all", async () => {
        reckoning = await reckon();
        if (reckoning.lost + reckoning.untold === 0) return true;
        await pause(everyMs);
        return false;
      }).catch(() => undefined);
      return reckoning;
    },
    stop: () => {
      isOver = true;
    },
  };
} // prettier-ignore
