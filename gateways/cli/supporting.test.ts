import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { beforeEach, describe, expect, it } from "vitest";

import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";

let world: CliWorld;
let folder = "";

const secrets = [
  "hunter2",
  "PRIVATE KEY",
  "s3cr3t",
  "Kwabena",
  "narrative text",
  "01890a5d-ac96-774b-bcce-b302099a8057",
];
const good = {
  agency: "ng/tcu", anchors: "root.json", api: { host: "127.0.0.1", port: 7400 }, register: "register.bin",
  keys: { signing: { key: "signing.key", certificate: "signing.crt" }, link: { key: "link.key", certificate: "link.crt" }, sealing: [{ key: "s.key", certificate: "s.crt" }] },
}; // prettier-ignore
const put = (name: string, text: string): void =>
  writeFileSync(join(folder, name), text, { mode: 0o600 });
const putConfig = (more: object): void => put("gateway.json", JSON.stringify({ ...good, ...more }));

beforeEach(() => {
  world = makeCliWorld(["ng/tcu"], { agencies: () => [], servedRecs: () => [] });
  folder = join(world.dir, "gateway");
  mkdirSync(folder, { mode: 0o700 });
  putConfig({});
});

interface Seen {
  readonly problems: readonly Readonly<Record<"field" | "code" | "says" | "fix", string>>[];
}

async function check(): Promise<Seen["problems"]> {
  const { out } = await world.run("config", "check", "--folder", "gateway", "--json");
  return (JSON.parse(out) as Seen).problems;
}

describe("config check", () => {
  it("every file that is named and missing is a problem of its own, with its field and a way out", async () => {
    const found = await check();
    const fields = found.map(({ field }) => field);
    expect(fields).toEqual(expect.arrayContaining(["keys.signing", "keys.link", "keys.sealing.0", "anchors", "register"]));
    expect(found.every(({ says, fix, code }) => says.length > 5 && fix.length > 5 && code.length > 3)).toBe(true);
    expect((await world.run("config", "check", "--folder", "gateway")).code).toBe(2);
  }); // prettier-ignore

  it("every wrong field is told at once: limits, kinds, names there are none of", async () => {
    putConfig({
      api: { host: "127.0.0.1", port: 700_000 },
      lookups: 5,
      "pass-word": "hunter2",
      hubs: [],
    });
    const found = await check();
    const fields = found.filter(({ says }) => !says.includes(" cannot be read"));
    expect(fields.map(({ field }) => field).filter((one) => !one.startsWith("keys.")).toSorted()).toEqual([
      "api.port",
      "hubs",
      "lookups",
      "pass-word",
    ]);
    expect(found.find(({ field }) => field === "api.port")).toMatchObject({
      fix: "make it 65535 at most",
    });
    // and the files that the right fields name
    expect(found.map(({ field }) => field)).toEqual(expect.arrayContaining(["anchors", "register", "keys.link"]));
    expect(JSON.stringify(found)).not.toContain("hunter2");
  }); // prettier-ignore

  it.each([
    ["no JSON", (): void => put("gateway.json", '{"password": "hunter2",')],
    ["too much", (): void => put("gateway.json", " ".repeat(1_100_000))],
    ["not there", (): void => void (folder = join(world.dir, "none"))],
  ])("a file that is %s is one problem, and is not quoted", async (_, act) => {
    act();
    const { code, out } = await world.run("config", "check", "--folder", folder);
    expect([code, out]).toEqual([
      2,
      expect.stringMatching(/^✗ gateway.json: .*CONFIG_INVALID\)\n {4}→ /),
    ]);
    expect(out).not.toContain("hunter2");
  });

  it("a configuration that others may change is a problem", async () => {
    const { chmodSync } = await import("node:fs");
    chmodSync(join(folder, "gateway.json"), 0o666);
    expect((await check()).find(({ fix }) => fix.startsWith("chmod 644"))).toBeDefined();
  });

  it("a folder that no one named is a wrong use", async () => {
    expect(await world.run("config", "check")).toMatchObject({ code: 2, out: "" });
  });
});

describe("config show", () => {
  it("shows places and limits, and no secret wherever somebody wrote one", async () => {
    putConfig({
      registerUrls: ["https://ama:s3cr3t@repo.example/register?token=hunter2"],
      store: { protector: "pkcs11:token=ng;object=store;pin-value=hunter2?pin-source=file:/s3cr3t" },
      password: "hunter2", api: { host: "127.0.0.1", port: 7400, secret: "s3cr3t" },
    }); // prettier-ignore
    const { out, code } = await world.run("config", "show", "--folder", "gateway");
    expect(code).toBe(0);
    const shown = JSON.parse(out) as Record<string, unknown>;
    expect(shown).toMatchObject({
      agency: "ng/tcu",
      registerUrls: ["https://repo.example/register"],
      password: "(left out)",
    });
    for (const secret of secrets) expect(out).not.toContain(secret);
    expect(out).toContain("pkcs11:token=ng;object=store");
  });
});

describe("support-bundle", () => {
  const line = (more: object): string =>
    JSON.stringify({
      level: 30,
      time: "2026-03-09T14:05:00.000Z",
      name: "gateway",
      msg: "hub not reached",
      ...more,
    });

  it("holds what helps and no secret, content or name: nothing of what lies beside it, is configured or was logged", async () => {
    putConfig({ password: "hunter2", registerUrls: ["https://Kwabena:s3cr3t@repo.example/r"] });
    put("api-token", "hunter2");
    put("signing.key", "-----BEGIN PRIVATE KEY-----\ns3cr3t\n");
    const log = [
      line({ code: "HUB_UNREACHABLE", agency: "ng/tcu" }),
      line({ messageId: secrets[5], body: "narrative text", ms: 7 }),
      line({ msg: 'of "Kwabena" <k@x>' }), line({ code: "Kwabena\u0000", name: "other" }), "narrative text", '{"half": "hunter2',
    ];
    writeFileSync(join(world.dir, "gateway.log"), log.join("\n"));
    const run = await world.run("support-bundle", "--out", "b", "--folder", "gateway", "--log", "gateway.log");
    expect([run.code, run.out.includes("README.txt")]).toEqual([0, true]);
    const out = join(world.dir, "b");
    const files = readdirSync(out).map((name) => [name, readFileSync(join(out, name), "utf8")] as const);
    const all = files.map(([, text]) => text).join("\n");
    expect(files.map(([name]) => name).toSorted()).toEqual(["README.txt", "config.json", "doctor.json", "health.json", "log.json", "metrics.txt", "sizes.json", "status.json", "versions.json"]);
    for (const secret of secrets) expect([secret, all.includes(secret)]).toEqual([secret, false]);
    expect([all.includes(world.dir), all.includes("HUB_UNREACHABLE"), all.includes("ng/tcu")]).toEqual([false, true, true]);
    expect(JSON.parse(readFileSync(join(out, "log.json"), "utf8"))).toMatchObject({ lines: { length: 2 }, leftOut: 4 });
    expect([statSync(out).mode & 0o777, statSync(join(out, "config.json")).mode & 0o777]).toEqual([0o700, 0o600]);
  }); // prettier-ignore

  it("says how the gateway stands, and that it does not answer", async () => {
    await world.run("support-bundle", "--out", "up");
    expect(readFileSync(join(world.dir, "up/status.json"), "utf8")).toMatch(/"agency": "ng\/tcu"/);
    world.onRequest = () => {
      throw new TypeError("fetch failed");
    };
    expect((await world.run("support-bundle", "--out", "down")).code).toBe(0);
    expect(readFileSync(join(world.dir, "down/status.json"), "utf8")).toMatch(
      /GATEWAY_UNREACHABLE/,
    );
  });

  it("writes over nothing, and a log that is not there is said before anything is made", async () => {
    mkdirSync(join(world.dir, "old"));
    expect(await world.run("support-bundle", "--out", "old")).toMatchObject({ code: 2, out: "" });
    expect((await world.run("support-bundle", "--out", "new", "--log", "none.log")).code).toBe(2);
    expect(readdirSync(world.dir)).not.toContain("new");
  });
});

describe("schema", () => {
  it("lists types and code lists with their names in the language asked for", async () => {
    const french = await world.run("schema", "ls", "--lang", "fr");
    expect(french.out).toMatch(/^alert\.incident +\S/m);
    expect(french.out).not.toBe((await world.run("schema", "ls")).out);
    expect((await world.run("schema", "ls", "--lists")).out).toMatch(/^CRIME +\d+$/m);
  });

  it("shows the fields of a type for people, and its JSON Schema for programs", async () => {
    const { out } = await world.run("schema", "show", "alert.incident", "--lang", "pt");
    expect(out).toMatch(/^ *\* occurredFrom +moment +\S/m);
    const json = await world.run("schema", "show", "alert.incident", "--json", "--lang", "pt");
    expect(JSON.parse(json.out)).toMatchObject({
      $id: "urn:atumpan:schema:alert.incident",
      type: "object",
    });
  });

  it("shows the codes of a list; what is neither is not found, whatever it is spelt like", async () => {
    expect((await world.run("schema", "show", "CRIME", "--lang", "sw")).out).toMatch(/^drugs +\S/m);
    for (const name of ["../../package", "alert.incident/../x", "__proto__", "crime"]) {
      expect(await world.run("schema", "show", name)).toMatchObject({ code: 5, out: "" });
    }
  });
});
