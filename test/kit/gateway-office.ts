import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { makeOpeningKey } from "../../gateways/crypto/index.ts";
import type { Office } from "../../gateways/exchange/office.ts";
import { makePinDesk } from "../../gateways/exchange/pins.ts";
import { submit } from "../../gateways/exchange/submit.ts";
import { openStore } from "../../gateways/store/index.ts";
import {
  encodeMessage,
  encodePublication,
  encodeReceipt,
  encodeSignedReceipt,
  type Message,
  type Publication,
  type Receipt,
  storedSubject,
} from "../../schemas/index.ts";
import {
  type Bytes,
  makeSeededChance,
  parseUuid,
  renderUuid,
  silentLog,
} from "../../schemas/ground/index.ts";
import { layBlankStore } from "./blank-store.ts";
import type { GatewayWorld } from "./gateway-world.ts";
import { makeStillClock, type StillClock } from "./memory-exchange.ts";

/** An office over a real store in a folder of its own, with a clock that stands still. */
export interface MadeOffice extends Office {
  readonly clock: StillClock;
  readonly moved: number[];
  /** The folder of its store. */
  readonly dir: string;
  close(): void;
}

/** The offices of each world that are open. */
const offices = new WeakMap<GatewayWorld, Set<MadeOffice>>();

function openOffices(world: GatewayWorld): Set<MadeOffice> {
  const open = offices.get(world) ?? new Set();
  offices.set(world, open);
  return open;
}

/** The world an office was made in. */
const worlds = new WeakMap<object, GatewayWorld>();

/** Makes the office of one agency of a world. */
export function makeOffice(world: GatewayWorld, agency: string): MadeOffice {
  const { signer, sealing } = world.agency(agency);
  const dir = mkdtempSync(join(tmpdir(), "office-"));
  const clock = makeStillClock(world.now);
  layBlankStore(join(dir, "store.db"));
  const store = openStore(join(dir, "store.db"), {}, clock);
  const moved: number[] = [];
  const made: MadeOffice = {
    agency,
    store,
    signer,
    keys: [makeOpeningKey(sealing.certificate, sealing.key)],
    register: () => world.view,
    pins: makePinDesk({
      agency,
      keys: () => made.keys,
      store,
      register: () => world.view,
      clock,
      log: silentLog,
    }),
    keysInMaking: new Map(),
    clock,
    chance: makeSeededChance(agency),
    log: silentLog,
    changed: (messages) => void moved.push(...messages),
    moved,
    dir,
    close: () => {
      openOffices(world).delete(made);
      store.close();
      rmSync(dir, { recursive: true });
    },
  };
  openOffices(world).add(made);
  worlds.set(store, world);
  return made;
}

/** Gives every open office of the world the audience keys that a sender shared with its agency, as if the shares had come. */
export async function handKeys({ agency: originator, store, clock }: Office): Promise<void> {
  const world = worlds.get(store);
  if (world === undefined) throw new Error("not an office of a made world");
  const keys = store.audienceKeys.usedSince(0);
  for (const reader of openOffices(world)) {
    const own = keys.filter(({ members }) => members.includes(reader.agency));
    await reader.store.write(() => {
      for (const { name, key, keepUntil } of own) {
        reader.store.heldKeys.hold({ originator, name, key, cameAt: clock.now(), keepUntil });
      }
    });
  }
}

/** A good alert for the feed of ECOWAS. */
export const alert = {
  type: "alert.incident",
  recs: ["ecowas"],
  crimes: ["drugs"],
  body: {
    kind: "drugs",
    occurredFrom: "2026-03-09T14:05:00.000Z",
    place: { country: "NG", lat: 6.4, lon: 3.4 },
    narrative: { text: "Two hundred kilos found", lang: "en" },
    caseStatus: "REPORTED",
    caseRef: "A-1",
  },
} as const;

/** A good bulletin for the feed of ECOWAS; it travels open. */
export const bulletin = {
  type: "bulletin.red_flag",
  recs: ["ecowas"],
  crimes: ["drugs"],
  body: {
    title: { text: "Seals that do not match the papers", lang: "en" },
    indicators: [{ code: "SEAL_MISMATCH" }],
    evidenceLevel: "PROBABLE",
  },
} as const;

/** A good request from one FIU to another. */
export const request = {
  type: "fiu.request",
  crimes: ["ml"],
  recipients: ["gh/fiu"],
  inner: { caseRef: "F-7" },
  body: {
    offences: ["ml"],
    caseDescription: { text: "Transfers without a reason", lang: "en" },
    linkToReceivingCountry: { text: "The account is there", lang: "en" },
    subjects: [{ account: { institution: "Bank", number: "0011223344" } }],
    questions: ["ACCOUNTS"],
  },
} as const;

/** A publication as the hub would hand it to a reader. */
export interface Handed {
  readonly subject: string;
  readonly bytes: Bytes;
}

/** What an office would publish of one of its messages, one for each channel. */
export function handedOf({ store, agency }: Office, message: number): readonly Handed[] {
  const { id, raw } = store.messages.get(message) ?? {};
  if (id === undefined || raw === undefined) throw new Error("not stored");
  return store.outbox.byMessage(message).map(({ slip, slipSignature, channel }) => ({
    subject: storedSubject(channel, agency, renderUuid(id)),
    bytes: encodePublication({ slip, slipSignature, message: raw }),
  }));
}

/** What an office told an agency about keys so far: as the hub would hand it over. */
export function handedKeys({ store, agency }: Office, reader: string, type = "key.share"): readonly Handed[] {
  const all = store.outbox.waiting(10_000).map((seq) => store.outbox.get(seq)!.message);
  const own = [...new Set(all)].filter((seq) => {
    const { type: found, audience } = store.messages.get(seq)!;
    return found === type && audience.includes(reader);
  });
  return own.toSorted((a, b) => a - b).flatMap((seq) => handedOf({ store, agency } as Office, seq));
} // prettier-ignore

/** Submits to an office and gives what its sender would publish, one for each channel. Nobody has the key yet. */
export async function send(
  office: Office,
  submission: unknown,
  key: string,
): Promise<readonly Handed[]> {
  const { id } = await submit(office, submission, key);
  const stored = office.store.messages.find(parseUuid(id));
  if (stored === undefined) throw new Error("not stored");
  return handedOf(office, stored.seq);
}

/** Like `send`, but every other open office has the audience's key already, when it is a member. */
export async function publish(
  office: Office,
  submission: unknown,
  key: string,
): Promise<readonly Handed[]> {
  const handed = await send(office, submission, key);
  await handKeys(office);
  return handed;
}

/** A publication with its message changed after it was signed. */
export function rewrap(publication: Publication, message: Message): Bytes {
  return encodePublication({ ...publication, message: encodeMessage(message) });
}

/** A receipt signed by one agency of a world. */
export function signReceipt(
  world: GatewayWorld,
  issuer: string,
  receipt: Partial<Receipt> & { readonly recipient: string },
): Bytes {
  const lines = { accepted: [], refused: [], held: [], heads: [], opened: [] };
  const whole = { version: 1, issuer, issuedAt: world.now, ...lines, ...receipt };
  const bytes = encodeReceipt(whole);
  const signature = world.agency(issuer).signer.sign("atumpan-receipt", bytes);
  return encodeSignedReceipt({ receipt: bytes, signature });
}
