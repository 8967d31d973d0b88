import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Gateway } from "../../gateways/gateway.ts";
import type { Bytes } from "../../schemas/ground/index.ts";
import { type Outcome, rawAgency, type RawAgency } from "../kit/agency.ts";
import { forge } from "../kit/forge.ts";
import { flip, regionAt, regionsOf } from "../kit/mutate.ts";
import { startQuiet } from "../kit/quiet.ts";
import { composeFor } from "../kit/sealed.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

/** Every code that some changed byte may have, by where it stands. Nothing else is an answer. */
const expected: Readonly<Record<string, readonly string[]>> = {
  framing: [
    "CODEC_MALFORMED", "BYTES_NOT_TEXT", "SCHEMA_INVALID", "SCHEMA_FIELD_MISSING", "ENVELOPE_INVALID",
    "ENVELOPE_SIGNATURE_MISSING", "BODY_DIGEST_MISMATCH", "SIGNATURE_MALFORMED", "SLIP_INVALID",
  ],
  slip: [
    "CODEC_MALFORMED", "BYTES_NOT_TEXT", "SCHEMA_INVALID", "SCHEMA_FIELD_MISSING", "SCHEMA_FIELD_PATTERN", "SLIP_INVALID",
    "SUBJECT_MISMATCH", "ORIGIN_MISMATCH", "SLIP_SIGNATURE_INVALID",
  ],
  envelope: [
    "CODEC_MALFORMED", "BYTES_NOT_TEXT", "SCHEMA_INVALID", "SCHEMA_FIELD_MISSING", "SCHEMA_CODE_UNKNOWN", "ENVELOPE_INVALID",
    "SUBJECT_INVALID", "SUBJECT_MISMATCH", "ORIGIN_MISMATCH", "BODY_DIGEST_MISMATCH", "ENVELOPE_SIGNATURE_INVALID",
    "BODY_MUST_BE_SEALED", "SIGNATURE_ALGORITHM_NOT_PERMITTED", "RELEASE_LEVEL_EXCEEDED",
  ],
  signature: [
    "CODEC_MALFORMED", "BYTES_NOT_TEXT", "SIGNATURE_MALFORMED", "BYTES_NOT_CANONICAL", "ORIGIN_MISMATCH", "CERT_UNKNOWN",
    "ENVELOPE_SIGNATURE_INVALID", "SIGNATURE_ALGORITHM_NOT_PERMITTED",
  ],
  "slip signature": [
    "CODEC_MALFORMED", "BYTES_NOT_TEXT", "SIGNATURE_MALFORMED", "BYTES_NOT_CANONICAL", "ORIGIN_MISMATCH", "CERT_UNKNOWN",
    "SLIP_SIGNATURE_INVALID", "SIGNATURE_ALGORITHM_NOT_PERMITTED",
  ],
  body: ["BODY_DIGEST_MISMATCH"],
}; // prettier-ignore

let world: World;
let ng: RawAgency;
let readers: Gateway[];

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh"] });
  ng = await rawAgency(world, "ng/tcu");
  readers = [await world.gateway("gh/tcu")];
});

afterAll(async () => {
  await ng?.close();
  await world?.stop();
});

interface Flipped {
  readonly at: number;
  readonly region: string;
  readonly outcome: Outcome;
}

/** Sends a copy for each byte of a publication, that byte changed. */
async function sendEveryFlip(made: { bytes: Bytes; channel: string }): Promise<readonly Flipped[]> {
  const { bytes, channel } = made;
  const regions = regionsOf(bytes);
  const copies = Array.from(bytes, (_, at) => ({ bytes: flip(bytes, at), channel }));
  const outcomes = await ng.sendAll(copies);
  return outcomes.map((outcome, at) => ({ at, region: regionAt(regions, at), outcome }));
}

function codeOf({ outcome }: Flipped): string {
  return outcome.kind === "refused" ? outcome.line.code : "ACCEPTED";
}

function placeOf(outcome: Outcome): string {
  if (outcome.kind === "refused") return outcome.line.code;
  const { stream, instance, streamSequence } = outcome.line;
  return `${stream} ${instance} ${streamSequence}`;
}

/** What came back that is not on the list for its place. */
function surprises(flipped: readonly Flipped[]): readonly string[] {
  return flipped
    .filter((one) => !(expected[one.region] ?? []).includes(codeOf(one)))
    .map((one) => `${one.region}[${one.at}]: ${codeOf(one)}`);
}

describe("one changed byte", () => {
  it.each([
    ["an open bulletin", async () => forge(ng.signer)],
    ["a sealed alert", async () => composeFor(world, ng, example("lagos-alert"))],
  ])("anywhere in %s keeps it out", async (_what, make) => {
    const made = await make();
    const quiet = await startQuiet(world, { sender: ng, readers });
    const flipped = await sendEveryFlip(made);
    expect(flipped.length).toBe(made.bytes.length);
    expect(flipped.length).toBeGreaterThan(900);
    expect(new Set(flipped.map(({ region }) => region)).size).toBe(6);
    expect(surprises(flipped)).toEqual([]);
    await quiet.expectNothing();
    // it was the byte, and nothing else; the sealed one is proved and waits there for its key, which nobody sent
    const held = (): number => {
      const { inbox, quarantined } = readers[0]!.exchange.status();
      return inbox + quarantined;
    };
    const before = held();
    expect((await ng.send(made)).kind).toBe("accepted");
    await until("it is held", () => held() === before + 1);
  });

  it("in a copy of what stands in the feed changes nothing there", async () => {
    const made = forge(ng.signer);
    const before = readers[0]!.exchange.status().inbox;
    const first = placeOf(await ng.send(made));
    await until("it is read", () => readers[0]!.exchange.status().inbox === before + 1);
    const quiet = await startQuiet(world, { sender: ng, readers });
    const flipped = await sendEveryFlip(made);
    // an envelope as it stands is known by its digest, whatever is around it: the same receipt again
    const again = flipped.filter(({ outcome }) => outcome.kind === "accepted");
    expect(new Set(again.map(({ outcome }) => placeOf(outcome)))).toEqual(new Set([first]));
    expect(again.filter(({ region }) => region === "envelope")).toEqual([]);
    expect(flipped.length - again.length).toBeGreaterThan(200);
    await quiet.expectNothing();
  });
});
