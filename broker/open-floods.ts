import type { Log } from "../schemas/ground/index.ts";
import type { Admission } from "./admission/index.ts";
import { type FloodWatch, type Pauses, startFloodWatch } from "./flood/index.ts";
import type { Journal } from "./journal.ts";
import type { Links } from "./links.ts";
import { isLinking, type JetStream, makeTrafficReader, type ServerControl } from "./nats/index.ts";
import type { BrokerOptions } from "./options.ts";
import type { HeldRegister } from "./register-source.ts";

/** What a broker has that its watch over floods needs. */
export interface FloodParts {
  readonly options: Pick<BrokerOptions, "clock" | "cluster">;
  readonly log: Log;
  readonly links: Pick<Links, "system">;
  readonly control: ServerControl;
  readonly jetStream: JetStream;
  readonly journal: Pick<Journal, "write" | "ended">;
  readonly pauses: Pauses;
  readonly admission: Pick<Admission, "receipts">;
  readonly current: () => HeldRegister;
}

/** Starts the watch of a broker: what it finds is written down, and told with the receipts. */
export function openFloodWatch(parts: FloodParts): FloodWatch {
  const { options, log, links, control, jetStream, journal, pauses, admission, current } = parts;
  let held: HeldRegister | undefined;
  let linking: readonly string[] = [];
  return startFloodWatch({
    readTraffic: makeTrafficReader(links.system, options.cluster?.servers.length),
    control,
    jetStream,
    pauses,
    clock: options.clock,
    log,
    agencies: () => {
      if (held !== current()) {
        held = current();
        const { view } = held;
        linking = view.agencies.map(({ agency }) => agency).filter((one) => isLinking(view, one));
      }
      return linking;
    },
    tell: (agency, line, done) => admission.receipts.refused(agency, line, done),
    onPaused: (agency, forMs) => {
      journal.write("agency paused", {
        agency,
        code: "LINK_PAUSED",
        count: Math.ceil(forMs / 1_000),
      });
    },
    onClosed: (session) => journal.ended(session),
  });
}
