import { describe, expect, it } from "vitest";

import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import {
  dayMs,
  hourMs,
  shuffled,
  stateText,
  storyStart,
  storyTime,
  type Story,
  tellStory,
} from "../../../test/kit/story.ts";
import { findDues, findNextActs, type Lane, standingTerms } from "../index.ts"; // prettier-ignore

const lead = "cv/tcu";
const dakar = { from: "sn/jaitf", to: [lead] } as const;
const tema = { from: "gh/pcu", to: [lead] } as const;
const end = 300;

function open(): Story {
  const story = tellStory();
  const body = { validFrom: storyTime(1), validUntil: storyTime(end), phases: [] };
  story.say({ from: lead, to: [dakar.from, tema.from], type: "operation.open", at: 0, body });
  return story;
}

function at(story: Story, member: string): Lane {
  return laneOf(story, "OPERATION", member);
}

function close(story: Story, hours: number, body: Readonly<Record<string, unknown>> = {}): void {
  const dates = { closedAt: storyTime(hours), dataUntil: storyTime(hours + 48) };
  story.say({
    from: lead,
    to: [dakar.from, tema.from],
    type: "operation.close",
    at: hours,
    body: { ...dates, ...body },
  });
}

const gone = (done: string, more: object = {}): Readonly<Record<string, unknown>> => ({
  purged: [
    { targetId: "01a1f7fd-ae40-7e27-8bc8-617fc88b99ee", done, doneAt: storyTime(301), ...more },
  ],
});

describe("an operation (T32)", () => {
  it("each member invited takes part, declines or leaves for himself", () => {
    const story = open();
    story.say({ ...dakar, type: "request.acknowledge", at: 2 });
    story.say({ ...tema, type: "reply.refuse", at: 3 });
    expect([at(story, dakar.from).state, at(story, tema.from).state]).toEqual(["TAKING_PART", "DECLINED"]);
    story.say({ ...dakar, type: "request.withdraw", at: 9 });
    expect(at(story, dakar.from).state).toBe("LEFT");
  });

  it("is boxed in time: its opener closes it on its last day, nobody joins after it, and time is not up before it", () => {
    const story = open();
    expect(findDues(at(story, dakar.from), standingTerms)).toEqual([
      { closing: "ACKNOWLEDGEMENT", of: dakar.from, by: storyStart + 60_000 + dayMs },
      { closing: "DECISION", of: lead, by: storyStart + end * hourMs },
    ]);
    close(story, end - 1, { reason: "TIME_UP" });
    story.say({ ...dakar, type: "request.acknowledge", at: end + 1 });
    expect([at(story, dakar.from).state, reasonsOf(at(story, dakar.from))]).toEqual(["INVITED", ["NOT_DUE_YET", "OUT_OF_TURN"]]);
    close(story, end + 2, { reason: "TIME_UP" });
    expect(at(story, dakar.from).state).toBe("CLOSED_WITH_DATA");
  });

  it("is closed by its opener alone, and by its own number", () => {
    const story = open();
    story.say({ ...dakar, type: "operation.close", at: 5 });
    close(story, 6, { operationId: "01a1c3b0-7700-7e08-a2c4-55d1e8f9b024" });
    expect([at(story, dakar.from).state, reasonsOf(at(story, dakar.from))]).toEqual(["INVITED", ["NOT_THEIRS", "OUT_OF_TURN"]]);
  });

  it("its data goes at its end, with who left it too, and each member says so by the day that was set", () => {
    const story = open();
    story.say({ ...dakar, type: "request.acknowledge", at: 2 });
    story.say({ ...dakar, type: "request.withdraw", at: 9 });
    close(story, end);
    expect(findDues(at(story, dakar.from), standingTerms)).toEqual([
      { closing: "PURGE", of: dakar.from, by: storyStart + (end + 48) * hourMs },
    ]);
    story.say({ ...dakar, type: "data.purge_ack", at: end + 1, body: gone("REFUSED", { doneAt: undefined, purgeRefusal: "NOT_THE_OWNER" }) });
    story.say({ ...dakar, type: "data.purge_ack", at: end + 2, body: gone("UNDER_WAY", { doneAt: undefined, onwardPending: ["tg/pcu"] }) });
    expect(reasonsOf(at(story, dakar.from))).toEqual(["INCOMPLETE", "INCOMPLETE"]);
    story.say({ ...dakar, type: "data.purge_ack", at: end + 3, body: gone("DELETED") });
    expect(findNextActs(at(story, dakar.from), standingTerms)).toEqual({ acts: [], barred: [], dues: [], isEnded: true });
    expect(at(story, tema.from).state).toBe("CLOSED_WITH_DATA");
  });

  it("an archive stays with its one keeper, and with nobody else", () => {
    const story = open();
    close(story, end, { dataAtEnd: "ARCHIVE", dataKeeper: tema.from });
    expect([at(story, dakar.from).state, at(story, tema.from).state]).toEqual(["CLOSED_WITH_DATA", "ARCHIVED"]);
  });

  it("closed while a member leaves, it ends in one state, whoever is told first", () => {
    const story = open();
    story.say({ ...dakar, type: "request.acknowledge", at: 2 });
    const seen = story.steps.slice(-1);
    story.say({ ...dakar, type: "request.withdraw", at: end + 1, follows: seen });
    const dates = { closedAt: storyTime(end), dataUntil: storyTime(end + 48) };
    story.say({ from: lead, to: [dakar.from], type: "operation.close", at: end, body: dates, follows: seen });
    const states = ["a", "b", "c"].map((seed) => stateText(story.read(shuffled(story.steps, seed))));
    expect(new Set(states).size).toBe(1);
    expect(at(story, dakar.from)).toMatchObject({ state: "CLOSED_WITH_DATA", refused: [{ reason: "OUT_OF_TURN" }] });
  });
}); // prettier-ignore
