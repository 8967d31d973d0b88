import { describe, expect, it } from "vitest";

import { statisticsShape } from "./statistics-choice.ts";

describe("`statistics` in gateway.json", () => {
  it.each<[unknown, boolean]>([
    [{}, true],
    [{ exchange: "DRAFT" }, true],
    [{ exchange: "SEND", sends: false, period: "MONTH" }, true],
    // that figures of crime are sent says nothing of those of the exchange
    [{ exchange: true }, false],
    [{ exchange: "YES" }, false],
    [{ exchange: "" }, false],
    [{ exchanges: "DRAFT" }, false],
  ])("%j is taken: %s", (...row) => {
    const [choice, isTaken] = row;
    expect(statisticsShape.safeParse(choice).success).toBe(isTaken);
  });
});
