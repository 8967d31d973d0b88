import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { answerRequest, giveKit, type GivenKit, makeNewcomer, publishPart, type Ran, runAt } from "../../test/e2e/join-office.ts"; // prettier-ignore
import { digestFolder } from "../../test/kit/folder-digest.ts";
import { makeRenewalWorld, type RenewalWorld } from "../../test/kit/renewal-world.ts";

const agency = "gh/fiu";
const begun = Date.UTC(2026, 0, 5, 9);
const day = 86_400_000;
let world: RenewalWorld;
let kit: GivenKit;
let cwd: string;
let now: number;

async function makeWorld(): Promise<void> {
  world = await makeRenewalWorld(begun);
  makeNewcomer(world, agency);
  kit = await giveKit(world, { agency, neighbour: "ng/tcu", out: "kit" });
}

/** All that an office may write; the gateways of others in the same world write in their own time. */
function officeFolder(): unknown {
  return [readdirSync(world.layout.home).toSorted(), digestFolder(world.layout.authorities)];
}

/** The newcomer's own machine: a folder with nothing but the kit, or with what was done there before. */
function makeMachine(from?: string): void {
  cwd = mkdtempSync(join(tmpdir(), "newcomer-"));
  if (from === undefined) cpSync(kit.folder, join(cwd, "kit"), { recursive: true });
  else cpSync(from, cwd, { recursive: true });
  now = begun + day;
}

async function joinWith(answers: readonly string[], ...more: readonly string[]): Promise<Ran> {
  return await runAt({ cwd, now, answers }, "join", "kit", "--into", "gateway", ...more);
}

/** The request as it came to the office. */
function carry(from = "gateway"): string {
  const file = join(world.layout.home, "request.json");
  cpSync(join(cwd, from, "join-request.json"), file);
  return file;
}

/** The office's whole work on a request; the answer lies at the newcomer's. */
async function answerAll(): Promise<void> {
  expect((await answerRequest(world, carry())).err).toBe("");
  publishPart(world, "gh-fiu.json");
  expect((await answerRequest(world, carry())).out).toContain("is ready");
  cpSync(join(world.layout.home, "answer-gh-fiu"), join(cwd, "answer"), { recursive: true });
}

/** Nobody's gateway runs here: what comes after the answer is in is for the region's test. */
const installed = (): boolean => existsSync(join(cwd, "gateway", "keys", "link.pem"));

/** Changes a file, and what vouches for it as far as somebody can who has the folder and not the code. */
function forge(name: string, change: (text: string) => string): void {
  const at = (one: string): string => join(cwd, "kit", one);
  writeFileSync(at(name), change(readFileSync(at(name), "latin1")), "latin1");
  const manifest = JSON.parse(readFileSync(at("kit.json"), "utf8")) as { files: Record<string, string> };
  manifest.files[name] = createHash("sha256").update(readFileSync(at(name))).digest("hex");
  writeFileSync(at("kit.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
} // prettier-ignore

describe("a kit, made at an office", () => {
  beforeAll(makeWorld);
  afterAll(() => world.stop());

  it("is one folder whose sums anybody can check, without the code, a key or anything secret in it", () => {
    const names = readdirSync(kit.folder).toSorted((a, b) => a.localeCompare(b));
    expect(names).toEqual(["drill.json", "gateway.json", "hub-ca.pem", "kit.json", "kit.seal", "kit.sig", "README.txt", "register.bin", "root.json", "SHA256SUMS"]);
    const sums = readFileSync(join(kit.folder, "SHA256SUMS"), "utf8").trim().split("\n").map((line) => line.split("  "));
    expect(sums.map(([, name = ""]) => name).toSorted((a, b) => a.localeCompare(b))).toEqual(names.filter((name) => name !== "SHA256SUMS"));
    for (const [sum, name = ""] of sums) {
      expect(createHash("sha256").update(readFileSync(join(kit.folder, name))).digest("hex")).toBe(sum);
    }
    const all = names.map((name) => readFileSync(join(kit.folder, name), "latin1")).join("");
    expect(all).not.toContain("PRIVATE KEY");
    expect(all.replaceAll("-", "")).not.toContain(kit.code.replaceAll("-", ""));
  }); // prettier-ignore

  it("leaves the office a record that its owner alone reads, and that does not hold the code", () => {
    const file = join(world.layout.authorities, "gh", "kits", `${kit.id}.json`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8")).not.toContain(kit.code);
  });

  it.each(["en", "fr", "pt", "ar", "es", "sw"])("its README is in the country's language: %s", async (lang) => {
    const made = await giveKit(world, { agency, neighbour: "ng/tcu", out: `kit-${lang}` }, "--readme", lang);
    const readme = readFileSync(join(made.folder, "README.txt"), "utf8");
    expect(readme).toContain("gh/fiu");
    expect(readme).toContain("join-request.json");
    expect(readme).not.toMatch(/\{[a-z]+\}/);
  }); // prettier-ignore

  it.each([
    ["an agency that the register does not know", { "--agency": "gh/new" }, "AGENCY_UNKNOWN"],
    ["an agency that has certificates", { "--agency": "gh/tcu" }, "USAGE_INVALID"],
    ["another state's agency", { "--agency": "ng/tcu" }, "USAGE_INVALID"],
    ["a neighbour that nobody knows", { "--neighbour": "ng/none" }, "AGENCY_UNKNOWN"],
    ["a key that is not the signer's", { "--as-agency": "ng/tcu" }, "CERT_UNKNOWN"],
    ["more days than a code may be told in", { "--days": "61" }, "USAGE_INVALID"],
    ["a language we do not write", { "--readme": "de" }, "USAGE_INVALID"],
    ["a drill that is no exercise", { "--drill": "register/root.json" }, "USAGE_INVALID"],
  ])("for %s none is made, and nothing is written", async (_, change, fault) => {
    const before = officeFolder();
    const options = {
      "--folder": "authorities/gh", "--agency": agency, "--neighbour": "ng/tcu", "--as-agency": "ecowas/centre",
      "--key": "gateways/ecowas/centre/keys/signing.key", "--register": "register", "--out": "none", ...change,
    };
    const ran = await runAt({ cwd: world.layout.home, now: begun }, "authority", "kit", "make", ...Object.entries(options).flat());
    expect([ran.fault, ran.out]).toEqual([fault, ""]);
    expect(officeFolder()).toEqual(before);
  }); // prettier-ignore
});

describe("a newcomer with a kit and its code", () => {
  beforeAll(makeWorld);
  afterAll(() => world.stop());
  beforeEach(() => makeMachine());
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  it("has a folder with keys that only he can read, made here, and a request that holds none of them", async () => {
    const ran = await joinWith([kit.code.toLowerCase().replaceAll("-", " ")]);
    expect([ran.code, ran.out.split("\n").length]).toEqual([0, 4]);
    for (const name of ["link", "signing", "sealing"]) {
      const file = join(cwd, "gateway", "keys", `${name}.key`);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readFileSync(join(cwd, "gateway", "join-request.json"), "utf8")).not.toContain(
        readFileSync(file, "utf8").split("\n")[1] ?? "none",
      );
    }
    expect(readdirSync(cwd).toSorted()).toEqual(["gateway", "kit"]);
  });

  it("is asked again after a slip of the pen, and not for ever", async () => {
    const slip = kit.code.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    expect((await joinWith([slip, slip, kit.code])).code).toBe(0);
    rmSync(join(cwd, "gateway"), { recursive: true });
    expect((await joinWith([slip, slip, slip, kit.code])).fault).toBe("KIT_CODE_WRONG");
    expect(readdirSync(cwd)).toEqual(["kit"]);
  });

  it.each([
    ["the code of another kit", "KIT_CODE_WRONG", async () => (await giveKit(world, { agency, neighbour: "ng/tcu", out: "other" })).code],
    ["a file that was changed", "KIT_INVALID", () => writeFileSync(join(cwd, "kit", "gateway.json"), "{}")],
    ["a file that is gone", "KIT_INVALID", () => rmSync(join(cwd, "kit", "root.json"))],
    ["a link in a file's place", "KIT_INVALID", () => {
      rmSync(join(cwd, "kit", "root.json"));
      symlinkSync(world.layout.root, join(cwd, "kit", "root.json"));
    }],
    ["a manifest that is none", "KIT_INVALID", () => writeFileSync(join(cwd, "kit", "kit.json"), "[]")],
    ["a manifest of a gigabyte of nothing", "KIT_INVALID", () => writeFileSync(join(cwd, "kit", "kit.json"), " ".repeat(40_000))],
    ["a file changed together with its digest", "KIT_CODE_WRONG", () => forge("gateway.json", (text) => text.replace("7400", "7401"))],
    ["another root, with its digest", "KIT_CODE_WRONG", () => forge("root.json", (text) => `${text} `)],
    ["more days than it was given", "KIT_CODE_WRONG", () => {
      const file = join(cwd, "kit", "kit.json");
      writeFileSync(file, readFileSync(file, "utf8").replace("2026-01-19", "2026-02-19"));
    }],
    ["a seal of its own making", "KIT_CODE_WRONG", () => writeFileSync(join(cwd, "kit", "kit.seal"), "00".repeat(32))],
    ["another's signature", "KIT_INVALID", () => writeFileSync(join(cwd, "kit", "kit.sig"), "a..b")],
    ["its last day", "KIT_ENDED", () => {
      now = begun + 14 * day;
    }],
    ["a clock before it was made", "CLOCK_BEHIND", () => {
      now = begun - day;
    }],
  ])("%s: refused, and nothing is left behind", async (_, fault, change) => {
    const code: unknown = await Promise.resolve(change());
    const before = digestFolder(cwd);
    const ran = await joinWith([typeof code === "string" ? code : kit.code]);
    expect([ran.fault, ran.out]).toEqual([fault, ""]);
    expect(digestFolder(cwd)).toEqual(before);
  }); // prettier-ignore

  it("used twice on a machine: refused, and what was made stays as it is", async () => {
    expect((await joinWith([kit.code])).code).toBe(0);
    const before = digestFolder(cwd);
    expect((await joinWith([kit.code])).fault).toBe("KIT_USED");
    expect(digestFolder(cwd)).toEqual(before);
  });

  it("a folder in which something else lies is nobody's to fill", async () => {
    mkdirSync(join(cwd, "gateway"));
    writeFileSync(join(cwd, "gateway", "letter.txt"), "mine");
    expect((await joinWith([kit.code])).fault).toBe("USAGE_INVALID");
    expect(readdirSync(join(cwd, "gateway"))).toEqual(["letter.txt"]);
  });
});

describe("an office that is asked", () => {
  beforeAll(makeWorld);
  afterAll(() => world.stop());
  beforeEach(async () => {
    makeMachine();
    expect((await joinWith([kit.code])).code).toBe(0);
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  it("tries it without a change", async () => {
    const before = officeFolder();
    const file = carry();
    const ran = await answerRequest(world, file, "--dry-run");
    rmSync(file);
    expect(ran.out).toMatch(/^Nothing was changed\. Three certificates of gh\/fiu would be issued/);
    expect(officeFolder()).toEqual(before);
  });

  it.each([
    ["a request of another kit's making", "KIT_INVALID", (text: string) => text.replace(/"kit": "[^"]+"/, '"kit": "018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b"')],
    ["another key put in on the way", "KIT_CODE_WRONG", (text: string) => text.replace(/("LINK": \[\s+")([^"]+)/, (_, head: string, der: string) => `${head}${der.replace(/^(.{80})./, (all, kept: string) => `${kept}${all.endsWith("A") ? "B" : "A"}`)}`)],
    ["another agency", "KIT_INVALID", (text: string) => text.replaceAll("gh/fiu", "gh/tcu")],
    ["what is no request", "KIT_INVALID", () => "{}"],
  ])("%s: nothing is issued", async (_, fault, change) => {
    const file = carry();
    writeFileSync(file, change(readFileSync(file, "utf8")));
    const before = officeFolder();
    expect((await answerRequest(world, file)).fault).toBe(fault);
    expect(officeFolder()).toEqual(before);
  }); // prettier-ignore

  it("a request that comes after the kit's last day is refused", async () => {
    const file = carry();
    const late = {
      ...world,
      layout: world.layout,
      offices: world.offices,
      clock: { now: () => begun + 14 * day },
    };
    expect((await answerRequest(late, file)).fault).toBe("KIT_ENDED");
  });
});

describe("an office that has answered", () => {
  let answered: string;

  beforeAll(async () => {
    await makeWorld();
    makeMachine();
    answered = cwd;
    expect((await joinWith([kit.code])).code).toBe(0);
    await answerAll();
  });
  afterAll(() => {
    rmSync(answered, { recursive: true, force: true });
    world.stop();
  });
  beforeEach(() => makeMachine(answered));
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  it("issues what the newcomer's keys ask for; the newcomer takes it, and what proved it is gone", async () => {
    const ran = await joinWith([], "--answer", "answer", "--wait", "1");
    // no gateway runs here: it waits for one, and no longer than it was told
    expect([installed(), ran.fault]).toEqual([true, "GATEWAY_TIMEOUT"]);
    expect(readFileSync(join(cwd, "gateway", "join.json"), "utf8")).not.toContain("key");
  });

  it("asked the same again gives the same again, and issues nothing more", async () => {
    const before = digestFolder(world.layout.authorities);
    const again = await answerRequest(world, carry());
    expect(again.out).toContain("is ready");
    expect(digestFolder(world.layout.authorities)).toEqual(before);
  });

  it("answers whoever was first; another with the same folder and code is refused", async () => {
    const other = await runAt({ cwd, now, answers: [kit.code] }, "join", "kit", "--into", "second");
    expect(other.code).toBe(0);
    const file = carry("second");
    const before = officeFolder();
    expect((await answerRequest(world, file)).fault).toBe("KIT_USED");
    expect(officeFolder()).toEqual(before);
  });

  it.each([
    ["an answer that is not the office's", "KIT_CODE_WRONG", () => {
      const file = join(cwd, "answer", "answer.json");
      writeFileSync(file, readFileSync(file, "utf8").replace(/"mac": "\w{8}/, '"mac": "00000000'));
    }],
    ["no answer", "KIT_INVALID", () => rmSync(join(cwd, "answer", "answer.json"))],
    ["no register", "KIT_INVALID", () => rmSync(join(cwd, "answer", "register.bin"))],
    ["a register that does not name its keys", "CERT_UNKNOWN", () => cpSync(join(cwd, "kit", "register.bin"), join(cwd, "answer", "register.bin"))],
    ["a clock before the certificates", "CERT_STATUS_UNKNOWN", () => {
      now = begun - 2 * 60_000;
    }],
  ])("%s: the newcomer takes nothing in", async (_, fault, change) => {
    change();
    const before = digestFolder(cwd);
    const ran = await joinWith([], "--answer", "answer", "--wait", "1");
    expect([ran.fault, installed()]).toEqual([fault, false]);
    expect(digestFolder(cwd)).toEqual(before);
  }); // prettier-ignore
});
