import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { decodeMessage, makeLogSalt } from "../../schemas/index.ts";
import { makeSeededChance, parseUuid } from "../../schemas/ground/index.ts";
import { eraseMessage } from "../recall/erase.ts";
import { heldLines, makeTakePublications, makeTakeReceipts, signHeld } from "../exchange/index.ts";
import { submit } from "../exchange/submit.ts";
import {
  bulletin,
  handedOf,
  type MadeOffice,
  makeOffice,
  signReceipt,
} from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import {
  honestSigner,
  leafOf,
  makeShownLog,
  placedMessage,
  type ShownLog,
} from "../../test/kit/log-hub.ts";
import { type Proofs, startProofs } from "./index.ts"; // prettier-ignore

const hub = "ecowas/hub";
const now = 1_780_272_000_000;

/** One agency, and the log that the hub shows to it. */
interface Side {
  readonly office: MadeOffice;
  readonly proofs: Proofs;
  readonly shown: ShownLog;
}

let world: GatewayWorld;
let ng: Side;
let gh: Side;

function open(agency: string, shown: ShownLog): Side {
  const office = makeOffice(world, agency);
  const { store, clock, log } = office;
  const register = { hubs: [{ hub }], logKeys: () => [honestSigner.verifierKey] };
  const proofs = startProofs({
    agency: "ng/tcu",
    store, clock, log, register: () => register, chance: makeSeededChance(agency), changed: () => undefined,
    hub: () => hub, ask: (subject, question) => shown.ask(subject, question), mayAsk: () => true, instanceOf: () => "i1",
  });
  return { office: Object.assign(office, { proofs }), proofs, shown };
} // prettier-ignore

const first = (n: number): ShownLog => makeShownLog([leafOf(placedMessage(n))]);

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
});
/** Under one key the hub keeps one log for Lagos and another for Accra. */
beforeEach(() => {
  [ng, gh] = [open("ng/tcu", first(901)), open("gh/tcu", first(902))];
});
afterEach(async () => {
  for (const { office, proofs } of [ng, gh]) {
    await proofs.settled();
    office.close();
  }
});

const duties = {
  wake: () => undefined,
  sawEpoch: () => undefined,
  postpone: () => undefined,
  refreshRegister: () => Promise.resolve(false),
};

async function tend({ proofs, office }: Side): Promise<void> {
  for (let i = 0; i < 3; i += 1) {
    office.clock.move(1_000);
    await proofs.settled();
    proofs.tick(true);
    await proofs.settled();
  }
}

let sequence = 0;

/** The hub takes a message, enters it in each log it keeps, and hands it over; the reader's receipt travels back. */
async function carry(sender: Side, reader: Side): Promise<string> {
  sequence += 1;
  const { office } = sender;
  const { id } = await submit(office, bulletin, `bulletin ${sequence}`);
  const message = office.store.messages.find(parseUuid(id))!;
  const [publication] = office.store.outbox.byMessage(message.seq);
  const { channel } = publication!;
  const { id: bytes, digest, originator, raw } = message;
  const place = { stream: "FEED_ECOWAS", instance: "i1", sequence };
  const salt = makeLogSalt(decodeMessage(raw).envelope);
  const leaf = leafOf(placedMessage(sequence, { id: bytes, digest, originator, channel, salt, ...place }), { time: now });
  const logIndex = sender.shown.leaves.length;
  for (const log of new Set([sender.shown, reader.shown])) log.leaves.push(leaf);
  const { stream, instance } = place;
  const line = { messageId: bytes, envelopeDigest: digest, channel, stream, instance, streamSequence: sequence, logIndex };
  const accepted = { recipient: office.agency, issuedAt: office.clock.now(), accepted: [line], checkpoint: sender.shown.note() };
  await makeTakeReceipts(office, duties)([signReceipt(world, hub, accepted)]);
  const reply = `$JS.ACK.FEED_ECOWAS.c.1.${sequence}.1.1.0`;
  const take = makeTakePublications(reader.office, { refreshRegister: () => Promise.resolve(false), held: () => undefined });
  await take(handedOf(office, message.seq).map((handed) => ({ ...handed, reply })));
  await tend(sender);
  await tend(reader);
  const chains = reader.office.store.chains.changedSince(0).filter((one) => one.originator === office.agency);
  const lines = heldLines(chains).map((held) => signHeld(reader.office, office.agency, held));
  await makeTakeReceipts(office, duties)(lines);
  await tend(sender);
  return id;
} // prettier-ignore

const alarms = ({ office }: Side) => office.store.logAlarms.open().map(({ code, agency }) => [code, agency]); // prettier-ignore

describe("T-18 a hub that shows one log to one agency and another to the other", () => {
  it("is found out by the sender at the first message between them, by the other at the answer; no mail is lost", async () => {
    const id = await carry(ng, gh);
    expect(alarms(ng)).toEqual([["LOG_INCONSISTENT", "gh/tcu"]]);
    expect([ng.proofs.isHalted, gh.proofs.isHalted]).toEqual([true, false]);
    const [alarm] = ng.office.store.logAlarms.open();
    expect([alarm?.ours, alarm?.theirs].map(String)).toEqual(
      [ng.shown.note(), gh.shown.note()].map((note) => String(new Uint8Array(note))),
    );
    const answer = await carry(gh, ng);
    expect(alarms(gh)).toEqual([["LOG_INCONSISTENT", "ng/tcu"]]);
    expect(gh.proofs.isHalted).toBe(true);
    // both messages were taken, and are read as ever
    expect(ng.office.store.messages.find(parseUuid(id))?.state).toBe("DELIVERED");
    expect(ng.office.store.messages.find(parseUuid(answer))?.state).toBe("VERIFIED");
    expect(gh.office.store.messages.find(parseUuid(id))?.state).toBe("VERIFIED");
  });

  it("and one that shows both the same is not", async () => {
    gh.office.close();
    gh = open("gh/tcu", ng.shown);
    await carry(ng, gh);
    await carry(gh, ng);
    expect([alarms(ng), alarms(gh)]).toEqual([[], []]);
    expect(ng.office.store.logHeads.told()).toMatchObject([{ agency: "gh/tcu", state: "GOOD" }]);
    expect(gh.office.store.logProofs.count("PENDING") + gh.office.store.logProofs.count("MISSING")).toBe(0); // prettier-ignore
  });
});

describe("what was proved", () => {
  it("outlives the content: after an erasure the salt and the digests still show that the message stood there", async () => {
    gh.office.close();
    gh = open("gh/tcu", ng.shown);
    const id = await carry(ng, gh);
    const { store, clock } = gh.office;
    const message = store.messages.find(parseUuid(id))!;
    const before = store.logProofs.of("in", message.digest);
    await store.write(() => void eraseMessage({ store, clock, record: () => undefined }, message, { why: "RETENTION" })); // prettier-ignore
    expect(store.messages.find(parseUuid(id))?.state).toBe("ERASED");
    const [after] = store.logProofs.of("in", message.digest);
    expect(after).toEqual(before[0]);
    expect([after?.state, after?.salt.length, after?.proved?.leaf.length !== 0]).toEqual(["PROVED", 16, true]); // prettier-ignore
  });
});
