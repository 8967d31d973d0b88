import { readFileSync, statSync } from "node:fs";
import { z } from "zod";

import { type Clock, Fault, toFault } from "../schemas/ground/index.ts";
import type { OfficeTranslation } from "./exchange/index.ts";
import { makeLibreTranslate } from "./translation/index.ts";

const handlings = ["H0", "H1", "H2"] as const;

/** The part `translation` of a gateway's file; without it nothing is ever given to a service. */
export const translationShape = z.strictObject({
  /** A service of LibreTranslate's interface: https, or http on this machine itself. */
  url: z.string().min(1).max(400),
  /** The languages installed there, as the service names them; those the project publishes when left out. */
  languages: z
    .array(z.string().regex(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{2,8}){0,2}$/))
    .min(1)
    .max(200)
    .optional(),
  /** A file with the service's key alone in it, readable by its owner only. */
  apiKeyFile: z.string().min(1).max(400).optional(),
  /** The strictest handling whose texts may be given away: H0 when left out; H3 restricts in words no machine reads. */
  handlingUpTo: z.enum(handlings).optional(),
});

/** What a gateway's file says about translation. */
export type TranslationChoice = z.infer<typeof translationShape>;

const keySpelling = /^[\u0021-\u007e]{1,200}$/;

function loadApiKey(path: string): string {
  let key: string;
  let mode: number;
  try {
    key = readFileSync(path, "utf8").slice(0, 1000).trim();
    ({ mode } = statSync(path));
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", `${path} cannot be read`);
  }
  if (process.platform !== "win32" && (mode & 0o077) !== 0) {
    throw new Fault("CONFIG_INVALID", `others may read ${path}; chmod 600 it`);
  }
  if (keySpelling.test(key)) return key;
  throw new Fault("CONFIG_INVALID", `${path} holds no key of 1 to 200 visible ASCII characters`);
}

/** Where a choice is read: its files, and the clock the service is waited for by. */
export interface ChoicePlace {
  /** The path of a file that a configuration names. */
  readonly at: (path: string) => string;
  readonly clock: Clock;
}

/**
 * Builds what a gateway translates with; nothing when its file says nothing. The service is not asked.
 *
 * @throws {Fault} CONFIG_INVALID for a URL that is neither https nor of this machine, or a key file that is unusable
 */
export function makeTranslation(
  choice: TranslationChoice | undefined,
  { at, clock }: ChoicePlace,
): OfficeTranslation | undefined {
  if (choice === undefined) return undefined;
  const { url, languages, apiKeyFile, handlingUpTo = "H0" } = choice;
  const translator = makeLibreTranslate({
    url,
    clock,
    ...(languages === undefined ? {} : { languages }),
    ...(apiKeyFile === undefined ? {} : { apiKey: loadApiKey(at(apiKeyFile)) }),
  });
  return { translator, handlings: handlings.slice(0, handlings.indexOf(handlingUpTo) + 1) };
}
