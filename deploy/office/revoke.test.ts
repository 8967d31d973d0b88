import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { withRegisterLock } from "../../certs/authority/index.ts";
import { parseCertificate, parseCrl } from "../../certs/shape/index.ts";
import {
  provenCertificates,
  type ProvenRegister,
  verifyRegister,
} from "../../certs/trust/index.ts";
import { systemChance } from "../../schemas/ground/index.ts";
import { type KeptFolder, keepFolder } from "../../test/kit/kept-folder.ts";
import { runRevoke } from "../../test/kit/revoke.ts";
import { type Layout, makeLayout } from "../local/layout.ts";
import { openOffices } from "../local/offices.ts";
import { planRegion } from "../local/plan.ts";
import { makeRegion, renewLists } from "../local/region.ts";

const from = Date.UTC(2025, 0, 29);
const plan = planRegion(from, { states: ["ng", "gh"], recs: ["ecowas"] });
const kinds = ["LINK", "SIGNING", "SEALING"] as const;

const around = mkdtempSync(join(tmpdir(), "revoke-"));
// each test begins with the region as it was made, in the same place
const home = join(around, "home");
const layout: Layout = makeLayout(home);
let made: KeptFolder;

beforeAll(async () => {
  const ports = { base: 7400, host: "127.0.0.1", natsServer: "nats-server" };
  const ground = { now: Date.now(), chance: systemChance, from, ports };
  const { all } = await makeRegion(plan, layout, ground);
  for (const { journal } of all.values()) journal.stop();
  made = keepFolder(home);
  rmSync(home, { recursive: true });
});

beforeEach(() => made.layOut(home));

afterEach(() => rmSync(home, { recursive: true }));

afterAll(() => rmSync(around, { recursive: true }));

function register(): ProvenRegister {
  return verifyRegister(readFileSync(layout.register), { root: readFileSync(layout.root) });
}

/** Which certificates of an agency hold now, by the register that is published. */
function holding(agency: string): readonly string[] {
  const view = register();
  return kinds.filter((kind) => provenCertificates(view, { agency, kind }, Date.now()).length > 0);
}

async function run(args: string, answer?: string): ReturnType<typeof runRevoke> {
  return await runRevoke({ home, layout }, args.split(" "), answer);
}

describe("atumpan revoke", () => {
  it("takes every certificate of an agency out of force, and nobody else's", async () => {
    const { epoch } = register();
    const { code, out } = await run("ng/tcu --reason KEY_COMPROMISE");
    expect({ code, out }).toMatchObject({ code: 0 });
    expect(register().epoch).toBe(epoch + 1);
    expect(holding("ng/tcu")).toEqual([]);
    expect(holding("ng/fiu")).toEqual(kinds);
    expect(holding("gh/tcu")).toEqual(kinds);
  });

  it.each(kinds)("takes one kind alone: %s", async (kind) => {
    await run(`ng/tcu --kind ${kind} --reason SUPERSEDED`);
    expect(holding("ng/tcu")).toEqual(kinds.filter((one) => one !== kind));
  });

  it("leaves a revoked signing certificate in the register, so that what came before is proved by it", async () => {
    await run("ng/tcu --reason KEY_COMPROMISE");
    const left = register()
      .agency("ng/tcu")
      ?.certificates.map(({ kind }) => kind);
    expect(left).toEqual(["SIGNING"]);
  });

  it("says since when a key is feared to be in other hands, where that is told", async () => {
    await run("ng/tcu --kind SIGNING --reason KEY_COMPROMISE --since 2026-01-02T03:04:05Z");
    const [{ certificate } = { certificate: new Uint8Array() }] =
      register()
        .agency("ng/tcu")
        ?.certificates.filter(({ kind }) => kind === "SIGNING") ?? [];
    const { serial } = parseCertificate(certificate);
    const since = register()
      .authority("ng")
      ?.crls.map((der) => parseCrl(der).revoked.get(serial)?.invalidFrom);
    expect(since).toContain(Date.UTC(2026, 0, 2, 3, 4, 5));
  });

  it("says first what it reaches, and changes nothing unless the agency's name is typed", async () => {
    const before = readFileSync(layout.register);
    const stopped = await run("ng/tcu --reason KEY_COMPROMISE", "yes");
    expect(stopped.code).toBe(2);
    expect(stopped.err).toMatch(/loses 3 certificates.*It may send: ecowas/s);
    expect(stopped.err).toMatch(/nothing was changed/);
    expect(readFileSync(layout.register).equals(before)).toBe(true);
    expect(holding("ng/tcu")).toEqual(kinds);
    expect((await run("ng/tcu --reason KEY_COMPROMISE", "ng/tcu")).code).toBe(0);
    expect(holding("ng/tcu")).toEqual([]);
  });

  it("makes the epoch after the one that the lists' renewal makes at that moment, and loses neither", async () => {
    const { epoch } = register();
    const [renewed, { code }] = await Promise.all([
      withRegisterLock(layout.register, async () => {
        const states = plan.authorities.map(({ authority }) => authority);
        const ground = { now: Date.now(), chance: systemChance };
        const offices = await openOffices(layout, states, ground);
        await renewLists(layout, offices, ground.now);
        for (const { journal } of offices.all.values()) journal.stop();
        return register().epoch;
      }),
      run("ng/tcu --reason KEY_COMPROMISE"),
    ]);
    expect([renewed, code, register().epoch]).toEqual([epoch + 1, 0, epoch + 2]);
    expect(holding("ng/tcu")).toEqual([]);
    expect(holding("ng/fiu")).toEqual(kinds);
  });

  it("signs the state's part and leaves it for the registrars where their key is not at hand", async () => {
    const before = readFileSync(layout.register);
    renameSync(layout.registrarKey, `${layout.registrarKey}.away`);
    const { code, out } = await run("ng/tcu --reason KEY_COMPROMISE");
    expect(code).toBe(0);
    expect(out).toMatch(/Next: give that folder to the registrars/);
    expect(readFileSync(layout.register).equals(before)).toBe(true);
    const folder = join(layout.authorities, "ng", "for-registrars");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
    expect(files.filter((name) => name.endsWith(".ng.json"))).toHaveLength(1);
    expect(files.filter((name) => name.endsWith("part.bin"))).toHaveLength(1);
  });

  it("can be done again: nothing is revoked twice, and what a crash left undone is published", async () => {
    await run("ng/tcu --kind SIGNING --reason KEY_COMPROMISE");
    const first = register();
    expect((await run("ng/tcu --kind SIGNING --reason SUPERSEDED")).code).toBe(0);
    expect(register().epoch).toBe(first.epoch + 1);
    const reasons = register()
      .authority("ng")
      ?.crls.flatMap((der) => [...parseCrl(der).revoked.values()].map(({ reason }) => reason));
    expect(reasons).toEqual([1]);
  });

  it.each([
    ["another state's agency", "gh/tcu --reason KEY_COMPROMISE --office authorities/ng", /this office is ng's/],
    ["an agency that is not there", "ng/nobody --reason KEY_COMPROMISE", /not in the register/],
    ["a name that is none", "NG --reason KEY_COMPROMISE", /name an agency/],
    ["a reason that is none", "ng/tcu --reason BECAUSE", /--reason is one of/],
    ["no reason", "ng/tcu", /reason/],
    ["a kind that is none", "ng/tcu --kind SERVER --reason KEY_COMPROMISE", /--kind is one of/],
    ["a time that is none", "ng/tcu --reason KEY_COMPROMISE --since yesterday", /--since is a time/],
    ["a time to come", "ng/tcu --reason KEY_COMPROMISE --since 2090-01-01T00:00:00Z", /not lost from a time to come/],
    ["a register that is not there", "ng/tcu --reason KEY_COMPROMISE --register nowhere.bin", /nowhere.bin/],
  ] as const)("refuses %s, and changes nothing", async (_name, args, words) => {
    const before = readFileSync(layout.register);
    const { code, err } = await run(args);
    expect(code).not.toBe(0);
    expect(err).toMatch(words);
    expect(readFileSync(layout.register).equals(before)).toBe(true);
    expect(holding("ng/tcu")).toEqual(kinds);
  }); // prettier-ignore
});
