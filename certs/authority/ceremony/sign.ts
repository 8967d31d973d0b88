import { join } from "node:path";

import type { Certificate } from "../../shape/index.ts";
import { saveIssuerCertificate, issuingName } from "../certificate-files.ts";
import { issueCrl } from "../crl.ts";
import { verifyCaRequest } from "../csr.ts";
import { type Journal, startJournal } from "../journal.ts";
import type { Ledger } from "../ledger.ts";
import { makeIssuing } from "../make-ca.ts";
import { confirmFingerprint } from "./confirm.ts";
import { type Ceremony, type CeremonyDesk, holdCeremony } from "./desk.ts";
import { loadDocument, saveNew } from "./files.ts";
import { renderFingerprint } from "./fingerprint.ts";
import { openRoot } from "./offline-root.ts";
import { journalFile } from "./root.ts";

/** A request for an issuing CA that was carried to the root. */
export interface SignOrder {
  readonly folder: string;
  /** The file of the request. */
  readonly request: string;
  /** A new or empty folder for what is carried back. */
  readonly out: string;
  /** How long the root's list lives; 100 days unless said. */
  readonly days?: number | undefined;
}

function nextNumber(ledger: Ledger): number {
  const made = ledger
    .certificates()
    .filter((one) => one.event === "made" && one.role === "ISSUING");
  return made.length + 1;
}

async function work(order: SignOrder, ceremony: Ceremony, journal: Journal): Promise<Certificate> {
  const { folder, out, days } = order;
  const { clock, chance, say } = ceremony;
  const authority = await openRoot(ceremony, folder);
  const bytes = loadDocument(order.request, "CERTIFICATE REQUEST");
  const { spki } = verifyCaRequest(bytes);
  say(
    "The request proves possession of its key. Its fingerprint is not shown here: the paper has it.",
  );
  const from = "from the paper of the online machine";
  await confirmFingerprint(ceremony, { what: "the request", bytes, from });
  const number = nextNumber(journal.ledger);
  const terms = { authority: authority.authority, now: clock.now(), chance, journal };
  const issuing = await makeIssuing({ root: authority.root, spki, number }, terms);
  saveIssuerCertificate(folder, issuingName(number), issuing);
  const crl = await issueCrl({ authority, journal, issuer: "ROOT", now: clock.now(), days });
  say(`Signed ${issuing.subject}, serial ${issuing.serial}.`);
  say(`Fingerprint of its certificate: ${renderFingerprint(issuing.der)}`);
  saveNew(join(out, "root.crt"), "CERTIFICATE", authority.root.certificate.der);
  saveNew(join(out, "issuing.crt"), "CERTIFICATE", issuing.der);
  saveNew(join(out, "root.crl"), "X509 CRL", crl.der);
  say(`Carry ${out} back to the online machine.`);
  return issuing;
}

/**
 * Signs an issuing CA on the offline machine, and a list of the root for the months to come. Both officers
 * type the request's fingerprint from the paper that came with it; the machine does not show it before.
 *
 * @throws {Fault} CEREMONY_REFUSED, CSR_INVALID, CSR_POSSESSION_UNPROVEN, CSR_KEY_NOT_PERMITTED,
 *   CERT_MALFORMED, CERT_PATH_INVALID, KEY_UNUSABLE, KEY_TOKEN_AWAY, STORE_WRITE_FAILED
 */
export async function holdSignCeremony(desk: CeremonyDesk, order: SignOrder): Promise<Certificate> {
  const openJournal = (): Journal => startJournal(journalFile(order.folder));
  const plan = { act: "sign", folder: order.folder, openJournal } as const;
  return await holdCeremony({ desk, plan }, (ceremony, journal) => work(order, ceremony, journal));
}
