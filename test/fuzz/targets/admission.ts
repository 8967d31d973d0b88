import { type Bench, judge, makeKnown } from "../../../broker/admission/index.ts";
import { checkHeldReceipt } from "../../../broker/admission/held.ts";
import { checkSealed, checkSealedFeed } from "../../../broker/admission/sealed.ts";
import { mailboxOwners, type ToStore } from "../../../broker/nats/index.ts";
import { verifyReceipt } from "../../../gateways/exchange/verify/receipt.ts";
import {
  decodeMessage,
  decodePublication,
  encodeMessage,
  encodePublication,
  encodeReceipt,
  encodeSignedReceipt,
  intakePrefix,
  outReceiptSubject,
  parseFraming,
  parseIntakeSubject,
  parseReceipt,
  type Receipt,
} from "../../../schemas/index.ts";
import { type Bytes, sameBytes, utf8 } from "../../../schemas/ground/index.ts";
import { takeIn } from "../../kit/take-in.ts";
import { type FuzzGround, fuzzNow, type MadePublication } from "../ground.ts";
import { makeFullMessage } from "../full-message.ts";
import { idFor, keysOf, signPublication, takeApart } from "../insider.ts";
import { pack, unpack } from "../pack.ts";
import { Broken, certain, hold } from "../promises.ts";
import { type Target, textOf } from "../target.ts";

const hub = "ecowas/hub";

function makeBench({ view }: FuzzGround): Bench {
  return {
    register: view,
    now: fuzzNow,
    known: makeKnown(100),
    quota: { take: () => true },
    mailboxes: mailboxOwners(view, fuzzNow),
    instances: new Map([
      ["FEED_ECOWAS", "one"],
      ["DIRECT", "two"],
    ]),
  };
}

/** On its way from sender to hub nothing of a publication can be changed and be admitted. */
function carriedTarget(ground: FuzzGround): Target {
  const { publications } = ground;
  const bench = makeBench(ground);
  const placeOf = (input: Bytes): MadePublication["place"] => {
    const found = publications.find(({ place }) => Buffer.from(input).includes(place.target));
    return found?.place ?? parseIntakeSubject("in.ng.tcu.msg.ecowas.drugs.h1.alert.incident");
  };
  return {
    name: "broker/judge carried",
    shape: "proto",
    seeds: publications.map(({ bytes }) => bytes),
    run: (input) => {
      const verdict = judge({ bytes: input, place: placeOf(input) }, bench);
      if (verdict.kind === "refused" || verdict.kind === "later") throw verdict.fault;
      hold(verdict.kind === "admitted", "a message is known that never came");
      const isSame = publications.some(({ bytes }) => sameBytes(bytes, input));
      hold(isSame, "a changed publication is admitted");
    },
  };
}

/** Whatever the hub tells a sender, the sender's gateway can read. */
function checkReceipts({ view }: FuzzGround, stored: readonly ToStore[]): void {
  for (const { subject, payload } of stored) {
    const [kind, authority = "", name = ""] = subject.split(".");
    if (kind !== "receipt") continue;
    const { issuer } = certain("reading a receipt", () => parseReceipt(payload)).receipt;
    // a reader's receipt is passed on; the sender's gateway judges it
    if (issuer !== hub) continue;
    const place = { register: view, agency: `${authority}/${name}`, now: fuzzNow };
    certain("believing the hub's receipt", () => verifyReceipt(payload, place));
  }
}

/** Takes a message into the hub; whatever it is, it has one end, and its sender can read what he is told. */
async function checkIntake(ground: FuzzGround, subject: string, data: Bytes): Promise<void> {
  // the server lets no other subject in
  parseIntakeSubject(subject);
  const { signer } = ground.world.agency(hub);
  const taken = await takeIn({ subject, data }, makeBench(ground), signer).catch(
    (cause: unknown) => {
      throw new Broken("the intake fails", { cause });
    },
  );
  const { stored, ends } = taken;
  hold(ends === 1 && stored.length > 0, "a message of the intake has no end, or two");
  checkReceipts(ground, stored);
  const refused = stored.find((one) => one.subject.startsWith("quarantine."));
  hold(refused === undefined || sameBytes(refused.payload, data), "quarantine holds other bytes");
}

/** What an agency of the register may send if it wants to: any bytes, signed by its own key. */
async function insiderTarget(ground: FuzzGround): Promise<Target> {
  const seeds: Bytes[] = [];
  for (const made of ground.publications) {
    const { envelope, slip, body } = await takeApart(made, keysOf(ground, made.reader));
    const kind = made.place.kind === "direct" ? "" : `${made.place.kind}.`;
    const subject = `${intakePrefix(made.sender)}${kind}${made.place.target}`;
    seeds.push(pack(utf8(subject), envelope, slip, body, Buffer.of(1)));
  }
  return {
    name: "broker/intake signed by an agency",
    shape: "proto",
    seeds,
    run: async (input) => {
      const piece = unpack(input);
      const subject = textOf(piece(0));
      const isFiu = parseIntakeSubject(subject).origin === "ng/fiu";
      const [sender, reader] = isFiu ? ["ng/fiu", "gh/fiu"] : ["ng/tcu", "gh/tcu"];
      const unsigned = { envelope: piece(1), slip: piece(2), body: piece(3) };
      const fittedAs = idFor(input, piece(4));
      const parties = { sender: sender ?? "", reader: reader ?? "", fittedAs };
      await checkIntake(ground, subject, await signPublication(ground, unsigned, parties));
    },
  };
}

const heldSubject = outReceiptSubject("ng/tcu").replace(/^out\./, intakePrefix("gh/tcu"));

function makeHeldReceipt(): Bytes {
  // when a message was taken, and what it erased and whether it is stopped, is a hub's word; what was taken on, and of another hub, a relay's
  const {
    admission: _hubs,
    stop: _own,
    relayed: _relays,
    farErasures: _beyond,
    erasures: _erased,
    ...full
  } = makeFullMessage("Receipt") as unknown as Receipt;
  const lines = { accepted: [], refused: [], heads: [], held: full.held, opened: full.opened };
  const parties = { issuer: "gh/tcu", recipient: "ng/tcu", issuedAt: fuzzNow };
  return Buffer.from(encodeReceipt({ ...full, ...lines, ...parties }));
}

function receiptTargets(ground: FuzzGround): readonly Target[] {
  const { world, view } = ground;
  const { signer } = world.agency("gh/tcu");
  const receipt = makeHeldReceipt();
  const sign = (bytes: Bytes): Bytes => {
    const signature = signer.sign("atumpan-receipt", bytes);
    return Buffer.from(encodeSignedReceipt({ receipt: bytes, signature }));
  };
  const carried = sign(receipt);
  return [
    {
      name: "broker/checkHeldReceipt carried",
      shape: "proto",
      seeds: [carried],
      run: (input) => {
        checkHeldReceipt(input, parseIntakeSubject(heldSubject), { register: view, now: fuzzNow });
        hold(sameBytes(input, carried), "a changed receipt is taken");
      },
    },
    {
      name: "broker/intake receipt signed by a reader",
      shape: "proto",
      seeds: [pack(utf8(heldSubject), receipt)],
      run: async (input) => {
        const piece = unpack(input);
        await checkIntake(ground, textOf(piece(0)), sign(piece(1)));
      },
    },
  ];
}

/** What frames slip, envelope and body has one spelling. */
function framingTarget({ publications }: FuzzGround): Target {
  return {
    name: "schemas/parseFraming",
    shape: "proto",
    seeds: publications.map(({ bytes }) => bytes),
    run: (input) => {
      const { publication, message } = parseFraming(input);
      const whole = encodePublication({ ...publication, message: encodeMessage(message) });
      hold(sameBytes(whole, input), "one publication has two spellings");
    },
  };
}

/** Sealed bodies of direct messages, and of feeds. */
function sealedTargets({ publications }: FuzzGround): readonly Target[] {
  const sealedOf = (isDirect: boolean): readonly Bytes[] =>
    publications.flatMap(({ bytes, subject }) => {
      const body = decodeMessage(decodePublication(bytes).message).sealed;
      const isWanted = subject.startsWith("direct.") === isDirect;
      return body === undefined || !isWanted ? [] : [Buffer.from(body)];
    });
  return [
    { name: "broker/checkSealed", shape: "json", seeds: sealedOf(true), run: checkSealed },
    { name: "broker/checkSealedFeed", shape: "text", seeds: sealedOf(false), run: checkSealedFeed },
  ];
}

/** What the hub reads of what agencies send. */
export async function makeAdmissionTargets(ground: FuzzGround): Promise<readonly Target[]> {
  return [
    framingTarget(ground),
    carriedTarget(ground),
    await insiderTarget(ground),
    ...receiptTargets(ground),
    ...sealedTargets(ground),
  ];
}
