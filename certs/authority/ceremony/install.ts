import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { Fault, sameBytes } from "../../../schemas/ground/index.ts";
import { type Certificate, checkCaProfile, type Crl, isSignedBy } from "../../shape/index.ts";
import { loadCertificate, saveIssuerCertificate } from "../certificate-files.ts";
import { type Journal, startJournal } from "../journal.ts";
import { loadIssuerKey } from "../key-files.ts";
import { recordCa } from "../make-ca.ts";
import { confirmFingerprint } from "./confirm.ts";
import { type Ceremony, type CeremonyDesk, holdCeremony } from "./desk.ts";
import { loadList, saveList } from "./files.ts";
import { askPins, findTokenPlaces } from "./pins.ts";
import { journalFile } from "./root.ts";

/** What came back from the root's machine. */
export interface InstallOrder {
  /** Where the issuing CA works. */
  readonly folder: string;
  /** The folder that was carried: `root.crl`, and `root.crt` and `issuing.crt` for a new issuing CA. */
  readonly from: string;
}

function refuse(detail: string): never {
  throw new Fault("CEREMONY_REFUSED", detail);
}

/** The root this folder trusts: the one it has, or the one the officers know by its fingerprint. */
async function acceptRoot(
  { folder, from }: InstallOrder,
  ceremony: Ceremony,
): Promise<Certificate> {
  const held = join(folder, "root.crt");
  const carried = join(from, "root.crt");
  if (existsSync(held)) {
    const root = loadCertificate(held);
    if (!existsSync(carried) || sameBytes(loadCertificate(carried).der, root.der)) return root;
    return refuse(`${carried} is another root than that of ${folder}`);
  }
  const root = loadCertificate(carried);
  checkCaProfile(root);
  if (!isSignedBy(root, root)) refuse(`${carried} is not signed by itself`);
  const paper = "from the paper of the root's ceremony";
  await confirmFingerprint(ceremony, {
    what: "the root certificate",
    bytes: root.der,
    from: paper,
  });
  saveIssuerCertificate(folder, "root", root);
  return root;
}

/** Names of keys that have no certificate yet. */
function findWaiting(folder: string): readonly string[] {
  const names = readdirSync(folder).flatMap((file) => {
    const [, name] = /^(issuing(?:-[1-9][0-9]{0,3})?)\.(?:key|token)$/.exec(file) ?? [];
    return name === undefined || existsSync(join(folder, `${name}.crt`)) ? [] : [name];
  });
  return [...new Set(names)];
}

async function installIssuing(
  { folder, from }: InstallOrder,
  ceremony: Ceremony,
  root: Certificate,
): Promise<Certificate> {
  const issuing = loadCertificate(join(from, "issuing.crt"));
  checkCaProfile(issuing);
  if (!isSignedBy(issuing, root)) refuse("issuing.crt is not signed by the root");
  const waiting = findWaiting(folder);
  const pinOf = await askPins(ceremony, findTokenPlaces(folder, waiting));
  const name = waiting.find((one) => {
    const key = loadIssuerKey(folder, one, pinOf)?.key;
    return key !== undefined && sameBytes(key.spki, issuing.spki);
  });
  if (name === undefined) return refuse("issuing.crt is for none of the keys that wait here");
  saveIssuerCertificate(folder, name, issuing);
  ceremony.say(`${name}.crt is installed: ${issuing.subject} issues from now on.`);
  return issuing;
}

/** The root's list goes forward only: an older one may lack what was revoked since. */
function installList({ folder, from }: InstallOrder, root: Certificate, now: number): Crl {
  const list = loadList(join(from, "root.crl"));
  const held = join(folder, "root.crl");
  if (!isSignedBy(list, root) || !sameBytes(list.issuerName, root.subjectName))
    refuse("root.crl is not the root's");
  if (list.nextUpdate <= now) refuse("root.crl is over already");
  const before = existsSync(held) ? BigInt(`0x${loadList(held).crlNumber}`) : 0n;
  if (BigInt(`0x${list.crlNumber}`) < before) refuse("root.crl is older than the one that is here");
  saveList(held, list);
  return list;
}

async function work(order: InstallOrder, ceremony: Ceremony, journal: Journal): Promise<void> {
  const now = ceremony.clock.now();
  const root = await acceptRoot(order, ceremony);
  recordCa(root, { journal, now });
  const list = installList(order, root, now);
  if (existsSync(join(order.from, "issuing.crt"))) {
    const issuing = await installIssuing(order, ceremony, root);
    if (list.revoked.has(issuing.serial)) ceremony.say("Beware: this CA is on the root's list.");
    recordCa(issuing, { journal, now });
  }
  ceremony.say(
    `The root's list ${list.crlNumber} is here; publish it with the state's part of the register.`,
  );
}

/**
 * Takes what the root signed into the folder of the issuing CA: certificate and list, or the list alone. A
 * root that is new here is believed when both officers typed its fingerprint from the paper of its ceremony.
 *
 * @throws {Fault} CEREMONY_REFUSED, CERT_MALFORMED, CERT_PATH_INVALID, CERT_USAGE_NOT_PERMITTED,
 *   KEY_UNUSABLE, KEY_TOKEN_AWAY, STORE_WRITE_FAILED
 */
export async function holdInstallCeremony(desk: CeremonyDesk, order: InstallOrder): Promise<void> {
  const openJournal = (): Journal => startJournal(journalFile(order.folder));
  const plan = { act: "install", folder: order.folder, openJournal } as const;
  await holdCeremony({ desk, plan }, (ceremony, journal) => work(order, ceremony, journal));
}
