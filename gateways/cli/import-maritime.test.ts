import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";

import { Fault } from "../../schemas/ground/index.ts";
import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import {
  findPirateAttacks,
  makeCoastDirectory,
  makeMaritimeRow,
  renderMaritimeFile,
} from "../../test/kit/maritime-rows.ts";

const centres = ["ng", "gh", "bj", "tg"].map((state) => `${state}/moc`);
const directory = makeCoastDirectory(["ecowas"]);
const published = findPirateAttacks();
let world: CliWorld;

const row = (eez_country: string, more = {}) =>
  makeMaritimeRow({ eez_country, nearest_country: eez_country, ...more });

function write(rows: readonly ReturnType<typeof row>[]): string {
  writeFileSync(join(world.dir, "rows.csv"), renderMaritimeFile(rows));
  return "rows.csv";
}

const shape = z.looseObject({
  read: z.number(), accepted: z.number(), created: z.number(), already: z.number(), listed: z.number(),
  byRec: z.record(z.string(), z.number()), byCode: z.record(z.string(), z.number()),
}); // prettier-ignore

async function runImport(file: string, ...more: string[]) {
  const { code, out, err } = await world.run("--json", "import", "maritime", file, ...more);
  const lines = out.trimEnd().split("\n");
  const tally = shape.parse(JSON.parse(lines.pop() ?? ""));
  return { code, err, tally, listed: lines.map((line): unknown => JSON.parse(line)) };
}

beforeEach(() => {
  world = makeCliWorld(centres, directory);
});

describe("import maritime", () => {
  it("sends each row from the centre concerned and lists every other with its line and code", async () => {
    const file = write([
      row("NGA"),
      row("GHA"),
      row("IDN"),
      row("NGA", { date: "NA" }),
      row("BEN"),
    ]);
    const { code, tally, listed } = await runImport(file);
    expect(code).toBe(0);
    expect(tally).toMatchObject({
      read: 5,
      accepted: 3,
      created: 3,
      listed: 2,
      byRec: { ecowas: 3 },
    });
    expect(listed).toMatchObject([
      { line: 4, code: "IMPORT_ROW_NOT_SERVED" },
      { line: 5, code: "IMPORT_ROW_DATE" },
    ]);
    expect(world.exchanges.get("ng/moc")?.stored).toBe(1);
    expect(world.exchanges.get("tg/moc")?.stored).toBe(0);
  });

  it("a second run sends nothing again and counts what was sent before", async () => {
    const file = write([row("NGA"), row("NGA"), row("IDN")]);
    await runImport(file);
    const { tally } = await runImport(file);
    expect(tally).toMatchObject({ read: 3, accepted: 2, created: 0, already: 2, listed: 1 });
    expect(world.exchanges.get("ng/moc")?.stored).toBe(2);
  });

  it("two equal rows of one file are two incidents", async () => {
    const { tally } = await runImport(write([row("NGA"), row("NGA")]));
    expect(tally.created).toBe(2);
  });

  it("a run that was stopped half-way is finished by the next, and nothing is there twice", async () => {
    const file = write(Array.from({ length: 40 }, () => row("NGA")));
    let posts = 0;
    world.onRequest = ({ pathname }) => {
      if (pathname === "/v1/messages") posts += 1;
      if (posts === 10) world.stop.abort();
    };
    const stopped = await world.run("import", "maritime", file);
    expect(stopped).toMatchObject({
      code: 130,
      err: expect.stringMatching(/same command again/) as unknown,
    });
    const exchange = world.exchanges.get("ng/moc");
    expect(exchange?.stored).toBeLessThan(40);
    const again = makeCliWorld(centres, directory);
    writeFileSync(join(again.dir, "rows.csv"), readFileSync(join(world.dir, file)));
    again.exchanges.forEach((_, name) => {
      const old = world.exchanges.get(name);
      const now = again.exchanges.get(name);
      if (old !== undefined && now !== undefined) now.submit = old.submit.bind(old);
    });
    expect(await again.run("import", "maritime", file)).toMatchObject({ code: 0 });
    expect(exchange?.stored).toBe(40);
  });

  it("a gateway that is down is waited for, said so, and the others go on meanwhile", async () => {
    const file = write([row("NGA"), row("GHA"), row("NGA"), row("GHA")]);
    let refused = 0;
    world.onRequest = ({ pathname, port }) => {
      const away = refused < 5 || world.exchanges.get("gh/moc")?.stored !== 2;
      if (pathname !== "/v1/messages" || port !== "7400" || !away) return;
      refused += 1;
      throw new TypeError("fetch failed");
    };
    const { tally, err } = await runImport(file);
    expect(tally).toMatchObject({ accepted: 4, listed: 0 });
    expect(err).toMatch(/ng\/moc does not take messages \(GATEWAY_UNREACHABLE\)/);
    expect(err).toMatch(/ng\/moc takes messages again/);
  });

  it("a gateway whose store fails for now is waited for", async () => {
    const exchange = world.exchanges.get("ng/moc");
    if (exchange !== undefined) exchange.failure = new Fault("STORE_WRITE_FAILED", "full");
    world.onRequest = ({ pathname }) => {
      if (pathname === "/v1/directory" && exchange !== undefined) exchange.failure = undefined;
      if (pathname === "/v1/messages" && tries++ === 0 && exchange !== undefined) {
        exchange.failure = new Fault("STORE_WRITE_FAILED", "full");
      }
    };
    let tries = 0;
    expect((await runImport(write([row("NGA")]))).tally).toMatchObject({ created: 1, listed: 0 });
    expect(tries).toBe(2);
  });

  it("a row that makes the gateway fail inside is tried a few times, then listed; the rest goes on", async () => {
    const exchange = world.exchanges.get("ng/moc");
    const good = exchange?.submit.bind(exchange);
    if (exchange === undefined || good === undefined) throw new Error("no exchange");
    exchange.submit = (value, key) =>
      key.endsWith(":2") ? Promise.reject(new Error("bug")) : good(value, key);
    const { tally, listed } = await runImport(write([row("NGA"), row("NGA")]));
    expect(tally).toMatchObject({ created: 1, listed: 1 });
    expect(listed).toMatchObject([{ line: 2, code: "INTERNAL" }]);
  });

  it("a refusal lists the row with the gateway's code and the fields it names", async () => {
    const exchange = world.exchanges.get("gh/moc");
    if (exchange === undefined) throw new Error("no exchange");
    exchange.submit = () =>
      Promise.reject(
        new Fault("SCHEMA_INVALID", "x", {
          violations: [
            { path: "/body/ship/name", code: "SCHEMA_FIELD_LENGTH", message: "too long" },
          ],
        }),
      );
    const { listed, tally } = await runImport(write([row("GHA"), row("NGA")]));
    expect(tally).toMatchObject({ created: 1, byCode: { SCHEMA_INVALID: 1 } });
    expect(listed).toMatchObject([{ line: 2, code: "SCHEMA_INVALID", paths: ["/body/ship/name"] }]);
  });

  it("a centre without a context is listed, not guessed", async () => {
    const { listed } = await runImport(write([row("LBR")]));
    expect(listed).toMatchObject([{ line: 2, code: "IMPORT_ROW_NO_REPORTER" }]);
  });

  it("--report takes the listed rows, and the result is the tally", async () => {
    const file = write([row("IDN"), row("NGA")]);
    const { code, out } = await world.run("import", "maritime", file, "--report", "rest.jsonl");
    expect(code).toBe(0);
    expect(out).toMatch(/rows read +2\n +accepted +1 \(1 new, 0 sent before\)\n +listed +1\n/);
    const report: unknown = JSON.parse(readFileSync(join(world.dir, "rest.jsonl"), "utf8"));
    expect(report).toMatchObject({ line: 2, code: "IMPORT_ROW_NOT_SERVED" });
  });

  it("no more requests are under way at once than were asked for", async () => {
    let [now, most] = [0, 0];
    for (const exchange of world.exchanges.values()) {
      const submit = exchange.submit.bind(exchange);
      exchange.submit = async (value, key) => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => void setImmediate(resolve));
        now -= 1;
        return submit(value, key);
      };
    }
    const rows = Array.from({ length: 80 }, (_, at) =>
      row(["NGA", "GHA", "BEN", "TGO"][at % 4] ?? ""),
    );
    expect((await runImport(write(rows), "--in-flight", "8")).tally.created).toBe(80);
    expect(most).toBeGreaterThan(4);
    expect(most).toBeLessThanOrEqual(8);
  });

  it.each([
    ["a file that is not there", "none.csv", undefined],
    ["a file with another header", "rows.csv", "a,b\n1,2\n"],
    ["an empty file", "rows.csv", ""],
  ])("%s is refused: exit 3", async (_, file, text) => {
    if (text !== undefined) writeFileSync(join(world.dir, file), text);
    const { code, err } = await world.run("import", "maritime", file);
    expect([code, /IMPORT_FILE_UNREADABLE/.test(err)]).toEqual([3, true]);
  });
});

describe.skipIf(published === undefined)("import maritime of the published file", () => {
  it("accounts for every row, and finds them all sent the second time", async () => {
    world = makeCliWorld(directory.agencies().map(({ agency }) => agency).filter((name) => name.endsWith("/moc")), directory); // prettier-ignore
    const first = await runImport(published ?? "", "--quiet");
    expect(first.tally.read).toBe(7511);
    expect(first.tally.accepted + first.tally.listed).toBe(7511);
    expect(first.tally.created).toBe(960);
    expect(first.listed).toHaveLength(first.tally.listed);
    const second = await runImport(published ?? "", "--quiet");
    expect(second.tally).toMatchObject({ created: 0, already: 960 });
  });
});
