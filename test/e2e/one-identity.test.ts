import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Bench, judge, makeKnown } from "../../broker/admission/index.ts";
import { mailboxOwners } from "../../broker/nats/index.ts";
import type { Arrival } from "../../gateways/exchange/quarantine.ts";
import { makeTakePublications } from "../../gateways/exchange/take-publications.ts";
import { verifyOutside } from "../../gateways/exchange/verify/outside.ts";
import { decodeMessage, decodePublication } from "../../schemas/index.ts";
import { type Bytes, isFault, renderHex, sameBytes, sha256 } from "../../schemas/ground/index.ts";
import { makeDraw } from "../fuzz/draw.ts";
import { type FuzzGround, fuzzNow, makeFuzzGround, type MadePublication } from "../fuzz/ground.ts";
import { fixtureAudienceKey } from "../kit/fixture-audience.ts";
import { type MadeOffice, makeOffice } from "../kit/gateway-office.ts";
import { reEncoders, type Spelt, takenStill } from "../kit/re-encode.ts";

/** How many re-encodings are tried. */
const runs = 6000;

interface Original extends MadePublication {
  readonly spelt: Spelt;
  readonly digest: Bytes;
}

interface Variant {
  readonly name: string;
  readonly original: Original;
  readonly bytes: Bytes;
}

let ground: FuzzGround;
let originals: readonly Original[];
let variants: readonly Variant[];
const offices = new Map<string, MadeOffice>();

/** The signer signed each message and each slip once more beside: ECDSA has many signatures for one statement. */
function makeOriginal(made: MadePublication): Original {
  const { signer } = ground.world.agency(made.sender);
  const publication = decodePublication(made.bytes);
  const message = decodeMessage(publication.message);
  const sign = (): string => signer.sign("atumpan-envelope", message.envelope);
  const { bytes } = made;
  const otherSlipSignature = signer.sign("atumpan-slip", publication.slip);
  const spelt = { bytes, moreSignatures: [sign(), sign()], otherSlipSignature };
  return { ...made, spelt, digest: sha256(message.envelope) };
}

function makeVariants(): readonly Variant[] {
  const draw = makeDraw("one identity");
  const made: Variant[] = [];
  for (let at = 0; made.length < runs; at += 1) {
    const [name, change] = reEncoders[at % reEncoders.length]!;
    const original = originals[draw.below(originals.length)]!;
    const bytes = change(original.spelt, draw);
    if (!sameBytes(bytes, original.bytes)) made.push({ name, original, bytes });
  }
  return made;
}

function makeReader(agency: string): MadeOffice {
  const office = makeOffice(ground.world, agency);
  const times = { cameAt: fuzzNow, keepUntil: fuzzNow + 86_400_000 };
  office.store.heldKeys.hold({ originator: "ng/tcu", ...fixtureAudienceKey, ...times });
  return Object.assign(office, { register: () => ground.view });
}

beforeAll(async () => {
  ground = await makeFuzzGround();
  originals = ground.publications.map(makeOriginal);
  variants = makeVariants();
});

afterAll(() => {
  for (const office of offices.values()) office.close();
});

function makeBench(): Bench {
  return {
    register: ground.view,
    now: fuzzNow,
    known: makeKnown(1000),
    quota: { take: () => true },
    mailboxes: mailboxOwners(ground.view, fuzzNow),
    instances: new Map([
      ["FEED_ECOWAS", "one"],
      ["DIRECT", "two"],
    ]),
  };
}

/** What a reader makes of it without a store: "refused", or the message it is. */
function readAlone({ original, bytes }: Variant): string {
  const { subject, reader } = original;
  const place = { register: ground.view, agency: reader, keys: [], now: fuzzNow };
  try {
    return renderHex(verifyOutside({ bytes, subject }, place).envelopeDigest);
  } catch (error) {
    if (isFault(error) && error.code !== "INTERNAL") return "refused";
    throw error;
  }
}

async function take(office: MadeOffice, arrivals: readonly Arrival[]): Promise<void> {
  const duties = { refreshRegister: () => Promise.resolve(false), held: () => undefined };
  const all = makeTakePublications(office, duties);
  for (let at = 0; at < arrivals.length; at += 250) await all(arrivals.slice(at, at + 250));
}

/** The inbox: sender, id and content of each message; what of the slips is held; what was refused. */
function holdings({ store }: MadeOffice): Record<string, unknown> {
  const list = store.messages.list({ box: "in", state: "VERIFIED", limit: 1000 });
  return {
    inbox: list.map(({ seq }) => renderHex(store.messages.get(seq)!.digest)).toSorted(),
    chains: store.chains
      .changedSince(0)
      .map(({ channel, series, highest, digest }) => [channel, series, highest, renderHex(digest)].join(" "))
      .toSorted(),
    broken: store.chains.countBroken(),
  };
} // prettier-ignore

describe("one signed message in another encoding", () => {
  it("is tried 6,000 times, in every way we know", () => {
    expect(variants).toHaveLength(runs);
    const counts = new Map<string, number>();
    for (const { name } of variants) counts.set(name, (counts.get(name) ?? 0) + 1);
    expect(reEncoders.filter(([name]) => (counts.get(name) ?? 0) < 100).map(([name]) => name)).toEqual([]);
    expect(new Set(originals.map(({ digest }) => renderHex(digest))).size).toBe(originals.length);
    expect(new Set(originals.map(({ reader }) => reader)).size).toBe(2);
  }); // prettier-ignore

  it("is refused, or is the same message, by what is signed alone", () => {
    const seen = variants.map((one) => ({ ...one, found: readAlone(one) }));
    const other = seen.filter(
      ({ found, original }) => found !== "refused" && found !== renderHex(original.digest),
    );
    expect(other.map(({ name }) => name)).toEqual([]);
    // only what the signers themselves signed is taken; every other spelling is refused
    const taken = new Set(seen.filter(({ found }) => found !== "refused").map(({ name }) => name));
    expect([...taken].filter((name) => !takenStill.has(name))).toEqual([]);
    expect(taken.size).toBe(takenStill.size);
  });

  it("is refused, or is the same message, to a hub that holds it and to one that never saw it", () => {
    const bench = makeBench();
    for (const { place, digest, bytes } of originals) {
      const verdict = judge({ bytes, place }, bench);
      if (verdict.kind !== "admitted") throw new Error(`an original is ${verdict.kind}`);
      const { originator, id, expiresAt } = verdict.item.envelope;
      const stream = place.kind === "direct" ? "DIRECT" : "FEED_ECOWAS";
      const instance = bench.instances.get(stream) ?? "";
      const noted = { originator, id, digest, channel: verdict.item.channel, expiresAt };
      bench.known.stored(noted, { stream, instance, sequence: 1 });
    }
    const size = bench.known.size;
    const wrong = variants.flatMap(({ name, original, bytes }) => {
      const { place, digest } = original;
      const again = judge({ bytes, place }, bench);
      const first = judge({ bytes, place }, makeBench());
      const isSame =
        again.kind === "refused" || (again.kind === "again" && sameBytes(again.item.digest, digest));
      const isFirst =
        first.kind === "refused" || (first.kind === "admitted" && sameBytes(first.item.digest, digest));
      return isSame && isFirst ? [] : [`${name}: ${again.kind}, ${first.kind}`];
    });
    expect(wrong).toEqual([]);
    expect(bench.known.size).toBe(size);
  }); // prettier-ignore

  it.each(["gh/tcu", "gh/fiu"])("makes no second message in the inbox of %s, nor a second slip", async (agency) => {
    const own = originals.filter(({ reader }) => reader === agency);
    const theirs = variants
      .filter(({ original }) => original.reader === agency)
      .map(({ original: { subject }, bytes }) => ({ subject, bytes }));
    const after = makeReader(agency);
    offices.set(`${agency} after`, after);
    await take(after, own);
    const before = holdings(after);
    expect(before["inbox"]).toEqual(own.map(({ digest }) => renderHex(digest)).toSorted());
    await take(after, theirs);
    expect(holdings(after)).toEqual(before);
    // and the other way round: whichever spelling comes first, the message is there once
    const first = makeReader(agency);
    offices.set(`${agency} first`, first);
    await take(first, [...theirs, ...own]);
    expect(holdings(first)).toEqual(before);
  }); // prettier-ignore
});
