import { type EpochMs, Fault, renderHex, sha256, utf8 } from "../../schemas/ground/index.ts";
import { type Crl, isSignedBy, parseCrl, renderExtension } from "../shape/index.ts";
import { type Authority, type Issuer, issuerId, issuersOf, keyOf } from "./issuer.ts";
import type { Journal } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import { authorityLimits } from "./limits.ts";
import { lintCrl } from "./lint.ts";
import { recordingRefusal } from "./record.ts";
import type { CrlOrder } from "./orders.ts";
import { concludeDraft, draftCrl } from "./sign.ts";
import { wholeSeconds } from "./whole-seconds.ts";

/** A list to be made. */
export interface ListOrder {
  readonly authority: Authority;
  readonly journal: Journal;
  /** Whose list: the issuing CA's of leaves, the root's of issuing CAs, or an earlier issuing CA's. */
  readonly issuer: "ROOT" | "ISSUING" | Issuer;
  readonly now: EpochMs;
  /**
   * Days until the next list must be there, parts of days too; 7 for an issuing CA and 100 for the root
   * unless said. At least an hour; at most 31 and 400 days.
   */
  readonly days?: number | undefined;
}

function findIssuer({ authority, issuer }: ListOrder): Issuer {
  if (issuer === "ROOT") return authority.root;
  return issuer === "ISSUING" ? authority.issuing : issuer;
}

function lifeOf({ authority, days }: ListOrder, ca: Issuer): number {
  const isRoot = issuerId(ca) === issuerId(authority.root);
  const { rootListDays, issuingListDays, maxRootListDays, maxIssuingListDays } = authorityLimits;
  const life = days ?? (isRoot ? rootListDays : issuingListDays);
  const most = isRoot ? maxRootListDays : maxIssuingListDays;
  if (!(life * 24 >= authorityLimits.minListHours && life <= most)) {
    const least = authorityLimits.minListHours;
    throw new Fault(
      "USAGE_INVALID",
      `this list lives ${least} hour at least and ${most} days at most`,
    );
  }
  return life * authorityLimits.dayMs;
}

/**
 * What the list names. A certificate leaves it when it has been over for a month and a list has named it
 * since: RFC 5280 §3.3 asks that one made after its end still does.
 */
function findListed(ledger: Ledger, id: string, now: EpochMs): CrlOrder["revoked"] {
  const grace = authorityLimits.listedAfterEndDays * authorityLimits.dayMs;
  const last = ledger.list(id)?.at ?? 0;
  return ledger.revoked(id).filter(({ serial }) => {
    const until = ledger.certificate(serial)?.until ?? Number.POSITIVE_INFINITY;
    return !(until + grace < now && last > until);
  });
}

async function make(order: ListOrder): Promise<Crl> {
  const { journal, now } = order;
  const ca = findIssuer(order);
  const id = issuerId(ca);
  const life = lifeOf(order, ca);
  const key = keyOf(ca);
  const number = (journal.ledger.list(id)?.number ?? 0) + 1;
  const ordered: CrlOrder = {
    issuer: ca.certificate.subjectName,
    thisUpdate: wholeSeconds(now),
    nextUpdate: wholeSeconds(now + life),
    revoked: findListed(journal.ledger, id, now),
    extensions: [
      renderExtension.authorityKeyId(Buffer.from(id, "hex")),
      renderExtension.crlNumber(number),
    ],
  };
  const draft = await draftCrl(ordered, key.keyType);
  lintCrl({ draft, order: ordered, issuer: ca.certificate }, number);
  // two lists asked for at once would else bear one number
  if (journal.ledger.list(id)?.number === number) return await make(order);
  const { isTried } = journal;
  const crl = parseCrl(concludeDraft(draft, { key, isTried }));
  if (!isTried && !isSignedBy(crl, ca.certificate))
    throw new Fault("KEY_UNUSABLE", "the key signed what its public half does not verify");
  const digest = renderHex(sha256(crl.der));
  journal.append({ event: "listed", at: now, issuer: id, number, digest, until: crl.nextUpdate });
  return crl;
}

/**
 * Makes the next list of an issuer, of everything the journal says it revoked; also when nothing changed, for
 * a list that is over says nothing. A draft was read back before the CA's key was asked; the list is in the
 * journal before it is returned, and its number is above that of every list before. With a journal that only tries, what
 * is returned is the draft.
 *
 * @throws {Fault} USAGE_INVALID, KEY_UNUSABLE, KEY_TOKEN_AWAY, STORE_WRITE_FAILED
 */
export async function issueCrl(order: ListOrder): Promise<Crl> {
  const { journal, now } = order;
  const asked = utf8(
    `list of ${issuerId(findIssuer(order))} for ${order.days ?? "its usual"} days`,
  );
  return await recordingRefusal({ journal, now, act: "LIST", asked }, () => make(order));
}

/**
 * Makes the next list of every CA of an authority whose key is at hand and whose own time is not over: the
 * issuing CA, those before it, and the root where its key is.
 *
 * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY, STORE_WRITE_FAILED
 */
export async function issueLists(order: Omit<ListOrder, "issuer">): Promise<readonly Crl[]> {
  const { authority, now } = order;
  const lists: Crl[] = [];
  for (const issuer of [authority.root, ...issuersOf(authority)]) {
    if (issuer.key === undefined || issuer.certificate.notAfter < now) continue;
    const isRoot = issuer === authority.root;
    const { days: _days, ...usual } = order;
    lists.push(await issueCrl({ ...(isRoot ? usual : order), issuer }));
  }
  return lists;
}
