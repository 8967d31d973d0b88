import { z } from "zod";

import { type JsonValue } from "../../../schemas/index.ts";
import { Fault, parseBase64url, renderBase64url } from "../../../schemas/ground/index.ts";
import { renderKey, repositoryLimits } from "../../trust/index.ts";
import type { RoleKeys } from "../repository/drafts.ts";

/** Who signs the part of each authority, and how many of them must. */
export type Delegations = ReadonlyMap<string, RoleKeys>;

const { keys: maxKeys, delegations: maxDelegations } = repositoryLimits;
const shape = z
  .array(
    z.strictObject({
      authority: z
        .string()
        .max(10)
        .regex(/^[a-z]{2,10}$/),
      threshold: z.int().min(1).max(maxKeys),
      keys: z.array(z.string().max(200)).min(1).max(maxKeys),
    }),
  )
  .max(maxDelegations);

function refuse(detail: string, cause?: unknown): never {
  throw new Fault("CHANGE_INVALID", detail, { cause });
}

/**
 * Checks that keys can be those of a role: of a kind that signs registers, each once, as many as must sign.
 *
 * @throws {Fault} CHANGE_INVALID
 */
export function checkRoleKeys(name: string, { keys, threshold }: RoleKeys): RoleKeys {
  const ids = keys.map((spki) => {
    try {
      return renderKey(spki).keyid;
    } catch (cause) {
      return refuse(`a key of ${name} is none that signs registers: P-256 or Ed25519`, cause);
    }
  });
  const different = new Set(ids).size;
  if (different !== ids.length) refuse(`a key of ${name} is named twice; name each once`);
  if (threshold >= 1 && threshold <= different && different <= maxKeys) return { keys, threshold };
  return refuse(
    `${name} has ${different} keys and asks for ${threshold} of them; the number that must sign lies between 1 and the number of keys, at most ${maxKeys}`,
  );
}

function readList(json: unknown): z.infer<typeof shape> {
  try {
    return shape.parse(json);
  } catch (cause) {
    // what is no refusal of the shape is the library's own: it asks the length of whatever says it has one
    const issues = cause instanceof z.ZodError ? cause.issues : [];
    const [told = "its form"] = issues.map(({ path }) => path.map(String).join("."));
    const wanted = "delegations is a list of {authority, threshold, keys}";
    return refuse(`${wanted}; look at ${told.slice(0, 60)}`, cause);
  }
}

/** Reads the delegations of a region as people edit them. @throws {Fault} CHANGE_INVALID */
export function parseDelegations(json: unknown): Delegations {
  const found = new Map<string, RoleKeys>();
  for (const { authority, threshold, keys } of readList(json)) {
    if (found.has(authority)) refuse(`delegations names ${authority} twice`);
    found.set(authority, checkRoleKeys(authority, { keys: keys.map(parseKeyText), threshold }));
  }
  return found;
}

function parseKeyText(text: string) {
  try {
    return parseBase64url(text);
  } catch (cause) {
    return refuse("a key in delegations is not base64url without padding", cause);
  }
}

/** Delegations as people edit them, in the order of their names. */
export function renderDelegations(delegations: Delegations): JsonValue {
  return [...delegations]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([authority, { threshold, keys }]) => ({
      authority,
      threshold,
      keys: keys.map(renderBase64url),
    }));
}
