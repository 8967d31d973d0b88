import {
  codeList,
  type Mandate,
  messageTypes,
  parseFeedChannel,
  typeOptions,
} from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import {
  coversCrime,
  coversType,
  decide,
  hasRight,
  isForOriginatorAlone,
  isWithinHandling,
  maySend,
  type RegisteredAgency,
  type RegisterView,
} from "../../certs/trust/index.ts";

/** One thing an originator may say in a REC: what stands in a feed's subject besides the REC and the id. */
export interface FeedCell {
  readonly crime: string;
  /** H0 to H3. */
  readonly handling: string;
  readonly type: string;
  readonly originator: string;
}

const handlings = ["H0", "H1", "H2", "H3"] as const;

const feedTypes = messageTypes.filter((type) => typeOptions(type)?.scope === "FEED");

/** What a mandate grants and a nomination lets be used. */
interface Shared {
  readonly mandate: Mandate;
  readonly nomination: Mandate;
}

function crimesOf({ mandate, nomination }: Shared): readonly string[] {
  const known = codeList("CRIME")?.codes ?? [];
  return known.filter((crime) =>
    [mandate, nomination].every(({ crimes }) => coversCrime(crimes, crime)),
  );
}

function typesOf({ mandate, nomination }: Shared, kind: string): readonly string[] {
  return feedTypes.filter(
    (type) =>
      maySend(kind, type) && [mandate, nomination].every(({ types }) => coversType(types, type)),
  );
}

function cellKey({ crime, handling, type, originator }: FeedCell): string {
  return `${crime} ${handling} ${type} ${originator}`;
}

function cellsOf(
  { agency: originator, kind }: Pick<RegisteredAgency, "agency" | "kind">,
  shared: Shared,
): readonly FeedCell[] {
  const { mandate, nomination } = shared;
  const within = handlings.filter((code) =>
    [mandate, nomination].every(({ handlingUpTo }) => isWithinHandling(code, handlingUpTo)),
  );
  const types = typesOf(shared, kind);
  return crimesOf(shared).flatMap((crime) =>
    within.flatMap((handling) => types.map((type) => ({ crime, handling, type, originator }))),
  );
}

/** Which cells have something stored in them, so that a later register is read with them in mind. */
export interface StoredCells {
  note(channel: string, originator: string): void;
  of(rec: string): readonly FeedCell[];
}

/** Starts with nothing stored. */
export function makeStoredCells(): StoredCells {
  const seen = new Set<string>();
  const cells = new Map<string, FeedCell[]>();
  return {
    note: (channel, originator) => {
      const key = `${channel} ${originator}`;
      if (seen.has(key)) return;
      seen.add(key);
      const { rec, crime, handling, type } = parseFeedChannel(channel);
      const held = cells.get(rec) ?? [];
      held.push({ crime, handling, type, originator });
      cells.set(rec, held);
    },
    of: (rec) => cells.get(rec) ?? [],
  };
}

/**
 * Everything that stands or may come to stand in a REC's feed: what some mandate to publish and some nomination
 * name, whether they are in force now or not, and what is stored already. What a reader may not read is told
 * apart within it, so it must leave nothing out.
 */
export function feedUniverse(
  register: RegisterView,
  rec: string,
  stored: Iterable<FeedCell>,
): readonly FeedCell[] {
  const cells = new Map<string, FeedCell>();
  for (const one of register.agencies) {
    for (const mandate of register.mandates(one.agency, "PUBLISH", rec)) {
      for (const nomination of register.nominations(one.agency, "PUBLISH", rec)) {
        for (const cell of cellsOf(one, { mandate, nomination })) cells.set(cellKey(cell), cell);
      }
    }
  }
  for (const cell of stored) cells.set(cellKey(cell), cell);
  return [...cells.values()];
}

/** For each cell, whether an agency may read it. The one decision function is asked; here is only thrift. */
export function readableCells(
  register: RegisterView,
  { agency, rec, universe }: { agency: string; rec: string; universe: readonly FeedCell[] },
  at: EpochMs,
): readonly boolean[] {
  const none = !hasRight(register, { agency, action: "READ", scope: rec });
  const deniedContents = new Set<string>();
  return universe.map(({ crime, handling, type, originator }) => {
    if (none) return false;
    const content = `${crime} ${handling} ${type}`;
    if (deniedContents.has(content)) return false;
    const question = {
      action: "READ",
      agency,
      originator,
      scope: rec,
      type,
      crime,
      handling,
    } as const;
    const decision = decide(register, question, at);
    // what is denied whoever said it need not be asked of the next originator
    if (!decision.allow && !isForOriginatorAlone(decision.reasons)) deniedContents.add(content);
    return decision.allow;
  });
}
