import {
  checkRegionalPart,
  checkStatePart,
  type JsonValue,
  type RegionalPart,
  readChecked,
  renderJson,
  type StatePart,
} from "../../../schemas/index.ts";
import { Fault } from "../../../schemas/ground/index.ts";
import { type Delegations, parseDelegations, renderDelegations } from "./delegations.ts";
import { checkDeadlines, checkStateClocks } from "./clocks.ts";
import { checkPatterns, checkRelayTypes } from "./patterns.ts";

/** What the registrars publish, without its dates: the region's part, and who signs each authority's. */
export interface RegionContent {
  readonly region: RegionalPart;
  readonly delegations: Delegations;
}

/** The content of every part of a register as its newest versions say it, and the part that counts of each. */
export interface RegisterContent {
  readonly region: RegionContent | undefined;
  /** Of each authority to whom a part is delegated, its part, when enough of its keys signed it. */
  readonly states: ReadonlyMap<string, StatePart>;
}

/** The content of one part, as it is proposed: the region's with its delegations, or an authority's. */
export type PartContent =
  | ({ readonly kind: "region" } & RegionContent)
  | { readonly kind: "state"; readonly state: StatePart };

function memberOf(json: unknown, name: string, wanted: readonly string[]): unknown {
  const members = new Map<string, unknown>(
    Object.entries(typeof json === "object" && json !== null ? json : {}),
  );
  const isOdd = [...members.keys()].some((key) => !wanted.includes(key));
  const found = members.get(name);
  if (!isOdd && found !== undefined) return found;
  throw new Fault("CHANGE_INVALID", `the content holds ${wanted.join(" and ")}, and nothing else`);
}

/**
 * Reads the proposed content of a part: its schema, codes, types and crimes of this edition.
 *
 * @throws {Fault} SCHEMA_INVALID, CHANGE_INVALID
 */
export function parsePartContent(part: string, json: unknown): PartContent {
  if (part === "region") {
    const wanted = ["region", "delegations"];
    const region = readChecked("RegionalPart", checkRegionalPart, memberOf(json, "region", wanted));
    const delegations = parseDelegations(memberOf(json, "delegations", wanted));
    checkPatterns(region.mandates, "mandates");
    checkDeadlines(region);
    checkRelayTypes(region);
    return { kind: "region", region, delegations };
  }
  const state = readChecked("StatePart", checkStatePart, memberOf(json, "state", ["state"]));
  checkPatterns(state.nominations, "nominations");
  checkPatterns(state.release, "release");
  checkPatterns(state.agreements, "agreements");
  checkStateClocks(state);
  checkRelayTypes(state);
  if (state.authority === part) return { kind: "state", state };
  throw new Fault("CHANGE_INVALID", `the content is not that of ${part}: see its field authority`);
}

/** The content of a part as people edit it. */
export function renderPartContent(content: PartContent): JsonValue {
  if (content.kind === "state") return { state: renderJson("StatePart", content.state) };
  const region = renderJson("RegionalPart", content.region);
  return { region, delegations: renderDelegations(content.delegations) };
}
