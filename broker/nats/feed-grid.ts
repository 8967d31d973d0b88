import {
  codeList,
  type Mandate,
  messageTypes,
  parseFeedChannel,
  typeOptions,
} from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import {
  coversType,
  decide,
  isWithinHandling,
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

function crimesOf({ crimes }: Mandate): readonly string[] {
  return crimes.includes("*") ? (codeList("CRIME")?.codes ?? []) : crimes;
}

function typesOf({ types }: Mandate): readonly string[] {
  const feeds = messageTypes.filter((type) => typeOptions(type)?.scope === "FEED");
  return feeds.filter((type) => coversType(types, type));
}

function cellKey({ crime, handling, type, originator }: FeedCell): string {
  return `${crime} ${handling} ${type} ${originator}`;
}

function maySend(register: RegisterView, originator: string, type: string): boolean {
  const signers = typeOptions(type)?.signers ?? [];
  return signers.length === 0 || signers.includes(register.agency(originator)?.kind ?? "");
}

function cellsOf(
  register: RegisterView,
  originator: string,
  mandate: Mandate,
): readonly FeedCell[] {
  const within = handlings.filter((code) => isWithinHandling(code, mandate.handlingUpTo));
  const types = typesOf(mandate).filter((type) => maySend(register, originator, type));
  return crimesOf(mandate).flatMap((crime) =>
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
 * Everything that stands or may come to stand in a REC's feed: what some mandate to publish names, whether
 * it is in force now or not, and what is stored already. What a reader may not read is told apart within
 * it, so it must leave nothing out.
 */
export function feedUniverse(
  register: RegisterView,
  rec: string,
  stored: Iterable<FeedCell>,
): readonly FeedCell[] {
  const cells = new Map<string, FeedCell>();
  for (const { agency } of register.agencies) {
    for (const mandate of register.mandates(agency, "PUBLISH", rec)) {
      for (const cell of cellsOf(register, agency, mandate)) cells.set(cellKey(cell), cell);
    }
  }
  for (const cell of stored) cells.set(cellKey(cell), cell);
  return [...cells.values()];
}

/** Denials that hang on the originator; every other is the same for all who say the same thing. */
const ofOriginator = new Set(["OWN_MESSAGE", "NOT_RELEASED"]);

/** For each cell, whether an agency may read it. The one decision function is asked; here is only thrift. */
export function readableCells(
  register: RegisterView,
  { agency, rec, universe }: { agency: string; rec: string; universe: readonly FeedCell[] },
  at: EpochMs,
): readonly boolean[] {
  const none = register.mandates(agency, "READ", rec).length === 0;
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
    if (!decision.allow && !ofOriginator.has(decision.reason)) deniedContents.add(content);
    return decision.allow;
  });
}
