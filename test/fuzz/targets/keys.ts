import { findAdmission } from "../../../broker/admission/questions.ts";
import {
  contentEncryptions,
  deriveContentKey,
  openFeedBody,
  sealFeedBody,
} from "../../../gateways/crypto/index.ts";
import { padParts, unpadParts } from "../../../gateways/crypto/pad.ts";
import { findAdmittedAt } from "../../../gateways/exchange/admitted.ts";
import { makeTakePublications, type Office } from "../../../gateways/exchange/index.ts";
import { answerKeyRequests } from "../../../gateways/exchange/keys/answer.ts";
import {
  compose,
  makeSlip,
  parseSubmission,
  renderPublication,
} from "../../../gateways/release/index.ts";
import {
  type Admission,
  decodeAdmissionQuestion,
  decodeReceipt,
  encodeAdmissionQuestion,
  encodeReceipt,
  encodeSignedReceipt,
  parseAdmissionQuestion,
  type Receipt,
  renderInstant,
  storedSubject,
} from "../../../schemas/index.ts";
import {
  type Bytes,
  makeSeededChance,
  makeUuid,
  renderBase64url,
  renderUuid,
  sameBytes,
  utf8,
} from "../../../schemas/ground/index.ts";
import { believesAll } from "../../kit/believes-all.ts";
import { fixtureAudienceKey } from "../../kit/fixture-audience.ts";
import { alert, handedOf, makeOffice, send } from "../../kit/gateway-office.ts";
import { keptFromNobody } from "../../kit/kept-from-nobody.ts";
import { atExit } from "../at-exit.ts";
import { type FuzzGround, fuzzNow } from "../ground.ts";
import { makeFullMessage } from "../full-message.ts";
import { idFor, keysOf, signPublication, takeApart } from "../insider.ts";
import { pack, unpack } from "../pack.ts";
import { Broken, certain, hold, holdSame } from "../promises.ts";
import { type Target, textOf } from "../target.ts";

const hub = "ecowas/hub";
const chance = makeSeededChance("fuzz keys");

/** An office whose own log says when something failed that must not. */
function openDesk({ world, view }: FuzzGround, agency: string): { office: Office; errors: string[] } {
  const made = makeOffice(world, agency);
  atExit(() => made.close());
  const errors: string[] = [];
  const inside = ["a publication could not be judged", "a request for keys was not answered"];
  const error = (event: string): void => void (inside.includes(event) && errors.push(event));
  const log = { ...made.log, error };
  return { office: { ...made, register: () => view, log }, errors };
} // prettier-ignore

/** Who tells whom what about keys. */
interface Talk {
  readonly type: "key.share" | "key.request" | "key.message";
  readonly sender: string;
  readonly reader: string;
  readonly body: unknown;
}

function talksAbout(id: Bytes): readonly Talk[] {
  const there = { sender: "ng/tcu", reader: "gh/tcu" };
  const back = { sender: "gh/tcu", reader: "ng/tcu" };
  const key = renderBase64url(chance.bytes(32));
  const messageId = renderUuid(id);
  const share = { keyUse: "AUDIENCE", keyName: "ab".repeat(16), key, registerEpoch: 1 };
  const times = { usableFrom: renderInstant(fuzzNow), usableUntil: renderInstant(fuzzNow + 3_600_000) };
  return [
    { ...there, type: "key.share", body: { ...share, ...times } },
    { ...back, type: "key.request", body: { messageIds: [messageId], registerEpoch: 1 } },
    { ...there, type: "key.message", body: { messageKeys: [{ messageId, key }] } },
  ];
} // prettier-ignore

async function seedOf(ground: FuzzGround, { type, sender, reader, body }: Talk, at: number): Promise<Bytes> {
  const { view: register, world } = ground;
  const { signer } = world.agency(sender);
  const place = { register, agency: sender, now: fuzzNow, chance, believes: believesAll, keptByReference: keptFromNobody, audienceKey: fixtureAudienceKey };
  const submission = { type, crimes: ["drugs"], recipients: [reader], handling: "H2", inner: {}, body };
  const composed = await compose(parseSubmission(submission, place), signer, place);
  const [channel = ""] = composed.channels;
  const slip = makeSlip(composed, { channel, end: { series: 40 + at, sequence: 0, voided: [] } }, signer);
  const bytes = renderPublication(slip, composed.message);
  const subject = storedSubject(channel, sender, renderUuid(composed.envelope.id));
  const made = { sender, reader, bytes, subject, place: { kind: "direct", origin: sender, target: reader } } as const;
  const unsigned = await takeApart(made, keysOf(ground, reader));
  return pack(Buffer.of(at), utf8(subject), unsigned.envelope, unsigned.slip, unsigned.body, Buffer.of(1));
} // prettier-ignore

/** What an agency of the register can do to another with what it says of keys. */
async function talkTarget(ground: FuzzGround): Promise<Target> {
  const desks = new Map(["ng/tcu", "gh/tcu"].map((agency) => [agency, openDesk(ground, agency)]));
  const sender = desks.get("ng/tcu")?.office;
  const reader = desks.get("gh/tcu")?.office;
  if (sender === undefined || reader === undefined) throw new Error("no offices");
  await send(sender, alert, "a");
  const [stored] = sender.store.messages.list({ box: "out", limit: 1 });
  const id = stored?.id ?? new Uint8Array(16);
  const [waiting] = handedOf(sender, stored?.seq ?? 1);
  const duties = { refreshRegister: () => Promise.resolve(false), held: () => undefined };
  // its key was never shared, so that the reader waits for it
  if (waiting !== undefined) await makeTakePublications(reader, duties)([waiting]);
  const talks = talksAbout(id);
  const seeds = await Promise.all(talks.map((talk, at) => seedOf(ground, talk, at)));
  return {
    name: "gateways/take keys signed by an agency",
    shape: "proto",
    seeds,
    run: async (input) => {
      const piece = unpack(input);
      const talk = talks[(piece(0)[0] ?? 0) % talks.length];
      const desk = desks.get(talk?.reader ?? "");
      if (talk === undefined || desk === undefined) return;
      const { office, errors } = desk;
      const unsigned = { envelope: piece(2), slip: piece(3), body: piece(4) };
      const fittedAs = idFor(input, piece(5));
      const bytes = await signPublication(ground, unsigned, { ...talk, fittedAs });
      const named = textOf(piece(1));
      const subject = fittedAs === undefined ? named : named.replace(/[^.]*$/, renderUuid(fittedAs));
      await makeTakePublications(office, duties)([{ subject, bytes }]).catch((cause: unknown) => {
        throw new Broken("a batch is not kept", { cause });
      });
      await answerKeyRequests(office, () => undefined).catch((cause: unknown) => {
        throw new Broken("requests for keys stop the gateway", { cause });
      });
      hold(errors.length === 0, `the gateway logs: ${errors.splice(0).join(", ")}`);
    },
  };
} // prettier-ignore

function signReceipt({ world }: FuzzGround, receipt: Bytes): Bytes {
  const signature = world.agency(hub).signer.sign("atumpan-receipt", receipt);
  return Buffer.from(encodeSignedReceipt({ receipt, signature }));
}

/** What a hub can make a reader believe of when it took a message. */
async function admittedTarget(ground: FuzzGround): Promise<Target> {
  const { office } = openDesk(ground, "gh/tcu");
  const made = ground.publications.find(({ reader }) => reader === "gh/tcu");
  if (made === undefined) throw new Error("nothing is published to gh/tcu");
  const admissions = { ...office.store.admissions, admittedAt: () => undefined, add: () => undefined };
  const store = { ...office.store, admissions };
  const ask = (answer: (question: Bytes) => Bytes): Promise<number | undefined> =>
    findAdmittedAt({ ...office, store }, made, (question) => Promise.resolve(answer(question)));
  const lines = { accepted: [], refused: [], held: [], heads: [], opened: [] };
  const parties = { version: 1, issuer: hub, recipient: "gh/tcu", issuedAt: fuzzNow, registerEpoch: 2 };
  let admission: Admission | undefined;
  const receipt = (): Receipt => ({ ...parties, ...lines, ...(admission && { admission }) });
  await ask((question) => {
    admission = { ...decodeAdmissionQuestion(question), admittedAt: fuzzNow };
    return signReceipt(ground, Buffer.from(encodeReceipt(receipt())));
  });
  const known = admission;
  return {
    name: "gateways/findAdmittedAt signed by a hub",
    shape: "proto",
    codes: ["ADMISSION_AWAITED"],
    seeds: [Buffer.from(encodeReceipt(receipt())), Buffer.from(encodeReceipt({ ...parties, ...lines }))],
    run: async (input) => {
      const at = await ask(() => signReceipt(ground, input));
      if (at === undefined) return;
      const { admission: said, issuedAt } = decodeReceipt(input);
      hold(at <= issuedAt && said?.channel === known?.channel, "a hub's word on another message counts");
      hold(sameBytes(said?.envelopeDigest ?? utf8(""), known?.envelopeDigest ?? utf8("")), "a hub's word on another message counts");
    },
  };
} // prettier-ignore

function questionTarget(): Target {
  const full = decodeAdmissionQuestion(
    encodeAdmissionQuestion(makeFullMessage("AdmissionQuestion") as never),
  );
  return {
    name: "broker/parseAdmissionQuestion",
    shape: "proto",
    seeds: [Buffer.from(encodeAdmissionQuestion(full))],
    run: (input) => {
      const question = parseAdmissionQuestion(input);
      const place = { stream: "FEED_ECOWAS", instance: "one", streamSequence: 1, admittedAt: fuzzNow };
      const entry = { digest: full.envelopeDigest, places: new Map([[full.channel, place]]) };
      const find = { find: () => entry } as unknown as Parameters<typeof findAdmission>[0]["known"];
      const instances = new Map([["FEED_ECOWAS", "one"], ["DIRECT", "one"]]);
      const found = certain("finding when it was taken", () => findAdmission({ known: find, instances }, question));
      hold(found === undefined || sameBytes(question.envelopeDigest, full.envelopeDigest), "who does not hold a message learns of it");
    },
  };
} // prettier-ignore

const paddedSizes = [0, 1, 511, 512, 600, 5000];

const padTarget: Target = {
  name: "gateways/unpadParts",
  shape: "bytes",
  codes: [],
  seeds: paddedSizes.map((size) => Buffer.from(padParts(chance.bytes(size)))),
  material: paddedSizes.map((size) => Buffer.from(padParts(chance.bytes(size), "kind"))),
  run: (input) => {
    for (const padding of ["length", "kind"] as const) {
      const parts = unpadParts(input, padding);
      if (parts !== undefined)
        holdSame(padParts(parts, padding), input, "one body has two paddings");
    }
  },
};

/** Feed bodies of every encryption there is; nothing changed opens, and no encryption stands in for another. */
async function encryptionTarget(): Promise<Target> {
  const parts = utf8("the parts of a message");
  const message = { originator: "ng/tcu", id: makeUuid(fuzzNow, chance), type: "alert.incident" };
  const sealing = { ...message, parts, audienceKey: fixtureAudienceKey };
  const seeds = await Promise.all(contentEncryptions.map((enc) => sealFeedBody({ ...sealing, enc })));
  const key = deriveContentKey(fixtureAudienceKey.key, message);
  return {
    name: "gateways/openFeedBody of every encryption",
    shape: "text",
    codes: ["BODY_CANNOT_BE_OPENED"],
    seeds: seeds.map((one) => Buffer.from(one)),
    run: async (input) => {
      const opened = await openFeedBody({ ...message, sealed: input, encryptions: contentEncryptions }, key);
      hold(sameBytes(opened, parts), "a changed body opens");
    },
  };
} // prettier-ignore

/** Readers of what is told about keys, of padding, and of when the hub took a message. */
export async function makeKeyTargets(ground: FuzzGround): Promise<readonly Target[]> {
  return [
    await talkTarget(ground),
    await admittedTarget(ground),
    questionTarget(),
    padTarget,
    await encryptionTarget(),
  ];
}
