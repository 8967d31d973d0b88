import { beforeAll, describe, expect, it } from "vitest";

import {
  Fault,
  isFault,
  makeSeededChance,
  renderUuid,
  sha256,
} from "../../schemas/ground/index.ts";
import {
  decodeMessage,
  decodeParts,
  joinParts,
  parseEnvelope,
  parseSlip,
} from "../../schemas/index.ts";
import { believesAll } from "../../test/kit/believes-all.ts";
import { keptFromNobody } from "../../test/kit/kept-from-nobody.ts";
import { alert, request } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { type RegisterView, verifyRegister } from "../../certs/trust/index.ts";
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

function faultOf(json: unknown, agency = "ng/tcu"): Fault {
  try {
    parseSubmission(json, placeOf(agency));
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

function told(json: unknown): readonly string[] {
  return faultOf(json).violations.map(({ path, code }) => `${path} ${code}`);
}

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu", "ng/fiu", "gh/fiu"], { now });
});

describe("parseSubmission", () => {
  it("T2: a national or bilateral record goes to no regional feed, and national mail to no other state", () => {
    for (const releaseLevel of ["NATIONAL", "BILATERAL"]) {
      expect(told({ ...alert, releaseLevel })).toEqual(["/releaseLevel RELEASE_LEVEL_EXCEEDED"]);
    }
    const mail = faultOf({ ...request, releaseLevel: "NATIONAL" }, "ng/fiu");
    expect(mail.violations.map(({ path, code }) => `${path} ${code}`)).toEqual([
      "/releaseLevel RELEASE_LEVEL_EXCEEDED",
    ]);
  });

  it("what is left out has the type's default, and the audience is who may read", () => {
    const { header, audience } = parseSubmission(alert, placeOf("ng/tcu"));
    expect(audience).toEqual(["gh/tcu"]);
    expect(header).toMatchObject({
      scope: "FEED",
      form: "SEALED",
      handling: "H0",
      releaseLevel: "REGIONAL",
      urgency: "NORMAL",
      status: "ACTUAL",
      action: "NEW",
      mailboxes: [],
      expiresAt: now + 1096 * 86_400_000,
      type: "alert.incident",
      crimes: ["drugs"],
    });
  });

  it("a direct message shows neither type nor crime outside", () => {
    const { header, inner, audience } = parseSubmission(request, placeOf("ng/fiu"));
    expect(audience).toEqual(["gh/fiu"]);
    expect(header.type).toBeUndefined();
    expect(header).toMatchObject({
      scope: "DIRECT",
      recs: [],
      crimes: [],
      releaseLevel: "BILATERAL",
    });
    expect(header.mailboxes).toHaveLength(1);
    expect(inner).toMatchObject({
      type: "fiu.request",
      crimes: ["ml"],
      recipients: ["gh/fiu"],
      caseRef: "F-7",
    });
  });

  it("all that is wrong is told at once, each with its place", () => {
    const bad = {
      ...alert,
      handling: "H9",
      expiresAt: "tomorrow",
      threadId: "00000000-0000-0000-0000-000000000000",
      inner: { type: "alert.incident", nonsense: 1 },
      body: { ...alert.body, caseStatus: "NEVER", caseRef: undefined },
    };
    const paths = told(bad);
    expect(paths).toContain("/handling SCHEMA_CODE_UNKNOWN");
    expect(paths).toContain("/expiresAt SCHEMA_FIELD_PATTERN");
    expect(paths).toContain("/threadId ID_INVALID");
    expect(paths).toContain("/inner/type SCHEMA_FIELD_UNKNOWN");
    expect(paths).toContain("/inner/nonsense SCHEMA_FIELD_UNKNOWN");
    expect(paths).toContain("/body/caseStatus SCHEMA_CODE_UNKNOWN");
    expect(paths).toContain("/body/caseRef SCHEMA_FIELD_MISSING");
    expect(faultOf(bad).code).toBe("SCHEMA_INVALID");
  });

  it("broken rules are told beside faults of fields, each once, so that all is mended at once", () => {
    const { occurredFrom: _from, ...body } = alert.body;
    const bad = {
      ...alert,
      crimes: [],
      handling: "H3",
      urgency: "FLASH",
      body: { ...body, kind: "flying", caseRef: "" },
    };
    const paths = told(bad);
    for (const expected of [
      "/crimes SCHEMA_FIELD_ITEMS",
      "/inner/h3Text RULE_H3_TEXT_MISSING",
      "/inner/urgencyReason RULE_URGENCY_REASON_MISSING",
      "/body/kind SCHEMA_CODE_UNKNOWN",
      "/body/caseRef SCHEMA_FIELD_LENGTH",
    ]) {
      expect(paths.filter((one) => one === expected)).toEqual([expected]);
    }
    // what only its own fields were wrong with, and then what only broke rules
    expect(told({ ...bad, crimes: alert.crimes })).toEqual(paths.filter((one) => !one.startsWith("/crimes ")));
    expect(told({ ...alert, handling: "H3", urgency: "FLASH" })).toEqual([
      "/inner/urgencyReason RULE_URGENCY_REASON_MISSING",
      "/inner/h3Text RULE_H3_TEXT_MISSING",
    ]);
  }); // prettier-ignore

  it("of a submission with more wrong than anyone can mend at once a hundred faults are told", () => {
    const persons = Array.from({ length: 50 }, () => ({ roles: [7], names: 7, sex: 7 }));
    const { violations } = faultOf({ ...alert, crimes: [], handling: "H3", body: { ...alert.body, persons } });
    expect(violations).toHaveLength(100);
  }); // prettier-ignore

  it.each([
    ["not an object", 7, ""],
    ["an unknown field", { ...alert, password: "x" }, "/password SCHEMA_FIELD_UNKNOWN"],
    ["an unknown type", { ...alert, type: "alert.nothing" }, "/type SCHEMA_UNKNOWN_TYPE"],
    ["a crime that is none", { ...alert, crimes: ["jaywalking"] }, "/crimes/0 SCHEMA_CODE_UNKNOWN"],
    ["a crime named twice", { ...alert, crimes: ["drugs", "drugs"] }, "/crimes SCHEMA_FIELD_ITEMS"],
    ["a feed to nobody", { ...alert, recs: [] }, "/recs SCHEMA_FIELD_MISSING"],
    [
      "a feed to an agency",
      { ...alert, recipients: ["gh/tcu"] },
      "/recipients SCHEMA_FIELD_UNKNOWN",
    ],
    ["a direct one to a community", { ...request, recs: ["ecowas"] }, "/recs SCHEMA_FIELD_UNKNOWN"],
    [
      "an end in the past",
      { ...alert, expiresAt: "2020-01-01T00:00:00Z" },
      "/expiresAt SCHEMA_FIELD_RANGE",
    ],
    ["H3 without words", { ...alert, handling: "H3" }, "/inner/h3Text RULE_H3_TEXT_MISSING"],
    [
      "a reply to nothing",
      { ...request, type: "fiu.reply", body: {} },
      "/inReplyTo RULE_REPLY_WITHOUT_REQUEST",
    ],
    [
      "a validity after the end",
      { ...alert, expiresAt: "2026-06-02T00:00:00Z", validFrom: "2026-06-03T00:00:00Z" },
      "/validFrom RULE_PERIOD_REVERSED",
    ],
  ])("%s is refused at its place", (_name, json, expected) => {
    expect(faultOf(json, "ng/tcu").code).toBe("SCHEMA_INVALID");
    if (expected !== "") expect(told(json)).toContain(expected);
  });

  it("a channel without a mandate is refused, and named", () => {
    const fault = faultOf({ ...alert, recs: ["ecowas", "sadc"] });
    expect(fault.code).toBe("MANDATE_MISSING");
    expect(fault.violations).toEqual([
      expect.objectContaining({ path: "/recs/1", code: "MANDATE_MISSING" }),
    ]);
    expect(
      faultOf({ ...alert, handling: "H3", inner: { h3Text: { text: "x", lang: "en" } } }).code,
    ).toBe("MANDATE_MISSING");
  });

  it("a kind of agency that may not send this type is refused", () => {
    expect(faultOf(request, "ng/tcu")).toMatchObject({ code: "MANDATE_MISSING" });
    expect(faultOf(request, "ng/tcu").detail).toContain("KIND_MAY_NOT_SEND");
  });

  it("a recipient who may not read it is refused, and named", () => {
    const fault = faultOf({ ...request, recipients: ["gh/fiu", "gh/tcu", "xx/fiu"] }, "ng/fiu");
    expect(fault.violations.map(({ path }) => path)).toEqual(["/recipients/1", "/recipients/2"]);
    expect(fault.code).toBe("MANDATE_MISSING");
  });

  it("nobody who may read means nothing is sent", () => {
    const bytes = world.publish((parts) => ({ ...parts, release: [] }));
    const register = verifyRegister(bytes, world.anchors);
    world.publish((parts) => ({ ...parts, release: world.view.authority("ng")?.release ?? [] }));
    const place = { ...placeOf("ng/tcu"), register };
    expect(() => parseSubmission(alert, place)).toThrow(
      expect.objectContaining({ code: "SEAL_NO_RECIPIENTS" }),
    );
  });
});

describe("whom the sender keeps a message from", () => {
  const audienceWith = (inner: object): readonly string[] => {
    try {
      return parseSubmission({ ...alert, inner }, placeOf("ng/tcu")).audience;
    } catch (error) {
      if (isFault(error, "SEAL_NO_RECIPIENTS")) return [];
      throw error;
    }
  };

  it("gets no key, by its state or by its name, whatever the register allows", () => {
    const all = audienceWith({});
    expect(all).toContain("gh/tcu");
    const rest = all.filter((agency) => agency !== "gh/tcu");
    expect(audienceWith({ excludedRecipients: ["gh/tcu"] })).toEqual(rest);
    expect(audienceWith({ protectedFrom: ["ZM"], excludedRecipients: ["gh/moc"] })).toEqual(all);
  });

  it("a feed that a protected person's state reads is no way to write of him: it would show that there is something", () => {
    const fault = faultOf({ ...alert, inner: { protectedFrom: ["ZM", "GH"] } });
    expect(fault.code).toBe("FEED_REACHES_PROTECTED");
    expect(fault.violations.map(({ path }) => path)).toEqual(["/inner/protectedFrom"]);
    expect(fault.detail).toContain("named recipients");
    // nobody of Zambia reads it
    expect(audienceWith({ protectedFrom: ["ZM"] })).toContain("gh/tcu");
  });

  it("a message is kept from all that those it refers to are kept from", () => {
    const asked: string[] = [];
    const place = {
      ...placeOf("ng/fiu"),
      keptByReference: (ids: readonly Uint8Array[]) => {
        asked.push(...ids.map((id) => renderUuid(id)));
        return { states: ["ZM"], agencies: ["gh/moc"] };
      },
    };
    const [one = "", two = "", three = "", four = ""] = ["1", "2", "3", "4"].map(
      (digit) => `019a9f3c-7b1e-7c3d-9a4b-5c6d7e8f9a0${digit}`,
    );
    const references = { inReplyTo: one, supersedes: two, threadId: three };
    const body = { targetId: four, usefulness: "HIGH", results: ["INVESTIGATION_OPENED"], inTime: true }; // prettier-ignore
    const waiver = { type: "fiu.feedback", crimes: ["ml"], recipients: ["gh/fiu"], body };
    const { inner } = parseSubmission({ ...waiver, ...references, inner: { protectedFrom: ["ML"] } }, place); // prettier-ignore
    expect(asked).toEqual([three, one, two, four]);
    expect(inner.protectedFrom).toEqual(["ML", "ZM"]);
    expect(inner.excludedRecipients).toEqual(["gh/moc"]);
  });
});

describe("an agency whose sealing certificates do not hold", () => {
  const unsealable = (name: string): RegisterView => {
    const state = name.split("/")[0] ?? "";
    const bytes = world.publish((parts) => ({
      ...parts,
      agencies: new Map(parts.agencies).set(
        state,
        (parts.agencies.get(state) ?? []).map((one) =>
          one.agency === name
            ? { ...one, certificates: one.certificates.filter(({ kind }) => kind !== "SEALING") }
            : one,
        ),
      ),
    }));
    return verifyRegister(bytes, world.anchors);
  };

  it("is left out of what is sealed to a feed, and not of what travels open", () => {
    const place = { ...placeOf("ng/tcu"), register: unsealable("gh/tcu") };
    expect(() => parseSubmission(alert, place)).toThrow(
      expect.objectContaining({ code: "SEAL_NO_RECIPIENTS" }),
    );
    const body = { title: { text: "x", lang: "en" }, indicators: [{ code: "SEAL_MISMATCH" }], evidenceLevel: "PROBABLE" }; // prettier-ignore
    const bulletin = { type: "bulletin.red_flag", recs: ["ecowas"], crimes: ["drugs"], body };
    expect(parseSubmission(bulletin, place).audience).toEqual(["gh/tcu"]);
  });

  it("that is addressed by name is not left out in silence", async () => {
    const place = { ...placeOf("ng/fiu"), register: unsealable("gh/fiu") };
    const draft = parseSubmission(request, place);
    await expect(compose(draft, world.agency("ng/fiu").signer, place)).rejects.toMatchObject({
      code: "SEAL_KEY_MISSING",
    });
  });
});

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
