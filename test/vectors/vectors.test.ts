import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { renderDer, renderOid, renderPem } from "../../certs/shape/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";
import { compareJudges, renderComparison } from "./differential.ts";
import { readLimbo } from "./limbo.ts";
import { makeWorld, type World } from "./made-chain.ts";
import { openOpenssl } from "./openssl.ts";
import { parseOptions } from "./options.ts";
import { readPkits } from "./pkits.ts";
import { isPassed, renderScore, scoreCases } from "./score.ts";
import type { VectorCase } from "./vector-case.ts";

const named = process.env["ATUMPAN_DATA"];
const data = named ?? join(import.meta.dirname, "../../../shared/data");
const file = join(data, "pkits-sections-1-7.json");
const folder = mkdtempSync(join(tmpdir(), "vector-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const good = makeWorld().question;
const stranger = makeWorld().question.leaf;

/** Rows as the published file has them, made by code. */
function makeSample(): string {
  const text = (bytes: Bytes): string => Buffer.from(bytes).toString("base64");
  const row = (id: string, leaf: Bytes, valid: boolean) => ({
    id,
    leaf: text(leaf),
    intermediates: good.intermediates.map(text),
    crls: good.crls.map(text),
    valid,
  });
  const cases = [row("40101_good", good.leaf, true), row("40102_stranger", stranger, false)];
  const made = join(folder, "sample.json");
  writeFileSync(made, JSON.stringify({ anchor: text(good.anchors[0]!), cases }));
  return made;
}

function failuresIn(cases: readonly VectorCase[]): readonly string[] {
  return scoreCases(cases)
    .filter((score) => !isPassed(score))
    .map(renderScore);
}

describe("published certification paths", () => {
  it("where the published data must be there, it is", () => {
    const isNeeded = process.env["ATUMPAN_DATA_REQUIRED"] !== undefined || named !== undefined;
    expect(!isNeeded || existsSync(file)).toBe(true);
  });

  it("no bad path is accepted, and no good one refused but for a listed reason", () => {
    const cases = readPkits(existsSync(file) ? file : makeSample()).map((one) =>
      existsSync(file) ? one : { ...one, question: { ...one.question, at: good.at } },
    );
    expect(cases.length).toBeGreaterThan(1);
    expect(failuresIn(cases)).toEqual([]);
  });
});

/** A signed message whose signer is the leaf, as the publisher packs a case. */
function makeMessage({ question, issuing }: World, leafSerial: Bytes): string {
  const signer = renderDer(
    0x30,
    renderDer(0x02, Buffer.of(1)),
    renderDer(0x30, issuing.name, leafSerial),
  );
  const signed = renderDer(
    0x30,
    renderDer(0x02, Buffer.of(1)),
    renderDer(0xa0, question.leaf, ...question.intermediates),
    renderDer(0xa1, ...question.crls),
    renderDer(0x31, signer),
  );
  const outer = renderDer(0x30, renderOid("1.2.840.113549.1.7.2"), renderDer(0xa0, signed));
  return `To: a\n\nname="smime.p7s"\n\n${Buffer.from(outer).toString("base64")}\n\n--end\n`;
}

describe("readPkits", () => {
  const world = makeWorld({ leaf: { serial: Buffer.of(77) } });
  const pack = join(folder, "pkits");
  for (const name of ["certs", "smime"]) mkdirSync(join(pack, name), { recursive: true });
  writeFileSync(join(pack, "certs/TrustAnchorRootCertificate.crt"), world.question.anchors[0]!);
  const message = makeMessage(world, renderDer(0x02, Buffer.of(77)));
  for (const name of ["ValidSignaturesTest1", "InvalidcAFalseTest2", "DifferentPoliciesTest4"]) {
    writeFileSync(join(pack, `smime/Signed${name}.eml`), message);
  }

  it("reads cases from signed messages: the signer is the leaf, the name tells the verdict", () => {
    const cases = readPkits(pack);
    expect(cases.map(({ id, family, isGood }) => [id, family, isGood])).toEqual([
      ["DifferentPoliciesTest4", "PKITS 4.8", false],
      ["InvalidcAFalseTest2", "PKITS 4.6", false],
      ["ValidSignaturesTest1", "PKITS 4.1", true],
    ]);
    const { leaf, intermediates, crls } = cases[0]!.question;
    expect([leaf, intermediates[0], crls?.[1]].map((one) => Buffer.from(one!))).toEqual(
      [world.question.leaf, world.question.intermediates[0], world.question.crls[1]].map((one) =>
        Buffer.from(one!),
      ),
    );
  });

  it("a message without its signer, and a path that is not there, are errors", () => {
    expect(() => readPkits(join(folder, "nowhere"))).toThrow(/is not there/);
    writeFileSync(join(pack, "smime/SignedValidSignaturesTest9.eml"), "To: a\n\nnothing\n");
    expect(() => readPkits(pack)).toThrow(/no signer/);
  });
});

describe("the score", () => {
  const asCase = (change: Partial<VectorCase>): VectorCase => ({
    id: "one",
    family: "made",
    question: good,
    isGood: true,
    ...change,
  });

  it("counts what is agreed", () => {
    const [score] = scoreCases([
      asCase({}),
      asCase({ isGood: false, question: { ...good, anchors: [] } }),
    ]);
    expect(score).toMatchObject({ agreed: 2, falseAccepts: [], unlisted: [] });
  });

  it("a bad path accepted fails it", () => {
    const [score] = scoreCases([asCase({ isGood: false })]);
    expect(isPassed(score!)).toBe(false);
    expect(renderScore(score!)).toContain("FALSE ACCEPT one");
  });

  it("a good path refused fails it, unless for a listed reason", () => {
    const [unlisted] = scoreCases([asCase({ question: { ...good, anchors: [] } })]);
    expect(isPassed(unlisted!)).toBe(false);
    expect(renderScore(unlisted!)).toContain("CERT_PATH_INVALID");
    const serial = makeWorld({ leaf: { serial: Buffer.of(0) } }).question;
    const [listed] = scoreCases([asCase({ question: serial })]);
    expect(isPassed(listed!)).toBe(true);
    expect(renderScore(listed!)).toContain("refused: serial number");
  });

  it("a case that is outside counts neither way", () => {
    const [score] = scoreCases([asCase({ isGood: false, outside: "peer rules" })]);
    expect(score).toMatchObject({ outside: 1, agreed: 0, falseAccepts: [] });
  });
});

describe("readLimbo", () => {
  const pem = (der: Bytes): string => renderPem("CERTIFICATE", der);
  const one = (change: object) => ({
    id: "rfc5280::eku::one",
    trusted_certs: good.anchors.map(pem),
    untrusted_intermediates: good.intermediates.map(pem),
    peer_certificate: pem(good.leaf),
    validation_time: "2026-06-01T00:00:00Z",
    extended_key_usage: [],
    expected_result: "SUCCESS",
    max_chain_depth: null,
    expected_peer_name: null,
    crls: [],
    ...change,
  });
  const read = (...testcases: readonly object[]): readonly VectorCase[] => {
    const made = join(folder, "limbo.json");
    writeFileSync(made, JSON.stringify({ version: 1, testcases }));
    return readLimbo(made);
  };

  it("reads questions, and what each asks for besides the path", () => {
    const lists = good.crls.map((der) => renderPem("X509 CRL", der));
    const [plain, asked, browser] = read(
      one({}),
      one({
        crls: lists,
        validation_time: null,
        extended_key_usage: ["clientAuth"],
        expected_peer_name: { kind: "IP", value: "2001:db8::1" },
        max_chain_depth: 1,
      }),
      one({ id: "webpki::cn::one", expected_peer_name: { kind: "DNS", value: "a.example" } }),
    );
    expect(plain).toMatchObject({ family: "limbo rfc5280::eku", isGood: true });
    expect(plain!.question).toMatchObject({ crls: undefined, at: good.at, host: undefined });
    expect(asked!.question).toMatchObject({
      purpose: "1.3.6.1.5.5.7.3.2",
      host: { ip: Buffer.from("20010db8000000000000000000000001", "hex") },
      maxIntermediates: 1,
    });
    expect(browser).toMatchObject({ outside: expect.stringContaining("common name") });
    expect(failuresIn([plain!])).toEqual([]);
  });

  it("reads addresses of every spelling", () => {
    const cases = read(
      ...["10.0.0.1", "::", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4"].map((value) =>
        one({ expected_peer_name: { kind: "IP", value } }),
      ),
    );
    expect(
      cases.map(({ question: { host } }) =>
        Buffer.from((host as { ip: Bytes }).ip).toString("hex"),
      ),
    ).toEqual([
      "0a000001",
      "00".repeat(16),
      "00010002000300040005000600070008",
      "00000000000000000000ffff01020304",
    ]);
  });
});

describe("OpenSSL and we", () => {
  it("agree on 200 changed paths but for listed reasons", { timeout: 120_000 }, () => {
    const openssl = openOpenssl();
    const comparison = compareJudges(openssl, 200, 7);
    openssl.stop();
    expect(comparison.unlisted, renderComparison(comparison)).toEqual([]);
    expect(comparison.bothAccept).toBeGreaterThan(20);
    expect(comparison.bothRefuse).toBeGreaterThan(50);
  });

  it("a judge who accepts all, or none, is found out", () => {
    const yes = compareJudges({ judge: () => "", stop: () => undefined }, 60, 7);
    const no = compareJudges({ judge: () => "no", stop: () => undefined }, 60, 7);
    expect(yes.unlisted.length).toBeGreaterThan(0);
    expect(no.unlisted.length).toBeGreaterThan(0);
    expect(renderComparison(no)).toContain("UNLISTED");
  });
});

describe("the command", () => {
  it("knows what to run, or says how it is called", () => {
    expect(parseOptions(["--openssl", "5"])).toEqual({ openssl: 5, seed: 1 });
    expect(parseOptions(["--pkits", "a", "--limbo", "b", "--seed", "3"])).toMatchObject({
      pkits: "a",
      limbo: "b",
      seed: 3,
    });
    expect(() => parseOptions([])).toThrow(/nothing to run/);
    expect(() => parseOptions(["--openssl", "many"])).toThrow(/whole number/);
  });

  it("ends with 0 when all is well and with 1 when it is not", () => {
    const run = (...args: readonly string[]) =>
      spawnSync(process.execPath, [join(import.meta.dirname, "main.ts"), ...args], {
        encoding: "utf8",
      });
    const made = makeSample();
    const { stdout, status } = run("--pkits", made, "--openssl", "3");
    expect(stdout).toContain("PKITS 4.1: 2 cases");
    expect(stdout).toContain("OpenSSL: 3 questions");
    // at the time PKITS is judged at, the made rows are not yet valid: the good one is refused
    expect(status).toBe(1);
    expect(run("--openssl", "2").status).toBe(0);
    expect(run().stderr).toContain("node test/vectors/main.ts");
  });
});
