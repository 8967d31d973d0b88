import {
  bodyMessageName,
  bodyCodecs,
  decodeEnvelope,
  decodeMessage,
  decodeParts,
  encodeEnvelope,
  encodeInnerHeader,
  encodeMessage,
  type Envelope,
  makeOuterHeader,
  makeParts,
  type MessageType,
  messageTypes,
  parseBody,
  parseEnvelope,
  parseInnerHeader,
  partsRoot,
  renderJson,
  renderParts,
  typeOptions,
} from "../../../schemas/index.ts";
import {
  type CopyKind,
  type HeldMessage,
  makeCopy,
  partsShown,
  readCopy,
} from "../../../schemas/copies/index.ts";
import { exampleInstant, exampleOf } from "../../../schemas/examples/index.ts";
import { type Bytes, makeSeededChance, makeUuid, sha256 } from "../../../schemas/ground/index.ts";
import { pack, unpack } from "../pack.ts";
import { certain, hold, holdSame } from "../promises.ts";
import { holdShown } from "../shown.ts";
import type { Target } from "../target.ts";
import { findExample } from "../whole-messages.ts";

const chance = makeSeededChance("fuzz copies");
const dayMs = 86_400_000;

function makeEnvelope(type: MessageType, { handling, originator, crimes }: ReturnType<typeof exampleOf>): Envelope {
  const { scope = "FEED", form = "OPEN", urgency = "ROUTINE" } = typeOptions(type) ?? {};
  const isFeed = scope === "FEED";
  const header = {
    version: 1,
    id: makeUuid(exampleInstant, chance),
    scope,
    originator,
    ...(isFeed ? { type, typeVersion: 1 } : {}),
    recs: isFeed ? ["ecowas"] : [],
    crimes: isFeed ? crimes : [],
    mailboxes: isFeed ? [] : ["abcdefghijklmnopqrstuvwxyz"],
    handling,
    releaseLevel: "REGIONAL",
    urgency,
    status: "ACTUAL",
    action: "NEW",
    languages: [],
    createdAt: exampleInstant,
    expiresAt: exampleInstant + dayMs,
    form,
  };
  return { ...makeOuterHeader(header), bodyRoot: Buffer.alloc(32), bodyDigest: Buffer.alloc(32) };
} // prettier-ignore

/** A message as its reader holds it, of the example of its type. */
function makeHeld(type: MessageType): HeldMessage {
  const example = exampleOf(type);
  const { scope } = typeOptions(type) ?? {};
  const { inner: said, crimes } = example;
  const inner = parseInnerHeader(scope === "FEED" ? said : { ...said, type, typeVersion: 1, crimes });
  const body = bodyCodecs[type].encode(parseBody(type, example.body) as never);
  const parts = makeParts(encodeInnerHeader(inner), body, chance);
  const open = Buffer.from(renderParts(parts));
  const envelope = encodeEnvelope({
    ...makeEnvelope(type, example),
    bodyRoot: partsRoot(parts),
    bodyDigest: sha256(open),
  });
  return { message: encodeMessage({ envelope, signatures: ["a..b"], open }), parts: open };
} // prettier-ignore

interface MadeCopy {
  readonly kind: CopyKind;
  readonly bytes: Bytes;
}

/** One type of each family and scope: what a copy shows differs by its schema, how it is read does not. */
function chooseTypes(): readonly MessageType[] {
  const chosen = new Map<string, MessageType>();
  for (const type of messageTypes.filter((one) => findExample(one) !== undefined)) {
    chosen.set(`${type.split(".", 1)[0] ?? ""} ${typeOptions(type)?.scope ?? ""}`, type);
  }
  return [...chosen.values()];
}

function makeCopies(type: MessageType): readonly MadeCopy[] {
  const held = makeHeld(type);
  const isFeed = typeOptions(type)?.scope === "FEED";
  const kinds: readonly CopyKind[] = isFeed ? ["NOMINAL", "REGIONAL", "DEFENCE"] : ["COURT"];
  return kinds.map((kind) => ({ kind, bytes: Buffer.from(makeCopy(held, kind)) }));
}

/** Whatever a copy was read to say can be handed on and shown. */
function holdUsable(copy: ReturnType<typeof readCopy>, input: Bytes): void {
  const { type, body, inner, withheld } = copy;
  hold(parseEnvelope(copy.envelopeBytes).originator === copy.envelope.originator, "two originators");
  certain("writing JSON", () => renderJson(bodyMessageName(type), body));
  if (inner !== undefined) certain("writing JSON", () => renderJson("InnerHeader", inner));
  holdShown({ type, body, inner, withheld }, input);
} // prettier-ignore

/** Under the envelope that was signed a copy says what the signer said, or nothing. */
function signedTarget(copies: readonly MadeCopy[]): Target {
  // of the copies of one message the nominal one comes first and must be the one that is kept
  const nominal = new Map(
    copies.toReversed().map(({ bytes }) => {
      const { envelopeBytes, ...original } = readCopy(bytes);
      return [Buffer.from(envelopeBytes).toString("base64"), original];
    }),
  );
  return {
    name: "schemas/readCopy signed",
    shape: "proto",
    seeds: copies.map(({ bytes }) => bytes),
    run: (input) => {
      const copy = readCopy(input);
      const original = nominal.get(Buffer.from(copy.envelopeBytes).toString("base64"));
      if (original === undefined) return;
      hold(copy.type === original.type, "a copy of one message is read as another type");
      const shown = new Map(Object.entries(original.body));
      for (const [name, value] of Object.entries(copy.body)) {
        const isWithheld = value === undefined || (Array.isArray(value) && value.length === 0);
        const said = shown.get(name);
        if (isWithheld || said === undefined || (Array.isArray(said) && said.length === 0)) continue;
        holdSame(value, said, "a copy says something else under the root that was signed");
      }
      holdUsable(copy, input);
    },
  };
} // prettier-ignore

/** Places in a packed copy. */
const at = { envelope: 0, parts: 1 } as const;

/** A signer's own message: everything fits, and its content is what he made of it. */
function ownTarget(copies: readonly MadeCopy[]): Target {
  return {
    name: "schemas/readCopy own",
    shape: "proto",
    seeds: copies.map(({ bytes }) => {
      const { envelopeBytes } = readCopy(bytes);
      const { open = Buffer.alloc(0) } = decodeMessage(bytes);
      return pack(Buffer.from(envelopeBytes), Buffer.from(open));
    }),
    run: (input) => {
      const piece = unpack(input);
      const open = piece(at.parts);
      const { parts } = decodeParts(open);
      const signed = decodeEnvelope(piece(at.envelope));
      const envelope = encodeEnvelope({ ...signed, bodyRoot: partsRoot(parts) });
      const copy = readCopy(encodeMessage({ envelope, signatures: ["a..b"], open }));
      const numbers = parts.filter(({ value }) => value === undefined).map(({ number }) => number);
      holdSame(copy.withheld, numbers, "what is withheld is not what is missing");
      holdUsable(copy, input);
    },
  };
}

/** What a holder makes of any message that he can read: it shows no more than its kind may. */
function madeTarget(types: readonly MessageType[]): Target {
  return {
    name: "schemas/makeCopy",
    shape: "proto",
    seeds: types.map((type) => {
      const { message, parts } = makeHeld(type);
      return pack(Buffer.from(decodeMessage(message).envelope), Buffer.from(parts));
    }),
    run: (input) => {
      const piece = unpack(input);
      const open = piece(at.parts);
      const root = partsRoot(decodeParts(open).parts);
      const envelope = encodeEnvelope({ ...decodeEnvelope(piece(at.envelope)), bodyRoot: root });
      const message = encodeMessage({ envelope, signatures: ["a..b"], open });
      const { scope } = parseEnvelope(envelope);
      const kind = scope === "FEED" ? "REGIONAL" : "COURT";
      const copy = readCopy(makeCopy({ message, parts: open }, kind));
      const shown = partsShown(copy.type, { kind, scope });
      const numbers = decodeParts(open).parts.map(({ number }) => number);
      const hidden = numbers.filter((number) => !shown.has(number));
      hold(hidden.every((number) => copy.withheld.includes(number)), "a copy shows what it must withhold");
    },
  };
} // prettier-ignore

/** Readers of redacted copies. */
export function makeCopyTargets(): readonly Target[] {
  const types = chooseTypes();
  const copies = types.flatMap(makeCopies);
  return [signedTarget(copies), ownTarget(copies), madeTarget(types)];
}
