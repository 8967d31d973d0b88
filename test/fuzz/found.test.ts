import { describe, expect, it } from "vitest";

import { parseOfficers } from "../../certs/authority/index.ts";
import { findCurrentFiles } from "../../certs/authority/repository/place.ts";
import { parseDelegations } from "../../certs/authority/changes/delegations.ts";
import { proposeChange } from "../../certs/authority/changes/two-persons.ts";
import { makeKeyPair, makeSigningKey } from "../../certs/keys/index.ts";
import {
  metadataShapes,
  parseCarriedEndorsement,
  parseMetadata,
  parseRenewalRequest,
  renderCanonical,
  renderRegister,
  timestampPath,
  verifyRegister,
} from "../../certs/trust/index.ts";
import { renderBase64url, utf8 } from "../../schemas/ground/index.ts";
import { codeOf } from "../kit/code-of.ts";
import { makeRepository, repositoryNow } from "../kit/repository.ts";

/** Whoever asks how long this is has to turn an object into a number, and cannot. */
const liar = { length: { toString: 1 } };
const text = JSON.stringify(liar);

describe("a value that lies about its length", () => {
  it.each<readonly [string, string, () => unknown]>([
    ["metadata", "REGISTER_INVALID", () => parseMetadata("root", utf8(`{"signatures":${text},"signed":{}}`), { shape: metadataShapes.root, maxBytes: 1000 })],
    ["what metadata signs", "REGISTER_INVALID", () => parseMetadata("root", utf8(`{"signatures":[],"signed":{"_type":"root","expires":${text}}}`), { shape: metadataShapes.root, maxBytes: 1000 })],
    ["a request for renewal", "CSR_INVALID", () => parseRenewalRequest(utf8(`{"agency":${text}}`))],
    ["an endorsement", "SIGNATURE_MALFORMED", () => parseCarriedEndorsement(utf8(`{"thumbprint":${text}}`))],
    ["officers", "CHANGE_INVALID", () => parseOfficers(liar)],
    ["an officer's name", "CHANGE_INVALID", () => parseOfficers([{ name: liar, key: "" }, liar])],
    ["delegations", "CHANGE_INVALID", () => parseDelegations(liar)],
    ["a delegation's keys", "CHANGE_INVALID", () => parseDelegations([{ authority: liar, threshold: 1, keys: liar }])],
  ])("is refused in %s with %s", (_name, code, read) => {
    expect(codeOf(read)).toBe(code);
  }); // prettier-ignore

  it("stops nobody who is offered a register by a mirror", () => {
    const made = makeRepository();
    const files = new Map(made.seal(made.parts));
    files.set(timestampPath, utf8(`{"signatures":${text},"signed":{}}`));
    const offered = renderRegister(files);
    expect(codeOf(() => verifyRegister(offered, { root: made.root }))).toBe("REGISTER_INVALID");
  });
});

describe("a register that another office offers", () => {
  it("whose timestamp names nothing is refused", () => {
    const made = makeRepository();
    const files = new Map(made.seal(made.parts));
    const signed = { _type: "timestamp", version: 1, expires: "2026-06-06T00:00:00Z", meta: 7 };
    files.set(timestampPath, utf8(JSON.stringify({ signatures: [], signed })));
    expect(codeOf(() => findCurrentFiles(files))).toBe("REGISTER_INVALID");
  });

  it("whose part does not name its content is refused", () => {
    const made = makeRepository();
    const files = new Map(made.seal(made.parts));
    const signed = { _type: "targets", version: 1, expires: "2026-06-06T00:00:00Z", targets: 7 };
    files.set("metadata/1.ng.json", utf8(JSON.stringify({ signatures: [], signed })));
    expect(codeOf(() => findCurrentFiles(files))).toBe("REGISTER_INVALID");
  });
});

describe("what is signed", () => {
  it.each(["\ud800", "a\udfff", "\udc00\ud800"])("%j has no canonical form: others are written alike", (half) => {
    expect(codeOf(() => renderCanonical({ a: [half] }))).toBe("REGISTER_INVALID");
    expect(codeOf(() => renderCanonical({ [half]: 1 }))).toBe("REGISTER_INVALID");
    expect(renderCanonical({ a: "\u{1f6a2}" })).toBe('{"a":"\u{1f6a2}"}');
  }); // prettier-ignore
});

describe("a change of a register", () => {
  it.each([
    ["a number that is not whole", 0.5],
    ["text that is not Unicode", "\ud800"],
  ])("with %s is told as a change that cannot be, not as a register", (_name, state) => {
    const [key, other] = [0, 1].map(() => makeSigningKey(makeKeyPair("P-256")));
    const officers = parseOfficers(
      [key!, other!].map(({ spki }, i) => ({ name: `Person ${i}`, key: renderBase64url(spki) })),
    );
    const proposal = { part: "ng", base: 1, days: 90, reason: "why", content: { state } };
    const propose = (): unknown =>
      proposeChange({ office: "ng", officers }, proposal, { key: key!, at: repositoryNow });
    expect(codeOf(propose)).toBe("CHANGE_INVALID");
  });
});
