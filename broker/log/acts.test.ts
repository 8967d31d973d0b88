import { expect, it } from "vitest";

import { decodeLogAnswer, encodeLogActQuestion } from "../../schemas/index.ts";
import { sha256, systemClock, utf8 } from "../../schemas/ground/index.ts";
import { makeActDesk } from "./acts.ts";
import type { Book } from "./book.ts";
import { makeEmptyHead } from "./head.ts";

const question = encodeLogActQuestion({
  act: "AUDITOR_READ",
  commitment: sha256(utf8("line")),
  sequence: 1,
});

it("an agency that enters act upon act waits for the next hour, and keeps nobody else from it", () => {
  const at = { elapsed: 0 };
  const desk = makeActDesk({
    book: () => ({ state: { head: makeEmptyHead(), entry: 0 } }) as unknown as Book,
    pending: { has: () => false, offer: () => undefined },
    positions: { find: () => undefined },
    wake: () => undefined,
    clock: { ...systemClock, elapsed: () => at.elapsed },
  });
  const put = (origin: string): string | undefined =>
    decodeLogAnswer(desk.enterAct(origin, question)).refused;
  const all = Array.from({ length: 121 }, () => put("gh/fiu"));
  expect(all.filter((one) => one === undefined)).toHaveLength(120);
  expect([all.at(-1), put("ng/tcu")]).toEqual(["QUOTA_EXCEEDED", undefined]);
  at.elapsed = 3_600_000;
  expect(put("gh/fiu")).toBeUndefined();
});

it("while the log is not open nothing is taken", () => {
  const desk = makeActDesk({
    book: () => undefined,
    pending: { has: () => false, offer: () => expect.unreachable() },
    positions: { find: () => undefined },
    wake: () => undefined,
    clock: systemClock,
  });
  expect(decodeLogAnswer(desk.enterAct("gh/fiu", question)).refused).toBe("HUB_STREAM_WRITE_FAILED");
}); // prettier-ignore
