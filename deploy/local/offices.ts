import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { loadKey, makeKeyPair, makeSigningKey, saveKey } from "../../certs/keys/index.ts";
import type { Bytes, Chance, EpochMs } from "../../schemas/ground/index.ts";
import type { Layout } from "./layout.ts";
import { type Office, openOffice } from "./office.ts";
import type { Offices } from "./register.ts";

/** The region's registrar: on one machine one key signs every role of the register; in earnest they are k of n. */
function openRegistrar({ registrarKey }: Layout): Offices["registrar"] {
  mkdirSync(dirname(registrarKey), { recursive: true, mode: 0o700 });
  if (!existsSync(registrarKey)) saveKey(registrarKey, makeKeyPair("P-256"));
  return makeSigningKey(loadKey(registrarKey));
}

/** Opens the office of every authority, making those that are not there. */
export async function openOffices(
  layout: Layout,
  authorities: readonly string[],
  ground: { now: EpochMs; chance: Chance },
): Promise<Offices> {
  const all = new Map<string, Office>();
  for (const authority of authorities) {
    all.set(authority, await openOffice(join(layout.authorities, authority), authority, ground));
  }
  return { registrar: openRegistrar(layout), all };
}

/** The key that mailbox names are made from; made once. */
export function openMailboxKey({ mailboxKey }: Layout, chance: Chance): Bytes {
  if (!existsSync(mailboxKey)) writeFileSync(mailboxKey, chance.bytes(32), { mode: 0o600 });
  return readFileSync(mailboxKey);
}
