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
});
