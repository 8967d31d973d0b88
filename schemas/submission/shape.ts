import { z } from "zod";

import { examine, format, list, maybe, message, text } from "../check/index.ts";
import type { FaultCode, Violation } from "../ground/index.ts";
import {
  isKnownCode,
  isKnownType,
  limits,
  type MessageType,
  regionalFields,
  scopeOf,
} from "../index.ts";
import { findMoved } from "./moved.ts";

const maxCrimes = 12;
const codeText = maybe(text(1, 60));
const instantText = maybe(text(1, 29));
const idText = maybe(text(36, 36));

/** A submission whose own fields have the right kinds; what stands in them is still to be asked. */
const submissionShape = message({
  type: z.custom<MessageType>((type) => typeof type === "string" && isKnownType(type)),
  recs: maybe(list(format("rec"), 0, 12)),
  crimes: list(format("crime"), 1, maxCrimes),
  recipients: maybe(list(format("agency"), 0, limits.maxDirectRecipients)),
  handling: codeText,
  releaseLevel: codeText,
  urgency: codeText,
  status: codeText,
  action: codeText,
  languages: maybe(list(format("bcp47"), 0, 6)),
  expiresAt: instantText,
  validFrom: instantText,
  threadId: idText,
  inReplyTo: idText,
  supersedes: idText,
  project: maybe(message({ recs: list(format("rec"), 1, 12), handling: codeText })),
  inner: maybe(z.unknown()),
  body: maybe(z.unknown()),
});

/** A submission as its shape lets it through. */
export type ShapedSubmission = z.infer<typeof submissionShape>;

function violation(path: string, code: FaultCode, says: string): Violation {
  return { path, code, message: says };
}

const codeFields = [
  ["handling", "HANDLING"],
  ["releaseLevel", "RELEASE_LEVEL"],
  ["urgency", "URGENCY"],
  ["status", "STATUS"],
  ["action", "ACTION"],
] as const;

type Members = Readonly<Record<string, unknown>>;

/** The members of an object; undefined for everything else. */
function membersOf(json: unknown): Members | undefined {
  const isObject = typeof json === "object" && json !== null && !Array.isArray(json);
  return isObject ? { ...json } : undefined;
}

function isUnknown(codes: string, value: unknown): boolean {
  return typeof value === "string" && !isKnownCode(codes, value);
}

/** What of the texts is in no code list; asked of any members, so that it is told beside other faults. */
function findCodeFaults(members: Members): readonly Violation[] {
  const unknown = codeFields.filter(([name, codes]) => isUnknown(codes, members[name]));
  const listed = members["crimes"];
  const crimes = (Array.isArray(listed) && listed.length <= maxCrimes ? listed : []).flatMap(
    (crime: unknown, i) => (isUnknown("CRIME", crime) ? [i] : []),
  );
  return [
    ...unknown.map(([name, codes]) =>
      violation(
        `/${name}`,
        "SCHEMA_CODE_UNKNOWN",
        `${name} is not in the code list ${codes}; choose one of its codes`,
      ),
    ),
    ...crimes.map((i) =>
      violation(
        `/crimes/${i}`,
        "SCHEMA_CODE_UNKNOWN",
        `crimes[${i}] is not in the code list CRIME; choose one of its codes`,
      ),
    ),
  ];
}

function findRepeats(shaped: z.infer<typeof submissionShape>): readonly Violation[] {
  return (["recs", "crimes", "recipients"] as const).flatMap((name) => {
    const names = shaped[name] ?? [];
    if (new Set(names).size === names.length) return [];
    return [violation(`/${name}`, "SCHEMA_FIELD_ITEMS", `${name} names one of them twice`)];
  });
}

/** A feed goes to communities, a direct message to agencies; neither to both. */
function findScopeFaults(shaped: z.infer<typeof submissionShape>): readonly Violation[] {
  const isFeed = scopeOf(shaped.type, shaped.recipients) === "FEED";
  const isNominal = !isFeed && regionalFields(shaped.type) !== undefined;
  const [wanted, other] = isFeed
    ? (["recs", "recipients"] as const)
    : (["recipients", "recs"] as const);
  const found: Violation[] = [];
  if ((shaped[wanted]?.length ?? 0) === 0) {
    found.push(
      violation(`/${wanted}`, "SCHEMA_FIELD_MISSING", `${wanted} is missing; this type needs it`),
    );
  }
  if (shaped[other] !== undefined) {
    const says = isNominal
      ? "recs goes beside no recipients; name the communities in project, or leave one of the two out"
      : `${other} is not for this type; leave it out`;
    found.push(violation(`/${other}`, "SCHEMA_FIELD_UNKNOWN", says));
  }
  return [...found, ...findProjectFaults(shaped, isFeed)];
}

/** What is said for the region goes beside what is said to named recipients, of types that have both editions. */
function findProjectFaults(
  { type, project }: z.infer<typeof submissionShape>,
  isFeed: boolean,
): readonly Violation[] {
  if (project === undefined) return [];
  if (regionalFields(type) === undefined) {
    const says = "no regional edition is made of this type; leave project out";
    return [violation("/project", "SCHEMA_FIELD_UNKNOWN", says)];
  }
  const says = "project goes beside recipients: name who is to have the nominal edition";
  const missing = isFeed ? [violation("/recipients", "SCHEMA_FIELD_MISSING", says)] : [];
  const { handling } = project;
  if (handling === undefined || isKnownCode("HANDLING", handling)) return missing;
  const unknown = "project.handling is not in the code list HANDLING; choose one of its codes";
  return [...missing, violation("/project/handling", "SCHEMA_CODE_UNKNOWN", unknown)];
}

/** What the shape of a submission tells: all that is wrong, and as much of it as can be used. */
export interface ShapeReading {
  readonly violations: readonly Violation[];
  readonly shaped?: ShapedSubmission;
}

function once(violations: readonly Violation[]): readonly Violation[] {
  const told = new Set<string>();
  return violations.filter(({ path }) => !told.has(path) && told.add(path));
}

/** Reads the submission's own fields. `inner` and `body` are passed on as they are. */
export function readShape(json: unknown): ShapeReading {
  const members = membersOf(json);
  const type = members?.["type"];
  if (members !== undefined && (typeof type !== "string" || !isKnownType(type))) {
    return { violations: [violation("/type", "SCHEMA_UNKNOWN_TYPE", "type is not one we know")] };
  }
  const examined = examine(submissionShape, json);
  const codes = findCodeFaults(members ?? {});
  if (!examined.ok) return { violations: once([...codes, ...examined.violations]) };
  const { inner } = examined.value;
  const found = [...findRepeats(examined.value), ...findScopeFaults(examined.value)];
  return {
    violations: once([...codes, ...found, ...findMoved(inner)]),
    shaped: examined.value,
  };
}
