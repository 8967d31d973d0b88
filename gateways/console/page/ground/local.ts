import { type DBSchema, type IDBPDatabase, openDB } from "idb";

/** What was typed and is not yet at the gateway. */
export interface LocalCopy {
  readonly text: string;
  /** The version at the gateway that it was typed over. */
  readonly version: string;
}

interface Kept extends DBSchema {
  keys: { key: string; value: CryptoKey };
  copies: {
    key: string;
    value: {
      readonly iv: Uint8Array<ArrayBuffer>;
      readonly sealed: ArrayBuffer;
      readonly version: string;
    };
  };
}

const ivBytes = 12;

async function open(): Promise<IDBPDatabase<Kept>> {
  return await openDB<Kept>("atumpan", 1, {
    upgrade: (db) => {
      db.createObjectStore("keys");
      db.createObjectStore("copies");
    },
  });
}

/** The key of one person in this browser: it cannot be taken out of it, and another person's copies are not opened by it. */
async function keyOf(db: IDBPDatabase<Kept>, person: string): Promise<CryptoKey> {
  const held = await db.get("keys", person);
  if (held !== undefined) return held;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  await db.put("keys", made, person);
  return made;
}

function nameOf(person: string, draft: string): string {
  return `${person} ${draft}`;
}

/** Keeps what was typed, encrypted, until the gateway has it. */
export async function keepLocal(person: string, draft: string, copy: LocalCopy): Promise<void> {
  const db = await open();
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const bytes = new TextEncoder().encode(copy.text);
  const key = await keyOf(db, person);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes);
  await db.put("copies", { iv, sealed, version: copy.version }, nameOf(person, draft));
  db.close();
}

/** What was kept of a draft; undefined when the gateway has all of it, or when it cannot be opened any more. */
export async function findLocal(person: string, draft: string): Promise<LocalCopy | undefined> {
  const db = await open();
  const found = await db.get("copies", nameOf(person, draft));
  const key = await keyOf(db, person);
  db.close();
  if (found === undefined) return undefined;
  const { iv, sealed, version } = found;
  try {
    const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed);
    return { text: new TextDecoder().decode(bytes), version };
  } catch {
    return undefined;
  }
}

/** The drafts of a person that hold what has not reached the gateway; of nobody else's is anything said. */
export async function listLocal(person: string): Promise<readonly string[]> {
  const db = await open();
  const names = await db.getAllKeys("copies");
  db.close();
  const own = `${person} `;
  return names.filter((name) => name.startsWith(own)).map((name) => name.slice(own.length));
}

/** The gateway has it: the copy goes. */
export async function dropLocal(person: string, draft: string): Promise<void> {
  const db = await open();
  await db.delete("copies", nameOf(person, draft));
  db.close();
}
