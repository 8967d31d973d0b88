import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { type Clock, Fault, silentLog, systemChance } from "../../schemas/ground/index.ts";
import { makeDice } from "../../test/kit/dice.ts";
import type { Appended } from "../nats/index.ts";
import { takeTurn, type Turn, type TurnStore, type TurnWord } from "./index.ts";
import { readFolderId, type TurnPlace } from "./place.ts";

/** Time that moves when it is told to, so that a minute of freezing takes none. */
class Stage {
  now = 0;
  readonly #due: { at: number; act: () => void }[] = [];

  at(at: number, act: () => void): void {
    this.#due.push({ at, act });
  }

  /** Lets everything that is ready happen, then moves to what is due next; false when nothing is. */
  async step(): Promise<boolean> {
    for (let i = 0; i < 30; i += 1) await Promise.resolve();
    this.#due.sort((a, b) => a.at - b.at);
    const next = this.#due.shift();
    if (next === undefined) return false;
    this.now = Math.max(this.now, next.at);
    next.act();
    return true;
  }
}

/** A process on the stage: its clock has a pace of its own, and it can be frozen. */
class Process {
  readonly clock: Clock;
  #frozenUntil = 0;
  readonly #stage: Stage;

  constructor(stage: Stage, pace: number) {
    this.#stage = stage;
    const elapsed = (): number => stage.now * pace;
    const run = (act: () => void): void => {
      if (stage.now >= this.#frozenUntil) act();
      else stage.at(this.#frozenUntil, () => run(act));
    };
    const after = (ms: number, act: () => void) => {
      stage.at(stage.now + ms / pace, () => run(act));
      return { stop: () => undefined };
    };
    const sleep = (ms: number): Promise<void> =>
      new Promise((resolve) => void after(ms, () => resolve()));
    this.clock = { now: elapsed, elapsed, after, sleep, every: () => ({ stop: () => undefined }) };
  }

  freeze(ms: number): void {
    this.#frozenUntil = this.#stage.now + ms;
  }

  get isFrozen(): boolean {
    return this.#stage.now < this.#frozenUntil;
  }

  /** Asks: half the time goes by until the server does it, and half until it is heard, or this one is thawed. */
  ask<T>(ms: number, act: () => () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#stage.at(this.#stage.now + ms / 2, () => {
      const answer = act();
      this.clock.after(ms / 2, () => {
        try {
          resolve(answer());
        } catch (error) {
          reject(error instanceof Error ? error : new Error("no answer"));
        }
      });
    });
    return promise;
  }
}

/** One stream, as a server keeps it: it compares and adds at one moment, whenever its answer is heard. */
class Words {
  sequence = 0;
  newest: Omit<TurnWord, "sequence"> = { run: "", isFree: false };

  #add(after: number, word: Omit<TurnWord, "sequence">): Appended {
    if (after !== this.sequence) return { kind: "behind" };
    this.sequence += 1;
    this.newest = word;
    return { kind: "stored", sequence: this.sequence };
  }

  storeOf(process: Process, delay: () => { ms: number; isLost: boolean }): TurnStore {
    return {
      last: () => {
        const { ms, isLost } = delay();
        return process.ask(ms, () => {
          const word = { sequence: this.sequence, ...this.newest };
          return () => {
            if (isLost) throw new Fault("HUB_UNREACHABLE", "no answer");
            return word;
          };
        });
      },
      append: (after, word) => {
        const { ms, isLost } = delay();
        const unknown: Appended = {
          kind: "unknown",
          fault: new Fault("HUB_UNREACHABLE", "no answer"),
        };
        return process.ask(ms, () => {
          const outcome = this.#add(after, word);
          return () => (isLost ? unknown : outcome);
        });
      },
    };
  }
}

const quick = (): { ms: number; isLost: boolean } => ({ ms: 5, isLost: false });

interface Contender {
  readonly words: Words;
  readonly process: Process;
  readonly delay?: typeof quick;
  readonly place?: TurnPlace;
}

function begin(run: string, { words, process, delay = quick, place }: Contender) {
  const held: { turn: Turn | undefined; refused?: unknown } = { turn: undefined };
  const options = {
    store: words.storeOf(process, delay),
    clock: process.clock,
    log: silentLog,
    run,
    place,
  };
  const wait = async (): Promise<void> => {
    held.turn = await takeTurn(options);
    if (held.turn === undefined) return;
    await held.turn.lost;
    held.turn = undefined;
    await wait();
  };
  wait().catch((error: unknown) => (held.refused = error));
  return held;
}

async function play(
  stage: Stage,
  untilMs: number,
  onStep: () => void = () => undefined,
): Promise<void> {
  while (stage.now < untilMs && (await stage.step())) onStep();
}

describe("the turn of a hub's brokers", () => {
  it("is taken by one, and by the next when that one is silent; then it is never the first one's again", async () => {
    const [stage, words] = [new Stage(), new Words()];
    const [one, two] = [new Process(stage, 1), new Process(stage, 1)];
    const first = begin("one", { words, process: one });
    await play(stage, 12_000);
    expect(first.turn?.isOurs).toBe(true);
    const second = begin("two", { words, process: two });
    await play(stage, 60_000);
    expect(second.turn).toBeUndefined();
    const before = first.turn;
    one.freeze(30_000);
    // while it stands still its turn ends, whoever looks
    await play(stage, 80_000);
    expect([before?.isOurs, second.turn?.isOurs]).toEqual([false, true]);
    await play(stage, 95_000);
    expect([before?.isOurs, before?.isLost, second.turn?.isOurs]).toEqual([false, true, true]);
  });

  it.each<[string, TurnPlace, TurnPlace, boolean]>([
    ["another's name and the same folder", { broker: "one", folder: "a" }, { broker: "two", folder: "a" }, false],
    ["the name of the one that works", { broker: "one", folder: "a" }, { broker: "one", folder: "a" }, true],
    ["a folder of its own in the shared one's place", { broker: "one", folder: "a" }, { broker: "two", folder: "b" }, true],
    ["beside one of before, that says nothing", { broker: "", folder: "" }, { broker: "two", folder: "b" }, false],
  ])("is waited for with %s, or refused", async (...[, place, other, isRefused]) => {
    const [stage, words] = [new Stage(), new Words()];
    const first = begin("one", { words, process: new Process(stage, 1), place });
    await play(stage, 12_000);
    const before = first.turn;
    const second = begin("two", { words, process: new Process(stage, 1), place: other });
    await play(stage, 20_000);
    expect(second.refused).toEqual(isRefused ? expect.objectContaining({ code: "CONFIG_INVALID" }) : undefined);
    // whoever works goes on
    expect([first.turn === before, first.turn?.isOurs, second.turn]).toEqual([true, true, undefined]);
  }); // prettier-ignore

  it("is taken from one that is gone, whatever folder it had: the machine that had it may be lost", async () => {
    const [stage, words] = [new Stage(), new Words()];
    const one = new Process(stage, 1);
    begin("one", { words, process: one, place: { broker: "one", folder: "a" } });
    await play(stage, 12_000);
    one.freeze(600_000);
    const second = begin("two", { words, process: new Process(stage, 1), place: { broker: "one", folder: "b" } });
    await play(stage, 40_000);
    expect([second.refused, second.turn?.isOurs]).toEqual([undefined, true]);
  }); // prettier-ignore

  it("is taken at once when it was given back", async () => {
    const [stage, words] = [new Stage(), new Words()];
    const [one, two] = [new Process(stage, 1), new Process(stage, 1)];
    const first = begin("one", { words, process: one });
    await play(stage, 12_000);
    const second = begin("two", { words, process: two });
    await play(stage, 15_000);
    void first.turn?.end();
    await play(stage, 17_500);
    expect([first.turn?.isOurs, second.turn?.isOurs]).toEqual([false, true]);
  });

  it("goes on when the servers were away for a while and nobody took it", async () => {
    const [stage, words] = [new Stage(), new Words()];
    const one = new Process(stage, 1);
    let isAway = false;
    const held = begin("one", { words, process: one, delay: () => ({ ms: 5, isLost: isAway }) });
    await play(stage, 12_000);
    const { turn } = held;
    isAway = true;
    await play(stage, 40_000);
    expect([turn?.isOurs, turn?.isLost]).toEqual([false, false]);
    isAway = false;
    await play(stage, 45_000);
    expect(turn?.isOurs).toBe(true);
  });

  it("is not taken by who could not listen: after an outage it stays with who had it", async () => {
    const [stage, words] = [new Stage(), new Words()];
    let isAway = false;
    const delay = (): { ms: number; isLost: boolean } => ({ ms: 5, isLost: isAway });
    const held = begin("one", { words, process: new Process(stage, 1), delay });
    await play(stage, 12_000);
    const second = begin("two", { words, process: new Process(stage, 1), delay });
    await play(stage, 20_000);
    isAway = true;
    await play(stage, 80_000);
    isAway = false;
    await play(stage, 100_000);
    expect([held.turn?.isOurs, second.turn]).toEqual([true, undefined]);
  });

  it("is never two brokers' at one moment, whatever freezes, comes late or is lost, and whoever's clock runs fast", async () => {
    let takeovers = 0;
    for (let seed = 0; seed < 12; seed += 1) {
      const dice = makeDice(`turns ${seed}`);
      const [stage, words] = [new Stage(), new Words()];
      const processes = [0.98, 1, 1.02].map((pace) => new Process(stage, pace));
      const delay = (): { ms: number; isLost: boolean } => ({ ms: dice(4_000) / (1 + dice(20)), isLost: dice(10) === 0 });
      const helds = processes.map((process, n) => begin(`run ${n}`, { words, process, delay }));
      let nextBlow = 5_000;
      let last: number | undefined;
      await play(stage, 300_000, () => {
        if (stage.now > nextBlow) {
          nextBlow = stage.now + dice(20_000);
          processes[dice(processes.length)]?.freeze(dice(25_000));
        }
        const ours = helds.flatMap(({ turn }, n) => (turn?.isOurs === true ? [n] : []));
        expect(ours.length, `seed ${seed} at ${stage.now}`).toBeLessThan(2);
        if (ours[0] !== undefined && ours[0] !== last) {
          if (last !== undefined) takeovers += 1;
          [last] = ours;
        }
      });
    }
    // a test in which nobody ever takes over shows nothing
    expect(takeovers).toBeGreaterThan(12);
  });
}); // prettier-ignore

describe("a shared folder", () => {
  it("is told from another at its first use, and is the same to all who come later", () => {
    const dirs = [1, 2].map(() => mkdtempSync(join(tmpdir(), "turn-place-")));
    try {
      const [one, again, other] = [dirs[0]!, dirs[0]!, dirs[1]!].map((dir) => readFolderId(join(dir, "hub"), systemChance));
      expect(one).toMatch(/^[0-9a-f]{32}$/);
      expect([again, other === one]).toEqual([one, false]);
      writeFileSync(join(dirs[0]!, "hub", "folder-id"), "half");
      expect(readFolderId(join(dirs[0]!, "hub"), systemChance)).toBe("");
    } finally {
      for (const dir of dirs) rmSync(dir, { recursive: true });
    }
  }); // prettier-ignore

  it("that cannot be written is refused", () => {
    const dir = mkdtempSync(join(tmpdir(), "turn-place-"));
    try {
      writeFileSync(join(dir, "hub"), "a file");
      expect(() => readFolderId(join(dir, "hub"), systemChance)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
    } finally {
      rmSync(dir, { recursive: true });
    }
  }); // prettier-ignore
});
