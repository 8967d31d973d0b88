import { z } from "zod";

import { examine, format, list, maybe, message, text } from "../../schemas/check/index.ts";
import {
  isKnownCode,
  isKnownType,
  limits,
  type MessageType,
  typeOptions,
} from "../../schemas/index.ts";
import type { FaultCode, Violation } from "../../schemas/ground/index.ts";

const codeText = maybe(text(1, 60));
const instantText = maybe(text(1, 29));
const idText = maybe(text(36, 36));

/** A submission whose own fields have the right kinds; what stands in them is still to be asked. */
export const submissionShape = message({
  type: format("type"),
  recs: maybe(list(format("rec"), 0, 12)),
  crimes: list(format("crime"), 1, 12),
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
  inner: maybe(z.unknown()),
  body: maybe(z.unknown()),
});

/** A submission as its shape lets it through. */
export type ShapedSubmission = z.infer<typeof submissionShape> & { readonly type: MessageType };

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

function findCodeFaults(shaped: z.infer<typeof submissionShape>): readonly Violation[] {
  const unknown = codeFields.filter(([name, codes]) => {
    const value = shaped[name];
    return value !== undefined && !isKnownCode(codes, value);
  });
  const crimes = shaped.crimes.flatMap((crime, i) => (isKnownCode("CRIME", crime) ? [] : [i]));
  return [
    ...unknown.map(([name, codes]) =>
      violation(`/${name}`, "SCHEMA_CODE_UNKNOWN", `${name} is not in the code list ${codes}`),
    ),
    ...crimes.map((i) =>
      violation(`/crimes/${i}`, "SCHEMA_CODE_UNKNOWN", "crime is not in the code list CRIME"),
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
  const isFeed = typeOptions(shaped.type)?.scope === "FEED";
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
    found.push(
      violation(`/${other}`, "SCHEMA_FIELD_UNKNOWN", `${other} is not for this type; leave it out`),
    );
  }
  return found;
}

/** What the shape of a submission tells: all that is wrong, and as much of it as can be used. */
export interface ShapeReading {
  readonly violations: readonly Violation[];
  readonly shaped?: ShapedSubmission;
}

/** Reads the submission's own fields. `inner` and `body` are passed on as they are. */
export function readShape(json: unknown): ShapeReading {
  const examined = examine(submissionShape, json);
  if (!examined.ok) return { violations: examined.violations };
  const { type } = examined.value;
  if (!isKnownType(type)) {
    return { violations: [violation("/type", "SCHEMA_UNKNOWN_TYPE", "type is not one we know")] };
  }
  const found = [findCodeFaults, findRepeats, findScopeFaults].flatMap((find) =>
    find(examined.value),
  );
  return { violations: found, shaped: { ...examined.value, type } };
}
