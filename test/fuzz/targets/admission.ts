import { type Bench, judge, makeKnown } from "../../../broker/admission/index.ts";
import { checkHeldReceipt } from "../../../broker/admission/held.ts";
import { checkSealed } from "../../../broker/admission/sealed.ts";
import { makeIntake } from "../../../broker/admission/intake.ts";
import { startReceipts } from "../../../broker/admission/receipts.ts";
import { makeStore } from "../../../broker/admission/store.ts";
import {
  type JetStream,
  mailboxOwners,
  makeStoredCells,
  type Msg,
  type Publisher,
  type ToStore,
} from "../../../broker/nats/index.ts";
import { verifyReceipt } from "../../../gateways/exchange/verify/receipt.ts";
import { makeOpeningKey } from "../../../gateways/crypto/index.ts";
import {
  decodeMessage,
  decodePublication,
  encodeReceipt,
  encodeSignedReceipt,
  intakePrefix,
  outReceiptSubject,
  parseIntakeSubject,
  parseReceipt,
} from "../../../schemas/index.ts";
import { type Bytes, type Log, sameBytes, silentLog, utf8 } from "../../../schemas/ground/index.ts";
import { makeStillClock } from "../../kit/memory-exchange.ts";
import { type FuzzGround, fuzzNow, type MadePublication } from "../ground.ts";
import { makeFullMessage } from "../full-message.ts";
import { signPublication, takeApart } from "../insider.ts";
import { pack, unpack } from "../pack.ts";
import { Broken, certain, hold } from "../promises.ts";
import { type Target, textOf } from "../target.ts";

const hub = "ecowas/hub";
const instances = new Map([
  ["FEED_ECOWAS", "one"],
  ["DIRECT", "two"],
]);

function makeBench({ view }: FuzzGround): Bench {
  return {
    register: view,
    now: fuzzNow,
    known: makeKnown(100),
    quota: { take: () => true },
    mailboxes: mailboxOwners(view, fuzzNow),
    instances,
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

/** A publisher whose stream takes everything at once. */
function makePublisher(stored: ToStore[]): Publisher {
  return {
    send: (item, done) => {
      stored.push(item);
      const stream = item.subject.startsWith("direct.") ? "DIRECT" : "FEED_ECOWAS";
      done({ kind: "stored", stream, sequence: stored.length });
    },
    reset: () => undefined,
    stop: () => undefined,
    underWay: 0,
  };
}

/** Tells nothing; an error of the hub's own in its log is a finding. */
function strictLog(): Log {
  const complain = (event: string, fields: object = {}): void => {
    throw new Broken(`the hub logs an error: ${event} ${JSON.stringify(fields)}`);
  };
  return { ...silentLog, error: complain, with: strictLog };
}

/** Takes one message into the hub and gives all that it stored. */
async function takeIn(ground: FuzzGround, subject: string, data: Bytes): Promise<readonly ToStore[]> {
  const stored: ToStore[] = [];
  const publisher = makePublisher(stored);
  const bench = makeBench(ground);
  const clock = makeStillClock(fuzzNow);
  const log = strictLog();
  const { signer } = ground.world.agency(hub);
  const receipts = startReceipts({ signer, publisher, clock, log, epoch: () => 2 });
  const jetStream = { lastOn: () => Promise.resolve(undefined) } as unknown as JetStream;
  const { known } = bench;
  const onPlace = (): void => undefined;
  const store = makeStore({ publisher, jetStream, known, cells: makeStoredCells(), instances, onPlace });
  let done = 0;
  const onDone = (): void => void (done += 1);
  const intake = makeIntake({ log, publisher, receipts, store, bench: () => bench, onDone });
  const message = { subject, data, respond: () => true } as unknown as Msg;
  certain("the intake", () => intake.handle(message));
  await new Promise<void>((resolve) => void setImmediate(resolve));
  receipts.stop();
  hold(done === 1, "a message of the intake has no end, or two");
  return stored;
} // prettier-ignore

/** Whatever the hub tells a sender, the sender's gateway can read. */
function checkReceipts(ground: FuzzGround, stored: readonly ToStore[]): void {
  for (const { subject, payload } of stored) {
    const [kind, authority = "", name = ""] = subject.split(".");
    if (kind !== "receipt") continue;
    const { issuer } = certain("reading a receipt", () => parseReceipt(payload)).receipt;
    // a reader's receipt is passed on; the sender's gateway judges it
    if (issuer !== hub) continue;
    const place = { register: ground.view, agency: `${authority}/${name}`, now: fuzzNow };
    certain("believing the hub's receipt", () => verifyReceipt(payload, place));
  }
}

function stampOf({ sender, bytes, place }: MadePublication): string {
  const slip = decodePublication(bytes);
  hold(slip.message.length > 0, "a made publication holds a message");
  const kind = place.kind === "direct" ? "" : `${place.kind}.`;
  return `${intakePrefix(sender)}${kind}${place.target}`;
}

/** What an agency of the register may send if it wants to: any bytes, signed by its own key. */
async function insiderTarget(ground: FuzzGround): Promise<Target> {
  const seeds: Bytes[] = [];
  for (const made of ground.publications) {
    const { sealing } = ground.world.agency(made.reader);
    const keys = [makeOpeningKey(sealing.certificate, sealing.key)];
    const { envelope, slip, body } = await takeApart(made, keys);
    seeds.push(pack(utf8(stampOf(made)), envelope, slip, body, Buffer.of(1)));
  }
  return {
    name: "broker/intake signed by an agency",
    shape: "proto",
    seeds,
    run: async (input) => {
      const piece = unpack(input);
      const subject = textOf(piece(0));
      // the server lets no other subject in
      const { origin } = parseIntakeSubject(subject);
      const sender = origin === "ng/fiu" ? "ng/fiu" : "ng/tcu";
      const reader = sender === "ng/fiu" ? "gh/fiu" : "gh/tcu";
      const unsigned = { envelope: piece(1), slip: piece(2), body: piece(3) };
      const isFitted = (piece(4)[0] ?? 1) % 4 !== 0;
      const bytes = await signPublication(ground, unsigned, { sender, reader, isFitted });
      const stored = await takeIn(ground, subject, bytes);
      checkReceipts(ground, stored);
      const refused = stored.find((one) => one.subject.startsWith("quarantine."));
      hold(stored.length > 0, "nothing came of a message");
      if (refused !== undefined) hold(sameBytes(refused.payload, bytes), "quarantine holds other bytes");
    },
  };
} // prettier-ignore

function heldReceipt({ world, publications }: FuzzGround): Bytes {
  const [made] = publications;
  const { slip } = decodePublication(made?.bytes ?? Buffer.alloc(0));
  hold(decodeMessage(decodePublication(made?.bytes ?? Buffer.alloc(0)).message).signatures.length === 1, "one signature"); // prettier-ignore
  const full = makeFullMessage("Receipt") as unknown as Parameters<typeof encodeReceipt>[0];
  const lines = { accepted: [], refused: [], heads: [], held: full.held };
  const whole = { ...full, ...lines, issuer: "gh/tcu", recipient: "ng/tcu", issuedAt: fuzzNow };
  hold(slip.length > 0 && world.now === fuzzNow, "the ground stands");
  return Buffer.from(encodeReceipt(whole));
}

const heldSubject = outReceiptSubject("ng/tcu").replace(/^out\./, intakePrefix("gh/tcu"));

function receiptTargets(ground: FuzzGround): readonly Target[] {
  const { world, view } = ground;
  const { signer } = world.agency("gh/tcu");
  const receipt = heldReceipt(ground);
  const sign = (bytes: Bytes): Bytes =>
    Buffer.from(
      encodeSignedReceipt({ receipt: bytes, signature: signer.sign("atumpan-receipt", bytes) }),
    );
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
        const subject = textOf(piece(0));
        parseIntakeSubject(subject);
        checkReceipts(ground, await takeIn(ground, subject, sign(piece(1))));
      },
    },
  ];
}

function sealedTarget({ publications }: FuzzGround): Target {
  const sealed = publications.flatMap(({ bytes }) => {
    const body = decodeMessage(decodePublication(bytes).message).sealed;
    return body === undefined ? [] : [Buffer.from(body)];
  });
  return { name: "broker/checkSealed", shape: "json", seeds: sealed, run: checkSealed };
}

/** What the hub reads of what agencies send. */
export async function makeAdmissionTargets(ground: FuzzGround): Promise<readonly Target[]> {
  return [
    carriedTarget(ground),
    await insiderTarget(ground),
    ...receiptTargets(ground),
    sealedTarget(ground),
  ];
}
