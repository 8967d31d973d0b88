import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { languages } from "../../schemas/index.ts";
import { runMakeEvidence } from "./evidencing.ts";

const id = "01890a5d-ac96-774b-bcce-b302099a8057";
let cwd: string;
let told: readonly [result: unknown, text: string][];

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "evidencing-"));
  told = [];
});
afterEach(() => rmSync(cwd, { recursive: true }));

async function make(headers: Readonly<Record<string, string>>, lang?: string): Promise<void> {
  const desk = {
    common: { lang },
    world: { cwd },
    client: () => ({ ask: () => Promise.resolve(new Response("file", { headers })) }),
    result: (result: unknown, text: string) => void (told = [...told, [result, text]]),
  };
  await runMakeEvidence(desk as never, id, { out: "case.json" } as never);
}

describe("atumpan message evidence", () => {
  it("writes the file, and says nothing of witnesses where they stand behind it or nobody asks for them", async () => {
    await make({});
    expect(told).toEqual([[{ file: "case.json", bytes: 4 }, "case.json  4 bytes"]]);
    expect(readFileSync(join(cwd, "case.json"), "utf8")).toBe("file");
    await expect(make({})).rejects.toMatchObject({ code: "USAGE_INVALID" });
  });

  it.each(languages)("says in %s that too few witnesses stand behind it, and why", async (lang) => {
    await make({ "atumpan-unwitnessed": "HUB_UNREACHABLE" }, lang);
    const [[result, text] = [undefined, ""]] = told;
    expect(result).toEqual({ file: "case.json", bytes: 4, unwitnessed: "HUB_UNREACHABLE" });
    expect(text).toContain("(HUB_UNREACHABLE)");
    expect(text).not.toMatch(/[{}]|evidence\.unwitnessed/);
  });

  it("a code of a newer gateway is told as it is", async () => {
    await make({ "atumpan-unwitnessed": "NEW_CODE" }, "en");
    expect(told[0]?.[1]).toContain("Too few witnesses cosigned the hub's log (NEW_CODE)");
  });
});
