import { describe, expect, it } from "vitest";

import { laneOf } from "../../test/kit/lane-of.ts";
import { hourMs, storyStart, storyTime, type Story, tellStory } from "../../test/kit/story.ts";
import { consentStanding } from "./consent-standing.ts";
import { standingTerms } from "./index.ts";

function ask(): Story {
  const story = tellStory();
  story.say({
    from: "gh/ncb",
    to: ["sn/tcu"],
    type: "dissemination.consent_request",
    at: 0,
    body: { decideBy: storyTime(100) },
  });
  return story;
}

function standingAt(story: Story, hours: number): string {
  return consentStanding(laneOf(story, "CONSENT"), standingTerms, storyStart + hours * hourMs);
}

describe("how a question for consent stands", () => {
  it("no answer by the clock is a refusal, from the very moment on", () => {
    const story = ask();
    expect([99, 100, 5000].map((hours) => standingAt(story, hours))).toEqual([
      "PENDING",
      "NO_ANSWER",
      "NO_ANSWER",
    ]);
  });

  it("a grant expires by itself", () => {
    const story = ask();
    story.say({
      from: "sn/tcu",
      to: ["gh/ncb"],
      type: "dissemination.consent_decision",
      at: 10,
      body: {
        grant: {
          uses: ["ONWARD_LE"],
          recipients: [{ agency: "gh/nacoc" }],
          purposes: ["INVESTIGATION"],
          crimes: ["drugs"],
          validUntil: storyTime(300),
          consentConditions: ["REPORT_USE"],
        },
      },
    });
    expect([200, 300].map((hours) => standingAt(story, hours))).toEqual(["GRANTED", "EXPIRED"]);
  });

  it("what was refused or taken back stays so, whatever the clock says", () => {
    const story = ask();
    const said = { from: "gh/ncb", to: ["sn/tcu"], type: "request.withdraw" } as const;
    story.say({ ...said, at: 20 });
    expect([30, 5000].map((hours) => standingAt(story, hours))).toEqual(["WITHDRAWN", "WITHDRAWN"]);
  });
});
