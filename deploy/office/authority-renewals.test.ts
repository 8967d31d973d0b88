import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { parseRequest } from "../../certs/shape/index.ts";
import { parseRenewalRequest } from "../../certs/trust/index.ts";
import { renderHex, sha256 } from "../../schemas/ground/index.ts";
import { publishEdited, readEdited, runOffice } from "../../test/kit/office-run.ts";
import { makeRenewalWorld, type RenewalWorld } from "../../test/kit/renewal-world.ts";

const day = 86_400_000;
const requests = "gateways/ng/tcu/renewal";
let world: RenewalWorld;

beforeEach(async () => {
  world = await makeRenewalWorld(Date.UTC(2026, 0, 5, 9));
});

afterEach(() => world.stop());

/** Days pass, lists are made, and the gateway asks for what is due. */
async function pass(days: number): Promise<void> {
  world.clock.move(days * day);
  await world.tendOffices(["ng", "gh"]);
  world.party("ng/tcu").hold(world.register());
  await world.party("ng/tcu").renewal.tend();
}

const run = (line: string) => runOffice(world, line.split(" "));
const renewals = `renewals ${requests} --folder authorities/ng --register register`;

interface Told {
  readonly requests: readonly Readonly<Record<string, string>>[];
  readonly unasked: readonly string[];
  readonly part?: string;
}

async function json(line: string): Promise<Told> {
  const { code, out, err } = await run(`${line} --json`);
  expect([code, err]).toEqual([0, ""]);
  return JSON.parse(out) as Told;
}

/** State of each request by kind. */
async function states(line: string): Promise<Readonly<Record<string, string>>> {
  const told = await json(line);
  return Object.fromEntries(told.requests.map(({ kind = "?", state = "?" }) => [kind, state]));
}

function keyOf(file: string): string {
  const bytes = readFileSync(join(world.layout.home, requests, file));
  return renderHex(sha256(parseRequest(parseRenewalRequest(bytes).request).spki));
}

describe("atumpan authority renewals", () => {
  it("answers what is asked, says what became of each, and writes the part to be proposed", async () => {
    await pass(61);
    const { code, out } = await run(`${renewals} --out ng.json`);
    expect(code).toBe(0);
    expect(out).toMatch(/link-[0-9a-f]{16}\.request: LINK of ng\/tcu, issued: serial .* good until 2026-/);
    expect(out).toMatch(/SEALING of ng\/tcu, waiting: .* has yet to endorse it/);
    expect(out).toContain("Next: atumpan register propose ng.json");
    const { state } = readEdited(world, "ng.json");
    const lines = state.agencies.find(({ agency }) => agency === "ng/tcu")!.certificates;
    expect(lines.map(({ kind }) => kind).toSorted()).toEqual(["LINK", "LINK", "SEALING", "SIGNING", "SIGNING"]);
  }); // prettier-ignore

  it("goes on from round to round until all is in the register, and issues nothing twice", async () => {
    await pass(61);
    const first = { LINK: "issued", SIGNING: "issued", SEALING: "waiting" };
    expect(await states(`${renewals} --out one.json`)).toEqual(first);
    const issued = (): number =>
      readFileSync(join(world.layout.authorities, "ng/journal.jsonl"), "utf8").split('"issued"').length; // prettier-ignore
    const before = issued();
    expect(await states(`${renewals} --out two.json`)).toEqual(first);
    expect(issued()).toBe(before);
    publishEdited(world, "two.json");
    expect(await states(`${renewals} --out three.json`)).toEqual({
      LINK: "done",
      SIGNING: "done",
      SEALING: "waiting",
    });
    await world.party("ng/tcu").renewal.tend();
    const { out } = await run(`${renewals} --out four.json`);
    expect(out).toMatch(/SEALING of ng\/tcu, issued: .*, endorsed by the key before/);
    publishEdited(world, "four.json");
    const { out: rest } = await run(renewals);
    expect(rest).toContain("The part stays as it is.");
  });

  it("a refusal has its code and the way out; with it an agency comes back whose certificates have ended", async () => {
    await pass(61);
    world.clock.move(31 * day);
    await world.tendOffices(["ng", "gh"]);
    const [file = ""] = readdirSync(join(world.layout.home, requests)).filter((one) => one.startsWith("link")); // prettier-ignore
    const key = keyOf(file);
    const { out } = await run(renewals);
    expect(out).toContain(
      `compare the new key with the agency by another way, then add --vouch ${key}. Code CERT_EXPIRED.`,
    );
    expect(out).toContain("The part stays as it is.");
    const told = await json(`${renewals} --vouch ${key.toUpperCase()} --out ng.json`);
    expect(told.requests.find((one) => one["file"] === file)).toMatchObject({ state: "issued" });
    expect(told.unasked).toEqual([]);
  });

  it("a key that is vouched for and that nobody asks about is told", async () => {
    await pass(61);
    const { out } = await run(`${renewals} --vouch ${"0".repeat(64)}`);
    expect(out).toContain(`No request is for the key ${"0".repeat(64)}`);
  });

  it("another state's request is refused, and shown the way to its own office", async () => {
    await pass(61);
    const { out } = await run(`renewals ${requests} --folder authorities/gh --register register`);
    expect(out.match(/Code CSR_NAME_NOT_PERMITTED/g)).toHaveLength(3);
    expect(out).toContain("the office of the agency's own authority");
  });

  it("what is no request is refused by its name, and the others are answered", async () => {
    await pass(61);
    const odd = join(world.layout.home, requests, "link-0000000000000000.request");
    writeFileSync(odd, "{");
    const { requests: rows } = await json(renewals);
    const refused = rows.filter(({ state }) => state === "refused");
    expect(refused).toMatchObject([{ file: "link-0000000000000000.request", code: "CSR_INVALID" }]);
    expect(rows).toHaveLength(4);
  });

  it("an empty folder is no failure, and writes nothing", async () => {
    mkdirSync(join(world.layout.home, "empty"));
    const { code, out } = await run(`renewals empty --folder authorities/ng --register register`);
    expect([code, out]).toEqual([0, "No request lies there.\nThe part stays as it is.\n"]);
  });

  it.each([
    ["a folder that is not there", "renewals none --folder authorities/ng --register register"],
    ["half a key", `${renewals} --vouch 0123`],
    ["a file that is there", `${renewals} --out register/root.json`],
    ["a register that is not there", renewals.replace("--register register", "--register none")],
    ["no register", renewals.replace(" --register register", "")],
  ])("%s is wrong use, and nothing is issued", async (...[, line]) => {
    await pass(61);
    const ran = await run(line);
    expect([ran.code, ran.out]).toEqual([2, ""]);
    const files = readdirSync(join(world.layout.home, requests));
    expect(files.filter((one) => one.endsWith(".certificate"))).toEqual([]);
  });
});
