import { examine } from "../../../schemas/check/index.ts";
import { splitFields } from "../../../schemas/codec/index.ts";
import * as gen from "../../../schemas/gen/index.ts";
import {
  channelsOf,
  checkFresh,
  decodeParts,
  encodeEnvelope,
  encodeInnerHeader,
  encodeParts,
  encodeReceipt,
  encodeRegisterOffer,
  encodeRegisterOffered,
  encodeRelay,
  encodeSignedReceipt,
  encodeSlip,
  type Envelope,
  type InnerHeader,
  joinParts,
  limits,
  makeParts,
  parseEnvelope,
  parseParts,
  parseReceipt,
  parseRegisterOffer,
  parseRegisterOffered,
  parseRelayClaim,
  parseSlip,
  type Part,
  partsRoot,
  type Receipt,
  type RegisterOffer,
  type RegisterOffered,
  type Relay,
  redactParts,
  renderParts,
  type Slip,
} from "../../../schemas/index.ts";
import {
  type Bytes,
  concatBytes,
  makeSeededChance,
  sameBytes,
} from "../../../schemas/ground/index.ts";
import type { Checker } from "../../../schemas/check/index.ts";
import { codecOf, makeFullMessage } from "../full-message.ts";
import { certain, hold, holdSame } from "../promises.ts";
import type { Target } from "../target.ts";

const names = Object.keys(gen.descriptors);

function checkerOf(name: string): Checker<unknown> {
  const found: unknown = Object.entries(gen).find(([key]) => key === `check${name}`)?.[1];
  return found as Checker<unknown>;
}

/** Every generated decoder and its validator. What was decoded comes back from its own encoding. */
function decoderTarget(name: string): Target {
  const { encode, decode } = codecOf(name);
  const checker = checkerOf(name);
  return {
    name: `schemas/decode${name}`,
    shape: "proto",
    seeds: [encode(makeFullMessage(name))],
    run: (input) => {
      const value = decode(input);
      certain("the validator", () => examine(checker, value));
      const again = certain("encoding what was decoded", () => decode(encode(value)));
      holdSame(again, value, "what was decoded does not come back from its encoding");
    },
  };
}

function full<T>(name: string, change: object): T {
  return { ...makeFullMessage(name), ...change } as T;
}

const feed = encodeEnvelope(
  full<Envelope>("Envelope", { scope: "FEED", form: "OPEN", mailboxes: [], recs: ["ecowas", "eccas"], crimes: ["drugs", "ml"],
    createdAt: 1_780_272_000_000, validFrom: 1_780_272_000_000, expiresAt: 1_780_300_000_000 }),
); // prettier-ignore
const direct = encodeEnvelope(
  full<Envelope>("Envelope", { scope: "DIRECT", form: "SEALED", type: undefined, typeVersion: undefined, recs: [], crimes: [],
    mailboxes: ["a".repeat(26), "b".repeat(26)], createdAt: 1_780_272_000_000, expiresAt: 1_780_272_000_000 + limits.maxLifetimeMs, validFrom: undefined,
    urgency: "NORMAL", action: undefined, languages: [], threadId: undefined, inReplyTo: undefined, supersedes: undefined }),
); // prettier-ignore

const envelopeTarget: Target = {
  name: "schemas/parseEnvelope",
  shape: "proto",
  seeds: [feed, direct],
  run: (input) => {
    const envelope = parseEnvelope(input);
    holdSame(
      parseEnvelope(encodeEnvelope(envelope)),
      envelope,
      "an envelope changes when rewritten",
    );
    checkFresh(envelope, 1_780_272_000_000);
    return channelsOf(envelope);
  },
};

const slipTarget: Target = {
  name: "schemas/parseSlip",
  shape: "proto",
  seeds: [
    encodeSlip(full<Slip>("Slip", { sequence: 300, voided: [1, 2, 299] })),
    encodeSlip(full<Slip>("Slip", { sequence: 1, previous: undefined, voided: [] })),
  ],
  run: (input) => {
    const slip = parseSlip(input);
    holdSame(parseSlip(encodeSlip(slip)), slip, "a slip changes when rewritten");
  },
};

const relayTarget: Target = {
  name: "schemas/parseRelayClaim",
  shape: "proto",
  codes: ["RELAY_INVALID"],
  seeds: [encodeRelay(full<Relay>("Relay", {}))],
  run: (input) => {
    const claim = parseRelayClaim({ relay: input, relaySignature: "e30..AAAA" });
    hold(claim !== undefined && sameBytes(claim.bytes, input), "what was signed is not what is told");
  },
}; // prettier-ignore

const registerOfferTarget: Target = {
  name: "schemas/parseRegisterOffer",
  shape: "proto",
  seeds: [encodeRegisterOffer(full<RegisterOffer>("RegisterOffer", { offset: 0 }))],
  run: (input) => {
    const offer = parseRegisterOffer(input);
    holdSame(parseRegisterOffer(encodeRegisterOffer(offer)), offer, "an offer changes when rewritten");
    hold(offer.piece.length <= limits.registerPieceBytes, "a piece is larger than any");
  },
}; // prettier-ignore

const registerOfferedTarget: Target = {
  name: "schemas/parseRegisterOffered",
  shape: "proto",
  seeds: [{}, { next: undefined, code: undefined }].map((change) => encodeRegisterOffered(full<RegisterOffered>("RegisterOffered", change))),
  run: (input) => {
    const offered = parseRegisterOffered(input);
    holdSame(parseRegisterOffered(encodeRegisterOffered(offered)), offered, "an answer changes when rewritten");
  },
}; // prettier-ignore

function sealedReceipt(change: object): Bytes {
  const receipt = encodeReceipt(full<Receipt>("Receipt", change));
  return encodeSignedReceipt({ receipt, signature: "e30..AAAA" });
}

const receiptTarget: Target = {
  name: "schemas/parseReceipt",
  shape: "proto",
  codes: ["RECEIPT_INVALID"],
  seeds: [sealedReceipt({}), sealedReceipt({ accepted: [], refused: [], heads: [], opened: [] })],
  run: (input) => {
    const { receipt } = parseReceipt(input);
    const again = parseReceipt(sealedReceipt(receipt));
    holdSame(again.receipt, receipt, "a receipt changes when rewritten");
  },
};

function madeParts(): readonly Part[] {
  const body = codecOf("AlertIncident").encode(makeFullMessage("AlertIncident"));
  const inner = encodeInnerHeader(full<InnerHeader>("InnerHeader", {}));
  return makeParts(inner, body, makeSeededChance("fuzz parts"));
}

/** Under the root that was signed, every part shown is the one that was signed. */
function signedPartsTarget(): Target {
  const parts = madeParts();
  const root = partsRoot(parts);
  return {
    name: "schemas/parseParts signed",
    shape: "proto",
    seeds: [renderParts(parts), renderParts(redactParts(parts, new Set([0, 2, 9])))],
    run: (input) => {
      const found = parseParts(input, root);
      hold(found.length === parts.length, "a part is missing and the root still fits");
      for (const [i, { number, value }] of found.entries()) {
        const made = parts[i];
        const isSame = number === made?.number || value === undefined;
        hold(isSame, "a part has another number and the root still fits");
        holdSame(
          value ?? made?.value,
          made?.value,
          "a part says something else and the root still fits",
        );
      }
    },
  };
}

/** Parts under a root of their own: what a sender may make of them. */
function ownPartsTarget(): Target {
  return {
    name: "schemas/parseParts own",
    shape: "proto",
    seeds: [renderParts(madeParts())],
    run: (input) => {
      const { parts } = decodeParts(input);
      const found = parseParts(input, partsRoot(parts));
      const { body } = certain("joining parts", () => joinParts(found));
      const redacted = certain("redacting", () => redactParts(found, new Set([1])));
      const root = partsRoot(found);
      hold(sameBytes(partsRoot(redacted), root), "redacting changes the root");
      parseParts(encodeParts({ parts: redacted }), root);
      splitFields(body);
    },
  };
}

const fieldsTarget: Target = {
  name: "schemas/splitFields",
  shape: "proto",
  seeds: ["AlertIncident", "FiuReply", "MaritimeIncident"].map((name) =>
    codecOf(name).encode(makeFullMessage(name)),
  ),
  run: (input) => {
    const joined = concatBytes(...splitFields(input).map(({ bytes }) => bytes));
    hold(sameBytes(joined, input), "fields do not join to the message they were cut from");
  },
};

/** Readers of Protocol Buffers. */
export const messageTargets: readonly Target[] = [
  ...names.map(decoderTarget),
  envelopeTarget,
  slipTarget,
  relayTarget,
  registerOfferTarget,
  registerOfferedTarget,
  receiptTarget,
  signedPartsTarget(),
  ownPartsTarget(),
  fieldsTarget,
];
