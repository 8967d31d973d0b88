import { describe, expect, it } from "vitest";

import { codeOf } from "../../test/kit/code-of.ts";
import { type Checkpoint, parseCheckpoint, renderCheckpoint } from "./checkpoint.ts";
import { emptyRoot } from "./node-hash.ts";

// the example of C2SP tlog-checkpoint
const example =
  "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
const empty = `a\n0\n${Buffer.from(emptyRoot).toString("base64")}\n`;

describe("a checkpoint", () => {
  it.each([example, `${example}a further line\nand one more\n`, empty, example.replace("20852163", "9007199254740991")])(
    "%j comes back as it was read",
    (text) => {
      expect(renderCheckpoint(parseCheckpoint(text))).toBe(text);
    },
  ); // prettier-ignore

  it("says whose tree it is, how large, and its root", () => {
    const { origin, size, root, extensions } = parseCheckpoint(example);
    expect([origin, size, root.length, extensions]).toEqual(["example.com/behind-the-sofa", 20_852_163, 32, []]);
  }); // prettier-ignore

  it.each([
    ["without an origin", example.replace("example.com/behind-the-sofa", "")],
    ["of an origin over 255 bytes", example.replace("example.com", "é".repeat(128))],
    ["of an origin with a control character", example.replace("sofa", "so\u0085fa")],
    ["of a size with zeros before it", example.replace("20852163", "020852163")],
    ["of a negative size", example.replace("20852163", "-1")],
    ["of a size beyond 2^53-1", example.replace("20852163", "9007199254740992")],
    ["of a size in other digits", example.replace("20852163", "٢٠")],
    ["of a size with an exponent", example.replace("20852163", "2e7")],
    ["without a size", example.replace("20852163\n", "")],
    ["of a root in base64 without padding", example.replace("=", "")],
    ["of a root with stray bits", example.replace("2I=", "2J=")],
    ["of a root too short", example.replace("CsUYapGG", "")],
    ["without a root", "a\n1\n"],
    ["with an empty line", `${example}\n`],
    ["without its last newline", example.slice(0, -1)],
    ["with 33 further lines", `${example}${"a\n".repeat(33)}`],
    ["over all lengths", `${example}${"a".repeat(17_000)}\n`],
    ["without leaves, by another root", example.replace("20852163", "0")],
    ["of nothing", ""],
  ])("%s is refused", (_, changed) => {
    expect(changed).not.toBe(example);
    expect(codeOf(() => parseCheckpoint(changed))).toBe("LOG_CHECKPOINT_INVALID");
  });

  it("that could not be read back is not written", () => {
    const good = parseCheckpoint(example);
    const wrong: readonly Partial<Checkpoint>[] = [
      { origin: "two\nlines" },
      { size: 1.5 },
      { size: -1 },
      { root: good.root.subarray(1) },
      { extensions: [""] },
      { extensions: ["a\nb"] },
      { origin: "\ud800" },
    ];
    for (const change of wrong) {
      expect(codeOf(() => renderCheckpoint({ ...good, ...change }))).toBe("LOG_CHECKPOINT_INVALID");
    }
  });
});
