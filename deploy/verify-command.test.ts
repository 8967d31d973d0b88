import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { forge } from "../test/kit/forge.ts";
import { type GatewayWorld, makeGatewayWorld } from "../test/kit/gateway-world.ts";
import { jwsKey, makeJws } from "../test/kit/jws.ts";
import { runHouse } from "../test/kit/house-run.ts";
import { makePki, pkiNow } from "../test/kit/pki.ts";
import { type Bytes, systemClock, utf8 } from "../schemas/ground/index.ts";

const now = 1_780_272_000_000;
const dir = mkdtempSync(join(tmpdir(), "verify-"));
let world: GatewayWorld;

function put(name: string, content: Bytes | string): void {
  writeFileSync(join(dir, name), content);
}

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
  mkdirSync(join(dir, "register"));
  put("register/register.bin", world.register);
  put("register/root.json", world.anchors.root);
  put("alone.bin", world.register);
  put("message.bin", forge(world.agency("ng/tcu").signer, { now }).bytes);
  put("wrong.bin", "nothing");
  put("empty.json", "{}");
  put("good.json", JSON.stringify(signature()));
  put("bad.json", JSON.stringify({ ...signature(), alg: "HS256" }));
});

afterAll(() => {
  rmSync(dir, { recursive: true });
});

function signature(): object {
  return { id: "s", jws: makeJws("ES256"), jwk: jwsKey("ES256").jwk, alg: "ES256" };
}

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(line: string, input = ""): Promise<Ran> {
  let out = "";
  let err = "";
  async function* chunks(): AsyncGenerator<Bytes> {
    if (input !== "") yield await Promise.resolve(utf8(input));
  }
  const code = await runHouse({
    args: ["verify", ...line.split(" ").filter((word) => word !== "")],
    cwd: dir,
    input: chunks(),
    write: async (words) => {
      out += await Promise.resolve(words);
    },
    out: (words) => void (out += words),
    err: (words) => void (err += words),
    clock: { ...systemClock, now: () => now },
  });
  return { code, out, err };
}

describe("atumpan verify", () => {
  it("says proved with 0 and refused with 8, and prints the answer", async () => {
    const good = await run("signature good.json");
    expect([good.code, JSON.parse(good.out)]).toMatchObject([0, { id: "s", ok: true }]);
    const bad = await run("signature bad.json");
    expect([bad.code, JSON.parse(bad.out)]).toMatchObject([8, { ok: false, code: "SIGNATURE_ALGORITHM_NOT_PERMITTED" }]);
    expect(await run("signature -", JSON.stringify(signature()))).toMatchObject({ code: 0 });
    expect(await run("path -", "{}")).toMatchObject({ code: 8 });
  }); // prettier-ignore

  it("judges a message by a register, whose folder holds its anchors", async () => {
    const found = await run("message message.bin --register register");
    expect([found.code, JSON.parse(found.out)]).toMatchObject([0, { ok: true, kind: "publication", originator: "ng/tcu" }]);
    expect(await run("message wrong.bin --register register")).toMatchObject({ code: 8 });
    const late = await run("message message.bin --register register --at 2026-06-02T00:00:00Z");
    expect([late.code, JSON.parse(late.out)]).toMatchObject([8, { code: "ENVELOPE_EXPIRED" }]);
    const named = "message message.bin --register alone.bin --root register/root.json";
    expect(await run(named)).toMatchObject({ code: 0 });
    const lines = JSON.stringify({ id: 1, message: "AAAA" });
    expect(await run("message --register register --jsonl", lines)).toMatchObject({ code: 0 });
  }); // prettier-ignore

  it("judges a register from its folder, or from its file with anchors", async () => {
    for (const line of ["register register", "register register/register.bin", "register alone.bin --root register/root.json"]) {
      const found = await run(line);
      expect([found.code, JSON.parse(found.out)]).toMatchObject([0, { ok: true, epoch: 1, agencies: 3 }]);
    }
    const wrong = await run("register wrong.bin --root register/root.json");
    expect([wrong.code, JSON.parse(wrong.out)]).toMatchObject([8, { ok: false, code: "REGISTER_INVALID" }]);
    const stale = await run("register register --at 2027-01-01T00:00:00Z");
    expect([stale.code, JSON.parse(stale.out)]).toMatchObject([8, { code: "REGISTER_STALE" }]);
  }); // prettier-ignore

  it("answers every line and ends with 0, whatever the answers are", async () => {
    const lines = [JSON.stringify(signature()), "{", JSON.stringify({ id: 2 })].join("\n");
    const found = await run("signature --jsonl", lines);
    expect(found.code).toBe(0);
    expect(found.out.trimEnd().split("\n").map((line) => JSON.parse(line) as unknown)).toMatchObject(
      [{ id: "s", ok: true }, { id: null, code: "JSON_MALFORMED" }, { id: 2, code: "REQUEST_INVALID" }],
    );
    expect(await run("path --jsonl")).toEqual({ code: 0, out: "", err: "" });
    expect(await run("register --jsonl", "{}")).toMatchObject({ code: 0 });
  }); // prettier-ignore

  it.each([
    "", "nothing", "path", "path none.json", "path good.json --jsonl", "path one two",
    "message message.bin", "message --register register", "message message.bin --register none.bin",
    "message message.bin --register alone.bin", "message message.bin --register wrong.bin --root register/root.json",
    "message message.bin --register register --at yesterday", "register", "register alone.bin",
    "register alone.bin --root empty.json", "register alone.bin --root none.json",
  ])("that cannot judge ends with 2, says why, and prints no answer: %s", async (line) => {
    const { code, out, err } = await run(line);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/Code [A-Z_]+\. Next: /);
  }); // prettier-ignore

  it("shows help with 0", async () => {
    expect(await run("--help")).toMatchObject({ code: 0 });
    expect((await run("path --help")).out).toContain("--jsonl");
  });
});

describe("the command in a process of its own", () => {
  it("judges 500 paths in their order", async () => {
    const { question } = await makePki();
    const encode = ({ der }: { readonly der: Bytes }): string =>
      Buffer.from(der).toString("base64");
    const request = {
      anchors: question.roots.map(encode),
      intermediates: question.intermediates.map(encode),
      leaf: encode(question.leaf),
      crls: question.crls.map(encode),
      at: new Date(pkiNow).toISOString(),
    };
    const ids = Array.from({ length: 500 }, (_, id) => id);
    const child = spawn(process.execPath, [join(import.meta.dirname, "atumpan.mjs"), "verify", "path", "--jsonl"]); // prettier-ignore
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.stdin.end(ids.map((id) => `${JSON.stringify({ id, ...request, usage: id % 2 === 0 ? "any" : "link" })}\n`).join("")); // prettier-ignore
    const lines = (await text(child.stdout)).trimEnd().split("\n");
    expect(await ended).toBe(0);
    const answers = lines.map((line) => JSON.parse(line) as { id: number; ok: boolean });
    expect(answers.map(({ id }) => id)).toEqual(ids);
    expect(answers.filter(({ id, ok }) => ok !== (id % 2 === 0))).toEqual([]);
  });
});
