import { describe, expect, it } from "vitest";

import { utf8 } from "../../schemas/ground/index.ts";
import { codeOf } from "../../test/kit/code-of.ts";
import { decideKind, isPassedOver, parseDropName, parseSheetType } from "./name.ts";

describe("a dropped file's name", () => {
  it.each(["alert.json", "rapport état.xml", "تقرير.csv", "a".repeat(145)])("%s is taken", (name) => {
    expect(parseDropName(utf8(name))).toBe(name);
  }); // prettier-ignore

  it.each([
    ["empty", ""],
    ["too long", "a".repeat(151)],
    ["with a step", "a/b.json"],
    ["with a Windows step", String.raw`..\b.json`],
    ["that is the folder above", ".."],
    ["hidden", ".a.json"],
    ["with a line break", "a\n.json"],
    ["that turns the line", "a\u202enosj.exe"],
    ["with a stream of a Windows disk", "a.json:b"],
    ["with a blank at its end", "a.json "],
  ])("%s is refused", (_, name) => {
    expect(codeOf(() => parseDropName(utf8(name)))).toBe("IMPORT_FILE_UNREADABLE");
  });

  it("that is no UTF-8 is refused", () => {
    expect(codeOf(() => parseDropName(new Uint8Array([0x61, 0xff])))).toBe("IMPORT_FILE_UNREADABLE");
  }); // prettier-ignore

  it.each(["a.json.tmp", "~a.json", ".a.json", "a.part", "a.ready", "Thumbs.db", "A.JSON.TMP"])(
    "%s is passed over: somebody writes it still, or it is no file for us",
    (name) => {
      expect(isPassedOver(name)).toBe(true);
    },
  );

  it("is not passed over for having such a word inside", () => {
    expect(isPassedOver("ready.tmp.json")).toBe(false);
  });
});

describe("what a dropped file is", () => {
  it.each([
    ["a.json", "{", "json"],
    ["A.JSON", "\ufeff \n{", "json"],
    ["a.htcds.json", "{", "htcds"],
    ["a.jsonl", "{", "ndjson"],
    ["a.xml", "<r", "goaml"],
    ["a.csv", "stage;x", "csv"],
  ])("%s that begins as such a file is one", (name, head, kind) => {
    expect(decideKind(name, utf8(head))).toBe(kind);
  });

  it.each([
    ["a.json", "<r/>"],
    ["a.json", ""],
    ["a.xml", "{}"],
    ["a.csv", "{}"],
    ["a.txt", "{}"],
    ["json", "{}"],
    ["a.csv", "PK\u0003\u0004"],
    ["a.json", "%PDF-1.7"],
  ])("%s that begins with %j is refused", (name, head) => {
    expect(codeOf(() => decideKind(name, utf8(head)))).toBe("IMPORT_FILE_UNREADABLE");
  });

  it("a sheet's type is the beginning of its name", () => {
    expect(parseSheetType("maritime.incident.2026-11.csv")).toBe("maritime.incident");
    expect(parseSheetType("maritime.incident-a.csv")).toBe("maritime.incident");
    expect(codeOf(() => parseSheetType("november.csv"))).toBe("IMPORT_FILE_UNREADABLE");
  });
});
