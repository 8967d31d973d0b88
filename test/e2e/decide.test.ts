import { beforeAll, describe, expect, it } from "vitest";

import { decide, type Question } from "../../certs/trust/index.ts";
import { makeDraw } from "../fuzz/draw.ts";
import { everyCrime, everyHandling, feedTypes } from "../kit/rights-cells.ts";
import { type RightsReport, runRights } from "../kit/rights-run.ts";

// `node test/rights/main.ts` goes through more seeds, and through every cell after each change as well
const seed = process.env["ATUMPAN_RIGHTS_SEED"] ?? "rights 1";
const now = Date.now();
let report: RightsReport;

beforeAll(async () => {
  report = await runRights({ seed, thrift: 12 });
}, 900_000);

describe(`a drawn register of 60 agencies, seed "${seed}"`, () => {
  it("what decide says is what a real connection gets, in every cell and mailbox, as the register changes", () => {
    expect(report.wrong).toEqual([]);
  });

  it("yes and no were both said, of every kind, so that agreeing means something", () => {
    const { counts } = report;
    const kinds = ["feed accepted", "feed MANDATE_MISSING", "feed MANDATE_SUSPENDED", "direct accepted", "direct MANDATE_MISSING"]; // prettier-ignore
    for (const kind of [...kinds, "handed out", "withheld", "withheld within one state"]) {
      expect([kind, (counts[kind] ?? 0) > 50]).toEqual([kind, true]);
    }
    expect(counts["links refused"]).toBeGreaterThan(0);
    expect(counts["readers who tried to read past it"]).toBeGreaterThan(50);
  });

  it("the cells tried stand for all there are: no question is answered otherwise than its cell's", () => {
    const { views, cells } = report;
    const { types, crimes, handlings } = cells;
    const draw = makeDraw(`${seed} questions`);
    const answers = { yes: 0, no: 0 };
    for (const view of views) {
      expect(view.agencies.filter(({ kind }) => kind !== "HUB")).toHaveLength(60);
      const names = view.agencies.map(({ agency }) => agency);
      for (let i = 0; i < 20_000; i += 1) {
        const agency = draw.oneOf(names) ?? "";
        const action = draw.pick(["PUBLISH", "READ"] as const);
        const originator = action === "READ" ? (draw.oneOf(names) ?? "") : agency;
        const [type, crime, handling] = [feedTypes, everyCrime, everyHandling].map((list) => draw.oneOf(list) ?? ""); // prettier-ignore
        const asked = { action, agency, originator, scope: draw.oneOf(view.recs) ?? "" };
        const question: Question = { ...asked, type: type!, crime: crime!, handling: handling! };
        const chosen: Question = {
          ...asked,
          type: types.standsFor.get(type!) ?? "",
          crime: crimes.standsFor.get(crime!) ?? "",
          handling: handlings.standsFor.get(handling!) ?? "",
        };
        const at = now + (i % 2) * 3_600_000;
        const [one, other] = [decide(view, question, at), decide(view, chosen, at)];
        answers[one.allow ? "yes" : "no"] += 1;
        if (one.allow !== other.allow) expect({ question, one }).toEqual({ question: chosen, one: other }); // prettier-ignore
      }
    }
    expect(Math.min(answers.yes, answers.no)).toBeGreaterThan(1000);
  });
});
