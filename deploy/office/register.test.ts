import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { Updater } from "tuf-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type ProvenRegister, verifyRegister } from "../../certs/trust/index.ts";
import {
  agree,
  beginRegion,
  beginState,
  editRegion,
  makeRegisterDesk,
  makeStoryRoot,
  type RegisterDesk,
  signRole,
  storyLine,
  storyLines,
  storyOfficers,
} from "../../test/kit/register-office.ts";

const hourMs = 3_600_000;
let desk: RegisterDesk;
let server: Server;
let url = "";
let held: ProvenRegister | undefined;

/** The register as our readers and as tuf-js read it, each holding what it read before. */
async function readBoth(): Promise<ProvenRegister> {
  const root = readFileSync(join(desk.base, "region/root.json"));
  held = verifyRegister(readFileSync(join(desk.base, "region/register.bin")), { root }, held);
  const home = join(desk.base, "other-client");
  mkdirSync(join(home, "targets"), { recursive: true });
  if (!existsSync(join(home, "root.json"))) writeFileSync(join(home, "root.json"), root);
  const updater = new Updater({
    metadataDir: home,
    metadataBaseUrl: `${url}/metadata`,
    targetDir: join(home, "targets"),
    targetBaseUrl: `${url}/targets`,
    config: { fetchRetries: 0 },
  });
  await updater.refresh();
  for (const name of [
    "region.bin",
    ...[...held.trusted.parts.keys()].map((one) => `${one}/part.bin`),
  ]) {
    const info = await updater.getTargetInfo(name);
    expect(info, `${name} as the other client has it`).toBeDefined();
    await updater.downloadTarget(info!, join(home, "targets", "content"));
  }
  return held;
}

const good: RegisterDesk["good"] = (words) => desk.good(words);
const refused: RegisterDesk["refused"] = (words) => desk.refused(words);
const read: RegisterDesk["read"] = (file) => desk.read(file);
const write: RegisterDesk["write"] = (file, text) => desk.write(file, text);
const edit: RegisterDesk["edit"] = (office, part, change) => desk.edit(office, part, change);
const sign = (...told: readonly [string, string, string]): Promise<string> => signRole(desk, told);
const publish = (): Promise<string> =>
  good("publish --folder region --key snapshot.key timestamp.key");
const agencyOf = (agency: string): object => ({ agency, kind: "TCU" });

beforeAll(async () => {
  desk = await makeRegisterDesk();
  server = createServer((request, response) => {
    try {
      response.end(readFileSync(join(desk.base, "region", request.url ?? "")));
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  desk.stop();
});

describe("a register's whole life, on the command line", () => {
  it("five holders make the root, three of them sign it, each on his own", async () => {
    expect(await beginRegion(desk)).toContain("root is signed by 3 of 5 keys");
    expect(await sign("region", "root", "root-1.key")).toContain("Not enough yet");
    expect(await refused("sign --folder region --role root --key registrar-1.key --yes")).toEqual([4, "CHANGE_NOT_PERMITTED"]);
    expect(await sign("region", "root", "root-1.key")).toContain("Not enough yet");
    const carried = read("region/pending/root.json");
    expect(await sign("region", "root", "root-2.key")).toContain("Not enough yet");
    // the third holder signs a copy that the second never saw
    write("carried.json", read("region/pending/root.json"));
    write("region/pending/root.json", carried);
    expect(await sign("region", "root", "root-3.key")).toContain("Not enough yet");
    expect(await good("import carried.json --folder region")).toContain("root, signed by enough");
    expect(await refused("sign --folder region --role root --key root-4.key --yes")).toEqual([5, "NOT_FOUND"]);
  });

  it("nothing is published while the region has no part", async () => {
    expect(await refused("publish --folder region --key snapshot.key timestamp.key")).toEqual([5, "NOT_FOUND"]);
  });

  it("no key lies in the office's folder, and private keys are for their owner alone", () => {
    const files = readdirSync(join(desk.base, "region"), { recursive: true, encoding: "utf8" });
    expect(files.filter((file) => file.endsWith(".key"))).toEqual([]);
    for (const file of files.filter((one) => one.endsWith(".json")))
      expect(read(`region/${file}`)).not.toContain("PRIVATE");
    expect(statSync(join(desk.base, "root-1.key")).mode & 0o777).toBe(0o600);
  });

  it("two registrars begin the region: two states, their keys, a mandate for each", async () => {
    const file = await editRegion(desk);
    const told = await agree(desk, { office: "region", by: storyOfficers.region }, file);
    expect(told).toContain("The part of gh is signed by 2 of 3 keys");
    expect(told).toContain("ng is a member of ecowas from 2020-01-01 00:00 UTC on");
    expect(told).toMatch(/ng gets a root certificate, good until \d{4}-\d\d-\d\d/);
    await sign("region", "targets", "registrar-1.key");
    await sign("region", "targets", "registrar-3.key");
    await publish();
    expect((await readBoth()).agencies).toEqual([]);
  });

  it("each state begins its office by the root it compared, and adds agencies by its own keys alone", async () => {
    for (const state of ["ng", "gh"] as const) await beginState(desk, state);
    const ng = await edit("ng", "ng", (content) => {
      content.state = {
        authority: "ng",
        agencies: [agencyOf("ng/tcu")],
        nominations: storyLines("ng/tcu"),
        release: [{ effect: "ALLOW", authorities: ["gh"], from: storyLine.from }],
      };
    });
    expect(await agree(desk, { office: "ng", by: storyOfficers.ng }, ng)).toContain(
      "ng/tcu joins, as an agency of kind TCU",
    );
    await sign("ng", "ng", "ng.key");
    const gh = await edit("gh", "gh", (content) => {
      content.state = {
        authority: "gh",
        agencies: [agencyOf("gh/tcu")],
        nominations: storyLines("gh/tcu"),
      };
    });
    await agree(desk, { office: "gh", by: storyOfficers.gh }, gh);
    await sign("gh", "gh", "gh-1.key");
    await sign("gh", "gh", "gh-3.key");
    for (const state of ["ng", "gh"]) {
      await good(`export stick-${state} --folder ${state}`);
      expect(await good(`import stick-${state} --folder region`)).toContain(`${state} 1`);
    }
    await publish();
    const view = await readBoth();
    expect(view.agencies.map(({ agency }) => agency)).toEqual(["ng/tcu", "gh/tcu"]);
    expect(view.trusted.flaws).toEqual([]);
  });

  it("a state adds an agency that the region knows already, and the words say what it may read from now on", async () => {
    await good("import region/register.bin --folder gh");
    const file = await edit("gh", "gh", (content) => {
      content.state["agencies"] = [agencyOf("gh/tcu"), { agency: "gh/fiu", kind: "FIU" }];
      content.state["nominations"] = ["gh/tcu", "gh/fiu"].flatMap(storyLines);
      const { from } = storyLine;
      content.state["clocks"] = {
        workingWeeks: [{ offsetMinutes: 0, daysOff: ["SATURDAY", "SUNDAY"], from }],
        holidays: ["2001-12-25", "2098-12-25"],
        rosters: [{ agency: "gh/tcu", days: [], fromMinute: 480, untilMinute: 1020, from }],
      };
    });
    const told = await agree(desk, { office: "gh", by: storyOfficers.gh }, file);
    expect(told).toContain(
      "gh/fiu may now read alert.* about drugs, up to H2, of gh, ng, in ecowas",
    );
    expect(told).toContain("Agencies whose rights change: 2 (2 gain, 0 lose)");
    expect(await good("diff gh --folder gh --lang fr")).toContain(
      "jusqu'à H2, de gh, ng, dans ecowas",
    );
    await sign("gh", "gh", "gh-2.key");
    await sign("gh", "gh", "gh-3.key");
    await good("import gh --folder region");
    await publish();
    expect((await readBoth()).agencies.length).toBe(3);
  });

  it("a membership of a third state is admitted by as many registrars as must, who pass one file on", async () => {
    const root = await makeStoryRoot("sn", desk.now());
    const file = await edit("region", "region", (content) => {
      (content.region["memberships"] as object[]).push({
        rec: "ecowas",
        authority: "sn",
        from: storyLine.from,
        suspendedFrom: "2100-01-01T00:00:00.000Z",
      });
      (content.region["authorities"] as object[]).push({ authority: "sn", roots: [root] });
      const deadline = { urgency: "FLASH", acknowledgeMinutes: 30, counts: "ON_DUTY", from: storyLine.from };
      content.region["clocks"] = { deadlines: [deadline] };
    });
    const told = await agree(desk, { office: "region", by: storyOfficers.region }, file);
    expect(told).toContain("sn is a member of ecowas");
    expect(told).toContain("sn is suspended in ecowas from 2100-01-01 00:00 UTC on");
    expect(told).toContain("Nobody gains or loses a right");
    // the second registrar signs a copy that the first never saw
    const accepted = read("region/pending/region.json");
    expect(await sign("region", "targets", "registrar-2.key")).toContain("Not enough yet");
    write("carried.json", read("region/pending/region.json"));
    write("region/pending/region.json", accepted);
    expect(await sign("region", "targets", "registrar-3.key")).toContain("Not enough yet");
    expect(await good("import carried.json --folder region")).toContain("region, signed by enough");
    await publish();
    expect((await readBoth()).membership("ecowas", "sn", desk.now())).toBe("member");
    const shown = await good("show --folder region");
    expect(shown).toMatch(/acknowledgement within 30 min[^]*gh: its time is UTC\+00:00[^]*do not count: 2098-12-25\n[^]*gh\/tcu: on duty every day, 08:00–17:00/);
    expect(shown).not.toContain("2001-12-25");
    expect(await good("show --folder region --lang sw")).toContain("gh/tcu: zamu kila siku");
    expect(await good("show --folder region --json")).toMatch(/"clocks": ?\[\s*\{\s*"authority": ?"gh"/);
  }); // prettier-ignore

  it("a state that lost its key is delegated a new one; until it signs anew its agencies are out, and the words say so", async () => {
    const told = await good(
      `rotate --folder region --role ng --add ng-2.key.pub --drop ng.key.pub --as ama.key --reason "key lost"`,
    );
    expect(told).toContain(
      "The part of ng counts no longer until enough of its new keys sign it anew",
    );
    expect(told).toMatch(/may no longer read alert\.\* about drugs, up to H2, of ng, in ecowas/);
    await good("accept region --folder region --as kofi.key --yes");
    await sign("region", "targets", "registrar-1.key");
    await sign("region", "targets", "registrar-2.key");
    expect(await publish()).toContain("ng: its part counts no longer");
    const root = readFileSync(join(desk.base, "region/root.json"));
    const robbed = verifyRegister(readFileSync(join(desk.base, "region/register.bin")), { root }, held);
    expect(robbed.agencies.filter(({ authority }) => authority === "ng")).toEqual([]);
    expect((await desk.run("verify --folder region")).code).toBe(8);
    await good("import region/register.bin --folder ng");
    const file = await edit("ng", "ng", () => undefined);
    await agree(desk, { office: "ng", by: storyOfficers.ng }, file);
    expect(await refused("sign --folder ng --role ng --key ng.key --yes")).toEqual([
      4,
      "CHANGE_NOT_PERMITTED",
    ]);
    await sign("ng", "ng", "ng-2.key");
    await good("import ng --folder region");
    await publish();
    expect((await readBoth()).agencies.length).toBe(3);
    await good("verify --folder region");
  });

  it("a lost root key is replaced by the others, and readers of the first root follow", async () => {
    const told = await good(
      "rotate --folder region --role root --add root-6.key.pub --drop root-2.key.pub",
    );
    expect(told).toContain("root is signed by 3 of 5 keys");
    expect(await sign("region", "root", "root-6.key")).toContain("Not enough yet");
    expect(await sign("region", "root", "root-1.key")).toContain("Not enough yet");
    expect(await sign("region", "root", "root-4.key")).toContain("Not enough yet");
    expect(await sign("region", "root", "root-5.key")).toContain("Enough have signed");
    await publish();
    expect((await readBoth()).trusted.root.version).toBe(2);
    expect(await refused("rotate --folder region --role root --drop root-2.key.pub")).toEqual([
      3,
      "CHANGE_INVALID",
    ]);
  });

  it("the timestamp is refreshed by its key alone, and the epoch stays", async () => {
    const before = await readBoth();
    desk.wait(20 * hourMs);
    await good("refresh --folder region --key timestamp.key");
    const after = await readBoth();
    expect([after.epoch, after.trusted.timestamp.version]).toEqual([
      before.epoch,
      before.trusted.timestamp.version + 1,
    ]);
    expect(after.expiresAt).toBeGreaterThan(before.expiresAt);
    expect(await refused("refresh --folder region --key snapshot.key")).toEqual([
      4,
      "CHANGE_NOT_PERMITTED",
    ]);
  });

  it("officers are changed by officers: proposed by one, accepted by another", async () => {
    const file = await edit("gh", "officers", (content) => {
      content.officers = [content.officers[0]!, { name: "Kwame Asare", key: desk.keyOf("kwame.key") }];
    });
    expect(await agree(desk, { office: "gh", part: "officers", by: storyOfficers.gh }, file)).toContain(
      "Yaw Darko may propose and accept no longer",
    );
    expect(await good("show --folder gh")).toContain(
      "edition 2 of its officers: Esi Owusu, Kwame Asare",
    );
    const next = await edit("gh", "gh", (content) => (content.state["languages"] = undefined));
    expect(await refused(`propose ${next} --folder gh --as yaw.key --reason "still here"`)).toEqual(
      [4, "CHANGE_NOT_PERMITTED"],
    );
    await good("verify --folder gh");
  });
}); // prettier-ignore
