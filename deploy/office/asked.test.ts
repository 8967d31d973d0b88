import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { renderFingerprint } from "../../certs/authority/index.ts";
import { verifyRegister } from "../../certs/trust/index.ts";
import {
  agree,
  beginRegion,
  beginState,
  editRegion,
  makeRegisterDesk,
  type RegisterDesk,
  signRole,
  storyLine,
  storyLines,
  storyOfficers,
} from "../../test/kit/register-office.ts";

let desk: RegisterDesk;
const { from: _from, ...line } = storyLine;
const told = {
  format: "atumpan-agency-request",
  version: 1,
  at: "2026-11-20T08:00:00.000Z",
  reason: "a unit at the port of Lagos",
};
const enrol = {
  ...told,
  kind: "ENROL",
  agency: "ng/customs",
  agencyKind: "CUSTOMS",
  languages: ["en"],
  nominations: [line],
};
const seen = { certificates: 3, waiting: 4, awaitedOfIt: 1, awaitedOfUs: 0 };
const revoke = {
  ...told,
  kind: "REVOKE",
  agency: "ng/tcu",
  cause: "KEY_COMPROMISE",
  seen,
  reason: "a laptop was stolen",
};

/** Lays a request down as the console writes it; its fingerprint as it is read aloud. */
function lay(name: string, request: object): string {
  desk.write(name, JSON.stringify(request));
  return renderFingerprint(readFileSync(join(desk.base, name)));
}

async function publish(): Promise<void> {
  await desk.good("publish --folder region --key snapshot.key timestamp.key");
}

/** The register as everybody reads it. */
function register(): ReturnType<typeof verifyRegister> {
  const [bytes, root] = ["register.bin", "root.json"].map((name) =>
    readFileSync(join(desk.base, "region", name)),
  );
  return verifyRegister(bytes!, { root: root! });
}

/** A state's folder to the publishing office, and on to everybody. */
async function carry(name: string): Promise<void> {
  await desk.good(`export ${name} --folder ng`);
  await desk.good(`import ${name} --folder region`);
  await publish();
}

beforeAll(async () => {
  desk = await makeRegisterDesk();
  await beginRegion(desk);
  for (const at of [1, 2, 3]) await signRole(desk, ["region", "root", `root-${at}.key`]);
  await agree(desk, { office: "region", by: storyOfficers.region }, await editRegion(desk));
  for (const at of [1, 3]) await signRole(desk, ["region", "targets", `registrar-${at}.key`]);
  await publish();
  await beginState(desk, "ng");
  const file = await desk.edit("ng", "ng", (content) => {
    content.state = {
      authority: "ng",
      agencies: [{ agency: "ng/tcu", kind: "TCU" }],
      nominations: storyLines("ng/tcu"),
    };
  });
  await agree(desk, { office: "ng", by: storyOfficers.ng }, file);
  await signRole(desk, ["ng", "ng", "ng.key"]);
  await carry("stick-1");
});
afterAll(() => desk.stop());

const asked = (name: string, print: string, more = ""): string =>
  `asked ${name} --folder ng --as ngozi.key --fingerprint "${print}" ${more}`;

describe("atumpan register asked", () => {
  it("refuses a file that is not the one whose fingerprint was read aloud, and leaves nothing pending", async () => {
    lay("enrol.json", enrol);
    const other = lay("other.json", { ...enrol, agency: "ng/army" });
    expect(await desk.refused(asked("enrol.json", other))).toEqual([6, "CEREMONY_REFUSED"]);
    expect(existsSync(join(desk.base, "ng/pending/ng.json"))).toBe(false);
  });

  it.each([
    ["of another state", { ...enrol, agency: "gh/customs" }, "--part ng"],
    ["of one that is there already", { ...enrol, agency: "ng/tcu" }, ""],
    ["to suspend one that is not there", { ...revoke, agency: "ng/navy" }, ""],
    ["with a member that is none", { ...enrol, spki: "x" }, ""],
    ["of a later version", { ...enrol, version: 2 }, ""],
    ["with a kind that is none", { ...enrol, agencyKind: "PIRATES" }, ""],
    ["for rights that are none", { ...enrol, nominations: [{ ...line, crimes: ["jokes"] }] }, ""],
    ["for a cause that is none", { ...revoke, cause: "BECAUSE" }, ""],
  ])("refuses a request %s, and changes nothing", async (_name, request, more) => {
    const print = lay("wrong.json", request);
    const [code, fault] = await desk.refused(asked("wrong.json", print, more));
    expect(code).not.toBe(0);
    expect(["CHANGE_INVALID", "SCHEMA_INVALID"]).toContain(fault);
    expect(existsSync(join(desk.base, "ng/pending/ng.json"))).toBe(false);
  });

  it("one officer proposes what was asked, nobody accepts his own, and another makes it so", async () => {
    const print = lay("enrol.json", enrol);
    await desk.good(asked("enrol.json", print.toUpperCase().replaceAll(" ", "-")));
    const meant = await desk.good("diff ng --folder ng");
    expect(meant).toContain("ng/customs joins, as an agency of kind CUSTOMS");
    expect(meant).toContain("a unit at the port of Lagos");
    expect(meant).toContain(print);
    expect((await desk.run("accept ng --folder ng --as ngozi.key --yes")).code).not.toBe(0);
    await desk.good("accept ng --folder ng --as emeka.key --yes");
    await signRole(desk, ["ng", "ng", "ng.key"]);
    await carry("stick-2");
    expect(register().agency("ng/customs")).toMatchObject({ kind: "CUSTOMS", certificates: [] });
  });

  it("by the same file the registrars grant what the state lets it do", async () => {
    const print = renderFingerprint(readFileSync(join(desk.base, "enrol.json")));
    await desk.good(`asked enrol.json --part region --folder region --as ama.key --fingerprint "${print}"`);
    await desk.good("accept region --folder region --as kofi.key --yes");
    for (const at of [1, 2]) await signRole(desk, ["region", "targets", `registrar-${at}.key`]);
    await publish();
    expect(register().mandates("ng/customs", "READ", "ecowas")).toHaveLength(1);
  });

  it("suspends an agency by two officers; whoever accepts reads what hung on it", async () => {
    const print = lay("revoke.json", revoke);
    await desk.good("import region/register.bin --folder ng");
    await desk.good(asked("revoke.json", print));
    expect(await desk.good("diff ng --folder ng")).toContain("4 messages not yet there");
    await desk.good("accept ng --folder ng --as emeka.key --yes");
    await signRole(desk, ["ng", "ng", "ng.key"]);
    await carry("stick-3");
    expect(register().agency("ng/tcu")?.suspendedFrom).toBeLessThanOrEqual(desk.now());
    expect(register().agency("ng/customs")?.suspendedFrom).toBeUndefined();
  });

  it("nobody's suspension is put off by asking again", async () => {
    const print = renderFingerprint(readFileSync(join(desk.base, "revoke.json")));
    await desk.good("import region/register.bin --folder ng");
    expect((await desk.refused(asked("revoke.json", print)))[1]).toBe("CHANGE_INVALID");
  });

  it("the region's part suspends nobody", async () => {
    const print = renderFingerprint(readFileSync(join(desk.base, "revoke.json")));
    const words = `asked revoke.json --part region --folder region --as ama.key --fingerprint "${print}"`;
    expect((await desk.refused(words))[1]).toBe("CHANGE_INVALID");
  });
}); // prettier-ignore
