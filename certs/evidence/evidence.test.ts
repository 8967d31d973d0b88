import { beforeAll, describe, expect, it } from "vitest";

import {
  evidenceNow as now,
  type EvidenceWorld,
  makeEvidenceWorld,
  openedMail,
} from "../../test/kit/evidence.ts";
import {
  decodeMessage,
  decodeSignedReceipt,
  encodeMessage,
  encodeSignedReceipt,
  parseParts,
  redactParts,
  renderParts,
} from "../../schemas/index.ts";
import { type Bytes, isFault, utf8 } from "../../schemas/ground/index.ts";
import { verifyRegister } from "../trust/index.ts";
import { checkEvidence, dimensions, type Evidence, type EvidenceReport, parseEvidence, parseRoots, renderEvidence, renderRoots, sumUp, trustRegister } from "./index.ts"; // prettier-ignore

let world: EvidenceWorld;
let good: Evidence;
beforeAll(async () => {
  world = await makeEvidenceWorld();
  good = world.make();
});

type Place = Parameters<typeof checkEvidence>[1];

function judge(evidence: Evidence | Bytes, place: Partial<Place> = {}): EvidenceReport {
  const file = evidence instanceof Uint8Array ? evidence : renderEvidence(evidence);
  return checkEvidence(file, { trust: world.trust, now: now + 100_000, ...place });
}

/** The answers that are not yes, in one line. */
function notYes({ dimensions: found }: EvidenceReport): string {
  return dimensions
    .flatMap((name) => {
      const one = found[name];
      if (one.says === "YES") return [];
      return [`${name}:${one.says === "NO" ? one.code : one.reason}`];
    })
    .join(" ");
}

function flip(bytes: Bytes, at = bytes.length >> 1): Bytes {
  const other = Uint8Array.from(bytes);
  other[at] = other[at]! ^ 1;
  return other;
}

function withOtherSignature(raw: Bytes): Bytes {
  const [other = raw] = world.make().receipts;
  return encodeSignedReceipt({
    ...decodeSignedReceipt(raw),
    signature: decodeSignedReceipt(other).signature,
  });
}

function withMessage(change: (message: ReturnType<typeof decodeMessage>) => ReturnType<typeof decodeMessage>): Evidence {
  return { ...good, message: encodeMessage(change(decodeMessage(good.message!))) };
} // prettier-ignore

/** Another spelling of a text inside the proof. */
function inProof(change: (text: string) => string): Evidence {
  return { ...good, proof: utf8(change(Buffer.from(good.proof).toString())) };
}

function withheldAll(): Evidence {
  return withMessage((message) => {
    const { bodyRoot } = world.make().forged.envelope;
    expect(bodyRoot).toHaveLength(32);
    const { open } = message;
    const parts = redactParts(parsedParts(open!), new Set([0]));
    return { ...message, open: renderParts(parts) };
  });
}

function parsedParts(open: Bytes): ReturnType<typeof parseParts> {
  const root = (good as Evidence & { forged: { envelope: { bodyRoot: Bytes } } }).forged.envelope.bodyRoot;
  return parseParts(open, root);
} // prettier-ignore

describe("a good file", () => {
  it("has yes in every dimension by its register", () => {
    const report = judge(good);
    expect(notYes(report)).toBe("");
    expect([sumUp(report), report.about?.originator, report.about?.index]).toEqual(["NONE_REFUSED", "ng/tcu", 3]);
  }); // prettier-ignore

  it("by roots alone leaves what needs the register open, and says so", () => {
    const trust = parseRoots(renderRoots(world.view, now));
    const report = judge(good, { trust });
    expect(notYes(report)).toBe("register:NEEDS_REGISTER audience:NEEDS_REGISTER receipts:NEEDS_REGISTER");
    expect(sumUp(report)).toBe("NOT_JUDGED");
  }); // prettier-ignore

  it("by nothing at all says yes only of what proves itself", () => {
    const report = judge(good, { trust: undefined });
    expect(notYes(report)).toBe(
      "certificate:NEEDS_ROOTS revocation:NEEDS_ROOTS register:NEEDS_REGISTER audience:NEEDS_REGISTER checkpoint:NEEDS_LOG_KEY witnesses:NEEDS_LOG_KEY receipts:NEEDS_REGISTER",
    );
  });

  it("is the same file whatever order its documents came in, and at most 12 kB", () => {
    const other = { ...good, crls: good.crls.toReversed(), certificates: [...good.certificates, ...good.certificates] };
    const file = renderEvidence(good);
    expect(Buffer.from(renderEvidence(other)).equals(file)).toBe(true);
    expect(file.length).toBeLessThan(12_000);
    expect(Buffer.from(renderEvidence(parseEvidence(file))).equals(file)).toBe(true);
  }); // prettier-ignore
});

describe("each piece changed says no where it belongs", () => {
  const cases: readonly [string, () => Evidence, string][] = [
    ["id", () => ({ ...good, subject: { ...good.subject, id: world.make().subject.id } }),
      "message:SUBJECT_MISMATCH entry:SUBJECT_MISMATCH receipts:SUBJECT_MISMATCH"],
    ["channel", () => ({ ...good, subject: { ...good.subject, channel: good.subject.channel.replace("drugs", "arms") } }),
      "audience:SUBJECT_MISMATCH entry:SUBJECT_MISMATCH"],
    ["digest", () => ({ ...good, subject: { ...good.subject, envelopeDigest: flip(good.subject.envelopeDigest) } }),
      "message:SUBJECT_MISMATCH entry:SUBJECT_MISMATCH receipts:SUBJECT_MISMATCH"],
    ["salt", () => ({ ...good, subject: { ...good.subject, salt: flip(good.subject.salt) } }),
      "message:SUBJECT_MISMATCH entry:SUBJECT_MISMATCH"],
    ["body", () => withMessage((one) => ({ ...one, open: flip(one.open!, one.open!.length - 20) })),
      "body:BODY_ROOT_MISMATCH withheld:BODY_ROOT_MISMATCH"],
    ["signature", () => withMessage((one) => ({ ...one, signatures: one.signatures.map((text) => `${text.slice(0, -9)}${text.at(-9) === "A" ? "B" : "A"}${text.slice(-8)}`) })),
      "signature:ENVELOPE_SIGNATURE_INVALID"],
    ["another message", () => ({ ...good, message: world.make().message }),
      "message:SUBJECT_MISMATCH"],
    ["no certificates", () => ({ ...good, certificates: [] }),
      "signature:CERT_UNKNOWN certificate:CERT_UNKNOWN revocation:CERT_UNKNOWN"],
    ["a certificate of somebody else", () => ({ ...good, certificates: [...good.certificates, world.world.agency("gh/tcu").certificates[0]!.certificate] }),
      "certificate:CERT_PATH_INVALID"],
    ["register's digest", () => ({ ...good, register: { ...good.register, digest: flip(good.register.digest) } }),
      "register:REGISTER_FORKED"],
    ["register's epoch", () => ({ ...good, register: { ...good.register, epoch: 9 } }), "register:OTHER_EPOCH"],
    ["leaf", () => ({ ...good, leaf: flip(good.leaf, 20) }), "inclusion:LOG_PROOF_INVALID"],
    ["index", () => inProof((text) => text.replace("index 3", "index 2")), "inclusion:LOG_PROOF_INVALID"],
    ["size", () => inProof((text) => text.replace("\n7\n", "\n8\n")),
      // a path of hashes may fit trees of two sizes; the signatures fit one
      "checkpoint:LOG_NOTE_INVALID witnesses:LOG_NOTE_INVALID"],
    ["a hash", () => inProof((text) => text.replace(/\nindex 3\n(.)/, (all, one: string) => all.replace(one, one === "A" ? "B" : "A"))), "inclusion:LOG_PROOF_INVALID"],
    ["a witness left out", () => inProof((text) => text.replace(/\u2014 w\.gh.*\n/, "")), "witnesses:LOG_CHECKPOINT_INVALID"],
    ["a line of a stranger", () => inProof((text) => `${text}\u2014 x.example AAAAAAAAAA==\n`), "checkpoint:LOG_NOTE_INVALID"],
    ["a receipt", () => ({ ...good, receipts: good.receipts.map(withOtherSignature) }), "receipts:RECEIPT_INVALID"],
    ["a receipt of another message", () => ({ ...good, receipts: world.make().receipts }), "receipts:SUBJECT_MISMATCH"],
    ["no receipt", () => ({ ...good, receipts: [] }), "receipts:NO_RECEIPTS"],
  ]; // prettier-ignore

  it.each(cases)("%s", (_, change, expected) => {
    expect(notYes(judge(change()))).toContain(expected);
  });

  it("each is told nowhere else than where it belongs", () => {
    const told = cases.map(([name, change, expected]) => [name, notYes(judge(change())), expected]);
    const elsewhere = told.filter(([, found, expected]) => found !== expected).map(([name]) => name);
    // these touch what further questions rest on
    expect(elsewhere).toEqual(["leaf"]);
  }); // prettier-ignore

  it("an altered list of revocations is refused though the register has a good one", () => {
    const report = judge({ ...good, crls: good.crls.map((one) => flip(one, one.length - 5)) });
    expect(notYes(report)).toMatch(/revocation:(?:CERT|CRL)_/);
  });

  it("a message dated after it was taken, or taken in the future, is refused for its time", () => {
    const early = world.make({ envelope: { createdAt: now + 3_000_000 } });
    expect(notYes(judge(early))).toBe("time:ENVELOPE_FROM_FUTURE");
    expect(notYes(judge(good, { now: now - 86_400_000 }))).toContain("time:ENVELOPE_FROM_FUTURE");
  });
});

describe("direct mail, opened", () => {
  const timeOf = (made: Evidence): string | undefined =>
    notYes(judge(made)).split(" ").find((one) => one.startsWith("time:")); // prettier-ignore

  it("is judged by its end inside, which the hub that took it could not see", () => {
    expect(timeOf(world.make(openedMail(now + 1001)))).toBeUndefined();
    expect(timeOf(world.make(openedMail(now + 1000)))).toBe("time:ENVELOPE_EXPIRED");
    // a feed says its own outside alone
    expect(timeOf(world.make({ inner: { expiresAt: now + 1000 } }))).toBeUndefined();
  }); // prettier-ignore
});

describe("500 bytes changed at random", () => {
  it("never leave every answer as it was with other content", () => {
    const file = Buffer.from(renderEvidence(good));
    let seed = 20_261_122;
    const draw = (below: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    for (let i = 0; i < 500; i += 1) {
      const bad = Buffer.from(file);
      const at = draw(bad.length);
      bad[at] = bad[at]! ^ (1 << draw(8));
      const report = judge(bad);
      expect([at, notYes(report)]).not.toEqual([at, ""]);
    }
  });
});

describe("what is withheld or gone", () => {
  it("withheld parts are named, and the rest is proved as before", () => {
    expect(notYes(judge(withheldAll()))).toBe("withheld:PARTS_WITHHELD");
  });

  it("of an erased body the signature and the log's proof remain", () => {
    const gone = withMessage(({ envelope, signatures }) => ({ envelope, signatures }));
    expect(notYes(judge(gone))).toBe("body:BODY_ABSENT withheld:BODY_ABSENT");
  });

  it("of an erased message the digests, the entry and its proof remain", () => {
    const { message: _, ...rest } = good;
    const gone = { ...rest, certificates: [], crls: [] };
    const report = judge(gone);
    const absent = ["message", "signature", "certificate", "revocation", "register", "audience", "body", "withheld"];
    expect(notYes(report)).toBe(absent.map((name) => `${name}:CONTENT_ABSENT`).join(" "));
    expect(sumUp(report)).toBe("NONE_REFUSED");
    const other = { ...gone, subject: { ...gone.subject, salt: flip(gone.subject.salt) } };
    expect(notYes(judge(other))).toContain("entry:SUBJECT_MISMATCH");
  }); // prettier-ignore
});

describe("a signer revoked", () => {
  it("after the hub took it still vouches for it; before, not", async () => {
    const later = now + 3_600_000;
    const after = await world.world.revoke("ng/tcu", "SIGNING", { at: later });
    const trust = trustRegister(verifyRegister(after, world.world.anchors));
    const place = { trust, now: later + 1000 };
    expect(notYes(judge(good, place))).toBe("register:OTHER_EPOCH");
    const made = world.make({}, trust.register);
    expect(notYes(judge(made, place))).toBe("");
    const late = world.make({ now: later + 1000 }, trust.register);
    const report = judge(late, { trust, now: later + 100_000 });
    expect(notYes(report)).toBe("revocation:CERT_REVOKED");
  });
});

describe("what is no evidence", () => {
  it.each<[string, () => Bytes]>([
    ["nothing", () => new Uint8Array()],
    ["a text", () => utf8("<html>")],
    ["an object", () => utf8("{}\n")],
    ["a space more", () => utf8(`${Buffer.from(renderEvidence(good)).toString().trimEnd()} \n`)],
    ["no line feed", () => renderEvidence(good).subarray(0, -1)],
    ["a member more", () => utf8(Buffer.from(renderEvidence(good)).toString().replace("{", '{"more":1,'))],
    ["more bytes than a file has", () => new Uint8Array(2_500_001)],
  ])("%s is refused whole", (_, make) => {
    const report = judge(make());
    expect(report.dimensions.form).toMatchObject({ says: "NO", code: "EVIDENCE_INVALID" });
    expect(dimensions.slice(1).every((name) => report.dimensions[name].says === "UNKNOWN")).toBe(true);
    expect(sumUp(report)).toBe("REFUSED");
  }); // prettier-ignore

  it.each(["", "{}", '{"format":"atumpan evidence roots 1","authorities":[],"policy":""}'])(
    "roots that are none are refused: %s",
    (text) => {
      let code = "";
      try {
        parseRoots(utf8(text));
      } catch (error) {
        code = isFault(error) ? error.code : String(error);
      }
      expect(code).toMatch(/^(?:EVIDENCE|LOG_POLICY)_INVALID$/);
    },
  );
});
