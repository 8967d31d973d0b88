import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeRequest } from "../../certs/authority/index.ts";
import { makeKeyPair } from "../../certs/keys/index.ts";
import { renderPem } from "../../certs/shape/index.ts";
import { languages } from "../../schemas/index.ts";
import { systemChance, systemClock } from "../../schemas/ground/index.ts";
import { digestFolder } from "../../test/kit/folder-digest.ts";
import { runHouse } from "../../test/kit/house-run.ts";
import { runOffice } from "../../test/kit/office-run.ts";
import {
  agree,
  beginRegion,
  editRegion,
  makeRegisterDesk,
  type RegisterDesk,
  signRole,
  storyOfficers,
} from "../../test/kit/register-office.ts";
import { makeRenewalWorld, type RenewalWorld } from "../../test/kit/renewal-world.ts";
import { runRevoke } from "../../test/kit/revoke.ts";
import { type Layout, makeLayout } from "../local/layout.ts";
import { planRegion } from "../local/plan.ts";
import { makeRegion } from "../local/region.ts";

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const nothing = /^Nothing was changed\. /;

function faultOf({ code, out, err }: Ran): readonly [number, string, string] {
  return [code, out, /Code ([A-Z_]+)\./.exec(err)?.[1] ?? err];
}

describe("atumpan authority, tried", () => {
  const cwd = mkdtempSync(join(tmpdir(), "authority-tried-"));
  afterAll(() => rmSync(cwd, { recursive: true }));

  async function run(words: string): Promise<Ran> {
    let [out, err] = ["", ""];
    const code = await runHouse({
      args: ["authority", ...words.split(" ")],
      cwd,
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      clock: systemClock,
      chance: systemChance,
    });
    return { code, out, err };
  }

  const issue = "issue --folder ca --request a.csr --agency ng/tcu --kind LINK";

  beforeAll(async () => {
    await run("init --folder ca --authority ng");
    const request = await makeRequest("ng/tcu", makeKeyPair("P-256"));
    writeFileSync(join(cwd, "a.csr"), renderPem("CERTIFICATE REQUEST", request));
    await run(`${issue} --out first.crt`);
  });

  it.each([
    ["init", "init --folder fresh/ca --authority gh", /fresh\/ca would hold the authority gh, for trying out/],
    ["issue", `${issue} --out leaf.crt`, /A LINK certificate of ng\/tcu, good until .* would be issued and written to .*leaf\.crt\.\nng\/tcu has 1 of this kind/],
    ["issue without a file's name", issue, /written to a new file named after its serial/],
    ["crl", "crl --folder ca --hours 6", /These lists would be written:\n {2}.*issuing\.crl: list 2, 0 revoked/],
    ["revoke", "revoke --folder ca --agency ng/tcu --kind LINK --reason SUPERSEDED", /1 certificates would be revoked:\n {2}[0-9a-f]+, LINK of ng\/tcu: would be revoked, for good\n[^]*issuing\.crl: list 2, 1 revoked/],
  ])("%s says what would change, and leaves every byte of the folder", async (_, words, says) => {
    const before = digestFolder(cwd);
    const tried = await run(`${words} --dry-run`);
    expect([tried.code, tried.out]).toEqual([0, expect.stringMatching(nothing)]);
    expect(tried.out).toMatch(says);
    const json = await run(`${words} --dry-run --json`);
    expect([JSON.parse(json.out), digestFolder(cwd)]).toMatchObject([{ tried: true }, before]);
  }); // prettier-ignore

  it("a journal whose last line was torn is left torn", async () => {
    const file = join(cwd, "ca/journal.jsonl");
    const whole = readFileSync(file);
    appendFileSync(file, '{"index":');
    const before = digestFolder(cwd);
    expect((await run(`${issue} --dry-run`)).code).toBe(0);
    expect(digestFolder(cwd)).toEqual(before);
    writeFileSync(file, whole);
  });

  it.each([
    ["a folder that holds one", "init --folder ca --authority ng"],
    ["a name that is none", "init --folder none --authority N9"],
    ["another's name", "issue --folder ca --request a.csr --agency ng/fiu --kind LINK"],
    ["another use of a key", "issue --folder ca --request a.csr --agency ng/tcu --kind SIGNING"],
    ["a file that is there", `${issue} --out a.csr`],
    ["a kind that is none", "issue --folder ca --request a.csr --agency ng/tcu --kind OTHER"],
    ["a list that lives too long", "crl --folder ca --days 90"],
    ["a serial it never issued", "revoke --folder ca --serial 01ff --reason SUPERSEDED"],
    ["a folder without an authority", "crl --folder none"],
  ])("%s is refused as it would be, and the journal does not know of it", async (_, words) => {
    const before = digestFolder(cwd);
    const tried = faultOf(await run(`${words} --dry-run`));
    expect([tried[0] > 0, tried[1], digestFolder(cwd)]).toEqual([true, "", before]);
    expect(faultOf(await run(words))).toEqual(tried);
  });

  it("what was tried can be done", async () => {
    expect((await run(`${issue} --out leaf.crt`)).code).toBe(0);
    expect((await run("revoke --folder ca --agency ng/tcu --kind LINK --reason SUPERSEDED")).out).toMatch(/is revoked/);
    const again = await run("revoke --folder ca --agency ng/tcu --kind LINK --reason SUPERSEDED --dry-run");
    expect(again.code).not.toBe(0);
  }); // prettier-ignore
});

describe("atumpan authority renewals, tried", () => {
  const requests = "gateways/ng/tcu/renewal";
  const renewals = `renewals ${requests} --folder authorities/ng --register register --out ng.json`;
  let world: RenewalWorld;

  beforeAll(async () => {
    world = await makeRenewalWorld(Date.UTC(2026, 0, 5, 9));
    world.clock.move(61 * 86_400_000);
    await world.tendOffices(["ng", "gh"]);
    world.party("ng/tcu").hold(world.register());
    await world.party("ng/tcu").renewal.tend();
  });
  afterAll(() => world.stop());

  const run = (words: string): Promise<Ran> => runOffice(world, words.split(" "));

  it("says what would become of each request, lays no certificate beside it, and writes no part", async () => {
    const before = digestFolder(world.layout.home);
    const { code, out } = await run(`${renewals} --dry-run`);
    expect([code, digestFolder(world.layout.home)]).toEqual([0, before]);
    expect(out).toMatch(/^Nothing was changed\. This would come of each request:\n/);
    expect(out).toMatch(/LINK of ng\/tcu, issued: good until 2026-/);
    expect(out).toMatch(/SEALING of ng\/tcu, waiting: its certificate would be issued and laid beside it/);
    expect(out).toMatch(/ng\.json would be written: the part of ng with 2 new lines\.\n$/);
    expect((await run(renewals)).out).toMatch(/LINK of ng\/tcu, issued: serial /);
    const after = digestFolder(world.layout.home);
    const again = await run(`${renewals.replace("ng.json", "two.json")} --dry-run`);
    expect(again.out).toMatch(/SEALING of ng\/tcu, waiting: its certificate lies beside it/);
    expect(digestFolder(world.layout.home)).toEqual(after);
    expect(faultOf(await run(`${renewals} --dry-run`))).toEqual(faultOf(await run(renewals)));
  }); // prettier-ignore
});

describe("atumpan revoke, tried", () => {
  const home = mkdtempSync(join(tmpdir(), "revoke-tried-"));
  let layout: Layout;

  beforeAll(async () => {
    const from = Date.UTC(2025, 0, 29);
    const plan = planRegion(from, { states: ["ng"], recs: ["ecowas"] });
    layout = makeLayout(home);
    const ports = { base: 7400, host: "127.0.0.1", natsServer: "nats-server" };
    const ground = { now: Date.now(), chance: systemChance, from, ports };
    const { all } = await makeRegion(plan, layout, ground);
    for (const { journal } of all.values()) journal.stop();
  });
  afterAll(() => rmSync(home, { recursive: true }));

  const run = (words: string, answer = "nobody is asked"): Promise<Ran> =>
    runRevoke({ home, layout }, words.split(" "), answer);
  const order = "ng/tcu --kind SEALING --reason KEY_COMPROMISE";

  it("says what would be lost, what the agency may do, and the epoch; nobody is asked, nothing is changed", async () => {
    const before = digestFolder(home);
    const { code, out, err } = await run(`${order} --dry-run`);
    expect([code, err, digestFolder(home)]).toEqual([0, "", before]);
    expect(out).toMatch(/^Nothing was changed\. This would be revoked:\nng\/tcu \(TCU\) loses 1 certificates, for good:\n {2}SEALING: /);
    expect(out).toMatch(/It may read: .*ecowas/);
    expect(out).toMatch(/Epoch \d+ would be published at .*register\.bin\.\n$/);
    const json: unknown = JSON.parse((await run(`${order} --dry-run --json`)).out);
    expect(json).toMatchObject({ tried: true, revoked: [expect.any(String)], published: { kind: "published" } });
  }); // prettier-ignore

  it("without the registrars' key it says where the part would be laid", async () => {
    renameSync(layout.registrarKey, `${layout.registrarKey}.away`);
    const before = digestFolder(home);
    const { code, out } = await run(`${order} --dry-run`);
    renameSync(`${layout.registrarKey}.away`, layout.registrarKey);
    expect(code).toBe(0);
    expect(out).toMatch(/would be signed and laid into .*for-registrars; nobody would learn of it/);
    expect(Object.keys(before).length).toBe(Object.keys(digestFolder(home)).length);
  });

  it.each([
    ["an agency that is not there", "ng/nobody --reason KEY_COMPROMISE"],
    ["a time to come", "ng/tcu --reason KEY_COMPROMISE --since 2090-01-01T00:00:00Z"],
    ["another state's agency", "gh/tcu --reason KEY_COMPROMISE --office authorities/ng"],
  ])("%s is refused as it would be", async (_, words) => {
    const before = digestFolder(home);
    const tried = faultOf(await run(`${words} --dry-run`));
    expect([tried[0] > 0, tried[1], digestFolder(home)]).toEqual([true, "", before]);
    expect(faultOf(await run(`${words} --yes`))).toEqual(tried);
  });
});

describe("atumpan register, tried", () => {
  let desk: RegisterDesk;
  const publish = "publish --folder region --key snapshot.key timestamp.key";
  const files = (): unknown => digestFolder(desk.base);

  beforeAll(async () => {
    desk = await makeRegisterDesk();
    await beginRegion(desk);
  });
  afterAll(() => desk.stop());

  async function tryOut(words: string): Promise<string> {
    const before = files();
    const out = await desk.good(`${words} --dry-run`);
    expect([out, files()]).toEqual([expect.stringMatching(nothing), before]);
    return out;
  }

  it("a signature that is tried is not put down: the root stays at the signatures it has", async () => {
    const sign = "sign --folder region --role root --key root-1.key";
    expect(await tryOut(sign)).toMatch(/would sign this for root:\n {2}root is signed by 3 of 5 keys[^]*there would not be enough yet/);
    for (const key of ["root-1.key", "root-2.key"]) await signRole(desk, ["region", "root", key]);
    const last = sign.replace("root-1", "root-3");
    expect(await tryOut(last)).toMatch(/With it enough would have signed/);
    expect(await signRole(desk, ["region", "root", "root-3.key"])).toContain("Enough have signed");
  }); // prettier-ignore

  it("a proposal, its acceptance and other keys say what they would mean, in six languages; nobody is asked, nothing is kept", async () => {
    const file = await editRegion(desk);
    const propose = `propose ${file} --folder region --as ama.key --reason "as discussed"`;
    const accept = "accept region --folder region --as kofi.key";
    expect(await tryOut(propose)).toMatch(/Ama Mensah would propose this change of region, [^]*\n {2}ng is a member of ecowas/);
    expect(await desk.refused(`${accept} --dry-run`)).toEqual(await desk.refused(accept));
    await desk.good(propose);
    expect(await tryOut(accept)).toMatch(/Kofi Boateng would accept this change of region, which Ama Mensah proposed \(as discussed\):\n[^]*keys of targets would have to sign/);
    const told = await Promise.all(languages.map(async (lang) => (await desk.good(`${accept} --dry-run --lang ${lang}`)).split(".")[0]));
    expect(new Set(told).size).toBe(languages.length);
    const own = "accept region --folder region --as ama.key";
    expect(await desk.refused(`${own} --dry-run`)).toEqual(await desk.refused(`${own} --yes`));
    await desk.good("withdraw region --folder region");
    expect(await tryOut("rotate --folder region --role timestamp --add ng-2.key.pub")).toMatch(/next root[^]*\n {2}.*timestamp/);
    const none = "rotate --folder region --role timestamp --drop kwame.key.pub";
    expect(await desk.refused(`${none} --dry-run`)).toEqual(await desk.refused(none));
  }); // prettier-ignore

  it("publishing says which epoch it would be, and who would gain or lose what by it", async () => {
    const { region: by } = storyOfficers;
    await agree(desk, { office: "region", by }, await editRegion(desk));
    for (const key of ["registrar-1.key", "registrar-3.key"]) await signRole(desk, ["region", "targets", key]);
    expect(await tryOut(publish)).toMatch(/Epoch 1, the first, would be published at .*register\.bin[^]*ng is a member of ecowas/);
    await desk.good(publish);
    expect(await tryOut(publish)).toMatch(/Epoch 2, in place of epoch 1, [^]*Nobody gains or loses a right/);
    expect(await tryOut("refresh --folder region --key timestamp.key")).toMatch(/Epoch 1 would stay, and be relied on until/);
    expect(await desk.good(`${publish} --dry-run --lang fr`)).toMatch(/^Rien n'a été changé\. L'époque 2, [^]*Personne ne gagne ni ne perd/);
    expect(JSON.parse(await desk.good(`${publish} --dry-run --json`))).toMatchObject({ tried: true, epoch: 2, before: 1, touched: [] });
  }); // prettier-ignore

  it.each([
    ["a key that may not publish", "publish --folder region --key ama.key"],
    ["a key that may not refresh", "refresh --folder region --key snapshot.key"],
    ["a signature under nothing", "sign --folder region --role targets --key registrar-1.key"],
    ["a role that is signed by publishing", "sign --folder region --role snapshot --key snapshot.key"],
  ])("%s is refused as it would be", async (_, words) => {
    const before = files();
    const tried = await desk.refused(`${words} --dry-run`);
    expect([await desk.refused(`${words} --yes`.replace(/^((?:publish|refresh).*) --yes/, "$1")), files()]).toEqual([tried, before]);
  }); // prettier-ignore
});
