import { isAbsolute } from "node:path";
import { z } from "zod";

import { Fault } from "../../schemas/ground/index.ts";
import { isTokenPlace, parseTokenPlace, type TokenPlace } from "../../certs/keys/index.ts";
import type { Proof } from "./protector.ts";
import type { VaultConfig } from "./vault-options.ts";

/** `store` of a gateway.json. */
export const storeShape = z.strictObject({
  protector: z.string().min(1).max(1024),
  lockAfterMinutes: z.number().int().min(1).max(10_080).optional(),
  onSuspension: z.enum(["lock", "wipe"]).optional(),
});

const minuteMs = 60_000;

function tokenConfig(place: TokenPlace): Pick<VaultConfig, "own" | "token"> {
  // without a file of its PIN somebody types it
  const own =
    place.pinFile === undefined ? undefined : ({ kind: "token", access: { place } } as const);
  return { token: place, own };
}

function protectorConfig(protector: string): Pick<VaultConfig, "own" | "token"> {
  if (protector === "passphrase") return {};
  if (isTokenPlace(protector)) return tokenConfig(parseTokenPlace(protector));
  if (isAbsolute(protector)) return { own: { kind: "file", file: protector } };
  const words = "passphrase, the absolute path of a key file, or a PKCS #11 URI";
  throw new Fault("CONFIG_INVALID", `store.protector of gateway.json is one of: ${words}`);
}

/**
 * How the operator wants the store opened and locked; undefined when nothing is said, and the store is plain.
 *
 * @throws {Fault} CONFIG_INVALID, KEY_UNUSABLE
 */
export function parseVaultConfig(
  store: z.infer<typeof storeShape> | undefined,
): VaultConfig | undefined {
  if (store === undefined) return undefined;
  const { protector, lockAfterMinutes, onSuspension = "lock" } = store;
  const lockAfterMs = lockAfterMinutes === undefined ? undefined : lockAfterMinutes * minuteMs;
  return { ...protectorConfig(protector), lockAfterMs, onSuspension };
}

const typedText = z.string().min(1).max(1024);
/** What somebody types to open a store: one of them, or nothing where the gateway has its own way. */
export const typedShape = z.union([
  z.strictObject({ passphrase: typedText }),
  z.strictObject({ recoveryCode: typedText }),
  z.strictObject({ pin: z.string().min(1).max(256) }),
  z.strictObject({}),
]);

function readTyped(typed: unknown): z.infer<typeof typedShape> {
  try {
    return typedShape.parse(typed);
  } catch (cause) {
    // it may throw other errors than its own: it asks the length of whatever says it has one
    const detail = "send one of passphrase, pin and recoveryCode, or {}";
    throw new Fault("REQUEST_INVALID", detail, { cause });
  }
}

/**
 * What was typed, as a vault takes it; undefined where nothing was.
 *
 * @throws {Fault} REQUEST_INVALID when it is not of that shape, or a PIN where no token is configured
 */
export function parseTyped(typed: unknown, token: TokenPlace | undefined): Proof | undefined {
  const data = readTyped(typed);
  if ("passphrase" in data) return { kind: "passphrase", passphrase: data.passphrase };
  if ("recoveryCode" in data) return { kind: "recovery", code: data.recoveryCode };
  if (!("pin" in data)) return undefined;
  if (token !== undefined) return { kind: "token", access: { place: token, pin: data.pin } };
  throw new Fault(
    "REQUEST_INVALID",
    "no token is configured: store.protector of gateway.json is no PKCS #11 URI",
  );
}

/** What a place opens a store with by itself, or with what its token asks for; undefined when it is no PKCS #11 URI. @throws {Fault} KEY_UNUSABLE */
export function proveByPlace(place: string): Proof | undefined {
  return isTokenPlace(place)
    ? { kind: "token", access: { place: parseTokenPlace(place) } }
    : undefined;
}
