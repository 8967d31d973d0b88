import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { beforeEach, describe, expect, it } from "vitest";

import { makeSeededChance, systemClock } from "../../schemas/ground/index.ts";
import { runCli, type World } from "./index.ts";

let home = "";
let cwd = "";
let asked: Request[] = [];
let answer: (request: Request) => Response = () =>
  Response.json({ agency: "ng/tcu", store: { state: "LOCKED", encrypted: true } });

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "contexts-"));
  cwd = join(home, "work");
  mkdirSync(cwd);
  asked = [];
  writeFileSync(join(cwd, "ng.token"), "t".repeat(43), { mode: 0o600 });
});

async function run(args: readonly string[], more: Partial<World> = {}): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const fetch: World["fetch"] = (input, init) => {
    const request = new Request(input, init);
    asked.push(request);
    return Promise.resolve(answer(request));
  };
  const code = await runCli({
    args, version: "0", cwd, configHome: join(home, ".config"), fetch, clock: systemClock, isWatched: false,
    out: (text) => void (out += text), err: (text) => void (err += text), stdin: () => Promise.resolve(""),
    chance: makeSeededChance("x"), signal: new AbortController().signal, ...more,
  });
  return { code, out, err };
} // prettier-ignore

const own = (): string => join(home, ".config", "atumpan", "contexts.json");
const add = [
  "context",
  "add",
  "ng/tcu",
  "--url",
  "http://127.0.0.1:7400",
  "--token-file",
  "ng.token",
];

describe("context add, ls, select, show", () => {
  it("a context of a person lies in the person's own settings, closed to others, and holds no secret", async () => {
    expect((await run(add)).code).toBe(0);
    expect(statSync(own()).mode & 0o777).toBe(0o600);
    const text = readFileSync(own(), "utf8");
    expect([text.includes("ng.token"), text.includes("tttt")]).toEqual([true, false]);
    expect((await run(["status"])).code).toBe(0);
    expect(asked.at(-1)?.headers.get("authorization")).toBe(`Bearer ${"t".repeat(43)}`);
  });

  it("with --here it lies in the folder, and the folder's counts before the person's", async () => {
    await run(add);
    await run([...add.slice(0, 2), "gh/tcu", ...add.slice(3), "--here"]);
    expect(existsSync(join(cwd, ".atumpan", "contexts.json"))).toBe(true);
    expect((await run(["context", "ls", "--json=lines"])).out).toMatch(
      /^\{"name":"gh\/tcu"[^\n]+\n$/,
    );
  });

  it("of several the selected one is asked, and one that is named before it", async () => {
    await run(add);
    await run([...add.slice(0, 2), "gh/tcu", "--url", "http://127.0.0.1:7401", ...add.slice(5)]);
    expect((await run(["status"])).code).toBe(2);
    expect((await run(["context", "select", "gh/tcu"])).out).toBe("gh/tcu\n");
    await run(["status"]);
    expect(asked.at(-1)?.url).toContain(":7401");
    await run(["--as", "ng/tcu", "status"]);
    expect(asked.at(-1)?.url).toContain(":7400");
    await run(["status"], { context: "ng/tcu" });
    expect(asked.at(-1)?.url).toContain(":7400");
    expect((await run(["context", "show"])).out).toContain("7401");
  });

  it.each([
    ["no proof", add.slice(0, 5)],
    ["two proofs", [...add, "--client", "c", "--secret-file", "s"]],
    ["half a proof", [...add.slice(0, 5), "--client", "c"]],
    ["a name that is none", ["context", "add", "NG", ...add.slice(3)]],
    ["an address that is none", ["context", "add", "ng/tcu", "--url", "file:///x", ...add.slice(5)]],
    ["a gateway nobody knows", ["context", "select", "fr/tcu"]],
  ])("%s is a wrong use and writes nothing", async (_, args) => {
    expect((await run(args)).code).toBe(2);
    expect(existsSync(own())).toBe(false);
  }); // prettier-ignore
});

describe("context validate", () => {
  it("a gateway of the agency that is named is good", async () => {
    await run(add);
    expect(await run(["context", "validate"])).toMatchObject({ code: 0, out: "ng/tcu: good\n" });
  });

  it("a gateway of another agency is not", async () => {
    await run([...add.slice(0, 2), "gh/tcu", ...add.slice(3)]);
    expect((await run(["context", "validate"])).err).toMatch(/gateway of ng\/tcu, not of gh\/tcu/);
  });

  it("a token does not go to another machine in the clear", async () => {
    await run([...add.slice(0, 4), "http://gw.example", ...add.slice(5)]);
    expect((await run(["context", "validate"])).err).toMatch(/begins with https/);
    expect(asked).toEqual([]);
  });
});

describe("a machine that asks for its tokens", () => {
  const client = [...add.slice(0, 5), "--client", "cases", "--secret-file", "cases.secret"];
  beforeEach(async () => {
    writeFileSync(join(cwd, "cases.secret"), "words: of nobody\n", { mode: 0o600 });
    await run(client);
  });

  it("shows its secret to the token endpoint alone, and asks with what it is given", async () => {
    answer = ({ url }) =>
      url.endsWith("/v1/oauth/token")
        ? Response.json({ access_token: "given", token_type: "Bearer", expires_in: 600 })
        : Response.json({ agency: "ng/tcu", store: { state: "LOCKED", encrypted: true } });
    expect((await run(["status"])).code).toBe(0);
    const [first, second] = asked.map((one) => one.headers.get("authorization"));
    const basic = Buffer.from(first?.replace("Basic ", "") ?? "", "base64").toString();
    expect([basic, second]).toEqual(["cases:words%3A%20of%20nobody", "Bearer given"]);
  });

  it("is refused with the next command when the gateway does not take it", async () => {
    answer = () => Response.json({ error: "invalid_client" }, { status: 401 });
    const { code, err } = await run(["status"]);
    expect([code, /NOT_AUTHENTICATED/.test(err), /words/.test(err)]).toEqual([4, true, false]);
  });

  it("a secret that others may read is refused", async () => {
    chmodSync(join(cwd, "cases.secret"), 0o644);
    expect((await run(["status"])).err).toMatch(/KEY_UNUSABLE/);
    expect(asked).toEqual([]);
  });
});
