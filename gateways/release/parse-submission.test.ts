import { beforeAll, describe, expect, it } from "vitest";

import { Fault, isFault, makeSeededChance, renderUuid } from "../../schemas/ground/index.ts";
import { limits, makeOuterHeader } from "../../schemas/index.ts";
import { believesAll } from "../../test/kit/believes-all.ts";
import { keptFromNobody } from "../../test/kit/kept-from-nobody.ts";
import { alert, request } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { type RegisterView, verifyRegister } from "../../certs/trust/index.ts";
import { compose } from "./compose.ts";
import { parseSubmission, type SubmissionPlace } from "./parse-submission.ts";

const now = 1_780_272_000_000;
let world: GatewayWorld;

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

function told(json: unknown, agency?: string): readonly string[] {
  return faultOf(json, agency).violations.map(({ path, code }) => `${path} ${code}`);
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

  it("a code of no list is told once where it was said, and rules beside it, also of what stands inside the seal", () => {
    const bad = { ...request, urgency: "SOON", action: "WAVE", handling: "H3" };
    const paths = told(bad, "ng/fiu");
    for (const one of ["/urgency SCHEMA_CODE_UNKNOWN", "/action SCHEMA_CODE_UNKNOWN", "/inner/h3Text RULE_H3_TEXT_MISSING"]) {
      expect(paths.filter((path) => path === one)).toEqual([one]);
    }
    const moved = { ...request, inner: { urgency: "FLASH", expiresAt: "2027-06-01T00:00:00Z" } };
    expect(told(moved, "ng/fiu")).toEqual(["/inner/urgency SCHEMA_FIELD_UNKNOWN", "/inner/expiresAt SCHEMA_FIELD_UNKNOWN"]);
  }); // prettier-ignore

  it("a direct message says its own urgency, end, beginning, action and languages inside", () => {
    const own = { urgency: "ROUTINE", action: "NEW", languages: ["fr"] };
    const times = { expiresAt: "2026-07-01T00:00:00Z", validFrom: "2026-06-02T00:00:00Z" };
    const { header, inner } = parseSubmission({ ...request, ...own, ...times }, placeOf("ng/fiu"));
    const [expiresAt, validFrom] = [Date.parse(times.expiresAt), Date.parse(times.validFrom)];
    expect(inner).toMatchObject({ ...own, expiresAt, validFrom });
    expect(header).toMatchObject({ ...own, expiresAt, validFrom });
    const outer = makeOuterHeader(header);
    expect(outer).toMatchObject({ urgency: "NORMAL", languages: [] });
    expect(outer.expiresAt - outer.createdAt).toBe(limits.maxLifetimeMs);
    expect([outer.action, outer.validFrom]).toEqual([undefined, undefined]);
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
      "both a feed and an agency",
      { ...alert, recipients: ["gh/tcu"] },
      "/recs SCHEMA_FIELD_UNKNOWN",
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
