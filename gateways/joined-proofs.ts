import { type Bytes, type Clock, Fault, isFault } from "../schemas/ground/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import type { HubLine } from "./hub-line.ts";
import { type AlarmBell, type Proofs, readToldNote } from "./proofs/index.ts";

/** What the proofs of all lines are joined by. */
export interface JoinedParts {
  readonly bell: AlarmBell;
  readonly clock: Clock;
  register(): RegisterView;
  /** In the register's order, the first hub's first. */
  lines(): readonly HubLine[];
}

/** The hub whose log a note is of, as an agency told it; undefined where no log of the register signed it. */
function findToldHub(note: Bytes, parts: JoinedParts): string | undefined {
  try {
    return readToldNote(note, parts.register(), parts.clock.now()).hub;
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/** What of several hubs' logs is proved, as of one: each line proves what its own hub holds. */
export function joinProofs(parts: JoinedParts): Proofs {
  const { bell } = parts;
  const all = (): readonly Proofs[] => parts.lines().map(({ log }) => log.proofs);
  const proofsOf = (hub: string | undefined): Proofs | undefined =>
    (parts.lines().find((line) => line.hub === hub) ?? parts.lines()[0])?.log.proofs;
  return {
    place: (message) => proofsOf(message.hub)?.place(message),
    saw: (hub, note) => {
      for (const one of all()) one.saw(hub, note);
    },
    heard: (agency, note) => proofsOf(findToldHub(note, parts))?.heard(agency, note),
    noteFor: (agency) => all()[0]?.noteFor(agency),
    proveWitnessed: async (line) => {
      const proofs = proofsOf(line.hub);
      if (proofs === undefined) throw new Fault("HUB_UNREACHABLE", "no log of a hub is followed");
      await proofs.proveWitnessed(line);
    },
    tick: (isUp) => {
      for (const one of all()) one.tick(isUp);
    },
    settled: async () => {
      await Promise.all(all().map((one) => one.settled()));
    },
    get isHalted() {
      return all().some(({ isHalted }) => isHalted);
    },
    bell,
    get witnesses() {
      return all()[0]?.witnesses;
    },
  };
}
