import { expect } from "vitest";

import type { Gateway } from "../../gateways/gateway.ts";
import type { RawAgency } from "./agency.ts";
import { forge } from "./forge.ts";
import type { StreamMark } from "./hub-desk.ts";
import { until } from "./server.ts";
import type { World } from "./world.ts";

/** Whose inboxes are watched, and who sends the message that shows that they are awake. */
export interface QuietWatch {
  /** May publish bulletins about drugs in ECOWAS. */
  readonly sender: RawAgency;
  /** Gateways that read those. */
  readonly readers: readonly Gateway[];
  /** Gateways that do not. */
  readonly others?: readonly Gateway[];
}

/** What stood when the watch began. */
export interface Quiet {
  /**
   * Holds that nothing came into any stream that is read from, nor into any inbox or quarantine. Then sends
   * one good message and sees it, and it alone, arrive: so the silence before was not deafness.
   */
  expectNothing(): Promise<void>;
}

const feed = "FEED_ECOWAS";

function counts({ exchange }: Gateway): { readonly inbox: number; readonly quarantined: number } {
  const { inbox, quarantined } = exchange.status();
  return { inbox, quarantined };
}

function withOneMore(marks: Readonly<Record<string, StreamMark>>): object {
  const { messages = 0, lastSequence = 0 } = marks[feed] ?? {};
  return { ...marks, [feed]: { messages: messages + 1, lastSequence: lastSequence + 1 } };
}

/** Begins to watch. */
export async function startQuiet(world: World, watch: QuietWatch): Promise<Quiet> {
  const { sender, readers, others = [] } = watch;
  const marks = await world.desk.marks();
  const before = new Map([...readers, ...others].map((gateway) => [gateway, counts(gateway)]));
  const { accepted } = world.broker.status();
  return {
    expectNothing: async () => {
      expect(await world.desk.marks()).toEqual(marks);
      expect(world.broker.status().accepted).toBe(accepted);
      expect((await sender.send(forge(sender.signer))).kind).toBe("accepted");
      const isThere = (gateway: Gateway): boolean =>
        counts(gateway).inbox > (before.get(gateway)?.inbox ?? 0);
      await until("the good message is in every reader's inbox", () => readers.every(isThere));
      for (const gateway of [...readers, ...others]) {
        const { inbox = 0, quarantined = 0 } = before.get(gateway) ?? {};
        const more = readers.includes(gateway) ? 1 : 0;
        expect(counts(gateway)).toEqual({ inbox: inbox + more, quarantined });
      }
      expect(await world.desk.marks()).toEqual(withOneMore(marks));
    },
  };
}
