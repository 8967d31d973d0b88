import { describe, expect, it } from "vitest";

import { isReady } from "./running.ts";

describe("a broker is ready", () => {
  const [sound, unsound] = [{ isSound: true }, { isSound: false }];
  const log = (stopped?: string) => ({ status: { size: 1, stopped } });
  const held = (isOurs: boolean) => ({ turn: { isOurs, isLost: false } });

  it.each([
    ["while its register is in force and its streams stand", { upkeep: sound }, true],
    ["not while they do not", { upkeep: unsound }, false],
    ["while its log goes on", { upkeep: sound, hubLog: log() }, true],
    ["not with a log that has stopped", { upkeep: sound, hubLog: log("LOG_INCONSISTENT") }, false],
    ["while it is its turn", { ...held(true), upkeep: sound, hubLog: log() }, true],
    [
      "not while it may be another broker's",
      { ...held(false), upkeep: sound, hubLog: log() },
      false,
    ],
  ])("%s", (_, parts, expected) => {
    const [options, running] = [parts, parts] as unknown as Parameters<typeof isReady>;
    expect(isReady(options, running)).toBe(expected);
  });
});
