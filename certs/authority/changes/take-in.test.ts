import { describe, expect, it } from "vitest";

import { readRegisterContent, takeIn } from "../index.ts";
import { type RepositoryFiles, rolePath, timestampPath } from "../../trust/index.ts";
import { sameBytes } from "../../../schemas/ground/index.ts";
import { codeOf } from "../../../test/kit/code-of.ts";
import { bareState, makeRepository } from "../../../test/kit/repository.ts";

const made = makeRepository();
const held = made.seal(made.parts);
const named = { text: "Task force", lang: "en", marks: [] };
const newer = made.seal(made.state(held, { ...bareState("ng"), names: [named] }));
const root = rolePath("root", 1);

/** What another office offers besides a register: parts that are signed and not published yet. */
function partsOnly(files: RepositoryFiles): RepositoryFiles {
  return new Map([...files].filter(([path]) => path !== timestampPath));
}

describe("a register that somebody carried", () => {
  it("is taken in, and the root it is proved from stays ours", () => {
    const stranger = makeRepository();
    const offered = new Map(newer).set(root, stranger.root);
    const { files, taken } = takeIn(held, offered);
    expect(taken).toContain("register 2");
    expect(sameBytes(files.get(root)!, made.root)).toBe(true);
  });

  it("of another root is refused, whichever root comes with it", () => {
    const stranger = makeRepository();
    const offered = stranger.seal(stranger.parts);
    expect(codeOf(() => takeIn(held, offered))).toBe("REGISTER_SIGNATURE_INVALID");
    expect(codeOf(() => takeIn(held, new Map(offered).set(root, made.root)))).toBe("REGISTER_SIGNATURE_INVALID");
  }); // prettier-ignore

  it("brings a part that is signed and not published yet", () => {
    const { files, taken } = takeIn(held, partsOnly(newer));
    expect(taken).toContain("ng 2");
    expect(readRegisterContent(files).states.get("ng")?.names).toEqual([named]);
  });

  it.each([
    ["other content than it names", (content: Uint8Array) => Buffer.concat([content, Buffer.of(0)])],
    ["no content", () => undefined],
  ])("with %s of a part is refused, so that the good one can still come", (_name, change) => {
    const offered = new Map(partsOnly(newer));
    const [path = "", content = Buffer.of()] = [...offered].find(([one]) => !held.has(one) && one.startsWith("targets/ng/")) ?? [];
    const other = change(content);
    if (other === undefined) offered.delete(path);
    else offered.set(path, other);
    expect(codeOf(() => takeIn(held, offered))).toBe("REGISTER_INVALID");
  }); // prettier-ignore
});
