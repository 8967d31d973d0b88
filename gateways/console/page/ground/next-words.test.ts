import { describe, expect, it } from "vitest";

import { nextWords } from "./next-words.ts";
import type { Matter } from "./threads.ts";

const matter = (more: Partial<Matter>): Matter => ({
  workflow: "REQUEST", state: "SENT", stateName: "", opening: "ask", opener: "ng/tcu", other: "gh/tcu", isEnded: false,
  waitingOn: [], next: [], barred: [], awaited: [], leads: [], messages: [], refused: [], ...more,
}); // prettier-ignore

const next = [
  { agency: "gh/tcu", type: "reply.final" },
  { agency: "ng/tcu", type: "request.remind" },
  { agency: "ng/tcu", type: "feedback.report" },
];

describe("nextWords", () => {
  it("are those of one's own agency alone, about what opened the matter", () => {
    const matters = [matter({ next, messages: ["ask", "answer"] })];
    expect(nextWords({ matters }, { id: "ask", box: "in" }, "gh/tcu")).toEqual([{ type: "reply.final", about: "ask" }]);
    expect(nextWords({ matters }, { id: "answer", box: "out" }, "gh/tcu")).toEqual([{ type: "reply.final", about: "ask" }]);
  });

  it("what came of it is said of the answer that came, and not of the question", () => {
    const matters = [matter({ next, messages: ["ask", "answer"] })];
    const words = nextWords({ matters }, { id: "answer", box: "in" }, "ng/tcu");
    expect(words).toContainEqual({ type: "feedback.report", about: "answer" });
    expect(nextWords({ matters }, { id: "ask", box: "out" }, "ng/tcu")).toEqual([{ type: "request.remind", about: "ask" }]);
  });

  it("of other matters of the thread are none of this message's", () => {
    const matters = [matter({ next, opening: "other", messages: ["other"] })];
    expect(nextWords({ matters }, { id: "ask", box: "in" }, "gh/tcu")).toEqual([]);
  });

  it("of a matter with each of several agencies stand there once", () => {
    const matters = [matter({ next }), matter({ next, other: "sn/tcu" })];
    expect(nextWords({ matters }, { id: "ask", box: "out" }, "ng/tcu")).toHaveLength(1);
  });
}); // prettier-ignore
