import { existsSync } from "node:fs";
import { join } from "node:path";

import { Fault } from "../../../schemas/ground/index.ts";
import type { Certificate, Crl } from "../../shape/index.ts";
import { saveIssuerCertificate } from "../certificate-files.ts";
import { issueCrl } from "../crl.ts";
import type { Authority } from "../issuer.ts";
import { type Journal, startJournal } from "../journal.ts";
import { saveIssuerKey } from "../key-files.ts";
import { makeRoot, recordCa } from "../make-ca.ts";
import { confirmFingerprint } from "./confirm.ts";
import { type Ceremony, type CeremonyDesk, holdCeremony } from "./desk.ts";
import { makeFolder, saveNew } from "./files.ts";
import { renderFingerprint } from "./fingerprint.ts";
import { makeCaKey, type NewKey } from "./pins.ts";

/** A root to be made on a machine that is on no network. */
export interface RootOrder {
  readonly authority: string;
  /** Where the root will live: `root.crt`, `root.key` or `root.token`, `journal.jsonl`. */
  readonly folder: string;
  /** A new or empty folder for what is carried to the online machine. */
  readonly out: string;
  /** A PKCS #11 URI when a token is to make and hold the key; a file otherwise. */
  readonly place?: string | undefined;
  /** How long the first list of the root lives; 100 days unless said. */
  readonly days?: number | undefined;
}

/** Where an authority's folder keeps its journal. */
export function journalFile(folder: string): string {
  return join(folder, "journal.jsonl");
}

/** A root with nothing beneath it yet: itself stands where an issuing CA would, so that lists can be made. */
export function rootAlone(authority: string, certificate: Certificate, held: NewKey): Authority {
  const root = { certificate, ...held };
  return { authority, root, issuing: root, earlier: [] };
}

async function confirmRoot(ceremony: Ceremony, certificate: Certificate): Promise<void> {
  const { say } = ceremony;
  say(`The root is ${certificate.subject}, serial ${certificate.serial}.`);
  say(`Fingerprint of the root certificate: ${renderFingerprint(certificate.der)}`);
  say("Each officer writes it on paper now, from the screen, and signs the paper.");
  const { der: bytes } = certificate;
  await confirmFingerprint(ceremony, {
    what: "the root certificate",
    bytes,
    from: "from the paper",
  });
}

interface NewRoot extends NewKey {
  readonly certificate: Certificate;
}

function keepRoot(folder: string, { certificate, ...held }: NewRoot): void {
  saveIssuerKey(folder, "root", held);
  saveIssuerCertificate(folder, "root", certificate);
}

async function work(order: RootOrder, ceremony: Ceremony, journal: Journal): Promise<Crl> {
  const { authority, folder, out, place, days } = order;
  const { clock, chance } = ceremony;
  if (existsSync(join(folder, "root.crt")))
    throw new Fault("CEREMONY_REFUSED", `${folder} holds a root already`);
  const held = await makeCaKey(ceremony, { place, keyType: "P-384" });
  const certificate = await makeRoot(held.key, { authority, now: clock.now(), chance });
  await confirmRoot(ceremony, certificate);
  recordCa(certificate, { journal, now: clock.now() });
  keepRoot(folder, { certificate, ...held });
  const alone = rootAlone(authority, certificate, held);
  const crl = await issueCrl({ authority: alone, journal, issuer: "ROOT", now: clock.now(), days });
  saveNew(join(out, "root.crt"), "CERTIFICATE", certificate.der);
  saveNew(join(out, "root.crl"), "X509 CRL", crl.der);
  ceremony.say(`Carry ${out} to the online machine. ${folder} stays here and is locked away.`);
  return crl;
}

/**
 * Makes an authority's root on the offline machine. Nothing is kept before both officers have typed its
 * fingerprint from the paper that they wrote.
 *
 * @returns the root's first list
 * @throws {Fault} CEREMONY_REFUSED, KEY_UNUSABLE, KEY_TOKEN_AWAY, STORE_WRITE_FAILED
 */
export async function holdRootCeremony(desk: CeremonyDesk, order: RootOrder): Promise<Crl> {
  makeFolder(order.folder);
  const openJournal = (): Journal => startJournal(journalFile(order.folder));
  const plan = { act: "root", folder: order.folder, openJournal } as const;
  return await holdCeremony({ desk, plan }, (ceremony, journal) => work(order, ceremony, journal));
}
