import { type AgencyAct, commitToAct, limits } from "../schemas/index.ts";
import {
  type Chance,
  type Clock,
  type Log,
  renderHex,
  sha256,
  toFault,
  utf8,
} from "../schemas/ground/index.ts";
import { type AuditAct, type AuditRecord, renderLine } from "./audit/index.ts";
import type { Store, StoredAuditLine } from "./store/index.ts";

/** What administrative acts are found and kept with. */
export interface ActLineParts {
  readonly store: Pick<Store, "logActs" | "people">;
  readonly clock: Clock;
  readonly chance: Chance;
}

/** The object of a line that tells of the rule about second officers. */
const releaseRule = "four-eyes";

/** An auditor who looks again and again is told of once in so long. */
const auditorMs = 3_600_000;
const maxAuditors = 500;

const always: Readonly<Partial<Record<string, AgencyAct>>> = {
  INSPECTION_OPENED: "INSPECTION_OPENED",
  INSPECTION_CLOSED: "INSPECTION_CLOSED",
  PERSON_INVITED: "RIGHTS_CHANGED",
  PERSON_CHANGED: "RIGHTS_CHANGED",
  PERSON_REMOVED: "RIGHTS_CHANGED",
  MACHINE_ADDED: "RIGHTS_CHANGED",
  MACHINE_CHANGED: "RIGHTS_CHANGED",
  MACHINE_REMOVED: "RIGHTS_CHANGED",
} satisfies Partial<Record<AuditAct, AgencyAct>>;

function isAuditor({ people }: ActLineParts["store"], who: string): boolean {
  const [kind, id = ""] = who.split(":", 2);
  return kind === "person" && people.get(id)?.roles.includes("auditor") === true;
}

/**
 * Finds among the lines of the audit record those that stand in the hub's log too, and keeps for each what is to be entered:
 * the name of the act, and a digest of the line under a salt that stays here. Called inside the write of the line, so that
 * either both are kept or neither.
 */
export function makeActLines({ store, clock, chance }: ActLineParts): (line: StoredAuditLine) => void {
  const seen = new Map<string, number>();
  const isNews = (who: string): boolean => {
    const before = seen.get(who);
    if (before !== undefined && clock.elapsed() - before < auditorMs) return false;
    if (seen.size >= maxAuditors) seen.clear();
    seen.set(who, clock.elapsed());
    return true;
  };
  const actOf = ({ act, who, object, outcome }: StoredAuditLine): AgencyAct | undefined => {
    if (act === "MESSAGE_ERASED") return outcome === "PURGE" ? "PURGED_BY_ORDER" : undefined;
    if (outcome !== "OK") return undefined;
    if (act === "SETTING_CHANGED") return object === releaseRule ? "RELEASE_RULE_CHANGED" : undefined;
    const isRead = act === "RECORD_READ" || act === "RECORD_CHECKED";
    if (isRead) return isAuditor(store, who) && isNews(who) ? "AUDITOR_READ" : undefined;
    return always[act];
  };
  return (line) => {
    const act = actOf(line);
    if (act === undefined) return;
    const salt = chance.bytes(limits.saltBytes);
    const { position, at } = line;
    store.logActs.add({ position, act, at, salt, commitment: commitToAct(salt, renderLine(line)) });
  };
} // prettier-ignore

/** What a change of the rule about second officers is noted with. */
export interface ReleaseRuleParts {
  readonly store: Pick<Store, "settings">;
  readonly audit: Pick<AuditRecord, "add" | "inWrite">;
  /** What the operator chose; nothing, where he wrote none. */
  readonly fourEyes?: unknown;
  readonly log: Log;
}

const noted = "audit.release-rule";

/** Writes down that what takes two officers is another than when the gateway was started last. */
export async function noteReleaseRule({ store, audit, fourEyes = "usual", log }: ReleaseRuleParts): Promise<void> {
  const digest = renderHex(sha256(utf8(JSON.stringify(fourEyes))));
  const before = store.settings.get(noted);
  if (before === digest) return;
  try {
    await audit.inWrite(() => {
      store.settings.set(noted, digest);
      if (before !== undefined) audit.add({ who: "gateway", act: "SETTING_CHANGED", object: releaseRule, digest });
    });
  } catch (error) {
    log.error("a change of the release rule is not recorded", { code: toFault(error, "INTERNAL").code });
  }
} // prettier-ignore
