import { CompactEncrypt, GeneralEncrypt } from "jose";
import { z } from "zod";

import {
  deriveContentKey,
  makeAudienceKey,
  makeOpeningKey,
  openBody,
  openFeedBody,
  recipientKey,
  sealBody,
  sealFeedBody,
  sealRecipients,
} from "../../gateways/crypto/index.ts";
import {
  type Bytes,
  makeUuid,
  renderUuid,
  systemChance,
  utf8,
} from "../../schemas/ground/index.ts";
import { believesAll } from "../kit/believes-all.ts";
import type { GatewayWorld } from "../kit/gateway-world.ts";

/** One way in which a sealed body cannot be opened. */
export interface FailureClass {
  readonly name: string;
  /** A body that fails in this way, changed at another place each time. */
  make(): Promise<Bytes>;
}

/** A form of sealed body: how it is opened, and the ways in which that can fail. */
export interface SealedForm {
  readonly name: string;
  open(sealed: Bytes): Promise<Bytes>;
  /** A body that opens. */
  good(): Promise<Bytes>;
  readonly failures: readonly FailureClass[];
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const bodyBytes = 1200;
const madeAt = 1_780_272_000_000;
/** The message that bodies are sealed for, or seem to be. */
export const message = { originator: "ng/fiu", id: makeUuid(madeAt, systemChance) } as const;
const other = { ...message, id: makeUuid(madeAt, systemChance) };
const type = "alert.incident";

function below(count: number): number {
  return Buffer.from(systemChance.bytes(4)).readUInt32BE() % count;
}

/** Another letter at some place but the last, whose bits do not all count. */
function flip(text: string): string {
  const at = below(text.length - 1);
  const letter = alphabet[(alphabet.indexOf(text.charAt(at)) + 1 + below(63)) % 64] ?? "A";
  return text.slice(0, at) + letter + text.slice(at + 1);
}

/** The same JSON with a space in it: what it says is the same, what was sealed is not. */
function respell(encoded: string): string {
  const json = Buffer.from(encoded, "base64url").toString("utf8");
  return Buffer.from(json.replace("{", "{ ")).toString("base64url");
}

function cut(sealed: Bytes): Bytes {
  return sealed.subarray(0, 1 + below(sealed.length - 1));
}

/** Bodies made ahead: a sealed one costs more than all that is done to it afterwards. */
const poolSize = 32;

/** Makes the first few, and gives these again and again. */
function pooled(make: () => Promise<Bytes>): () => Promise<Bytes> {
  const pool: Bytes[] = [];
  let given = 0;
  return async () => {
    if (pool.length < poolSize) pool.push(await make());
    given += 1;
    return pool[given % pool.length] ?? (await make());
  };
}

function makeParts(): Bytes {
  return systemChance.bytes(bodyBytes);
}

const jweShape = z.looseObject({
  protected: z.string(),
  iv: z.string(),
  ciphertext: z.string(),
  tag: z.string(),
  recipients: z.array(
    z.looseObject({
      encrypted_key: z.string(),
      header: z.looseObject({
        alg: z.string(),
        kid: z.string(),
        epk: z.looseObject({ x: z.string() }),
      }),
    }),
  ),
});
type Jwe = z.infer<typeof jweShape>;
type JweRecipient = Jwe["recipients"][number];

function parseJwe(sealed: Bytes): Jwe {
  return jweShape.parse(JSON.parse(Buffer.from(sealed).toString("utf8")));
}

function renderJwe(jwe: unknown): Bytes {
  return utf8(JSON.stringify(jwe));
}

/** What changes one letter, or one thing, of a body that was good. */
const jweChanges: Readonly<Record<string, (jwe: Jwe) => unknown>> = {
  "a member too many": (jwe) => ({ ...jwe, aad: "AAAA" }),
  "protected header respelt": (jwe) => ({ ...jwe, protected: respell(jwe.protected) }),
  "iv changed": (jwe) => ({ ...jwe, iv: flip(jwe.iv) }),
  "tag changed": (jwe) => ({ ...jwe, tag: flip(jwe.tag) }),
  "ciphertext changed": (jwe) => ({ ...jwe, ciphertext: flip(jwe.ciphertext) }),
};

/** What changes each recipient's own part. */
const recipientChanges: Readonly<
  Record<string, (one: JweRecipient, beside: JweRecipient) => unknown>
> = {
  "to none of our keys": (one) => ({
    ...one,
    header: { ...one.header, kid: flip(one.header.kid) },
  }),
  "to another key under our key's name": (one, beside) => ({
    ...beside,
    header: { ...beside.header, kid: one.header.kid },
  }),
  "encrypted key changed": (one) => ({ ...one, encrypted_key: flip(one.encrypted_key) }),
  "ephemeral key of another": (one, beside) => ({
    ...one,
    header: { ...one.header, epk: beside.header.epk },
  }),
  "ephemeral key off the curve": (one) => ({
    ...one,
    header: { ...one.header, epk: { ...one.header.epk, x: flip(one.header.epk.x) } },
  }),
};

function withRecipients(
  jwe: Jwe,
  change: (one: JweRecipient, beside: JweRecipient) => unknown,
): unknown {
  const { recipients } = jwe;
  return {
    ...jwe,
    recipients: recipients.map((one, at) => change(one, recipients[1 - at] ?? one)),
  };
}

function changedJwe(good: () => Promise<Bytes>): readonly FailureClass[] {
  const whole = Object.entries(jweChanges).map(([name, change]) => ({
    name,
    make: async () => renderJwe(change(parseJwe(await good()))),
  }));
  const each = Object.entries(recipientChanges).map(([name, change]) => ({
    name,
    make: async () => renderJwe(withRecipients(parseJwe(await good()), change)),
  }));
  return [...whole, ...each];
}

function brokenText(good: () => Promise<Bytes>): readonly FailureClass[] {
  return [
    { name: "no text at all", make: async () => systemChance.bytes((await good()).length) },
    { name: "cut short", make: async () => cut(await good()) },
  ];
}

/** Bodies sealed to named recipients, of which one is the reader. */
export function makeNamedForm(world: GatewayWorld): SealedForm {
  const place = { register: world.view, now: world.now, believes: believesAll };
  const recipients = sealRecipients(place, ["gh/fiu", "ng/fiu"]);
  const { certificate, key } = world.agency("gh/fiu").sealing;
  const keys = [makeOpeningKey(certificate, key)];
  const seal = (of: typeof message): Promise<Bytes> =>
    sealBody({ ...of, parts: makeParts(), recipients });
  const good = pooled(() => seal(message));
  const unpadded = pooled(async () => {
    const aid = renderUuid(message.id);
    const header = { enc: "A256GCM", afr: message.originator, aid, aty: "direct" };
    const jwe = new GeneralEncrypt(systemChance.bytes(bodyBytes + 17)).setProtectedHeader(header);
    for (const recipient of recipients) {
      const kid = Buffer.from(recipient.certificate.thumbprint).toString("base64url");
      jwe
        .addRecipient(recipientKey(recipient))
        .setUnprotectedHeader({ alg: "ECDH-ES+A256KW", kid });
    }
    return renderJwe(await jwe.encrypt());
  });
  return {
    name: "named recipients",
    open: (sealed) => openBody({ ...message, sealed, keys }),
    good,
    failures: [
      ...brokenText(good),
      { name: "for another message", make: pooled(() => seal(other)) },
      ...changedJwe(good),
      { name: "padding not ours", make: unpadded },
    ],
  };
}

const compactPieces = [
  "protected header respelt",
  "",
  "iv changed",
  "ciphertext changed",
  "tag changed",
];

function changedCompact(good: () => Promise<Bytes>): readonly FailureClass[] {
  return compactPieces.flatMap((name, at) => {
    if (name === "") return [];
    const make = async (): Promise<Bytes> => {
      const pieces = Buffer.from(await good())
        .toString("ascii")
        .split(".");
      const piece = pieces[at] ?? "";
      pieces[at] = at === 0 ? respell(piece) : flip(piece);
      return utf8(pieces.join("."));
    };
    return [{ name, make }];
  });
}

/** Bodies sealed with an audience's key. */
export function makeFeedForm(): SealedForm {
  const audienceKey = makeAudienceKey(systemChance);
  const stranger = { ...audienceKey, key: systemChance.bytes(32) };
  const feed = { ...message, type };
  const contentKey = deriveContentKey(audienceKey.key, feed);
  const seal = (of: typeof feed, by = audienceKey): Promise<Bytes> =>
    sealFeedBody({ ...of, parts: makeParts(), audienceKey: by });
  const good = pooled(() => seal(feed));
  const unpadded = pooled(async () => {
    const aid = renderUuid(message.id);
    const header = { alg: "dir", enc: "A256GCM", afr: message.originator, aid, aty: type } as const;
    const jwe = new CompactEncrypt(systemChance.bytes(bodyBytes + 17));
    return utf8(
      await jwe.setProtectedHeader({ ...header, kid: audienceKey.name }).encrypt(contentKey),
    );
  });
  return {
    name: "feed",
    open: (sealed) => openFeedBody({ ...feed, sealed }, contentKey),
    good,
    failures: [
      ...brokenText(good),
      { name: "for another message", make: pooled(() => seal({ ...other, type })) },
      { name: "with another key of this name", make: pooled(() => seal(feed, stranger)) },
      ...changedCompact(good),
      { name: "padding not ours", make: unpadded },
    ],
  };
}
