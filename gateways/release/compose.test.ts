import { beforeAll, describe, expect, it } from "vitest";

import { makeSeededChance, sha256 } from "../../schemas/ground/index.ts";
import {
  decodeMessage,
  decodeParts,
  joinParts,
  parseEnvelope,
  parseSlip,
} from "../../schemas/index.ts";
import { believesAll } from "../../test/kit/believes-all.ts";
import { keptFromNobody } from "../../test/kit/kept-from-nobody.ts";
import { alert } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import {
  deriveContentKey,
  makeAudienceKey,
  openFeedBody,
  paddedLength,
  readKeyName,
} from "../crypto/index.ts";
import { compose } from "./compose.ts";
import { parseSubmission, type SubmissionPlace } from "./parse-submission.ts";
import { makeSlip, publicationSize, renderPublication } from "./slip.ts";

const now = 1_780_272_000_000;
let world: GatewayWorld;
const audienceKey = makeAudienceKey(makeSeededChance("audience"));

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
});

function placeOf(agency: string): SubmissionPlace {
  const chance = makeSeededChance(agency);
  return {
    register: world.view,
    agency,
    now,
    chance,
    believes: believesAll,
    keptByReference: keptFromNobody,
  };
}

describe("compose", () => {
  it("the message reads back, is sealed to exactly the audience, and its body is what was handed in", async () => {
    const place = placeOf("ng/tcu");
    const draft = parseSubmission({ ...alert, crimes: ["drugs", "arms"] }, place);
    const { message, envelope, channels } = await compose(draft, world.agency("ng/tcu").signer, {
      ...place,
      audienceKey,
    });
    expect(channels).toEqual(["ecowas.drugs.h0.alert.incident", "ecowas.arms.h0.alert.incident"]);
    const { sealed = new Uint8Array(), envelope: bytes } = decodeMessage(message);
    expect(parseEnvelope(bytes)).toEqual(envelope);
    const { originator, id, type = "" } = envelope;
    const feed = { originator, id, type, sealed };
    expect(readKeyName(feed)).toBe(audienceKey.name);
    const opened = await openFeedBody(feed, deriveContentKey(audienceKey.key, feed));
    const { body } = joinParts(decodeParts(opened).parts);
    expect(Buffer.from(body).equals(draft.bodyBytes)).toBe(true);
    const [, , , ciphertext = ""] = Buffer.from(sealed).toString("utf8").split(".");
    expect(Buffer.from(ciphertext, "base64url")).toHaveLength(paddedLength(opened.length + 1));
  });

  it("a body that is too large is refused", async () => {
    const long = { text: "a".repeat(4000), lang: "en" };
    const persons = Array.from({ length: 50 }, (_, i) => ({
      roles: ["SUSPECT"],
      names: Array.from({ length: 20 }, (__, j) => ({
        full: `${"b".repeat(190)}${i}-${j}`,
        kind: "ALIAS",
      })),
      sex: "UNKNOWN",
    }));
    const json = { ...alert, body: { ...alert.body, narrative: long, persons } };
    const place = placeOf("ng/tcu");
    const draft = parseSubmission(json, place);
    const sealing = { ...place, audienceKey };
    await expect(compose(draft, world.agency("ng/tcu").signer, sealing)).rejects.toMatchObject({
      code: "CODEC_TOO_LARGE",
    });
  });

  it("another's signing key is found out before anything leaves", async () => {
    const place = placeOf("ng/tcu");
    const draft = parseSubmission(alert, place);
    const sealing = { ...place, audienceKey };
    await expect(compose(draft, world.agency("gh/tcu").signer, sealing)).rejects.toMatchObject({
      code: "ORIGIN_MISMATCH",
    });
  });

  it("a feed message is sealed with the key of its audience, and with nothing and to nobody else", async () => {
    const place = placeOf("ng/tcu");
    const draft = parseSubmission(alert, place);
    const { signer } = world.agency("ng/tcu");
    await expect(compose(draft, signer, place)).rejects.toMatchObject({ code: "SEAL_KEY_MISSING" });
    const nobody = { ...draft, audience: [] };
    await expect(compose(nobody, signer, { ...place, audienceKey })).rejects.toMatchObject({
      code: "SEAL_NO_RECIPIENTS",
    });
  });
});

describe("makeSlip", () => {
  it("slips count up, name the one before, and tell at most 256 refused numbers at a time", async () => {
    const place = placeOf("ng/tcu");
    const { signer } = world.agency("ng/tcu");
    const sealing = { ...place, audienceKey };
    const composed = await compose(parseSubmission(alert, place), signer, sealing);
    const [channel = ""] = composed.channels;
    const first = makeSlip(
      composed,
      { channel, end: { series: 5, sequence: 0, voided: [] } },
      signer,
    );
    expect(parseSlip(first.slip)).toMatchObject({ sequence: 1, series: 5, previous: undefined });
    const voided = Array.from({ length: 300 }, (_, i) => i + 1);
    const end = { series: 5, sequence: 1000, digest: first.digest, voided };
    const next = makeSlip(composed, { channel, end }, signer);
    expect(parseSlip(next.slip).voided).toHaveLength(256);
    expect(next.stillVoided).toEqual(voided.slice(256));
    expect(Buffer.from(parseSlip(next.slip).previous ?? []).equals(first.digest)).toBe(true);
    const bytes = renderPublication(next, composed.message);
    expect(Buffer.from(next.publicationDigest).equals(sha256(bytes))).toBe(true);
    expect(
      Math.abs(renderPublication(first, composed.message).length - publicationSize(composed)),
    ).toBeLessThan(60);
  });
});
