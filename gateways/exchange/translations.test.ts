import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { type RegisterView, verifyRegister } from "../../certs/trust/index.ts";
import { bodyMessageName, descriptors, messageTypes } from "../../schemas/index.ts";
import {
  Fault,
  type FaultCode,
  isFault,
  parseUuid,
  renderUuid,
  sha256,
  utf8,
} from "../../schemas/ground/index.ts";
import { alert, type MadeOffice, makeOffice, publish } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import type { SegmentsToTranslate, Translator } from "../translation/index.ts";
import type { Submission } from "./exchange.ts";
import { submit } from "./submit.ts";
import { makeTakePublications } from "./take-publications.ts";
import { checkTranslation, type TextAsked, translate } from "./translations.ts";

const now = 1_780_272_000_000;
const words = "Aminata Traoré avait 12,5 kg de cocaïne dans le hangar Bleu-Nuit près de la jetée.";
const hidden = ["Aminata", "Traoré", "12", "Bleu", "EX-77", "LOTUS BLANC"];
const source = {
  ...alert,
  status: "EXERCISE",
  inner: {
    caseRef: "LOTUS BLANC",
    purposes: ["INVESTIGATION"],
    originatorControlled: true,
    courtUse: "NO",
    officerRef: "o-1",
    urgencyReason: { text: "Le navire de LOTUS BLANC part à 14h05", lang: "fr" },
  },
  body: {
    ...alert.body,
    caseRef: "EX-77",
    persons: [{ roles: ["SUSPECT"], sex: "F", names: [{ full: "Aminata Traoré", kind: "LEGAL" }] }],
    narrative: { text: words, lang: "fr", marks: [{ start: 55, end: 64, kind: "PLACE" }] },
  },
};

let world: GatewayWorld;
let view: RegisterView;
let office: MadeOffice;
let other: MadeOffice;
let asked: SegmentsToTranslate[];
let lines: unknown[];
let keys = 0;

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
  const bytes = world.publish((parts) => ({
    ...parts,
    mandates: parts.mandates.map((one) => ({ ...one, types: ["*"] })),
  }));
  view = verifyRegister(bytes, world.anchors);
});

/** A service that makes of each segment what `change` makes of it. */
function serviceThat(change: (segment: string) => string): Translator {
  return {
    translate: (question) => {
      asked.push(question);
      return Promise.resolve({ segments: question.segments.map(change), engine: "fake" });
    },
  };
}

function open(agency: string): MadeOffice {
  const made = makeOffice(world, agency);
  const translation = { translator: serviceThat((one) => `EN ${one}`), handlings: ["H0"] };
  const info = (event: string, fields?: object): void => void lines.push({ event, ...fields });
  const ceiling = { classifications: [{ scheme: "UN", codes: ["CONFIDENTIAL"] }] };
  return Object.assign(made, {
    register: () => view,
    translation,
    ceiling,
    log: { ...made.log, info },
  });
}

beforeEach(() => {
  asked = [];
  lines = [];
  office = open("ng/tcu");
  other = open("gh/tcu");
});

afterEach(() => {
  office.close();
  other.close();
});

async function send(change: object = {}): Promise<string> {
  keys += 1;
  return (await submit(office, { ...source, ...change }, `key ${keys}`)).id;
}

async function draftOf(change: Partial<TextAsked> = {}): Promise<Submission> {
  return translate(office, { id: await send(), pointer: "/narrative", to: "en", ...change });
}

async function codeOf(act: () => unknown): Promise<FaultCode | "none"> {
  try {
    await act();
    return "none";
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

function storedHere(): number {
  const boxes = ["in", "out"] as const;
  const all = boxes.flatMap((box) => office.store.messages.list({ box, limit: 100 }));
  return all.length;
}

describe("translate", () => {
  it("gives a draft for us alone, as strict as its original, and stores nothing", async () => {
    const id = await send();
    const draft = await translate(office, { id, pointer: "/narrative", to: "en" });
    expect(draft).toMatchObject({
      type: "translation.product",
      recipients: ["ng/tcu"],
      crimes: ["drugs"],
      handling: "H0",
      status: "EXERCISE",
      languages: ["en"],
      body: {
        targetId: id,
        pointer: "/narrative",
        sourceLanguage: "fr",
        text: { text: `EN ${words}`, lang: "en" },
        method: "MT_RAW",
        engine: "fake",
        translatedAt: "2026-06-01T00:00:00.000Z",
      },
    });
    expect(storedHere()).toBe(1);
  });

  it("keeps whose case it is and what may not be done with it, and nothing else of the header", async () => {
    const { inner } = await draftOf();
    expect(inner).toEqual({
      caseRef: "LOTUS BLANC",
      purposes: ["INVESTIGATION"],
      originatorControlled: true,
    });
  });

  it("an ACTUAL message has an ACTUAL translation", async () => {
    const id = await send({ status: "ACTUAL" });
    expect((await translate(office, { id, pointer: "/narrative", to: "en" })).status).toBe(
      "ACTUAL",
    );
  });

  it("names, numbers and marked runs do not go to the service", async () => {
    await draftOf();
    const [question] = asked;
    expect(question).toMatchObject({ from: "fr", to: "en" });
    const seen = question?.segments.join("\n") ?? "";
    expect(seen).toContain("près de la jetée");
    expect(hidden.filter((one) => seen.includes(one))).toEqual([]);
  });

  it("half of a double name is a name", async () => {
    const full = "Awa N'Diaye-Koulibaly";
    const text = "Koulibaly et DIAYE sont parties avec Awa vers la jetée.";
    const persons = [{ roles: ["SUSPECT"], sex: "F", names: [{ full, kind: "LEGAL" }] }];
    const body = { ...source.body, persons, narrative: { text, lang: "fr" } };
    const draft = await draftOf({ id: await send({ body }) });
    expect(draft.body).toMatchObject({ text: { text: `EN ${text}` } });
    expect(JSON.stringify(asked)).not.toMatch(/Koulibaly|DIAYE|Awa/i);
  });

  it("what leaves is written down before it does, by id and type and without a word of it", async () => {
    const id = await send();
    const log = { ...office.translation };
    Object.assign(office, {
      translation: { ...log, translator: { translate: () => Promise.reject(new Fault("TRANSLATION_UNAVAILABLE", "down")) } },
    }); // prettier-ignore
    expect(await codeOf(() => translate(office, { id, pointer: "/narrative", to: "en" }))).toBe(
      "TRANSLATION_UNAVAILABLE",
    );
    expect(lines).toEqual([
      { event: "text goes to the translation service", messageId: id, type: "alert.incident" },
    ]);
  });

  it("a text of the inner header has its place below /inner, and its case's name stays here", async () => {
    const { body } = await draftOf({ pointer: "/inner/urgencyReason" });
    expect(body).toMatchObject({
      pointer: "/inner/urgencyReason",
      text: { text: "EN Le navire de LOTUS BLANC part à 14h05" },
    });
    expect(JSON.stringify(asked)).not.toMatch(/LOTUS|14h05/);
  });

  it("no body has a field named inner, so that no pointer has two meanings", () => {
    const named = messageTypes.filter((type) =>
      descriptors[bodyMessageName(type)]?.fields.some(({ name }) => name === "inner"),
    );
    expect(named).toEqual([]);
  });

  it("a message from another is translated as well", async () => {
    const handed = await publish(office, source, "k");
    await makeTakePublications(other, {
      refreshRegister: () => Promise.resolve(false),
      held: () => undefined,
    })(handed);
    const [came] = other.store.messages.list({ box: "in", state: "VERIFIED", limit: 9 });
    const id = renderUuid(came!.id);
    const draft = await translate(other, { id, pointer: "/narrative", to: "en" });
    expect(draft).toMatchObject({ recipients: ["gh/tcu"], status: "EXERCISE" });
  });

  it.each([
    "", "narrative",
    "x/narrative", "/", "/narrative/", "/narrative/text", "/narrative/marks/0", "/persons", "/persons/0",
    "/persons/0/names/0/full", "/persons/7/names", "/caseRef", "/body/narrative", "/constructor", "/__proto__",
    "/inner", "/inner/caseRef", "/inner/h3Text", "/persons/length", "/place/text", `/${"x".repeat(400)}`,
  ])("the pointer %j leads to no text and nothing is asked", async (pointer) => {
    expect(await codeOf(() => draftOf({ pointer }))).toBe("REQUEST_INVALID");
    expect(asked).toEqual([]);
    expect(lines).toEqual([]);
  }); // prettier-ignore

  it.each(["", "EN", "en_GB", "e", "en\n", "x".repeat(400)])(
    "the language %j is refused and nothing is asked",
    async (to) => {
      expect(await codeOf(() => draftOf({ to }))).toBe("REQUEST_INVALID");
      expect(asked).toEqual([]);
    },
  );

  it("the language of the original is refused", async () => {
    expect(await codeOf(() => draftOf({ to: "fr" }))).toBe("TRANSLATION_LANGUAGE");
    expect(asked).toEqual([]);
  });

  it("what is not here, or could not be proved, is not found; what is no id is refused", async () => {
    expect(await codeOf(() => draftOf({ id: "019a9f00-5c10-7a3e-8f21-4b6d0c9e7a12" }))).toBe(
      "NOT_FOUND",
    );
    expect(await codeOf(() => draftOf({ id: "../etc" }))).toBe("ID_INVALID");
    const stored = office.store.messages.find(parseUuid(await send()))!;
    const id = "019a9f00-5c10-7a3e-8f21-4b6d0c9e7a13";
    const { parts: _parts, ...rest } = stored;
    const doubted = { ...rest, box: "in", state: "QUARANTINED", code: "CERT_REVOKED" } as const;
    await office.store.write(() =>
      office.store.messages.add({ ...doubted, id: parseUuid(id), digest: sha256(utf8(id)) }),
    );
    expect(await codeOf(() => draftOf({ id }))).toBe("NOT_FOUND");
    expect(await codeOf(() => checkTranslation(office, id))).toBe("NOT_FOUND");
    expect(asked).toEqual([]);
  });

  it("without a service it is unavailable, and the fault says what to do", async () => {
    Object.assign(office, { translation: undefined });
    await expect(draftOf()).rejects.toMatchObject({
      code: "TRANSLATION_UNAVAILABLE",
      detail: expect.stringMatching(/by a person.*gateway\.json/) as unknown,
    });
  });

  const basis = { scheme: "ECOWAS_2010", code: "31.5" };
  it.each<readonly [string, object]>([
    ["stricter than the operator allows", { handling: "H1" }],
    ["stricter still", { handling: "H2" }],
    ["kept from a state", { inner: { protectedFrom: ["ET"] } }],
    ["sensitive", { inner: { sensitiveCategories: ["HEALTH"], sensitiveBasis: basis } }],
    ["marked RED", { inner: { tlp: "RED" } }],
    ["classified", { inner: { classification: { scheme: "UN", code: "CONFIDENTIAL" } } }],
  ])("a message that is %s is not given to the service", async (_, change) => {
    const id = await send(change);
    await expect(translate(office, { id, pointer: "/narrative", to: "en" })).rejects.toMatchObject({
      code: "TRANSLATION_NOT_ALLOWED",
      detail: expect.stringContaining("by a person") as unknown,
    });
    expect(asked).toEqual([]);
    expect(lines).toEqual([]);
  });

  it("the operator may allow more, but never what protects somebody", async () => {
    Object.assign(office, { translation: { ...office.translation, handlings: ["H0", "H1"] } });
    const at = async (change: object): Promise<FaultCode | "none"> => {
      const id = await send(change);
      return codeOf(() => translate(office, { id, pointer: "/narrative", to: "en" }));
    };
    expect(await at({ handling: "H1" })).toBe("none");
    expect(await at({ handling: "H2" })).toBe("TRANSLATION_NOT_ALLOWED");
    expect(await at({ inner: { protectedFrom: ["ET"] } })).toBe("TRANSLATION_NOT_ALLOWED");
  });

  it.each<readonly [string, (segment: string) => string]>([
    ["loses a name", (one) => one.replace(/ZQ0QZ/, "")],
    ["changes a number", (one) => one.replace(/ZQ1QZ/, "13")],
    ["adds a number", (one) => `${one} 7`],
    ["says nothing", () => " "],
  ])("a service that %s has its words withheld, and nothing is stored", async (_, change) => {
    Object.assign(office, { translation: { translator: serviceThat(change), handlings: ["H0"] } });
    expect(await codeOf(draftOf)).toBe("TRANSLATION_WITHHELD");
    expect(storedHere()).toBe(1);
  });
});

describe("checkTranslation", () => {
  async function sendProduct(change: object = {}, body: object = {}): Promise<string> {
    const draft = await draftOf(change);
    const whole = {
      ...draft,
      recipients: ["gh/tcu"],
      body: { ...(draft.body as object), ...body },
    };
    keys += 1;
    return (await submit(office, whole, `key ${keys}`)).id;
  }

  it("a draft as it was given, sent to another, is bound to its original", async () => {
    expect(checkTranslation(office, await sendProduct())).toEqual({ bound: true });
    const id = await sendProduct({ pointer: "/inner/urgencyReason" });
    expect(checkTranslation(office, id)).toEqual({ bound: true });
  });

  it.each<readonly [string, object, FaultCode]>([
    ["a changed number", { text: { text: words.replace("12,5", "13,5"), lang: "en" } }, "TRANSLATION_WITHHELD"],
    ["a lost name", { text: { text: "She had 12,5 kg.", lang: "en" } }, "TRANSLATION_WITHHELD"],
    ["another place", { pointer: "/inner/urgencyReason" }, "TRANSLATION_UNBOUND"],
    ["a place that is not there", { pointer: "/remarks" }, "TRANSLATION_UNBOUND"],
    ["another hash", { sourceDigest: Buffer.alloc(32, 1).toString("base64url") }, "TRANSLATION_UNBOUND"],
    ["another language", { sourceLanguage: "es" }, "TRANSLATION_UNBOUND"],
    ["an original that is not here", { targetId: "019a9f00-5c10-7a3e-8f21-4b6d0c9e7a12" }, "NOT_FOUND"],
  ])("%s unbinds it", async (_, body, code) => {
    expect(checkTranslation(office, await sendProduct({}, body))).toEqual({ bound: false, code });
  }); // prettier-ignore

  it("works without a service", async () => {
    const id = await sendProduct();
    Object.assign(office, { translation: undefined });
    expect(checkTranslation(office, id)).toEqual({ bound: true });
  });

  it("what is no translation, not here or no id is refused", async () => {
    const id = await send();
    expect(await codeOf(() => checkTranslation(office, id))).toBe("REQUEST_INVALID");
    const missing = "019a9f00-5c10-7a3e-8f21-4b6d0c9e7a12";
    expect(await codeOf(() => checkTranslation(office, missing))).toBe("NOT_FOUND");
    expect(await codeOf(() => checkTranslation(office, "x"))).toBe("ID_INVALID");
  });
});
