import { stripTypeScriptTypes } from "node:module";
import { describe, expect, it } from "vitest";

import { markBranches } from "./mark-branches.ts";

/** What of `code` was never seen when it was run with each of `inputs` as `x`. */
function missed(code: string, ...inputs: readonly unknown[]): readonly string[] {
  const marked = markBranches(code, "a.ts");
  const seen = new Set<string>();
  const note =
    (outcome: (value: unknown) => string) =>
    (_url: string, name: string, value?: unknown): unknown => {
      seen.add(`${name} ${outcome(value)}`);
      return value;
    };
  const counters = {
    decides: note((value) => (value ? "true" : "false")),
    lacks: note((value) => (value === undefined || value === null ? "absent" : "present")),
    runs: note(() => "run"),
  };
  const body = stripTypeScriptTypes(marked.code.replaceAll("import.meta.url", '""'));
  // oxlint-disable-next-line typescript/no-implied-eval -- the code is this test's own
  const run = new Function("x", "__branches", `${body}\nreturn act(x);`);
  for (const input of inputs) run(input, counters);
  return marked.branches
    .filter(({ name }) => !seen.has(name))
    .map(({ start, end, says }) => `${says}: ${code.slice(start, end)}`);
}

describe("markBranches", () => {
  it("a condition is seen both ways, and so is what it is made of", () => {
    const code = "function act(x: number) { if (x > 1 && x < 5) return 1; return 2; }";
    expect(missed(code, 3)).toEqual(["false: x > 1 && x < 5", "false: x > 1"]);
    expect(missed(code, 3, 0)).toEqual([]);
    expect(missed(code, 9)).toEqual(["true: x > 1 && x < 5", "false: x > 1"]);
  });

  it("an `if` without `else`, a choice and a loop are conditions too", () => {
    const code = "const act = (x: number) => { let n = 0; while (n < x) n += 1; return n === 2 ? 1 : 0; };";
    expect(missed(code, 0)).toEqual(["true: n < x", "true: n === 2"]);
    expect(missed(code, 2)).toEqual(["false: n === 2"]);
  });

  it("what may be absent is seen absent and present", () => {
    const code = "const act = (x?: { a?: string }) => x?.a ?? 'b';";
    expect(missed(code, { a: "c" })).toEqual(["absent: x?.a", "absent: x"]);
    expect(missed(code, undefined)).toEqual(["present: x?.a", "present: x"]);
    expect(missed(code, undefined, {}, { a: "c" })).toEqual([]);
  });

  it("fallbacks, assignments that may not happen, cases, `catch` and functions are seen to run", () => {
    const code = [
      "const never = () => 1;",
      "function act({ a = 1 }: { a?: number }) {",
      "  let held: number | undefined = a === 2 ? 0 : undefined; held ??= 7;",
      "  switch (a) { case 1: break; case 2: return 2; default: }",
      "  try { if (a === 3) throw new Error(); } catch { return 3; }",
      "  return held;",
      "}",
    ].join("\n");
    expect(missed(code, { a: 2 }, { a: 4 })).toEqual([
      "run: 1",
      "run: 1",
      "run: case 1: break;",
      "true: a === 3",
      "run: { return 3; }",
    ]);
    expect(missed(code, {}, { a: 2 }, { a: 3 }, { a: 4 })).toEqual(["run: 1"]);
  });

  it("lines stay where they are, whatever letters stand before", () => {
    const code = "// § ñ 😀\nconst act = (x: number) =>\n  x > 1 ? 'é' : 'b';\n";
    const marked = markBranches(code, "a.ts");
    expect(marked.code.split("\n")).toHaveLength(code.split("\n").length);
    expect(marked.branches.map(({ start, end }) => code.slice(start, end))).toContain("x > 1");
  });
});
