import { isKnownCode } from "../codes/index.ts";
import type { FaultCode, Violation } from "../ground/index.ts";

/** The members a submission may have. */
const memberNames: ReadonlySet<string> = new Set([
  "type", "recs", "crimes", "recipients", "handling", "releaseLevel", "urgency", "status", "action", "languages",
  "expiresAt", "validFrom", "threadId", "inReplyTo", "supersedes", "inner", "body",
]); // prettier-ignore

const codeMembers = [
  ["handling", "HANDLING"],
  ["releaseLevel", "RELEASE_LEVEL"],
  ["urgency", "URGENCY"],
  ["status", "STATUS"],
  ["action", "ACTION"],
] as const;

/** What a submission says in its own place, and not in its inner header. */
export const movedMembers = [
  "type", "typeVersion", "crimes", "recipients", "threadId", "inReplyTo", "supersedes",
] as const; // prettier-ignore

type Members = ReadonlyMap<string, unknown>;

function violation(path: string, code: FaultCode, message: string): Violation {
  return { path, code, message };
}

function findUnknown(members: Members): readonly Violation[] {
  return [...members.keys()]
    .filter((name) => !memberNames.has(name))
    .slice(0, 20)
    .map((name) => {
      // a name that is not spelt like ours may be content
      const shown = /^[A-Za-z][A-Za-z0-9_]{0,59}$/.test(name) ? name : "?";
      return violation(
        `/${shown}`,
        "SCHEMA_FIELD_UNKNOWN",
        `${shown} is not a member; leave it out`,
      );
    });
}

function findCodes(members: Members): readonly Violation[] {
  return codeMembers.flatMap(([name, list]) => {
    const value = members.get(name);
    if (value === undefined || (typeof value === "string" && isKnownCode(list, value))) return [];
    const says = `${name} is not in the code list ${list}; choose one of its codes`;
    return [violation(`/${name}`, "SCHEMA_CODE_UNKNOWN", says)];
  });
}

function findCrimes(members: Members): readonly Violation[] {
  const crimes = members.get("crimes");
  if (crimes === undefined) {
    return [violation("/crimes", "SCHEMA_FIELD_MISSING", "crimes is missing; it is required")];
  }
  if (!Array.isArray(crimes)) {
    return [violation("/crimes", "SCHEMA_FIELD_TYPE", "crimes is not a list")];
  }
  if (crimes.length < 1 || crimes.length > 12 || new Set(crimes).size < crimes.length) {
    return [violation("/crimes", "SCHEMA_FIELD_ITEMS", "crimes has 1 to 12 crimes, each once")];
  }
  return crimes.flatMap((crime: unknown, at) => {
    if (typeof crime === "string" && isKnownCode("CRIME", crime)) return [];
    const says = `crimes[${at}] is not in the code list CRIME; choose one of its codes`;
    return [violation(`/crimes/${at}`, "SCHEMA_CODE_UNKNOWN", says)];
  });
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function findPlaces(members: Members, scope: string): readonly Violation[] {
  const isFeed = scope === "FEED";
  const [wanted, other] = isFeed ? ["recs", "recipients"] : ["recipients", "recs"];
  const value = members.get(wanted ?? "");
  const path = `/${wanted}`;
  const found: Violation[] = [];
  if (value === undefined || (Array.isArray(value) && value.length === 0)) {
    found.push(violation(path, "SCHEMA_FIELD_MISSING", `${wanted} is missing; this type needs it`));
  } else if (!isList(value)) {
    found.push(violation(path, "SCHEMA_FIELD_TYPE", `${wanted} is not a list of texts`));
  }
  if (members.has(other ?? "")) {
    const says = `${other} is not for this type; leave it out`;
    found.push(violation(`/${other}`, "SCHEMA_FIELD_UNKNOWN", says));
  }
  return found;
}

function findMoved(members: Members): readonly Violation[] {
  const inner: unknown = members.get("inner");
  const given = typeof inner === "object" && inner !== null ? Object.keys(inner) : [];
  return movedMembers
    .filter((name) => given.includes(name))
    .map((name) => {
      const says = `${name} is said beside inner, not in it; move it`;
      return violation(`/inner/${name}`, "SCHEMA_FIELD_UNKNOWN", says);
    });
}

/**
 * What is wrong with the members of a submission beside its inner header and body, as far as it can be said without
 * a register. Whether communities and recipients exist, and the moments, are left to the gateway.
 */
export function findOuterFaults(members: Members, scope: string): readonly Violation[] {
  return [
    ...findUnknown(members),
    ...findCodes(members),
    ...findCrimes(members),
    ...findPlaces(members, scope),
    ...findMoved(members),
  ];
}
