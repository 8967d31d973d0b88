import { describe, expect, it } from "vitest";

import type { MessageDetail } from "../exchange/index.ts";
import { draftAnswer } from "./answer.ts";

const request: MessageDetail = {
  id: "018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b",
  box: "in",
  originator: "gh/fiu",
  type: "fiu.request",
  crimes: ["ml"],
  recs: [],
  handling: "H2",
  urgency: "NORMAL",
  status: "ACTUAL",
  createdAt: 0,
  expiresAt: 1,
  storedAt: 0,
  state: "VERIFIED",
  recipients: ["ng/fiu"],
  form: "SEALED",
  inner: {},
  body: {},
  audience: [],
  ladder: [],
  bytes: 1,
};

describe("the beginning of an answer", () => {
  it("to an exercise is an exercise too, and to a real message a real one", () => {
    for (const status of ["EXERCISE", "ACTUAL"]) {
      expect(draftAnswer({ ...request, status }, null)).toMatchObject({
        status,
        type: "fiu.reply",
      });
    }
  });

  it("to a step of the way names that step, and not the one before it", () => {
    const body = { step: "AMENDED", targetId: "018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0c" };
    const changed = { ...request, type: "jit.proposal", body };
    expect(draftAnswer(changed, null)).toMatchObject({
      type: "jit.proposal",
      body: { targetId: request.id },
    });
  });

  it("stands in the thread of what it answers, whether that names it or only answers a message of it", () => {
    const other = "018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0c";
    expect(draftAnswer(request, null).threadId).toBe(request.id);
    expect(draftAnswer({ ...request, threadId: other }, null).threadId).toBe(other);
    expect(draftAnswer({ ...request, inReplyTo: other }, null)).not.toHaveProperty("threadId");
  });

  it("to a result of a check names the check as well as the result", () => {
    const inner = { inReplyTo: "018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0c" };
    const draft = draftAnswer({ ...request, type: "query.result", inner }, null);
    expect(draft).toMatchObject({
      type: "core_data.request",
      body: { queryId: inner.inReplyTo, resultId: request.id },
    });
  });
});

describe("the next word on a message of ours", () => {
  const own: MessageDetail = { ...request, box: "out", originator: "ng/fiu", recipients: ["gh/fiu", "sn/fiu"] };

  it("goes to those it went to, and is about it", () => {
    expect(draftAnswer(own, "request.remind")).toMatchObject({
      type: "request.remind",
      recipients: ["gh/fiu", "sn/fiu"],
      inReplyTo: own.id,
      body: { targetId: own.id },
    });
  });

  it("that it is to be looked at again names its days: those it says itself, or its end", () => {
    const days = { reviewBy: "2026-05-01T00:00:00Z", deleteBy: "2026-06-01T00:00:00Z" };
    const said = draftAnswer({ ...own, inner: days }, "data.review_due");
    expect(said.body).toEqual({ targetIds: [own.id], reviewAt: days.reviewBy, deletionAt: days.deleteBy });
    const end = "1970-01-01T00:00:00.001Z";
    const feed = { ...own, recipients: [], audience: ["ng/fiu", "gh/tcu"] };
    expect(draftAnswer(feed, "data.review_due")).toMatchObject({ recipients: ["gh/tcu"], body: { reviewAt: end, deletionAt: end } });
  });
}); // prettier-ignore
