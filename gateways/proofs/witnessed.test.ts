import { beforeEach, describe, expect, it } from "vitest";

import { makeCosigner, makeQuorumPolicy, parseNote, renderNote } from "../../certs/log/index.ts";
import { type Bytes, type Clock, Fault, systemClock } from "../../schemas/ground/index.ts";
import { noteKey } from "../../test/kit/note-key.ts";
import { makeTestLog, type TestLog } from "../../test/kit/test-log.ts";
import type { LogHead, LogNote } from "../store/index.ts";
import type { FollowParts } from "./follow.ts";
import { readLogNote } from "./note.ts";
import { makeWitnessed, type Witnessed } from "./witnessed.ts";

const hub = "au/hub-one";
const origin = `atumpan/${hub}`;
const log = makeTestLog(origin, 60);
const fork = makeTestLog(origin, 60, { signer: log.signer, from: 5 });
const cosigners = ["w/ng", "w/gh"].map((name) => makeCosigner(name, noteKey("ed25519")));
const policy = makeQuorumPolicy(
  cosigners.map(({ verifierKey }) => ({ name: verifierKey.name, keys: [verifierKey] })),
  2,
);
const minute = 60_000;

let now: number;
let shown: Bytes | undefined;
let head: LogNote | undefined;
let alarms: string[];
let asked: number;
let witnessed: Witnessed;

const clock: Clock = { ...systemClock, now: () => now, elapsed: () => now };

/** Only what is used of the rest: the head, the proof of growth, the bell. */
function followParts(): FollowParts {
  const store = {
    logHeads: { of: () => head && { ...head, hub, since: 0, at: 0 }, put: (next: LogHead) => void (head = next) },
    write: (act: () => unknown) => Promise.resolve(act()),
  };
  const questions = {
    cosigned: () => {
      asked += 1;
      if (shown === undefined) return Promise.reject(new Fault("LOG_ENTRY_MISSING", "nothing yet"));
      return Promise.resolve(shown);
    },
    growth: (from: number, to: number) => Promise.resolve(log.prove(from, to)),
  };
  const bell = { isOpen: () => false, raise: ({ code }: { code: string }) => Promise.resolve(void alarms.push(code)) };
  return { store, questions, bell, clock, hub, keys: [log.key] } as unknown as FollowParts;
} // prettier-ignore

function cosigned({ of = log, size, by, at = now }: { of?: TestLog; size: number; by: readonly number[]; at?: number }): Bytes {
  const { text, signatures } = parseNote(of.checkpoint(size));
  return renderNote({ text, signatures: [...signatures, ...by.map((i) => cosigners[i]!.cosign(text, at))] });
} // prettier-ignore

async function pass(minutes: number): Promise<void> {
  for (let i = 0; i < minutes; i += 1) {
    now += minute;
    await witnessed.look(followParts());
  }
}

beforeEach(() => {
  now = Date.UTC(2026, 10, 22);
  alarms = [];
  asked = 0;
  shown = undefined;
  head = readLogNote(log.checkpoint(20), [log.key]);
  witnessed = makeWitnessed({ clock, policy: () => policy });
});

describe("whether the log of the hub is witnessed", () => {
  it("is said by size and time when the quorum stands under what we verified, and not asked again till it grew", async () => {
    shown = cosigned({ size: 20, by: [0, 1], at: now });
    await pass(1);
    expect(witnessed.standing()).toEqual({ size: 20, at: now - minute, missing: [] });
    await pass(30);
    expect([asked, witnessed.standing()?.lateSince]).toEqual([1, undefined]);
  });

  it.each([
    ["nobody", () => undefined, ["w/ng", "w/gh"]],
    ["one of two", () => cosigned({ size: 20, by: [0] }), ["w/gh"]],
    ["one of two, and another from the future", () => cosigned({ size: 20, by: [1], at: now + 24 * 60 * minute }), ["w/ng", "w/gh"]],
  ])("is late after a quarter of an hour with %s, by name; and good once they come", async (_, show, missing) => {
    shown = show();
    const since = now + minute;
    await pass(15);
    expect(witnessed.standing()).toEqual({ missing: [] });
    await pass(2);
    expect(witnessed.standing()).toEqual({ missing, lateSince: since });
    shown = cosigned({ size: 25, by: [0, 1] });
    await pass(1);
    expect(witnessed.standing()).toMatchObject({ size: 25, missing: [] });
    // what was cosigned is verified as all else is: the log is followed to it
    expect([head?.size, alarms]).toEqual([25, []]);
  });

  it("counts from the oldest that waits, though some are cosigned meanwhile", async () => {
    shown = cosigned({ size: 10, by: [0, 1] });
    await pass(16);
    head = readLogNote(log.checkpoint(30), [log.key]);
    await pass(1);
    expect(witnessed.standing()).toMatchObject({ size: 10, lateSince: now - 16 * minute });
  });

  it("a cosigned checkpoint of another history is the fork that it shows, whoever signed it", async () => {
    shown = cosigned({ of: fork, size: 20, by: [0, 1] });
    await expect(pass(1)).rejects.toMatchObject({ code: "LOG_INCONSISTENT" });
    expect([alarms, witnessed.standing()?.size]).toEqual([["LOG_INCONSISTENT"], undefined]);
  });

  it("is not asked where the register asks for nobody's word", async () => {
    witnessed = makeWitnessed({ clock, policy: () => makeQuorumPolicy([], 0) });
    await pass(20);
    expect([asked, witnessed.standing(), witnessed.isDue]).toEqual([0, undefined, false]);
  });
}); // prettier-ignore
