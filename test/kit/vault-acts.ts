import { systemChance, systemClock } from "../../schemas/ground/index.ts";
import { encryptStore, rekeyStore } from "../../gateways/vault/rekey.ts";
import { wipeStore } from "../../gateways/vault/wipe.ts";

const means = { chance: systemChance, clock: systemClock };

function ordersOf(code: string) {
  return [{ name: "recovery", proof: { kind: "recovery", code } as const }];
}

/** Encrypts the store of ng/tcu in a folder, opened by a recovery code alone. */
export async function encrypt(dir: string, code: string): Promise<void> {
  await encryptStore({ dir, agency: "ng/tcu" }, { orders: ordersOf(code), means });
}

/** Brings it under another key, opened by another code. */
export async function rekey(dir: string, code: string, next: string): Promise<void> {
  const place = { dir, agency: "ng/tcu" };
  await rekeyStore(place, { kind: "recovery", code }, { orders: ordersOf(next), means });
}

/** Wipes it. */
export function wipe(dir: string): void {
  wipeStore(dir, { at: 1_000, reason: "ASKED" });
}
