import { describe, expect, it } from "vitest";

import type { RegionalPart, StatePart } from "../../schemas/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";
import { codeOf } from "../../test/kit/code-of.ts";
import { makeKeyPair, makeSigningKey } from "../keys/index.ts";
import {
  parseRegister,
  type ProvenRegister,
  renderRegister,
  type RepositoryFiles,
  verifyRegister,
} from "../trust/index.ts";
import { firstRoot, publishRegister, type RegisterChange, type RegisterKeys } from "./publish.ts";

const registrar = makeSigningKey(makeKeyPair("P-256"));
const ng = makeSigningKey(makeKeyPair("P-256"));
const gh = makeSigningKey(makeKeyPair("Ed25519"));
const keys: RegisterKeys = { registrar, authorities: new Map([["ng", ng], ["gh", gh]]) }; // prettier-ignore
const times = { issuedAt: 1000, expiresAt: 9000 };

const region: RegionalPart = {
  recs: [{ rec: "ecowas", names: [], languages: ["en"] }],
  memberships: [
    { rec: "ecowas", authority: "ng", from: 0 },
    { rec: "ecowas", authority: "gh", from: 0, until: 5000 },
    { rec: "ecowas", authority: "gh", from: 6000, suspendedFrom: 7000 },
  ],
  authorities: [
    { authority: "ng", roots: [new Uint8Array([1])] },
    { authority: "gh", roots: [new Uint8Array([1])] },
  ],
  mandates: [],
  hubs: [],
  mailboxKeys: [{ key: Buffer.alloc(32, 7), from: 0 }],
  algorithms: [{ use: "SIGNATURE", name: "ES256", from: 0 }],
  staleness: [],
};

function state(authority: string): StatePart {
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

function publish(current: Bytes | undefined, change: RegisterChange, signing = keys): Bytes {
  return publishRegister({ current, change, keys: signing }, times);
}

const first = publish(undefined, { region, states: [state("ng"), state("gh")] });
const second = publish(first, { states: [state("ng")] });
const anchors = { root: firstRoot(first) };

function verify(bytes: Bytes, held?: ProvenRegister): ProvenRegister {
  return verifyRegister(bytes, anchors, held);
}

function changed(bytes: Bytes, edit: (files: Map<string, Bytes>) => RepositoryFiles): string {
  return codeOf(() => verify(renderRegister(edit(new Map(parseRegister(bytes))))));
}

describe("verifyRegister", () => {
  it("a published register is proved, with its epoch, its end and its agencies", () => {
    const view = verify(second, verify(first));
    expect(view.epoch).toBe(2);
    expect(view.expiresAt).toBe(9000);
    expect(view.numbers.get("ng")).toBe(2);
    expect(view.numbers.get("gh")).toBe(1);
    expect(view.agency("ng/tcu")?.kind).toBe("TCU");
    expect(view.agency("ng/moc")).toBeUndefined();
    expect(view.trusted.flaws).toEqual([]);
  });

  it("membership is dated: before, within, after and suspended", () => {
    const view = verify(first);
    expect(view.membership("ecowas", "gh", 4999)).toBe("member");
    expect(view.membership("ecowas", "gh", 5500)).toBe("none");
    expect(view.membership("ecowas", "gh", 6500)).toBe("member");
    expect(view.membership("ecowas", "gh", 7500)).toBe("suspended");
    expect(view.membership("ecowas", "sn", 1)).toBe("none");
    expect(view.membership("ecowas", "ecowas", 1)).toBe("member");
  });

  it("an older epoch than the one held is refused", () => {
    expect(codeOf(() => verify(first, verify(second)))).toBe("REGISTER_ROLLBACK");
  });

  it("a part that goes back inside a newer epoch is refused", () => {
    const third = publish(first, { states: [state("gh")] });
    const fourth = publish(third, { states: [state("gh")] });
    expect(codeOf(() => verify(fourth, verify(second)))).toBe("REGISTER_ROLLBACK");
  });

  it("two registers of one epoch are a fork", () => {
    const other = publish(first, { states: [state("gh")] });
    expect(codeOf(() => verify(other, verify(second)))).toBe("REGISTER_FORKED");
  });

  it("a register of other registrars is refused", () => {
    const strangers = { ...keys, registrar: ng };
    const theirs = publish(undefined, { region }, strangers);
    expect(codeOf(() => verify(theirs))).toBe("REGISTER_SIGNATURE_INVALID");
    expect(codeOf(() => verify(publish(first, {}, strangers)))).toBe("REGISTER_SIGNATURE_INVALID");
  });

  it("a file that is dropped, doubled, or mixed in from another epoch is refused", () => {
    for (const path of parseRegister(second).keys()) {
      if (path.endsWith(".root.json")) continue;
      const dropped = changed(second, (files) => {
        files.delete(path);
        return files;
      });
      expect([path, dropped]).toEqual([path, "REGISTER_INVALID"]);
    }
    const doubled = Buffer.concat([first, first]);
    expect(codeOf(() => verify(doubled))).toBe("REGISTER_INVALID");
    const timestamp = "metadata/timestamp.json";
    const old = parseRegister(first).get(timestamp)!;
    expect(changed(second, (files) => files.set(timestamp, old))).toBe("REGISTER_INVALID");
  });

  it("a region's part that its registrars may sign, but that breaks its schema, is refused", () => {
    const regions: readonly Partial<RegionalPart>[] = [
      { recs: [{ rec: "eco.was", names: [], languages: [] }] },
      { recs: [...region.recs, ...region.recs] },
      { authorities: [...region.authorities, ...region.authorities.slice(0, 1)] },
      { hubs: [{ hub: "ng/hub one", urls: ["tls://127.0.0.1:1"], recs: ["ecowas"] }] },
      { algorithms: [] },
    ];
    const made = regions.map((edit) => publish(first, { region: { ...region, ...edit } }));
    const codes = made.map((bytes) => codeOf(() => verify(bytes)));
    expect(codes).toEqual(made.map(() => "REGISTER_INVALID"));
  });

  it("bytes that are no register are refused with one code", () => {
    for (const bytes of [new Uint8Array(), Buffer.from("register"), second.subarray(0, 100)]) {
      expect(codeOf(() => verify(bytes))).toBe("REGISTER_INVALID");
    }
  });
});

describe("a part that its own authority spoilt", () => {
  const [tcu] = state("ng").agencies;
  if (tcu === undefined) throw new Error("there is no tcu");
  const foreign: Partial<StatePart> = { agencies: state("gh").agencies };
  const spoilt: readonly Partial<StatePart>[] = [
    foreign,
    { agencies: [{ ...tcu, agency: "ng/T C U" }] },
    { agencies: [{ ...tcu, agency: "ng/" }] },
    { agencies: [{ ...tcu, kind: "tcu" }] },
    { agencies: [tcu, tcu] },
    { crls: Array.from({ length: 9 }, () => new Uint8Array([1])) },
  ];

  it("is left out, and the others count", () => {
    for (const edit of spoilt) {
      const view = verify(publish(first, { states: [{ ...state("ng"), ...edit }] }));
      expect(view.agencies.map(({ agency }) => agency)).toEqual(["gh/tcu"]);
      expect(view.trusted.flaws).toEqual([
        { authority: "ng", version: 2, code: "REGISTER_INVALID" },
      ]);
    }
  });

  it("stays as it was proved last, and the next good one counts", () => {
    const held = verify(first);
    const broken = publish(first, { states: [{ ...state("ng"), ...foreign }, state("gh")] });
    const view = verify(broken, held);
    expect(view.agencies.map(({ agency }) => agency)).toEqual(["ng/tcu", "gh/tcu"]);
    expect([view.numbers.get("ng"), view.numbers.get("gh")]).toEqual([1, 2]);
    expect(view.trusted.flaws).toMatchObject([{ authority: "ng", version: 2, kept: 1 }]);
    expect(view.key).not.toBe(verify(broken).key);
    const mended = verify(publish(broken, { states: [state("ng")] }), view);
    expect([mended.numbers.get("ng"), mended.trusted.flaws]).toEqual([3, []]);
  });

  it("is no fork: whoever kept another version of it holds the same register", () => {
    const broken = publish(first, { states: [{ ...state("ng"), ...foreign }, state("gh")] });
    const [kept, leftOut] = [verify(broken, verify(first)), verify(broken)];
    expect([kept.trusted.flaws[0]?.kept, leftOut.trusted.flaws[0]?.kept]).toEqual([1, undefined]);
    expect(kept.digest).toEqual(leftOut.digest);
    // what was proved with the one is not good for the other
    expect(kept.key).not.toBe(leftOut.key);
  });

  it("hides no fork: two registers of one number differ, however their parts are read", () => {
    const edits = [foreign, { agencies: [tcu, tcu] }];
    const [one, other] = edits.map((edit) =>
      publish(first, { states: [{ ...state("ng"), ...edit }] }),
    );
    if (one === undefined || other === undefined) throw new Error("there are not two");
    for (const held of [undefined, verify(first)]) {
      const [left, right] = [verify(one, held), verify(other, held)];
      expect([left.epoch, left.agencies]).toEqual([right.epoch, right.agencies]);
      expect(left.digest).not.toEqual(right.digest);
      expect(codeOf(() => verify(other, left))).toBe("REGISTER_FORKED");
    }
  });

  it("is not kept once its keys were taken from it", () => {
    const held = verify(first);
    const rotated = { registrar, authorities: new Map([...keys.authorities, ["ng", gh]]) };
    const view = verify(publish(first, { region }, rotated), held);
    expect(view.agency("ng/tcu")).toBeUndefined();
    expect(view.trusted.flaws).toEqual([
      { authority: "ng", version: 1, code: "REGISTER_SIGNATURE_INVALID" },
    ]);
  });

  it("signed by another authority is none", () => {
    const swapped = { registrar, authorities: new Map([["ng", gh]]) };
    const view = verify(publish(first, { states: [state("ng")] }, swapped));
    expect(view.agencies.map(({ agency }) => agency)).toEqual(["gh/tcu"]);
    expect(view.trusted.flaws).toMatchObject([{ code: "REGISTER_SIGNATURE_INVALID" }]);
  });

  it("of no authority of the region is not read", () => {
    const extra = { registrar, authorities: new Map([...keys.authorities, ["tg", gh]]) };
    const view = verify(publish(first, { states: [state("tg")] }, extra));
    expect([...view.numbers.keys()]).toEqual(["region", "ng", "gh"]);
  });
});

describe("publishRegister", () => {
  it("without a state's key its part is not published", () => {
    expect(codeOf(() => publish(first, { states: [state("sn")] }))).toBe("KEY_UNUSABLE");
  });

  it("a register without a root is none to begin with", () => {
    expect(codeOf(() => firstRoot(renderRegister(new Map([["a", first]]))))).toBe(
      "REGISTER_INVALID",
    );
  });
});
