import type { CustodyParty, EvidenceCustodyEvent } from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";
import { findRepeated } from "./evidence.ts";

type CustodyRule = Rule<BodyContext<EvidenceCustodyEvent>>;

const moves = new Set(["HANDED_OVER", "RECEIVED", "RETURNED"]);

function missingOfParty(party: CustodyParty | undefined, side: string): readonly string[] {
  if (party === undefined) return [`/${side}`];
  const { signedAt, signatureKind, signature } = party;
  return [
    ...(signedAt === undefined ? [`/${side}/signedAt`] : []),
    ...(signatureKind === undefined ? [`/${side}/signatureKind`] : []),
    ...(signatureKind === "KEY" && signature === undefined ? [`/${side}/signature`] : []),
  ];
}

/** Whoever gives and whoever takes both sign the same sheet: no exhibit changes hands on one word. */
const bothSigned: CustodyRule = {
  code: "RULE_CUSTODY_SIGNATURE_MISSING",
  says: "a handover is signed by both sides: from and to with signedAt, signatureKind and a signature by key, and sheetDigest",
  find: ({ body }) =>
    moves.has(body.kind)
      ? [
          ...missingOfParty(body.from, "from"),
          ...missingOfParty(body.to, "to"),
          ...(body.sheetDigest === undefined ? ["/sheetDigest"] : []),
        ]
      : [],
};

/** Every event but the first names the one before, so that a gap shows. */
const chainIsWhole: CustodyRule = {
  code: "RULE_CUSTODY_CHAIN_BROKEN",
  says: "previousId is missing; name the custody event before this one",
  find: ({ body }) =>
    body.kind !== "COLLECTED" && body.previousId === undefined ? ["/previousId"] : [],
};

/** Evidence is destroyed on an order, never on somebody's own decision. */
const destructionIsOrdered: CustodyRule = {
  code: "RULE_CUSTODY_ORDER_MISSING",
  says: "order is missing; name the order to destroy",
  find: ({ body }) => (body.kind === "DESTROYED" && body.order === undefined ? ["/order"] : []),
};

/** A copy made in custody has its digest, like one that is sent. */
const copiedHasDigest: CustodyRule = {
  code: "RULE_EXHIBIT_DIGEST_MISSING",
  says: "digest is missing; give the SHA-256 of the copied data",
  find: ({ body }) =>
    body.kind === "COPIED"
      ? body.items.flatMap(({ digest }, at) =>
          digest === undefined ? [`/items/${at}/digest`] : [],
        )
      : [],
};

/** A broken seal or a lost exhibit is explained, or the defence will explain it. */
const lossIsExplained: CustodyRule = {
  code: "RULE_CUSTODY_UNEXPLAINED",
  says: "remarks is missing; say how the seal was broken or the exhibit was lost",
  find: ({ body }) =>
    (body.sealsIntact === false || body.kind === "LOST") && body.remarks === undefined
      ? ["/remarks"]
      : [],
};

/** One number is one exhibit, in an event as in a transfer. */
const itemStandsOnce: CustodyRule = {
  code: "RULE_EXHIBIT_TWICE",
  says: "the exhibit number stands in this message already; correct it or leave the second out",
  find: ({ body }) => findRepeated(body.items, "items"),
};

/** Every rule over a custody event. */
export const custodyRules: readonly CustodyRule[] = [
  bothSigned,
  chainIsWhole,
  destructionIsOrdered,
  copiedHasDigest,
  lossIsExplained,
  itemStandsOnce,
];
