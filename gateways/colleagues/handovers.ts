import { Fault, makeUuid, parseUuid, renderUuid } from "../../schemas/ground/index.ts";
import type { StoredHandover } from "../store/index.ts";
import type { Colleague, ColleagueParts } from "./desk.ts";

/** A shift as it is handed over. */
export interface HandoverAct {
  readonly caller: Colleague;
  /** JSON: how things stand, by ids and numbers, and his own words. */
  readonly content: string;
  /** Called inside the write of the act. */
  readonly also: (id: string) => void;
}

/** Another person's word that he has it. */
export interface TakingAct {
  readonly caller: Colleague;
  readonly id: string;
  readonly also: (id: string) => void;
}

/** Shifts that were handed over. */
export interface HandoverDesk {
  /** The newest first. */
  list(): readonly StoredHandover[];
  /** When the last one was; undefined when there was none. */
  lastAt(): number | undefined;
  give(act: HandoverAct): Promise<StoredHandover>;
  /** Signs for it: once, and never for one's own. @throws {Fault} NOT_FOUND, ID_INVALID, SECOND_PERSON_NEEDED, HANDOVER_TAKEN */
  take(act: TakingAct): Promise<StoredHandover>;
}

const listed = 20;
const keptMs = 90 * 86_400_000;

function findOpen({ store }: ColleagueParts, { caller, id }: TakingAct): StoredHandover {
  parseUuid(id);
  const found = store.handovers.get(id);
  if (found === undefined) throw new Fault("NOT_FOUND", "no hand-over here has this id");
  if (found.taker !== undefined) {
    throw new Fault("HANDOVER_TAKEN", "another person has signed for it; nothing is changed");
  }
  if (found.giver === caller.id) {
    throw new Fault("SECOND_PERSON_NEEDED", "who comes after signs for it, not who hands over");
  }
  return found;
}

/** Builds the desk. */
export function makeHandoverDesk(parts: ColleagueParts): HandoverDesk {
  const { store, clock, chance } = parts;
  const { handovers } = store;
  return {
    list: () => handovers.list(listed),
    lastAt: () => handovers.list(1)[0]?.at,
    give: ({ caller, content, also }) =>
      store.write(() => {
        const at = clock.now();
        const id = renderUuid(makeUuid(at, chance));
        const given = { id, at, giver: caller.id, giverName: caller.name, content };
        handovers.forget(at - keptMs);
        handovers.put(given);
        also(id);
        return given;
      }),
    take: (act) =>
      store.write(() => {
        const { id: taker, name: takerName } = act.caller;
        const taken = { ...findOpen(parts, act), taker, takerName, takenAt: clock.now() };
        handovers.put(taken);
        act.also(act.id);
        return taken;
      }),
  };
}
