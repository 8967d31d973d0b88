import { join } from "node:path";

import { Fault, utf8 } from "../../../schemas/ground/index.ts";
import type { Crl } from "../../shape/index.ts";
import { issueCrl } from "../crl.ts";
import { type Journal, startJournal } from "../journal.ts";
import { revocationReasons, revokeCertificate } from "../revoke.ts";
import { confirmFingerprint } from "./confirm.ts";
import { type Ceremony, type CeremonyDesk, holdCeremony } from "./desk.ts";
import { saveNew } from "./files.ts";
import { renderFingerprint } from "./fingerprint.ts";
import { openRoot } from "./offline-root.ts";
import { journalFile } from "./root.ts";

/** The root's next list, and an issuing CA that is to be on it. */
export interface RootListOrder {
  readonly folder: string;
  /** A new or empty folder for what is carried to the online machine. */
  readonly out: string;
  /** How long the list lives; 100 days unless said. */
  readonly days?: number | undefined;
  /** An issuing CA to be revoked. */
  readonly revoke?:
    { readonly serial: string; readonly reason: keyof typeof revocationReasons } | undefined;
}

/** Every leaf of a revoked CA is refused from then on, so both officers say that they mean this one. */
async function confirmRevocation(ceremony: Ceremony, serial: string): Promise<void> {
  ceremony.say(
    `CA ${serial} is to be revoked: every certificate it issued is refused from then on.`,
  );
  ceremony.say(`To confirm, type this: ${renderFingerprint(utf8(serial))}`);
  const what = "the revocation";
  await confirmFingerprint(ceremony, { what, bytes: utf8(serial), from: "as it stands above" });
}

async function work(order: RootListOrder, ceremony: Ceremony, journal: Journal): Promise<Crl> {
  const { folder, out, days, revoke } = order;
  const authority = await openRoot(ceremony, folder);
  const now = ceremony.clock.now();
  if (revoke !== undefined) {
    if (journal.ledger.certificate(revoke.serial)?.event !== "made")
      throw new Fault("CERT_UNKNOWN", `this root signed no CA ${revoke.serial}`);
    await confirmRevocation(ceremony, revoke.serial);
    revokeCertificate({ authority, journal, now, ...revoke });
  }
  const crl = await issueCrl({ authority, journal, issuer: "ROOT", now, days });
  saveNew(join(out, "root.crl"), "X509 CRL", crl.der);
  ceremony.say(`List ${crl.crlNumber} of the root names ${crl.revoked.size} revoked CAs.`);
  ceremony.say(`Carry ${out} to the online machine.`);
  return crl;
}

/**
 * Makes the root's next list on the offline machine, due before the one before is over; and puts an issuing
 * CA on it when that is asked for and both officers confirm.
 *
 * @throws {Fault} CEREMONY_REFUSED, CERT_UNKNOWN, CERT_MALFORMED, CERT_PATH_INVALID, KEY_UNUSABLE,
 *   KEY_TOKEN_AWAY, USAGE_INVALID, STORE_WRITE_FAILED
 */
export async function holdRootListCeremony(desk: CeremonyDesk, order: RootListOrder): Promise<Crl> {
  const openJournal = (): Journal => startJournal(journalFile(order.folder));
  const plan = { act: "list", folder: order.folder, openJournal } as const;
  return await holdCeremony({ desk, plan }, (ceremony, journal) => work(order, ceremony, journal));
}
