import { type Authority, issueCrl, revokeCertificate } from "../../certs/authority/index.ts";
import { type Bytes, makeSeededChance } from "../../schemas/ground/index.ts";
import { makeMemoryJournal } from "./memory-journal.ts";

/** The list of an authority's root that revokes its issuing CA. */
export async function revokeIssuingCa(authority: Authority, now: number): Promise<Bytes> {
  const { serial } = authority.issuing.certificate;
  const chance = makeSeededChance("the root's list");
  const desk = { authority, journal: makeMemoryJournal(), now, chance };
  revokeCertificate({ ...desk, serial, reason: "CA_COMPROMISE" });
  return (await issueCrl({ ...desk, issuer: "ROOT" })).der;
}
