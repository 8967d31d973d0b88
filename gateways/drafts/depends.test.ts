import { describe, expect, it } from "vitest";

import {
  bodyMessageName,
  descriptors,
  isKnownType,
  type MessageType,
  messageTypes,
} from "../../schemas/index.ts";
import { exampleInstant as now, exampleOf } from "../../schemas/examples/index.ts";
import { checkSubmission } from "../../schemas/explain/index.ts";
import { isFault } from "../../schemas/ground/index.ts";
import type { MessageDetail } from "../exchange/index.ts";
import { dependsOf } from "./depends.ts";
import { draftAnswer } from "./index.ts";

type Json = Record<string, unknown>;

/** A good message of a type, as it lies in the inbox. */
function received(type: MessageType): MessageDetail {
  const { originator, crimes, handling, inner, body, recipients = [] } = exampleOf(type);
  return {
    id: "018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b",
    box: "in",
    originator,
    type,
    crimes,
    recs: recipients.length === 0 ? ["ecowas"] : [],
    handling,
    urgency: "ROUTINE",
    status: "ACTUAL",
    createdAt: now,
    expiresAt: now + 1,
    storedAt: now,
    state: "VERIFIED",
    recipients,
    form: "SEALED",
    inner,
    body,
    audience: [],
    ladder: [],
    bytes: 1,
  };
}

function answerOf(asked: MessageType, wanted: string | null): Json | undefined {
  try {
    return JSON.parse(JSON.stringify(draftAnswer(received(asked), wanted))) as Json;
  } catch (error) {
    if (isFault(error, "REQUEST_INVALID")) return undefined;
    throw error;
  }
}

const valueAt = (from: unknown, path: string): unknown =>
  path.split("/").slice(1).reduce((held: unknown, step) => (held as Json | undefined)?.[step], from); // prettier-ignore

function fill(draft: Json, path: string, value: unknown): void {
  const steps = path.split("/").slice(1);
  const last = steps.pop() ?? "";
  const place = steps.reduce((held, step) => (held[step] ??= {}) as Json, draft);
  place[last] = value;
}

/** What is still wrong with an answer once everything it names is filled in as the example of its type has it. */
function wrongWhenFilled(draft: Json): readonly string[] {
  const type = draft["type"] as MessageType;
  const example = exampleOf(type);
  const place = { now, originator: example.originator };
  const { violations } = checkSubmission(draft, place);
  for (const { path } of [...violations, ...dependsOf(type)]) {
    const good = valueAt(example, path);
    if (good !== undefined) fill(draft, path, good);
  }
  return checkSubmission(draft, place).violations.map(({ code, path }) => `${code} ${path}`);
}

/** Every type that says it answers something, whatever that is. */
const answers = messageTypes.filter((type) => "inReplyTo" in exampleOf(type).inner);

describe("the beginning of an answer names all that an answer needs", () => {
  const usual = messageTypes.flatMap((asked) => {
    const draft = answerOf(asked, null);
    return draft === undefined ? [] : [[asked, String(draft["type"]), draft] as const];
  });

  it.each(usual)("%s is answered with a good %s by filling in what is named", (_asked, _answer, draft) => {
    expect(wrongWhenFilled(draft)).toEqual([]);
  }); // prettier-ignore

  it.each(answers)("a good %s comes of it, whatever it answers", (wanted) => {
    const draft = answerOf("request.information", wanted) ?? {};
    expect(wrongWhenFilled(draft)).toEqual([]);
  });

  it("names the message it is about wherever its type must name one", () => {
    const lacking = messageTypes.flatMap((wanted) => {
      const { body } = (answerOf("request.information", wanted) ?? {}) as { body: Json };
      const fields = descriptors[bodyMessageName(wanted)]?.fields ?? [];
      const needed = fields.filter(({ format, required, min = 0 }) => format === "uuid7" && (required || min > 0)); // prettier-ignore
      return needed.filter(({ name }) => body[name] === undefined).map(({ name }) => `${wanted} ${name}`); // prettier-ignore
    });
    expect(lacking).toEqual([]);
  });

  it("there is an answer to many types, and of many types", () => {
    expect(usual.length).toBeGreaterThan(40);
    expect(answers.length).toBeGreaterThan(20);
  });
});

describe("what an answer needs depending on what it says", () => {
  const pathsOf = (type: string): readonly string[] =>
    isKnownType(type) ? dependsOf(type).map(({ path }) => path) : [];

  it("a hit is graded: the evaluation stands in the inner header, where no fault of the body points", () => {
    expect(pathsOf("reply.final")).toContain("/inner/evaluation");
    expect(pathsOf("core_data.reply")).toContain("/inner/evaluation");
  });

  it("what is always wanted is not among it, nor what may be left out", () => {
    expect(pathsOf("reply.final")).not.toContain("/body/outcome");
    expect(pathsOf("reply.final")).not.toContain("/inner/caseRef");
  });

  it("names places and rules, and holds nothing that the example says", () => {
    for (const type of answers) {
      for (const one of dependsOf(type)) {
        expect(Object.keys(one)).toEqual(["path", "code"]);
        expect(one.path).toMatch(/^\/(?:inner|body)\/[A-Za-z]+$/);
        expect(one.code).toMatch(/^RULE_[A-Z0-9_]+$/);
      }
    }
  });
});
