import { assert, property, subarray } from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

import type { Endorsement } from "../../schemas/index.ts";
import { renderHex, sha256 } from "../../schemas/ground/index.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { makeMemoryJournal } from "../../test/kit/memory-journal.ts";
import {
  issueSealing,
  type MadeSealing,
  publishSealing,
  sealingLine,
} from "../../test/kit/sealing-change.ts";
import { issueCrl, revocationReasons } from "../authority/index.ts";
import {
  endorseSealingKey,
  makeSigner,
  makeSigningKey,
  type Signer,
  vouchForSealingKey,
} from "../keys/index.ts";
import {
  judgeSealingKey,
  type PinnedKey,
  renderEndorsed,
  type SealingKeyQuestion,
  type SealingKeyVerdict,
} from "./endorsement.ts";
import type { RegisterView } from "./register.ts";

const now = 1_780_272_000_000;
const day = 86_400_000;
const agency = "gh/fiu";

let world: GatewayWorld;
/** The agency's first key, which everyone has met. */
let first: MadeSealing;
let next: MadeSealing;
let register: RegisterView;

beforeAll(async () => {
  world = await makeGatewayWorld(["gh/fiu", "gh/tcu", "gh/moc", "ng/tcu", "ng/fiu", "sn/tcu"], {
    now,
  });
  first = await issueSealing(world, agency);
  next = await issueSealing(world, agency, now + 60 * day);
  register = publishSealing(world, agency, [sealingLine(first), sealingLine(next)]);
});

function pin({ leaf }: MadeSealing, isBelieved = true): PinnedKey {
  return { thumbprint: leaf.thumbprint, isBelieved };
}

function judge(
  endorsements: readonly Endorsement[],
  change: Partial<SealingKeyQuestion> = {},
): SealingKeyVerdict {
  const candidate = {
    ...sealingLine(next, endorsements),
    thumbprint: next.leaf.thumbprint,
    agency,
  };
  return judgeSealingKey({ pinned: [pin(first)], candidate, register, at: now, ...change });
}

function byKey({ privateKey, leaf }: MadeSealing, of = next): Endorsement {
  const previous = { key: makeSigningKey(privateKey), thumbprint: leaf.thumbprint };
  return endorseSealingKey(previous, { agency, thumbprint: of.leaf.thumbprint });
}

function by(
  signerName: string,
  authority = signerName.split("/")[0] ?? "",
  of = next,
): Endorsement {
  const { signer } = world.agency(signerName);
  return vouchForSealingKey({ signer, authority }, { agency, thumbprint: of.leaf.thumbprint });
}

describe("judgeSealingKey: the agency is met for the first time", () => {
  it("its key is taken as registered, and that is said", () => {
    expect(judge([], { pinned: [] })).toBe("first");
  });

  it("an agency of which one key was met, believed or not, is not met for the first time", () => {
    expect(judge([], { pinned: [pin(first, false)] })).toBe("unendorsed");
  });
});

describe("judgeSealingKey: by the key before", () => {
  it("a key that the earlier one vouches for is endorsed", () => {
    expect(judge([byKey(first)])).toBe("endorsed");
  });

  it("the earlier one may have expired, as long as it had not when the new one began", () => {
    expect(judge([byKey(first)], { at: now + 100 * day })).toBe("endorsed");
  });

  it("a certificate of the agency's CA alone endorses nothing", () => {
    expect(judge([])).toBe("unendorsed");
  });

  it("a key that is not believed vouches for nothing, nor one that was never met", async () => {
    expect(judge([byKey(first)], { pinned: [pin(first, false)] })).toBe("unendorsed");
    const stranger = await issueSealing(world, agency);
    expect(judge([byKey(stranger)])).toBe("unendorsed");
    expect(judge([byKey(stranger)], { pinned: [pin(first), pin(stranger)] })).toBe("unendorsed");
  });

  it("a key that the register no longer names vouches for nothing", () => {
    const without = publishSealing(world, agency, [sealingLine(next)]);
    expect(judge([byKey(first)], { register: without })).toBe("unendorsed");
  });

  it("a key that was revoked vouches for nothing, though it is believed", async () => {
    const { serial } = first.leaf;
    const listed = async (revoked: string, state = "gh"): Promise<RegisterView> => {
      const authority = world.authorities.get(state)!;
      const journal = makeMemoryJournal();
      const reason = revocationReasons.KEY_COMPROMISE;
      const issuer = authority.issuing.certificate.subjectKeyId ?? "";
      journal.append({ event: "revoked", at: now, issuer, serial: revoked, reason });
      const crl = await issueCrl({ authority, journal, issuer: "ISSUING", now });
      const own = register.authority("gh")!;
      return { ...register, authority: () => ({ ...own, crls: [...own.crls, crl.der] }) };
    };
    expect(judge([byKey(first)], { register: await listed("77") })).toBe("endorsed");
    expect(judge([byKey(first)], { register: await listed(serial, "ng") })).toBe("endorsed");
    expect(judge([byKey(first)], { register: await listed(serial) })).toBe("unendorsed");
  });

  it("a key that the register names for another use vouches for nothing", () => {
    const own = register.agency(agency)!;
    const certificates = own.certificates.map((one) => ({ ...one, kind: "SIGNING" }));
    const renamed = { ...register, agency: () => ({ ...own, certificates }) };
    expect(judge([byKey(first)], { register: renamed })).toBe("unendorsed");
  });

  it("a key that ended before the new one began vouches for nothing", async () => {
    const late = await issueSealing(world, agency, now + 91 * day);
    const candidate = {
      ...sealingLine(late, [byKey(first, late)]),
      thumbprint: late.leaf.thumbprint,
      agency,
    };
    expect(judge([], { candidate })).toBe("unendorsed");
  });

  it("an endorsement of another key, of another agency or under another name is none", () => {
    expect(judge([byKey(first, first)])).toBe("unendorsed");
    const key = makeSigningKey(first.privateKey);
    const { thumbprint } = next.leaf;
    const ofOther = endorseSealingKey(
      { key, thumbprint: first.leaf.thumbprint },
      { agency: "ng/fiu", thumbprint },
    );
    expect(judge([ofOther])).toBe("unendorsed");
    expect(judge([{ ...ofOther, endorser: agency }])).toBe("unendorsed");
    expect(judge([{ ...byKey(first), endorser: "gh" }])).toBe("unendorsed");
  });

  it("another statement by the same key is no endorsement", () => {
    const signer = makeSigner({
      signer: agency,
      key: makeSigningKey(first.privateKey),
      thumbprint: first.leaf.thumbprint,
    });
    const bytes = renderEndorsed(agency, next.leaf.thumbprint, first.leaf.thumbprint);
    const right = signer.sign("atumpan-sealing-key", bytes);
    expect(judge([{ endorser: agency, signature: right }])).toBe("endorsed");
    for (const typ of ["atumpan-envelope", "atumpan-register"] as const) {
      const signature = signer.sign(typ, bytes);
      expect(judge([{ endorser: agency, signature }])).toBe("unendorsed");
    }
    const asOther = makeSigner({
      signer: "ng/fiu",
      key: makeSigningKey(first.privateKey),
      thumbprint: first.leaf.thumbprint,
    });
    const signature = asOther.sign("atumpan-sealing-key", bytes);
    expect(judge([{ endorser: agency, signature }])).toBe("unendorsed");
    const short = signer.sign("atumpan-sealing-key", renderEndorsed(agency, next.leaf.thumbprint));
    expect(judge([{ endorser: agency, signature: short }])).toBe("unendorsed");
  });

  it("a signature of an algorithm that is not in force endorses nothing", () => {
    expect(judge([byKey(first)], { register: { ...register, algorithms: [] } })).toBe("unendorsed");
  });

  it("what cannot be read spoils nothing: a good endorsement beside it counts", () => {
    const bad = { endorser: agency, signature: "not a signature" };
    expect(judge([bad])).toBe("unendorsed");
    expect(judge([bad, byKey(first)])).toBe("endorsed");
    expect(judge([{ ...bad, endorser: "ng" }, byKey(first)])).toBe("endorsed");
  });

  it("an agency or authority that the register does not know has no earlier key", () => {
    const noAgency = { ...register, agency: () => undefined };
    expect(judge([byKey(first)], { register: noAgency })).toBe("unendorsed");
    const noAuthority = { ...register, authority: () => undefined };
    expect(judge([byKey(first)], { register: noAuthority })).toBe("unendorsed");
  });

  it("a fault of our own is not taken for a bad endorsement", () => {
    const broken = {
      ...register,
      agency: () => {
        throw new TypeError("broken");
      },
    };
    expect(() => judge([byKey(first)], { register: broken })).toThrow(TypeError);
  });
});

describe("judgeSealingKey: by authorities", () => {
  it("two different authorities stand in for a key that is lost", () => {
    expect(judge([by("ng/tcu"), by("sn/tcu")])).toBe("endorsed");
    expect(judge([by("gh/tcu"), by("ng/tcu")])).toBe("endorsed");
  });

  it("one alone does not, through however many agencies", () => {
    expect(judge([by("ng/tcu")])).toBe("unendorsed");
    expect(judge([by("ng/tcu"), by("ng/fiu")])).toBe("unendorsed");
    expect(judge([by("gh/tcu"), by("gh/moc")])).toBe("unendorsed");
  });

  it("a hub's word counts for nothing", () => {
    expect(judge([by("ng/tcu"), by("ecowas/hub")])).toBe("unendorsed");
  });

  it("the agency's own signing key does not speak for its state", () => {
    expect(judge([by("ng/tcu"), by("gh/fiu")])).toBe("unendorsed");
  });

  it("nobody speaks for another's authority", () => {
    expect(judge([by("ng/tcu"), by("ng/fiu", "sn")])).toBe("unendorsed");
  });

  it("an agency that is suspended speaks for nobody, until it is and from then on", () => {
    const suspended = (suspendedFrom: number): RegisterView => ({
      ...register,
      agency: (name) => {
        const found = register.agency(name);
        return found === undefined || name !== "sn/tcu" ? found : { ...found, suspendedFrom };
      },
    });
    const two = [by("ng/tcu"), by("sn/tcu")];
    expect(judge(two, { register: suspended(now + 1) })).toBe("endorsed");
    expect(judge(two, { register: suspended(now) })).toBe("unendorsed");
  });

  it("a word on another key is none on this one", () => {
    expect(judge([by("ng/tcu"), by("sn/tcu", "sn", first)])).toBe("unendorsed");
  });

  it("a signer whose certificate does not hold, or that is unknown, speaks for nobody", () => {
    expect(judge([by("ng/tcu"), by("sn/tcu")], { at: now + 100 * day })).toBe("unendorsed");
    const key = makeSigningKey(next.privateKey);
    const stranger: Signer = makeSigner({
      signer: "sn/fiu",
      key,
      thumbprint: sha256(next.certificate),
    });
    const word = vouchForSealingKey(
      { signer: stranger, authority: "sn" },
      { agency, thumbprint: next.leaf.thumbprint },
    );
    expect(judge([by("ng/tcu"), word])).toBe("unendorsed");
  });
});

describe("a CA alone", () => {
  it("with every signing key of its own state endorses no sealing key of its agency", async () => {
    const rogue = await issueSealing(world, agency, now);
    const withRogue = publishSealing(world, agency, [
      sealingLine(first),
      sealingLine(rogue),
      sealingLine(next),
    ]);
    // all that whoever holds the CA of Ghana, and its hub, can make
    const own = ["gh/tcu", "gh/moc", "gh/fiu", "ecowas/hub"];
    const pool: readonly Endorsement[] = [
      ...own.map((name) => by(name)),
      ...own.map((name) => by(name, "ng")),
      ...own.map((name) => by(name, agency)),
      byKey(rogue),
      byKey(next),
      { ...byKey(rogue), endorser: "ng" },
    ];
    assert(
      property(subarray([...pool], { maxLength: 6 }), (endorsements) => {
        expect(judge(endorsements, { register: withRogue })).toBe("unendorsed");
      }),
      { numRuns: 60 },
    );
  });
});

describe("what is signed", () => {
  it("is one short text in one spelling, that names agency, new key and the key before", () => {
    const text = Buffer.from(renderEndorsed(agency, sha256(Buffer.of(1)), sha256(Buffer.of(2))));
    const [title, who, added, before, end] = text.toString("utf8").split("\n");
    expect([title, who, end]).toEqual(["atumpan sealing key 1", agency, ""]);
    expect([added, before].map((one) => renderHex(Buffer.from(one!, "base64url")))).toEqual([
      renderHex(sha256(Buffer.of(1))),
      renderHex(sha256(Buffer.of(2))),
    ]);
    expect(Buffer.from(renderEndorsed(agency, sha256(Buffer.of(1)))).toString()).toMatch(/\n-\n$/);
  });
});
