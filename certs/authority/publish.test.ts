import { describe, expect, it } from "vitest";

import {
  decodeRegister,
  decodeSnapshot,
  encodeRegister,
  encodeSnapshot,
  type RegionalPart,
  type Register,
  type StatePart,
} from "../../schemas/index.ts";
import { type Bytes, isFault } from "../../schemas/ground/index.ts";
import { makeKeyPair, makeSigningKey } from "../keys/index.ts";
import { verifyRegister } from "../trust/index.ts";
import { publishRegister, type RegisterChange } from "./publish.ts";

const registrar = makeSigningKey(makeKeyPair("P-256"));
const ng = makeSigningKey(makeKeyPair("P-256"));
const gh = makeSigningKey(makeKeyPair("P-256"));
const keys = { registrar, authorities: new Map([["ng", ng], ["gh", gh]]) }; // prettier-ignore
const anchors = { registrarKeys: [registrar.spki] };
const times = { issuedAt: 1000, expiresAt: 9000 };

const region: Omit<RegionalPart, "number"> = {
  recs: [{ rec: "ecowas", names: [], languages: ["en"] }],
  memberships: [
    { rec: "ecowas", authority: "ng", from: 0 },
    { rec: "ecowas", authority: "gh", from: 0, until: 5000 },
    { rec: "ecowas", authority: "gh", from: 6000, suspendedFrom: 7000 },
  ],
  authorities: [
    { authority: "ng", roots: [new Uint8Array([1])], registerKeys: [ng.spki] },
    { authority: "gh", roots: [new Uint8Array([1])], registerKeys: [gh.spki] },
  ],
  mandates: [],
  hubs: [],
  mailboxKeys: [{ key: Buffer.alloc(32, 7), from: 0 }],
  algorithms: [{ use: "SIGNATURE", name: "ES256", from: 0 }],
};

function state(authority: string): Omit<StatePart, "number"> {
  const tcu = {
    agency: `${authority}/tcu`,
    kind: "TCU",
    names: [],
    languages: [],
    certificates: [],
    keys: [],
  };
  return {
    authority,
    names: [],
    agencies: [tcu],
    intermediates: [],
    crls: [],
    release: [],
    nominations: [],
    agreements: [],
    givenAssurances: [],
  };
}

function publish(current: Bytes | undefined, news: RegisterChange): Bytes {
  return publishRegister({ current, change: news, keys }, times);
}

const first = publish(undefined, { region, states: [state("ng"), state("gh")] });
const second = publish(first, { states: [state("ng")] });

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return isFault(error) ? error.code : String(error);
  }
  return "accepted";
}

function change(bytes: Bytes, edit: (register: Register) => Register): string {
  return codeOf(() => verifyRegister(encodeRegister(edit(decodeRegister(bytes))), anchors));
}

describe("verifyRegister", () => {
  it("a published register is proved, with its epoch and agencies", () => {
    const view = verifyRegister(second, anchors, verifyRegister(first, anchors));
    expect(view.epoch).toBe(2);
    expect(view.numbers.get("ng")).toBe(2);
    expect(view.numbers.get("gh")).toBe(1);
    expect(view.agency("ng/tcu")?.kind).toBe("TCU");
    expect(view.agency("ng/moc")).toBeUndefined();
  });

  it("membership is dated: before, within, after and suspended", () => {
    const view = verifyRegister(first, anchors);
    expect(view.membership("ecowas", "gh", 4999)).toBe("member");
    expect(view.membership("ecowas", "gh", 5500)).toBe("none");
    expect(view.membership("ecowas", "gh", 6500)).toBe("member");
    expect(view.membership("ecowas", "gh", 7500)).toBe("suspended");
    expect(view.membership("ecowas", "sn", 1)).toBe("none");
    expect(view.membership("ecowas", "ecowas", 1)).toBe("member");
  });

  it("an older epoch than the one held is refused", () => {
    const held = verifyRegister(second, anchors);
    expect(codeOf(() => verifyRegister(first, anchors, held))).toBe("REGISTER_ROLLBACK");
  });

  it("a part that goes back inside a newer epoch is refused", () => {
    const third = publish(first, { states: [state("gh")] });
    const fourth = publish(third, { states: [state("gh")] });
    const held = verifyRegister(second, anchors);
    expect(codeOf(() => verifyRegister(fourth, anchors, held))).toBe("REGISTER_ROLLBACK");
  });

  it("two registers of one epoch are a fork", () => {
    const other = publish(first, { states: [state("gh")] });
    const held = verifyRegister(second, anchors);
    expect(codeOf(() => verifyRegister(other, anchors, held))).toBe("REGISTER_FORKED");
  });

  it("a register of other registrars is refused", () => {
    const strangers = { registrarKeys: [ng.spki] };
    expect(codeOf(() => verifyRegister(first, strangers))).toBe("REGISTER_SIGNATURE_INVALID");
  });

  it("a state's part signed by another state is refused", () => {
    const swapped = { registrar, authorities: new Map([["ng", gh]]) };
    const forged = publishRegister(
      { current: first, change: { states: [state("ng")] }, keys: swapped },
      times,
    );
    expect(codeOf(() => verifyRegister(forged, anchors))).toBe("REGISTER_SIGNATURE_INVALID");
  });

  it("a state that names another state's agency is refused", () => {
    const foreign = { ...state("ng"), agencies: state("gh").agencies };
    expect(codeOf(() => verifyRegister(publish(first, { states: [foreign] }), anchors))).toBe(
      "REGISTER_INVALID",
    );
  });

  it("a part of no authority of the region is refused", () => {
    const extra = { registrar, authorities: new Map([["tg", gh]]) };
    const made = publishRegister(
      { current: first, change: { states: [state("tg")] }, keys: extra },
      times,
    );
    expect(codeOf(() => verifyRegister(made, anchors))).toBe("REGISTER_INVALID");
  });

  it("a part that is dropped, doubled, or mixed in from another epoch is refused", () => {
    const dropped = change(second, (one) => ({ ...one, parts: one.parts.slice(1) }));
    const doubled = change(second, (one) => ({
      ...one,
      parts: [...one.parts, ...one.parts.slice(1, 2)],
    }));
    const mixed = change(second, (one) => ({ ...one, parts: decodeRegister(first).parts }));
    expect([dropped, doubled, mixed]).toEqual([
      "REGISTER_INVALID",
      "REGISTER_INVALID",
      "REGISTER_INVALID",
    ]);
  });

  it("a part that its signer may sign, but that breaks its schema, is refused", () => {
    const [tcu] = state("ng").agencies;
    if (tcu === undefined) throw new Error("there is no tcu");
    const states: readonly Partial<StatePart>[] = [
      { agencies: [{ ...tcu, agency: "ng/T C U" }] },
      { agencies: [{ ...tcu, agency: "ng/" }] },
      { agencies: [{ ...tcu, kind: "tcu" }] },
      { agencies: [tcu, tcu] },
      { crls: Array.from({ length: 9 }, () => new Uint8Array([1])) },
    ];
    const regions: readonly Partial<RegionalPart>[] = [
      { recs: [{ rec: "eco.was", names: [], languages: [] }] },
      { recs: [...region.recs, ...region.recs] },
      { authorities: [...region.authorities, ...region.authorities.slice(0, 1)] },
      { hubs: [{ hub: "ng/hub one", urls: ["tls://127.0.0.1:1"], recs: ["ecowas"] }] },
      { algorithms: [] },
    ];
    const made = [
      ...states.map((edit) => publish(first, { states: [{ ...state("ng"), ...edit }] })),
      ...regions.map((edit) => publish(first, { region: { ...region, ...edit } })),
    ];
    const codes = made.map((bytes) => codeOf(() => verifyRegister(bytes, anchors)));
    expect(codes).toEqual(made.map(() => "REGISTER_INVALID"));
  });

  it("a snapshot that was changed after it was signed is refused", () => {
    const edited = change(second, (one) => ({
      ...one,
      snapshot: encodeSnapshot({ ...decodeSnapshot(one.snapshot), epoch: 99 }),
    }));
    expect(edited).toBe("REGISTER_SIGNATURE_INVALID");
  });

  it("bytes that are no register are refused with one code", () => {
    for (const bytes of [new Uint8Array(), Buffer.from("register"), second.subarray(0, 100)]) {
      expect(codeOf(() => verifyRegister(bytes, anchors))).toBe("REGISTER_INVALID");
    }
  });
});

describe("publishRegister", () => {
  it("without a state's key its part is not published", () => {
    expect(codeOf(() => publish(first, { states: [state("sn")] }))).toBe("KEY_UNUSABLE");
  });
});
