import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseAst } from "vitest/node";
import { z } from "zod";

import { Fault } from "./fault.ts";
import { tryShape } from "./try-shape.ts";

const root = join(import.meta.dirname, "../..");
const pretender = JSON.parse('{"length": {"toString": 1, "valueOf": 1}}') as unknown;

describe("tryShape", () => {
  it("gives what fits, and says what does not", () => {
    const shape = z.strictObject({ a: z.string().max(3) });
    expect(tryShape(shape, { a: "b" })).toEqual({ success: true, data: { a: "b" } });
    expect(tryShape(shape, { a: "long" }).error?.issues[0]?.path).toEqual(["a"]);
    expect(tryShape(shape, { a: "b", c: 1 }).success).toBe(false);
  });

  it.each([
    ["a text", z.string().max(5)],
    ["a list", z.array(z.string()).min(1)],
    ["one in a union", z.union([z.string().min(1), z.array(z.number()).max(2)])],
  ])("refuses, and does not fail, what only pretends to be %s", (_, shape) => {
    expect(() => shape.safeParse(pretender)).toThrow(TypeError);
    expect(tryShape(shape, pretender)).toMatchObject({ success: false });
    expect(tryShape(z.strictObject({ in: shape }), { in: pretender })).toMatchObject({ success: false }); // prettier-ignore
  });

  it("lets a fault of the shape itself pass", () => {
    const shape = z.string().transform(() => {
      throw new Fault("REQUEST_INVALID", "said by the shape");
    });
    expect(() => tryShape(shape, "a")).toThrow(Fault);
  });
});

/** Who asks the library itself, and why he may. */
const askers: Readonly<Record<string, string>> = {
  "schemas/ground/try-shape.ts": "the guard",
  "gateways/console/build/outline.ts": "our own files, when the console is built",
  "schemas/check/check-message.ts": "messages in memory, made by our own readers",
  "schemas/generate/read-labels.ts": "our own files, when code is made",
};

/** Whose shapes throw where he does not catch whatever comes, and why he may. */
const throwers: Readonly<Record<string, string>> = {
  "gateways/crypto/open.ts": "both who call it catch whatever comes, so that all failures look alike",
  "gateways/crypto/open-feed.ts": "both who call it catch whatever comes, so that all failures look alike",
  "gateways/people/oidc.ts": "the one who calls it catches whatever comes",
  "gateways/exchange/keys/asked.ts": "what we wrote into our own store",
  "gateways/cli/explaining.ts": "an object that was looked at before; the shape asks nothing of what is in it",
  "gateways/cli/store.ts": "an answer that was looked at before",
  "gateways/cli/why.ts": "what this process decided itself",
  "gateways/doctor/words.ts": "our own files",
  "gateways/console/build/outline.ts": "our own files, when the console is built",
  "gateways/cli/showing-schemas.ts": "our own files",
  "gateways/cli/words.ts": "our own files",
  "schemas/examples/example.ts": "our own files",
  "deploy/simulate/alerts.ts": "our own files",
  "certs/authority/journal.ts": "an event of our own making, as the journal would take it",
  "deploy/local/examples.ts": "what this command wrote before",
  "gateways/backup/open.ts": "the one who unpacks catches whatever comes",
  "gateways/drop/write-out.ts": "the turn catches whatever comes, and takes another",
  "deploy/simulate/robot.ts": "the one who calls it catches whatever comes",
  "deploy/join/words.ts": "our own files",
  "deploy/bundle/main.ts": "our own files, where a release is made; main says what failed",
  "deploy/images/main.ts": "our own files, where a release is made; main says what failed",
  "deploy/images/packages.ts": "our own files, where a release is made; main says what failed",
  "deploy/images/runtime.ts": "our own files, where a release is made; main says what failed",
  "deploy/images/sbom.ts": "our own files, where a release is made; main says what failed",
  "gateways/api/form.ts": "our own files",
  "gateways/console/build/catalogues.ts": "our own files, where the pages are built; a fault ends the build",
}; // prettier-ignore

/** Whose `parse` is no shape's. */
const others = ["JSON", "Date", "URL", "program", "command", "protobuf"];

interface Found {
  readonly safe: boolean;
  readonly bare: boolean;
}

interface Walk {
  readonly isCaught: boolean;
  readonly see: (call: { readonly name: string; readonly isCaught: boolean }) => void;
}

/** What of a node of the syntax we look at. */
type Syntax = Readonly<Record<string, unknown>> & { readonly type: string };

function isSyntax(value: unknown): value is Syntax {
  return typeof value === "object" && value !== null && "type" in value;
}

function seeCall({ callee }: Syntax, { isCaught, see }: Walk): void {
  if (!isSyntax(callee) || callee.type !== "MemberExpression") return;
  const { object, property } = callee as unknown as { object: Syntax; property: Syntax };
  const name = String(property["name"]);
  if (!others.includes(String(object["name"]))) see({ name, isCaught });
}

/** A try with a catch guards its own block, and no function that is merely made there. */
function walk(node: unknown, walking: Walk): void {
  if (Array.isArray(node)) return node.forEach((one) => walk(one, walking));
  if (!isSyntax(node)) return;
  if (node.type === "CallExpression") seeCall(node, walking);
  const isFunction = /Function/.test(node.type);
  for (const [key, value] of Object.entries(node)) {
    const isGuarded = node.type === "TryStatement" && key === "block" && node["handler"] !== null;
    walk(value, { ...walking, isCaught: isGuarded || (walking.isCaught && !isFunction) });
  }
}

function findCalls(code: string): Found {
  let found = { safe: false, bare: false };
  const see: Walk["see"] = ({ name, isCaught }) => {
    const isBare = /^parse(Async)?$/.test(name) && !isCaught;
    found = { safe: found.safe || /^safeParse(Async)?$/.test(name), bare: found.bare || isBare };
  };
  walk(parseAst(code, { lang: "ts" }), { isCaught: false, see });
  return found;
}

describe("values from outside", () => {
  const calls = globSync("{schemas,certs,broker,gateways,deploy}/**/*.ts", { cwd: root })
    .filter((file) => !file.includes("node_modules") && !file.endsWith(".test.ts"))
    .filter((file) => !file.startsWith("gateways/client/"))
    .map((file) => ({ file, code: readFileSync(join(root, file), "utf8") }))
    .filter(({ code }) => /[pP]arse(Async)?\s*\(/.test(code) && /zod|[sS]hape/.test(code))
    .map(({ file, code }) => ({ file, ...findCalls(code) }));
  const filesWhere = (is: (found: Found) => boolean): readonly string[] =>
    calls.filter(is).map(({ file }) => file).toSorted(); // prettier-ignore

  it("are looked at by the guard alone", () => {
    expect(filesWhere(({ safe }) => safe)).toEqual(Object.keys(askers).toSorted());
  });

  it("are parsed by a shape that throws only where whatever it throws is caught", () => {
    expect(filesWhere(({ bare }) => bare)).toEqual(Object.keys(throwers).toSorted());
  });

  it.each([
    ["a bare call", "const a = shape.parse(b);", true],
    ["one over two lines", "const a = shape\n  .parse(b);", true],
    ["one of a shape made in place", "z.record(z.string()).parse(b);", true],
    ["one after an await", "async () => { await shape.parseAsync(b); };", true],
    ["one in a catch", "try { a(); } catch { shape.parse(b); }", true],
    ["one whose try only ends something", "try { shape.parse(b); } finally { c(); }", true],
    ["one in a function made in a try", "try { a(() => shape.parse(b)); } catch { c(); }", true],
    ["one that is caught", "try { if (a) shape.parse(b); } catch { c(); }", false],
    ["another library's", "JSON.parse(b); Date.parse(b);", false],
  ])("%s is told from what is caught", (_, code, bare) => {
    expect(findCalls(code).bare).toBe(bare);
  });
});
