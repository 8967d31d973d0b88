import { describe, expect, it } from "vitest";

import {
  dayMs,
  hourMs,
  shuffled,
  storyStart,
  storyTime,
  type Story,
  tellStory,
} from "../../test/kit/story.ts";
import { type Breach, readWatched, type Watched } from "./breaches.ts";
import { standingTerms } from "./terms.ts";
import type { Step } from "./step.ts"; // prettier-ignore

const asker = "gh/tcu";
const asked = "sn/tcu";
const byAsked = { from: asked, to: [asker] } as const;
const byAsker = { from: asker, to: [asked] } as const;
const delivered = (): number => storyStart;

function begin(): Story {
  const story = tellStory();
  story.say({
    ...byAsker,
    type: "request.information",
    at: 0,
    urgency: "NORMAL",
    body: { replyBy: storyTime(168) },
  });
  return story;
}

function watch(steps: Iterable<Step>, hours: number): Watched {
  return readWatched({ steps, delivered }, standingTerms, storyStart + hours * hourMs);
}

function seen(
  breaches: readonly Breach[],
): readonly (readonly [string, number, number | undefined, number | undefined])[] {
  const hours = (at: number | undefined): number | undefined =>
    at === undefined ? undefined : (at - storyStart) / hourMs;
  return breaches.map(({ closing, by, endedAt, escalatedAt }) => [
    closing,
    (by - storyStart) / hourMs,
    hours(endedAt),
    hours(escalatedAt),
  ]);
}

const breachesAt = (story: Story, hours: number) => seen(watch(story.steps, hours).breaches);

describe("deadlines that pass", () => {
  it("are none while they are ahead, and once they passed are told with what was awaited and until when", () => {
    const story = begin();
    expect(breachesAt(story, 24)).toEqual([]);
    expect(breachesAt(story, 24.001)).toEqual([["ACKNOWLEDGEMENT", 24, undefined, undefined]]);
  });

  it("say when time alone changes something: the next deadline, or the moment it is overdue twice", () => {
    const story = begin();
    const next = (hours: number): number => ((watch(story.steps, hours).nextAt ?? Number.NaN) - storyStart) / hourMs;
    expect([next(0), next(25), next(49)]).toEqual([24, 48, 168]);
    // it is overdue twice by then: time alone makes it no worse
    expect(watch(story.steps, 169).nextAt).toBeUndefined();
  });

  it("are overdue twice when the time of an acknowledgement goes by once more", () => {
    const story = begin();
    expect(breachesAt(story, 48)).toEqual([["ACKNOWLEDGEMENT", 24, undefined, undefined]]);
    expect(breachesAt(story, 48.001)).toEqual([["ACKNOWLEDGEMENT", 24, undefined, 48]]);
  });

  it("are overdue twice with the second deadline that one agency misses in a matter", () => {
    const story = begin();
    story.say({ ...byAsked, type: "request.acknowledge", at: 30 });
    expect(breachesAt(story, 169)).toEqual([
      ["ACKNOWLEDGEMENT", 24, 30, undefined],
      ["RESULT", 168, undefined, 168],
    ]);
  });

  it("an answer ends a breach and takes nothing back: it stays on record with when it ended", () => {
    const story = begin();
    story.say({ ...byAsked, type: "request.acknowledge", at: 2 });
    story.say({ ...byAsked, type: "reply.final", at: 180 });
    expect(breachesAt(story, 200)).toEqual([["RESULT", 168, 180, undefined]]);
  });

  it("more time takes a deadline away that is ahead, and none that has passed", () => {
    const story = begin();
    story.say({ ...byAsked, type: "request.acknowledge", at: 2 });
    story.say({ ...byAsked, type: "request.extend", at: 100, body: { dueAt: storyTime(90), newReplyBy: storyTime(300) } });
    expect(breachesAt(story, 250)).toEqual([]);
    story.say({ ...byAsked, type: "request.extend", at: 310, body: { dueAt: storyTime(90), newReplyBy: storyTime(400) } });
    expect(breachesAt(story, 350)).toEqual([["RESULT", 300, 310, undefined]]);
    expect(breachesAt(story, 401)).toEqual([["RESULT", 300, 310, undefined], ["RESULT", 400, undefined, 400]]);
  });

  it("are none while the clock stands, nor where an interim reply says until when another authority is waited for", () => {
    const story = begin();
    story.say({ ...byAsked, type: "request.acknowledge", at: 2 });
    story.say({ ...byAsked, type: "request.more_info", at: 24, body: { clockStopped: true, answerBy: storyTime(400) } });
    expect(breachesAt(story, 300)).toEqual([]);
    story.say({ ...byAsker, type: "request.answer", at: 310 });
    story.say({ ...byAsked, type: "reply.interim", at: 320, body: { expectedBy: storyTime(900), waitingOn: ["COURT"] } });
    expect(breachesAt(story, 800)).toEqual([]);
  });

  it("stop with a transfer: who handed it on is waited for no longer", () => {
    const story = begin();
    story.say({ ...byAsked, type: "request.transfer", at: 20, body: { itemCodes: [] } });
    expect(breachesAt(story, 5_000).filter(([closing]) => closing !== "FEEDBACK")).toEqual([]);
  });

  it("what was sent in time is none, however late it came", () => {
    const story = begin();
    expect(breachesAt(story, 30)).toHaveLength(1);
    story.say({ ...byAsked, type: "request.acknowledge", at: 23 });
    expect(breachesAt(story, 31)).toEqual([]);
  });

  it("are the same for both parties, in whatever order messages came and however often", () => {
    const story = begin();
    story.say({ ...byAsked, type: "request.acknowledge", at: 30 });
    story.say({ ...byAsked, type: "reply.interim", at: 100, body: { expectedBy: storyTime(200) } });
    story.say({ ...byAsked, type: "reply.final", at: 260 });
    const told = breachesAt(story, 2_000);
    expect(told.map(([closing]) => closing)).toEqual(["ACKNOWLEDGEMENT", "RESULT", "FEEDBACK"]);
    for (let seed = 0; seed < 20; seed += 1) {
      const steps = shuffled([...story.steps, ...story.steps.slice(1)], `order ${seed}`);
      expect(seen(watch(steps, 2_000).breaches)).toEqual(told);
    }
  });

  it("of a feed that nobody took up nobody is late", () => {
    const story = tellStory();
    story.say({ from: asker, to: [], type: "alert.incident", at: 0 });
    expect(watch(story.steps, 90 * (dayMs / hourMs)).breaches.filter(({ of }) => of === "")).toEqual([]);
  });
}); // prettier-ignore
