import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  answerWords,
  dimensions,
  dimensionWords,
  renderEvidence,
} from "../certs/evidence/index.ts";
import { type Bytes, systemClock, utf8 } from "../schemas/ground/index.ts";
import { languages } from "../schemas/index.ts";
import { evidenceNow, makeEvidenceWorld } from "../test/kit/evidence.ts";
import { runHouse } from "../test/kit/house-run.ts";

const dir = mkdtempSync(join(tmpdir(), "verify-evidence-"));
let good: Bytes;

beforeAll(async () => {
  const world = await makeEvidenceWorld();
  mkdirSync(join(dir, "register"));
  writeFileSync(join(dir, "register/register.bin"), world.register);
  writeFileSync(join(dir, "register/root.json"), world.world.anchors.root);
  good = renderEvidence(world.make());
  writeFileSync(join(dir, "good.evidence"), good);
  const bad = Buffer.from(good).toString().replace("index 3", "index 2");
  writeFileSync(join(dir, "bad.evidence"), bad);
});

afterAll(() => rmSync(dir, { recursive: true }));

async function run(line: string): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ["", ""];
  const code = await runHouse({
    args: line.split(" "),
    cwd: dir,
    write: async (words) => {
      out += await Promise.resolve(words);
    },
    out: (words) => void (out += words),
    err: (words) => void (err += words),
    clock: { ...systemClock, now: () => evidenceNow + 100_000 },
  });
  return { code, out, err };
} // prettier-ignore

describe("atumpan verify evidence", () => {
  it("says each answer on its own: 0 when none says no, 8 when one does, 2 when something is missing to ask", async () => {
    const full = await run("--json verify evidence good.evidence --register register");
    const { dimensions: found } = JSON.parse(full.out) as { dimensions: Record<string, { says: string }> };
    expect([full.code, Object.values(found).map(({ says }) => says)]).toEqual([0, dimensions.map(() => "YES")]);
    expect(await run("verify evidence bad.evidence --register register")).toMatchObject({ code: 8 });
    expect(await run("verify evidence good.evidence")).toMatchObject({ code: 2, err: "" });
    expect(await run("verify evidence bad.evidence")).toMatchObject({ code: 8 });
  }); // prettier-ignore

  it.each(languages)("in %s: one line a question", async (lang) => {
    const { out } = await run(`verify evidence bad.evidence --register register --lang ${lang}`);
    for (const name of dimensions) {
      const says = name === "inclusion" ? "NO" : "YES";
      expect(out).toContain(`\n${answerWords[says][lang]}  ${dimensionWords[name][lang]}`);
    }
    expect(out).toContain("(LOG_PROOF_INVALID)");
  });

  it("roots in a file of their own do in place of the register, as far as they go", async () => {
    expect(await run("verify roots --register register --out roots.json")).toMatchObject({ code: 0 });
    const found = await run("--json verify evidence good.evidence --roots roots.json");
    const { dimensions: told } = JSON.parse(found.out) as { dimensions: Record<string, { says: string }> };
    const open = dimensions.filter((name) => told[name]?.says !== "YES");
    expect([found.code, open]).toEqual([2, ["register", "audience", "receipts"]]);
  }); // prettier-ignore

  it("writes the page, and never over a file", async () => {
    expect(await run("verify page --out court.html")).toMatchObject({ code: 0 });
    expect(readFileSync(join(dir, "court.html"), "utf8")).toMatch(/^<!doctype html>/);
    expect(await run("verify page --out court.html")).toMatchObject({ code: 2 });
  });

  it.each([
    "verify evidence none.evidence", "verify evidence good.evidence --register none",
    "verify evidence good.evidence --roots good.evidence", "verify evidence good.evidence --lang xx",
    "verify evidence good.evidence --register register --roots register/root.json",
  ])("that cannot judge ends with 2 and says why: %s", async (line) => {
    const { code, out, err } = await run(line);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("USAGE_INVALID");
  }); // prettier-ignore

  it("a file that is none is refused: 8", async () => {
    writeFileSync(join(dir, "text"), utf8("words"));
    expect(await run("verify evidence text --register register")).toMatchObject({ code: 8 });
  });
});
