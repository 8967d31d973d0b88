import { isLinking } from "./nats/index.ts";
import { hubFolderOf } from "./options.ts";
import type { Hub } from "./running.ts";
import { makeStopDesk, type StopDesk } from "./stop/index.ts";

const events = {
  STOP: "admission stopped",
  RESUME: "admission resumed",
  REFUSED: "stop order refused",
} as const;

/** Starts the hub's stop button: each order is written down before it counts. @throws {Fault} INTEGRITY_STORE */
export function openStop({ options, log, journal }: Hub): StopDesk {
  const { hub, duty = [], clock, turn } = options;
  return makeStopDesk({
    dir: hubFolderOf(options),
    mayAct: () => turn?.isOurs ?? true,
    hub,
    duty,
    clock,
    log,
    onOrder: ({ act, code, signers }) => {
      // fingerprints of keys that the operator named: no names of persons
      const by = signers.length === 0 ? {} : { fingerprint: signers.join(" ") };
      journal.write(events[act], { ...(code === undefined ? {} : { code }), ...by });
    },
  });
}

/** Whom a hub tells that it was stopped, or goes on: everybody who may link. */
export function toldOfStop({ current: { view } }: Hub): readonly string[] {
  return view.agencies.map(({ agency }) => agency).filter((one) => isLinking(view, one));
}
