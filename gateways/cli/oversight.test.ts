import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { beforeEach, describe, expect, it } from "vitest";

import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { makeCoastDirectory } from "../../test/kit/maritime-rows.ts";
import { Fault, renderHex, sha256, utf8 } from "../../schemas/ground/index.ts";
import type { OversightDesk } from "../oversight/index.ts";

const log = "atumpan/ecowas/hub";
const digest = "0".repeat(64);
let world: CliWorld;
let asked: unknown;
let spoiled = false;

const oversight: OversightDesk = {
  counts: (wish) => {
    asked = wish;
    const rows = wish.from === undefined ? [{ of: { crime: "drugs" }, count: 7, positions: { runs: [[0, 2], [4, 4], [6, 7], [9, 9]] as const, left: 2, digest } }] : [];
    return Promise.resolve({ log, size: 12, checkpoint: "note", by: ["crime"], smallest: 0, rows });
  },
  figures: (wish) => {
    asked = wish;
    const row = { type: "tip.statistics", indicator: "VICTIMS_DETECTED", withheldBy: 0, isRounded: false, states: 1, sources: ["m1"] };
    return Promise.resolve({
      rows: [{ ...row, of: {}, count: 70, withheldBy: 1 }, { ...row, of: { sex: "F" } }],
      sources: [{ id: "m1", type: "tip.statistics", from: "zm/tip", country: "ZM", entity: "S", periodFrom: "2026-01-01T00:00:00Z", periodTo: "2026-03-31T23:59:59Z", provisional: false, log: [] }],
      left: [{ id: "m0", why: "WITHDRAWN" }],
      readsMore: ["alert.*"],
    });
  },
  give: (wish) => {
    asked = wish;
    if (wish.until > "2026-03-01") throw new Fault("REQUEST_INVALID", "until is past");
    const bytes = utf8("file");
    return Promise.resolve({ bytes, rows: 1, digest: spoiled ? digest : renderHex(sha256(bytes)) });
  },
}; // prettier-ignore

beforeEach(() => {
  spoiled = false;
  world = makeCliWorld(["gh/tcu"], makeCoastDirectory(["ecowas"]), () => ({ oversight }));
});

const run = (words: string): ReturnType<CliWorld["run"]> => world.run(...words.split(" "));

describe("atumpan oversight", () => {
  it("counts: shows figures and the first of their positions, in the language asked for", async () => {
    const { code, out, err } = await run("oversight counts --by crime --lang fr");
    expect([code, out, err]).toEqual([
      0,
      "PAR    CHIFFRE  POSITIONS\ndrugs  7        0-2 4 6-7 et 3 de plus\n",
      `compté : 12 entrées de ${log} ; la note signée se trouve dans --json\n`,
    ]);
    expect(asked).toMatchObject({ by: ["crime"], isAll: false });
    expect(JSON.parse((await run("oversight counts --all-positions --json")).out)).toMatchObject({ checkpoint: "note", rows: [{ positions: { left: 2 } }] });
    expect(asked).toMatchObject({ isAll: true });
    expect((await run("oversight counts --from 2026-01-01")).out).toBe("Nothing is counted for this.\n");
    expect((await run("oversight counts --by who")).code).toBe(3);
  }); // prettier-ignore

  it("figures: shows sums, the messages they stand in, and what is not counted", async () => {
    const { code, out, err } = await run("oversight figures --type tip.statistics --by region");
    expect([code, out]).toEqual([0, [
      "TYPE            INDICATOR         COUNTED BY  FIGURE       MESSAGES",
      "tip.statistics  VICTIMS_DETECTED              at least 70  1",
      "tip.statistics  VICTIMS_DETECTED  sex=F       withheld     1",
      "m1  tip.statistics  zm/tip  2026-01-01/2026-03-31  not proved in the log yet",
      "m0 is not counted: WITHDRAWN", "",
    ].join("\n")]);
    expect(err).toBe("this seat may read more than figures: alert.*\n");
    expect((await run("oversight figures --by agency")).code).toBe(2);
  }); // prettier-ignore

  it("export: writes the file that the gateway measured, or none", async () => {
    const file = join(world.dir, "out.csv");
    writeFileSync(join(world.dir, "people.csv"), "country,sex,age,persons\n");
    const made = "oversight export sdg --from 2026-01-01 --until 2026-02-01 -o out.csv";
    expect((await run(`${made} --population people.csv`)).code).toBe(0);
    expect([readFileSync(file, "utf8"), asked]).toEqual([
      "file",
      expect.objectContaining({ what: "sdg", population: "country,sex,age,persons\n", format: "csv" }),
    ]);
    writeFileSync(file, "as it was");
    spoiled = true;
    expect((await run(made)).code).toBe(1);
    expect((await run("oversight export sdg --from 2026-01-01 --until 2026-04-01 -o out.csv")).code).toBe(3);
    expect((await run(`${made} --population gone.csv`)).code).toBe(2);
    expect((await run("oversight export all --from 2026-01-01 --until 2026-02-01 -o out.csv")).code).toBe(3);
    expect(readFileSync(file, "utf8")).toBe("as it was");
  }); // prettier-ignore
});
