import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeEach, describe, expect, it } from "vitest";

import {
  decodeLogAnswer,
  encodeLogAnswer,
  type LogAnswer,
  parseLogSizesQuestion,
} from "../../schemas/index.ts";
import { type Bytes, type Clock, silentLog, systemClock } from "../../schemas/ground/index.ts";
import {
  checkQuorum,
  type Cosigner,
  makeCosigner,
  makeQuorumPolicy,
  type Note,
  parseNote,
  renderNote,
} from "../../certs/log/index.ts";
import { type LogWitness, makeWitness } from "../../certs/witness/index.ts";
import { noteKey } from "../../test/kit/note-key.ts";
import { makeTestLog } from "../../test/kit/test-log.ts";
import { startWitnessDesk, type WitnessDesk } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "witnesses-"));
afterAll(() => rmSync(folder, { recursive: true }));

const origin = "atumpan/au/hub-one";
const start = Date.UTC(2026, 10, 22, 9);
const log = makeTestLog(origin, 60);
const fork = makeTestLog(origin, 60, { signer: log.signer, from: 5 });
const cosigners: readonly Cosigner[] = ["w/one", "w/two", "w/three"].map((name) =>
  makeCosigner(name, noteKey("ed25519")),
);
const policy = makeQuorumPolicy(
  cosigners.map(({ verifierKey }) => ({ name: verifierKey.name, keys: [verifierKey] })),
  2,
);

/** A clock that stands until it is moved; what is due each second is called then. */
interface Hand {
  readonly clock: Clock;
  pass(seconds: number): Promise<void>;
  /** As when a machine slept: nothing was due meanwhile. */
  leap(ms: number): void;
}

function makeHand(): Hand {
  let elapsed = 0;
  const acts: (() => void)[] = [];
  const every: Clock["every"] = (_, act) => {
    acts.push(act);
    return { stop: () => void acts.splice(acts.indexOf(act), 1) };
  };
  const clock: Clock = { ...systemClock, now: () => start + elapsed, elapsed: () => elapsed, every };
  return {
    clock,
    leap: (ms) => void (elapsed += ms),
    pass: async (seconds) => {
      for (let i = 0; i < seconds; i += 1) {
        elapsed += 1_000;
        for (const act of acts) act();
        // whoever is called answers before the next second
        for (let turn = 0; turn < 40; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
} // prettier-ignore

let files = 0;
let file: string;
let size: number;
let hand: Hand;

const next = makeTestLog(`${origin}/2`, 20);
let shown = log;

const hubLog = {
  get checkpoint() {
    return size === 0 ? undefined : shown.checkpoint(size);
  },
  answer: (_: string, question: Bytes) => {
    const { from, to } = parseLogSizesQuestion(question);
    return encodeLogAnswer({ hashes: [...shown.prove(from, to)], leaves: [] });
  },
};

beforeEach(() => {
  files += 1;
  file = join(folder, `cosigned-${files}`);
  size = 10;
  shown = log;
  hand = makeHand();
});

interface Listener {
  readonly witness: LogWitness;
  readonly held: Map<string, Note>;
  isDown: boolean;
}

function makeListener(cosigner: Cosigner): Listener {
  const held = new Map<string, Note>();
  const store = { lastOf: (name: string) => held.get(name), save: (name: string, note: Note) => void held.set(name, note) };
  const witness = makeWitness({ store, cosigners: [cosigner], keysOf: () => [log.key], clock: { now: () => hand.clock.now() }, onLie: () => undefined });
  return { witness, held, isDown: false };
} // prettier-ignore

function openDesk(listeners: readonly Listener[] = [], rule = policy): WitnessDesk {
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const { host, pathname } = new URL(input instanceof Request ? input.url : input);
    const listener = listeners[Number(host.slice(1))];
    if (listener === undefined || listener.isDown || pathname !== "/in/add-checkpoint") throw new TypeError("refused");
    const { status, type, body } = listener.witness.add(init?.body as Bytes);
    return await Promise.resolve(new Response(Buffer.from(body), { status, headers: { "content-type": type } }));
  };
  const urls = listeners.map((_, i) => `http://w${i}/in`);
  return startWitnessDesk({ file, urls, fetch, clock: hand.clock, log: silentLog, keys: [log.key, next.key], policy: () => rule, hubLog });
} // prettier-ignore

function ask(desk: WitnessDesk, act: "cosign" | "cosigned", note?: Bytes): LogAnswer {
  return decodeLogAnswer(desk.answer(act, note ?? new Uint8Array()));
}

function offered(desk: WitnessDesk): Note {
  return parseNote(ask(desk, "cosign").checkpoint!);
}

function signedBy(index: number, { text }: Note, at = hand.clock.now()): Bytes {
  return renderNote({ text, signatures: [cosigners[index]!.cosign(text, at)] });
}

const kept = (): Note => parseNote(readFileSync(file));

describe("cosignatures that are handed in", () => {
  it("are enough when the rule says so, are kept, and are told to whoever asks", async () => {
    const desk = openDesk();
    expect(ask(desk, "cosign").refused).toBe("LOG_ENTRY_MISSING");
    await hand.pass(1);
    const note = offered(desk);
    expect(desk.status).toMatchObject({ missingSince: start + 1_000, missing: ["w/one", "w/two", "w/three"], size: undefined });
    expect(ask(desk, "cosign", signedBy(0, note)).refused).toBeUndefined();
    expect([desk.status.size, ask(desk, "cosigned").refused]).toEqual([undefined, "LOG_ENTRY_MISSING"]);
    ask(desk, "cosign", signedBy(2, note));
    expect(desk.status).toEqual({ size: 10, at: start + 1_000, missingSince: undefined, missing: ["w/two"], isDisputed: false });
    expect(checkQuorum(kept(), policy)).toEqual({ isMet: true, by: ["w/one", "w/three"], missing: ["w/two"] });
    expect(parseNote(ask(desk, "cosigned").checkpoint!)).toEqual(kept());
    desk.stop();
    expect(ask(openDesk(), "cosigned").checkpoint).toEqual(ask(desk, "cosigned").checkpoint);
  });

  it("are refused for another checkpoint, by a stranger, and from the future; nothing changes by them", async () => {
    const desk = openDesk();
    await hand.pass(1);
    const note = offered(desk);
    const stranger = makeCosigner("w/one", noteKey("ed25519")).cosign(note.text, start);
    const wrong: readonly (readonly [Bytes, string])[] = [
      [Buffer.from("hello"), "LOG_NOTE_INVALID"],
      [log.checkpoint(10), "LOG_NOTE_INVALID"],
      [signedBy(0, parseNote(log.checkpoint(9))), "LOG_CHECKPOINT_INVALID"],
      [signedBy(0, parseNote(fork.checkpoint(10))), "LOG_CHECKPOINT_INVALID"],
      [renderNote({ ...note, signatures: [stranger] }), "LOG_NOTE_INVALID"],
      [signedBy(0, note, start + 3_600_000), "LOG_NOTE_INVALID"],
    ];
    for (const [bytes, code] of wrong) expect(ask(desk, "cosign", bytes).refused).toBe(code);
    expect(offered(desk)).toEqual(note);
  });

  it("of a log that begins anew take the place of those of the one that ended, though it had more entries", async () => {
    let desk = openDesk();
    const cosign = async (): Promise<void> => {
      await hand.pass(1);
      const note = offered(desk);
      for (const i of [0, 1]) ask(desk, "cosign", signedBy(i, note));
      desk.stop();
    };
    await cosign();
    [shown, size] = [next, 3];
    desk = openDesk();
    expect(kept().text).toBe(parseNote(log.checkpoint(10)).text);
    await cosign();
    expect(kept().text).toBe(parseNote(next.checkpoint(3)).text);
  });

  it("of more entries than the log has are told no more: that log was lost, and its hub did not stop at it", async () => {
    const first = openDesk();
    await hand.pass(1);
    const note = offered(first);
    for (const i of [0, 1]) ask(first, "cosign", signedBy(i, note));
    first.stop();
    size = 4;
    const desk = openDesk();
    await hand.pass(1);
    expect([ask(desk, "cosigned").refused, desk.status.size]).toEqual(["LOG_ENTRY_MISSING", undefined]);
    for (const i of [0, 1]) ask(desk, "cosign", signedBy(i, offered(desk)));
    expect(desk.status.size).toBe(4);
  });

  it("one who cosigns again has one line, the newest", async () => {
    const desk = openDesk();
    await hand.pass(1);
    const note = offered(desk);
    for (const at of [start, start + 60_000, start + 30_000]) ask(desk, "cosign", signedBy(0, note, at));
    expect(offered(desk).signatures).toHaveLength(2);
    ask(desk, "cosign", signedBy(1, note));
    expect(desk.status.at).toBe(start + 60_000);
  });
}); // prettier-ignore

describe("what is offered", () => {
  it("stands while the log grows, so that all cosign the same; after that the newest is offered", async () => {
    const desk = openDesk();
    await hand.pass(1);
    const note = offered(desk);
    size = 20;
    await hand.pass(50);
    expect(offered(desk)).toEqual(note);
    ask(desk, "cosign", signedBy(0, note));
    ask(desk, "cosign", signedBy(1, note));
    await hand.pass(1);
    expect(offered(desk).text).toBe(parseNote(log.checkpoint(20)).text);
    // a late word about the older one is hung under it still
    expect(ask(desk, "cosign", signedBy(2, note)).refused).toBeUndefined();
    expect(checkQuorum(kept(), policy).missing).toEqual([]);
  });

  it("is given up after a minute, and since when enough are missing is not forgotten", async () => {
    const desk = openDesk();
    await hand.pass(1);
    size = 20;
    await hand.pass(70);
    expect(offered(desk).text).toBe(parseNote(log.checkpoint(20)).text);
    expect(desk.status.missingSince).toBe(start + 1_000);
  });

  it("is asked for anew after an hour, though the log stands still; what was cosigned stays until enough did again", async () => {
    const listeners = cosigners.slice(0, 2).map(makeListener);
    const desk = openDesk(listeners);
    await hand.pass(1);
    const first = desk.status.at!;
    await hand.pass(60);
    expect(desk.status).toMatchObject({ size: 10, at: first, missing: ["w/three"] });
    listeners[1]!.isDown = true;
    hand.leap(3_600_000);
    await hand.pass(1);
    const late = hand.clock.now();
    expect(desk.status).toMatchObject({ size: 10, at: first, missingSince: late, missing: ["w/two", "w/three"] });
    expect(checkQuorum(parseNote(ask(desk, "cosigned").checkpoint!), policy).by).toEqual(["w/one", "w/two"]);
    // who comes by himself finds no line of his own under it, and signs again
    expect(offered(desk).signatures).toHaveLength(2);
    ask(desk, "cosign", signedBy(2, offered(desk)));
    expect(desk.status).toMatchObject({ at: late, missingSince: undefined, missing: ["w/two"] });
    desk.stop();
    hand.leap(3_600_000);
    listeners[1]!.isDown = false;
    const again = openDesk(listeners);
    await hand.pass(1);
    expect(again.status.at).toBeGreaterThan(late + 3_500_000);
  }); // prettier-ignore

  it("is nothing where the register names no witness", async () => {
    const desk = openDesk([], makeQuorumPolicy([], 0));
    await hand.pass(2);
    expect(ask(desk, "cosign").refused).toBe("LOG_ENTRY_MISSING");
    expect(desk.status).toMatchObject({ missing: [], missingSince: undefined });
  });
});

describe("witnesses that listen", () => {
  it("are asked, with the proof from what they cosigned last, and asked again when they were away", async () => {
    const listeners = cosigners.slice(0, 2).map(makeListener);
    const desk = openDesk(listeners);
    await hand.pass(1);
    expect(checkQuorum(kept(), policy).by).toEqual(["w/one", "w/two"]);
    listeners[1]!.isDown = true;
    size = 33;
    await hand.pass(6);
    expect(desk.status).toMatchObject({ size: 10, missing: ["w/two", "w/three"] });
    listeners[1]!.isDown = false;
    await hand.pass(6);
    expect(desk.status).toMatchObject({ size: 33, missing: ["w/three"], missingSince: undefined });
    desk.stop();
    // a hub that begins anew does not know what they cosigned: they tell it
    size = 41;
    const again = openDesk(listeners);
    await hand.pass(1);
    expect(again.status.size).toBe(41);
  });

  it("one that holds another tree is told of, and counts for nothing", async () => {
    const listener = makeListener(cosigners[0]!);
    listener.held.set(origin, parseNote(fork.checkpoint(8)));
    const desk = openDesk([listener, makeListener(cosigners[1]!), makeListener(cosigners[2]!)]);
    await hand.pass(1);
    expect(desk.status).toMatchObject({ isDisputed: true, size: 10, missing: ["w/one"] });
  });

  it("one that is ahead does not hinder the others", async () => {
    const listener = makeListener(cosigners[0]!);
    listener.held.set(origin, parseNote(log.checkpoint(50)));
    const desk = openDesk([listener, makeListener(cosigners[1]!), makeListener(cosigners[2]!)]);
    await hand.pass(1);
    expect(desk.status).toMatchObject({ isDisputed: false, size: 10, missing: ["w/one"] });
    size = 55;
    await hand.pass(10);
    expect(desk.status).toMatchObject({ size: 55, missing: [] });
  });
});

describe("the file of the cosigned checkpoint", () => {
  it("that is torn, another log's or without a witness's line is passed over: it can be had again", async () => {
    const { writeFileSync } = await import("node:fs");
    const other = makeTestLog(origin, 4).checkpoint(4);
    for (const bytes of [Buffer.from("x"), other, log.checkpoint(10)]) {
      writeFileSync(file, bytes);
      expect(ask(openDesk(), "cosigned").refused).toBe("LOG_ENTRY_MISSING");
    }
  });
});
