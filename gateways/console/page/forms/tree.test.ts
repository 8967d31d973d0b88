import { describe, expect, it } from "vitest";

import { readPointer, renderPointer, valueAt, withValue } from "./tree.ts";

describe("withValue", () => {
  it("puts a value where nothing stood, and shares all beside the way", () => {
    const before = { body: { kind: "drugs" }, inner: { caseRef: "A" } };
    const after = withValue(before, ["body", "persons", 0, "sex"], "M");
    expect(after).toEqual({ body: { kind: "drugs", persons: [{ sex: "M" }] }, inner: { caseRef: "A" } });
    expect(valueAt(after, ["inner"])).toBe(before.inner);
    expect(before).toEqual({ body: { kind: "drugs" }, inner: { caseRef: "A" } });
  }); // prettier-ignore

  it("leaves out a member that is emptied, and the list with its last item", () => {
    expect(withValue({ a: "x", b: "y" }, ["a"], "")).toEqual({ b: "y" });
    expect(withValue({ a: [{ b: 1 }] }, ["a", 0], undefined)).toEqual({});
    expect(withValue({ a: [1, 2, 3] }, ["a", 1], undefined)).toEqual({ a: [1, 3] });
  });

  it("keeps a group that was begun, and a no", () => {
    expect(withValue({}, ["a"], {})).toEqual({ a: {} });
    expect(withValue({}, ["a"], false)).toEqual({ a: false });
  });

  it("is undone by the value that stood there", () => {
    const before = { a: { b: [{ c: "x" }] } };
    const changed = withValue(before, ["a", "b", 0, "c"], "z");
    expect(withValue(changed, ["a", "b", 0, "c"], "x")).toEqual(before);
  });
});

describe("renderPointer", () => {
  it("escapes what would be read as a step", () => {
    expect(renderPointer(["a/b", "c~d", 0])).toBe("/a~1b/c~0d/0");
  });
});

describe("readPointer", () => {
  it("reads what renderPointer wrote", () => {
    const path = ["a/b", "c~d", 0];
    expect(readPointer(renderPointer(path))).toEqual(path);
    expect(readPointer("")).toEqual([]);
  });
});
