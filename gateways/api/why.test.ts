import { beforeEach, describe, expect, it } from "vitest";

import { decide, previewAudience, type RegisterView } from "../../certs/trust/index.ts";
import { type ApiWorld, makeApiWorld, start } from "../../test/kit/api-world.ts";
import { nominateAll, openRule, silentState, viewOf } from "../../test/kit/register-draw.ts";

const names = ["gh/tcu", "ng/moc", "ng/tcu", "sn/tcu"];

function makeView(): RegisterView {
  const line = { scope: "ecowas", types: ["alert.*"], crimes: ["drugs"], handlingUpTo: "H1", from: 0 };
  const mandates = [
    { ...line, agency: "ng/tcu", action: "PUBLISH" },
    ...names.map((agency) => ({ ...line, agency, action: "READ" })),
  ];
  const stateOf = (state: string) => ({
    ...silentState,
    agencies: names
      .filter((name) => name.startsWith(`${state}/`))
      .map((agency) => ({ agency, kind: agency.endsWith("moc") ? "MOC" : "TCU" })),
    release: [openRule({ authorities: ["gh"] })],
  });
  const states = { ng: stateOf("ng"), gh: stateOf("gh"), sn: stateOf("sn") };
  const memberships = ["ng", "gh", "sn"].map((authority) => ({ rec: "ecowas", authority, from: 0 }));
  return viewOf(nominateAll({ recs: ["ecowas"], memberships, mandates, states }));
} // prettier-ignore

const view = makeView();
let world: ApiWorld;

beforeEach(() => {
  world = makeApiWorld();
  world.exchange.decision = (question) => decide(view, question, start);
  world.exchange.readers = (header) => previewAudience(view, header, start);
});

const good = {
  action: "READ",
  agency: "gh/tcu",
  originator: "ng/tcu",
  scope: "ecowas",
  type: "alert.incident",
  crime: "drugs",
  handling: "H1",
};

function decision(change: Readonly<Record<string, string>> = {}, more = "") {
  const search = new URLSearchParams({ ...good, ...change });
  return world.ask(`/v1/register/decision?${search.toString()}${more}`);
}

function without(...gone: readonly string[]) {
  const left = Object.entries(good).filter(([name]) => !gone.includes(name));
  return world.ask(`/v1/register/decision?${new URLSearchParams(left).toString()}`);
}

describe("GET /v1/register/decision", () => {
  it("of a yes says all that it rests on, with the lines of the register", async () => {
    const { status, json } = await decision();
    expect(status).toBe(200);
    expect(json).toMatchObject({
      question: good,
      allow: true,
      reasons: [
        { code: "MANDATE", says: "A mandate of the region allows it" },
        { code: "NOMINATION", says: expect.stringMatching(/nominated/) as unknown },
        { code: "RELEASE", says: expect.stringMatching(/release policy/) as unknown },
      ],
      basis: {
        mandate: { agency: "gh/tcu", from: "1970-01-01T00:00:00.000Z" },
        nomination: { agency: "gh/tcu" },
        release: { effect: "ALLOW", authorities: ["gh"] },
      },
      epoch: 3,
      at: "2026-03-09T14:05:00.000Z",
    });
  });

  it("of a no says everything that is missing, in the language that was asked for", async () => {
    const { json } = await decision({ agency: "sn/tcu", handling: "H2", lang: "fr" });
    expect(json).not.toHaveProperty("basis");
    expect(json).toMatchObject({
      allow: false,
      reasons: [{ code: "NO_MANDATE" }, { code: "NOT_NOMINATED" }, { code: "NOT_RELEASED" }],
      lang: "fr",
    });
    const english = await decision({ agency: "sn/tcu", handling: "H2" });
    expect(json["reasons"]).not.toEqual(english.json["reasons"]);
  });

  it("between agencies of one authority no policy is asked, and for publishing none", async () => {
    const codes = async (change: Readonly<Record<string, string>>): Promise<unknown> =>
      (await decision(change)).json["reasons"];
    expect(await codes({ agency: "ng/moc" })).toMatchObject([
      { code: "MANDATE" },
      { code: "NOMINATION" },
      { code: "SAME_AUTHORITY" },
    ]);
    expect(await codes({ action: "PUBLISH", agency: "ng/tcu" })).toMatchObject([
      { code: "MANDATE" },
      { code: "NOMINATION" },
    ]);
  });

  it("an agreement is named as what it rests on", async () => {
    const nomination = view.nominations("gh/tcu", "READ", "ecowas")[0]!;
    const agreement = {
      agreementRef: "MoU 7", parties: ["ng", "gh"], partyAgencies: [], types: ["*"], crimes: ["*"],
      allowedPurposes: [], handlingUpTo: "H1", from: 0,
    }; // prettier-ignore
    world.exchange.decision = () => ({ allow: true, basis: { nomination, agreement } });
    expect((await decision()).json).toMatchObject({
      reasons: [{ code: "AGREEMENT", says: expect.stringContaining("MoU 7") as unknown }, {}, {}],
      basis: { agreement: { agreementRef: "MoU 7" } },
    });
  });

  it("who is kept from it is asked about as well", async () => {
    expect((await decision({}, "&protectedFrom=GH")).json).toMatchObject({
      allow: false,
      reasons: [{ code: "PROTECTED_FROM" }],
    });
    expect((await decision({}, "&excludedRecipient=sn/tcu&excludedRecipient=gh/tcu")).json).toMatchObject({
      allow: false,
      reasons: [{ code: "EXCLUDED_BY_ORIGINATOR" }],
    });
    expect((await decision({}, "&excludedRecipient=sn/tcu")).json["allow"]).toBe(true);
  }); // prettier-ignore

  it("purposes and the one written to are passed on", async () => {
    const asked: unknown[] = [];
    world.exchange.decision = (question) => {
      asked.push(question);
      return decide(view, question, start);
    };
    const { status } = await decision(
      { action: "PUBLISH", agency: "ng/tcu", scope: "direct", recipient: "gh/tcu" },
      "&purpose=AML_CFT_ANALYSIS",
    );
    expect([status, asked]).toMatchObject([
      200,
      [{ recipient: "gh/tcu", purposes: ["AML_CFT_ANALYSIS"] }],
    ]);
  });

  it.each(["action", "agency", "originator", "scope", "type", "crime", "handling"])(
    "without %s it is no question",
    async (name) => {
      expect(await without(name)).toMatchObject({
        status: 400,
        json: { code: "REQUEST_INVALID", detail: expect.stringMatching(new RegExp(`^${name} is missing`)) as unknown },
      });
    },
  ); // prettier-ignore

  it.each([
    ["action=WRITE"],
    ["agency=GH"],
    ["scope=ECOWAS"],
    ["type=alert.none"],
    ["crime=chess"],
    ["handling=H4"],
    ["lang=de"],
    ["lang=toString"],
    ["recipient=x"],
    ["purpose=FUN"],
    ["protectedFrom=gh"],
    ["excludedRecipient=gh"],
    [`agency=gh/${"x".repeat(60)}`],
    ["crimes=drugs"],
  ])("with %s it is no question", async (wrong) => {
    const [name = "", value = ""] = wrong.split("=");
    expect(await decision({ [name]: value })).toMatchObject({
      status: 400,
      json: { code: "REQUEST_INVALID" },
    });
  });

  it("a member that stands twice, or too often, is refused", async () => {
    expect((await decision({}, "&handling=H0")).status).toBe(400);
    expect((await decision({}, "&protectedFrom=SN".repeat(20))).status).toBe(200);
    expect((await decision({}, "&protectedFrom=SN".repeat(21))).status).toBe(400);
  });

  it("who publishes is the originator, and nobody else", async () => {
    expect((await decision({ action: "PUBLISH" })).json["detail"]).toMatch(/leave originator out/);
  });

  it("is answered to nobody without the token", async () => {
    const headers = { authorization: "Bearer wrong" };
    const search = new URLSearchParams(good).toString();
    for (const path of ["decision", "audience"]) {
      const { status } = await world.ask(`/v1/register/${path}?${search}`, { headers });
      expect(status).toBe(401);
    }
  });
});

const message = "originator=ng/tcu&type=alert.incident&scope=ecowas&crime=drugs&handling=H1";

function audience(more = "", base = message) {
  return world.ask(`/v1/register/audience?${base}${more}`);
}

describe("GET /v1/register/audience", () => {
  it("says of every agency whether it would read, and why", async () => {
    const { status, json } = await audience();
    expect(status).toBe(200);
    expect(json).toMatchObject({
      readers: 2,
      others: 2,
      next: null,
      items: [
        { agency: "gh/tcu", allow: true, reasons: [{ code: "MANDATE" }, {}, { code: "RELEASE" }] },
        { agency: "ng/moc", allow: true, reasons: [{}, {}, { code: "SAME_AUTHORITY" }] },
        { agency: "ng/tcu", allow: false, reasons: [{ code: "OWN_MESSAGE" }] },
        { agency: "sn/tcu", allow: false, reasons: [{ code: "NOT_RELEASED" }] },
      ],
    });
  });

  it("its readers are those of whom the decision says yes", async () => {
    const { json } = await audience("&who=readers&protectedFrom=NG");
    expect(json["items"]).toMatchObject([{ agency: "gh/tcu" }]);
    const others = await audience("&who=others&protectedFrom=NG&lang=sw");
    expect(others.json["items"]).toHaveLength(3);
    for (const name of names) {
      const asked = await decision({ agency: name }, "&protectedFrom=NG");
      expect([name, asked.json["allow"]]).toEqual([name, name === "gh/tcu"]);
    }
  });

  it("comes in pages that neither lose nor repeat anybody, with the counts of the whole", async () => {
    const seen: unknown[] = [];
    let cursor = "";
    do {
      const { json } = await audience(`&limit=3${cursor}`);
      expect([json["readers"], json["others"]]).toEqual([2, 2]);
      seen.push(...(json["items"] as { agency: string }[]).map(({ agency }) => agency));
      cursor = typeof json["next"] === "string" ? `&cursor=${json["next"]}` : "";
    } while (cursor !== "");
    expect(seen).toEqual(names);
  });

  it.each([
    ["no community", message.replace("scope=ecowas&", "")],
    ["no crime", message.replace("crime=drugs&", "")],
    ["mail by name", message.replace("ecowas", "direct")],
    ["more than twelve pairs", `${message}${"&scope=ecowas".repeat(6)}&crime=arms`],
    ["more than twelve of one", `${message}${"&scope=ecowas".repeat(12)}`],
    ["a page of 201", `${message}&limit=201`],
    ["a page of none", `${message}&limit=0`],
    ["a cursor of another list", `${message}&cursor=abc`],
    ["neither readers nor others", `${message}&who=all`],
    ["an agency", `${message}&agency=gh/tcu`],
    ["a crime that is none", `${message}&crime=chess`],
  ])("with %s it is no question", async (...[, base]) => {
    expect(await audience("", base)).toMatchObject({
      status: 400,
      json: { code: "REQUEST_INVALID" },
    });
  });
});
