import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { makeOpeningKey } from "../../gateways/crypto/index.ts";
import type { Office } from "../../gateways/exchange/office.ts";
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
import type { GatewayWorld } from "./gateway-world.ts";
import { makeStillClock, type StillClock } from "./memory-exchange.ts";

/** An office over a real store in a folder of its own, with a clock that stands still. */
export interface MadeOffice extends Office {
  readonly clock: StillClock;
  readonly moved: number[];
  close(): void;
}

/** Makes the office of one agency of a world. */
export function makeOffice(world: GatewayWorld, agency: string): MadeOffice {
  const { signer, sealing } = world.agency(agency);
  const dir = mkdtempSync(join(tmpdir(), "office-"));
  const store = openStore(join(dir, "store.db"));
  const moved: number[] = [];
  return {
    agency,
    store,
    signer,
    keys: [makeOpeningKey(sealing.certificate, sealing.key)],
    register: () => world.view,
    clock: makeStillClock(world.now),
    chance: makeSeededChance(agency),
    log: silentLog,
    changed: (messages) => void moved.push(...messages),
    moved,
    close: () => {
      store.close();
      rmSync(dir, { recursive: true });
    },
  };
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

/** Submits to an office and gives what its sender would publish, one for each channel. */
export async function publish(
  office: Office,
  submission: unknown,
  key: string,
): Promise<readonly Handed[]> {
  const { id } = await submit(office, submission, key);
  const { outbox, messages } = office.store;
  const stored = messages.find(parseUuid(id));
  if (stored === undefined) throw new Error("not stored");
  return outbox.byMessage(stored.seq).map(({ slip, slipSignature, channel }) => ({
    subject: storedSubject(channel, office.agency, renderUuid(stored.id)),
    bytes: encodePublication({ slip, slipSignature, message: stored.raw }),
  }));
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
  const lines = { accepted: [], refused: [], held: [], heads: [] };
  const whole = { version: 1, issuer, issuedAt: world.now, ...lines, ...receipt };
  const bytes = encodeReceipt(whole);
  const signature = world.agency(issuer).signer.sign("atumpan-receipt", bytes);
  return encodeSignedReceipt({ receipt: bytes, signature });
}
