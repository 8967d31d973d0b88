import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";
import { z } from "zod";

import { makePki, pkiNow, without } from "../../test/kit/pki.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { type LeafKind, oids } from "../shape/index.ts";
import { type EncodedPathQuestion, makePathCache } from "./path-cache.ts";

// oxlint-disable-next-line node/no-process-env -- where the published data lies is the machine's choice
const named = process.env["ATUMPAN_DATA"];
const data = named ?? join(import.meta.dirname, "../../../shared/data");
const file = join(data, "pkits-sections-1-7.json");

interface Row {
  readonly id: string;
  readonly roots: readonly Uint8Array[];
  readonly leaf: Uint8Array;
  readonly intermediates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  readonly valid: boolean;
}

const der = z.base64().transform((text) => Buffer.from(text, "base64"));
const published = z.object({
  anchor: der,
  cases: z.array(
    z.object({
      id: z.string(),
      leaf: der,
      intermediates: z.array(der),
      crls: z.array(der),
      valid: z.boolean(),
    }),
  ),
});

function readPublished(): readonly Row[] {
  const { anchor, cases } = published.parse(JSON.parse(readFileSync(file, "utf8")));
  return cases.map((one) => ({ ...one, roots: [anchor] }));
}

function encoded(list: readonly { der: Uint8Array }[]): Uint8Array[] {
  return list.map(({ der: bytes }) => bytes);
}

async function makeRow(
  id: string,
  change: Parameters<typeof makePki>[0],
  valid: boolean,
): Promise<Row> {
  const { question } = await makePki(change);
  return {
    id,
    valid,
    leaf: question.leaf.der,
    roots: encoded(question.roots),
    intermediates: encoded(question.intermediates),
    crls: encoded(question.crls),
  };
}

async function makeRows(): Promise<readonly Row[]> {
  return await Promise.all([
    makeRow("made-expired", { leaf: { notAfter: pkiNow - 1000 } }, false),
    makeRow("made-revoked", { issuingCrl: { lists: true } }, false),
    makeRow("made-not-a-ca", { issuing: { extensions: without(oids.basicConstraints) } }, false),
    makeRow("made-unconstrained", { root: { extensions: without(oids.nameConstraints) } }, false),
  ]);
}

const kinds: readonly LeafKind[] = ["LINK", "SERVER", "SIGNING", "SEALING"];

/** Every fault it meets, or "accepted"; anything but a Fault is let through and fails the test. */
function verdictOf(row: Row, kind: LeafKind): string {
  const question: EncodedPathQuestion = { ...row, kind, agency: "ng/tcu", at: pkiNow };
  try {
    makePathCache().prove(question, row.id);
    return "accepted";
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}

describe("published certification paths", () => {
  it("where a folder of published data is named, the paths are in it", () => {
    expect(named === undefined || existsSync(file)).toBe(true);
  });

  it("no bad path is accepted as a certificate of ours, and each is refused with a code", async () => {
    const rows = existsSync(file) ? readPublished() : await makeRows();
    const bad = rows.filter(({ valid }) => !valid);
    const verdicts = bad.flatMap((row) => kinds.map((kind) => verdictOf(row, kind)));
    expect(bad.length).toBeGreaterThan(3);
    expect(verdicts.filter((code) => !code.startsWith("CERT_"))).toEqual([]);
  });

  it("good paths of a wider profile are outside ours and refused as well", () => {
    const rows = existsSync(file) ? readPublished() : [];
    const good = rows.filter(({ valid }) => valid);
    const verdicts = new Set(good.flatMap((row) => kinds.map((kind) => verdictOf(row, kind))));
    expect([...verdicts].filter((code) => code !== "CERT_MALFORMED")).toEqual([]);
  });
});
