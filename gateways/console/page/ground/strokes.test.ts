import { describe, expect, it } from "vitest";

import { findStroke, type Keymap, readKeymap, withStroke } from "./keymap.ts";
import { isStroke, renderStroke, strokeOf } from "./strokes.ts";

const bare = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const usual: Keymap = new Map([["next", "KeyJ"], ["inbox", "KeyG KeyI"], ["help", "?"], ["palette", "Ctrl+KeyK"]]); // prettier-ignore

describe("a key", () => {
  it.each([
    [{ code: "KeyJ", key: "j" }, "KeyJ"],
    [{ code: "KeyJ", key: "ت" }, "KeyJ"],
    [{ code: "KeyX", key: "X", shiftKey: true }, "Shift+KeyX"],
    [{ code: "KeyK", key: "k", ctrlKey: true }, "Ctrl+KeyK"],
    [{ code: "KeyK", key: "k", metaKey: true }, "Ctrl+KeyK"],
    [{ code: "Comma", key: "?", shiftKey: true }, "?"],
    [{ code: "KeyA", key: "å", altKey: true }, ""],
    [{ code: "Enter", key: "Enter" }, ""],
    [{ code: "Digit1", key: "1" }, ""],
    [{ code: "Slash", key: "/", ctrlKey: true }, ""],
    [{ code: "Space", key: " " }, ""],
  ] as const)("%j is written down as %j", (pressed, stroke) => {
    expect(strokeOf({ ...bare, ...pressed })).toBe(stroke);
    expect(stroke === "" || isStroke(stroke)).toBe(true);
  });

  it("is shown as people write it", () => {
    expect(["KeyG KeyI", "Shift+KeyX", "Ctrl+KeyK", "/"].map(renderStroke)).toEqual(["g i", "Shift+x", "Ctrl+K", "/"]); // prettier-ignore
  });
});

describe("the keys a person chose", () => {
  it("go before what is usual, and what cannot be read counts as unchanged", () => {
    expect(readKeymap(usual, '{"next":"KeyN","gone":"KeyQ"}').get("next")).toBe("KeyN");
    expect(readKeymap(usual, '{"next":""}').get("next")).toBe("");
    for (const kept of [null, "", "{", "[]", "7", '{"next":7}', '{"next":"Enter"}', '{"next":"KeyA KeyB KeyC"}']) {
      expect(readKeymap(usual, kept)).toEqual(usual);
    }
    expect(readKeymap(usual, '{"gone":"KeyQ"}').has("gone")).toBe(false);
  }); // prettier-ignore

  it("one key has one meaning: who is given another's takes it away from him", () => {
    const map = withStroke(usual, "help", "KeyJ");
    expect([map.get("help"), map.get("next")]).toEqual(["KeyJ", ""]);
    expect(withStroke(usual, "next", "KeyG").get("inbox")).toBe("");
    expect(withStroke(usual, "next", "").get("next")).toBe("");
    expect(withStroke(usual, "next", "KeyJ")).toEqual(usual);
  });

  it("two keys one after the other are one command, and the first alone is none", () => {
    expect(findStroke(usual, "KeyG")).toEqual({ isBegun: true });
    expect(findStroke(usual, "KeyG KeyI")).toEqual({ id: "inbox", isBegun: false });
    expect(findStroke(usual, "KeyG KeyJ")).toEqual({ isBegun: false });
    expect(findStroke(withStroke(usual, "next", ""), "")).toEqual({ isBegun: false });
  });
});
