import { join } from "node:path";

import type { Bytes, Log } from "../schemas/ground/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import { type HubLog, listLogKeys } from "./log/index.ts";
import type { BrokerOptions } from "./options.ts";
import { startWitnessDesk, type WitnessDesk } from "./witnesses/index.ts";

/** What a broker has that collecting cosignatures needs. */
export interface WitnessParts {
  readonly options: BrokerOptions;
  readonly log: Log;
  readonly hubLog: HubLog;
  readonly register: () => RegisterView;
}

/** The collection, and what answers all questions about the log. */
export interface OpenedWitnesses {
  readonly desk: WitnessDesk;
  readonly ask: (act: string, question: Bytes, origin: string) => Bytes;
}

/** Starts to collect what witnesses say of the hub's log. */
export function openWitnesses({ options, log, hubLog, register }: WitnessParts): OpenedWitnesses {
  const { dir, hub, clock, witnesses = [] } = options;
  const desk = startWitnessDesk({
    file: join(dir, "log-cosigned"),
    urls: witnesses.map(({ url }) => url),
    fetch: globalThis.fetch,
    clock,
    log,
    keys: listLogKeys(register(), hub),
    policy: () => register().witnessPolicy(clock.now()),
    hubLog,
  });
  const ask = (act: string, question: Bytes, origin: string): Bytes => {
    if (act === "cosign" || act === "cosigned") return desk.answer(act, question);
    return act === "act" ? hubLog.enterAct(origin, question) : hubLog.answer(act, question);
  };
  return { desk, ask };
} // prettier-ignore
