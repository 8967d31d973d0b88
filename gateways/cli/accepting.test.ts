import { beforeEach, describe, expect, it } from "vitest";

import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { makeCoastDirectory } from "../../test/kit/maritime-rows.ts";

let world: CliWorld;
let id: string;

beforeEach(() => {
  world = makeCliWorld(["gh/tcu"], makeCoastDirectory(["ecowas"]));
  const exchange = world.exchanges.get("gh/tcu")!;
  ({ id } = exchange.receive({
    originator: "ng/tcu",
    handling: "H3",
    body: { facts: "a quagga" },
  }));
  const words = { text: "For crew Zebra alone.", lang: "en" };
  exchange.restrictions.set(id, { id, words, digest: "A".repeat(43) });
});

const isAccepted = (): boolean => {
  const exchange = world.exchanges.get("gh/tcu")!;
  return exchange.words(id)?.accepted !== undefined;
};

describe("atumpan message accept", () => {
  it("shows the words, and without a yes accepts nothing", async () => {
    for (const args of [["--no-input"], ["--quiet", "--no-input"]]) {
      const { code, out, err } = await world.run("message", "accept", id, ...args);
      expect([code, out]).toEqual([2, ""]);
      expect(err).toMatch(/ng\/tcu restricts[^]*For crew Zebra alone[^]*USAGE_INVALID/);
    }
    expect(isAccepted()).toBe(false);
  });

  it("accepts with --yes, says who did, and shows nothing of the content", async () => {
    const before = await world.run("message", "show", id);
    expect([before.code === 0, before.out]).toEqual([false, ""]);
    expect(before.err).toMatch(/WORDS_NOT_ACCEPTED\. Next: atumpan message accept ID/);
    const { code, out, err } = await world.run("message", "accept", id, "--yes");
    expect([code, out]).toEqual([0, `${id}\nAccepted by owner, 2026-03-09 14:05 UTC.\n`]);
    expect(err).toContain("For crew Zebra alone.");
    expect(`${out}${err}`).not.toContain("quagga");
    expect((await world.run("message", "show", id, "--json")).out).toContain("quagga");
  });

  it("is what the inbox says that waits, until it is done", async () => {
    const [before, told] = [await world.run("inbox", "ls"), await world.run("inbox", "ls", "--json")];
    expect(before.out).toContain(`${id}  VERIFIED, words of use to accept`);
    expect(told.out).toMatch(/"wordsWait": ?true/);
    expect((await world.run("inbox", "ls", "--lang", "fr")).out).toContain("conditions d'emploi à accepter");
    await world.run("message", "accept", id, "--yes");
    expect((await world.run("inbox", "ls")).out).not.toContain("to accept");
  }); // prettier-ignore

  it("asks in the reader's language, and of a message without words accepts none", async () => {
    expect((await world.run("message", "accept", id, "--lang", "fr", "--yes")).out).toContain("Accepté par owner"); // prettier-ignore
    const other = world.exchanges.get("gh/tcu")!.receive({ originator: "ng/tcu" }).id;
    const { code, out } = await world.run("message", "accept", other);
    expect([code, out]).toEqual([0, `${other}\nNo words are to be accepted of this message.\n`]);
  });
});
