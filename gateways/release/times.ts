import { limits, parseInstant, typeOptions } from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import type { Problems } from "./problems.ts";
import type { ShapedSubmission } from "../../schemas/submission/index.ts";

const dayMs = 86_400_000;

/** The times of a message that is being made. */
export interface Times {
  readonly createdAt: EpochMs;
  readonly expiresAt: EpochMs;
  readonly validFrom?: EpochMs | undefined;
}

function readTime(
  problems: Problems,
  name: string,
  value: string | undefined,
): EpochMs | undefined {
  if (value === undefined) return undefined;
  const at = parseInstant(value);
  if (at === undefined) {
    problems.add({
      path: `/${name}`,
      code: "SCHEMA_FIELD_PATTERN",
      message: `${name} is not a moment in RFC 3339 with its offset`,
    });
  }
  return at;
}

/** Reads the times; the type's retention stands in where no end is given. */
export function readTimes(shaped: ShapedSubmission, now: EpochMs, problems: Problems): Times {
  // some types are kept longer than any message lives: they are sent again before they expire
  const keptMs = Math.min(
    (typeOptions(shaped.type)?.retentionDays ?? 1) * dayMs,
    limits.maxLifetimeMs,
  );
  const expiresAt = readTime(problems, "expiresAt", shaped.expiresAt) ?? now + keptMs;
  const validFrom = readTime(problems, "validFrom", shaped.validFrom);
  if (expiresAt <= now || expiresAt - now > limits.maxLifetimeMs) {
    problems.add({
      path: "/expiresAt",
      code: "SCHEMA_FIELD_RANGE",
      message: "expiresAt is not in the next five years",
    });
  }
  if (validFrom !== undefined && validFrom >= expiresAt) {
    problems.add({
      path: "/validFrom",
      code: "RULE_PERIOD_REVERSED",
      message: "validFrom is not before expiresAt",
    });
  }
  return { createdAt: now, expiresAt, validFrom };
}
