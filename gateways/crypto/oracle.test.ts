import { beforeAll, describe, expect, it } from "vitest";

import { makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { makeFeedForm, makeNamedForm, type SealedForm } from "../../test/timing/malformed.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { makeProblem } from "../api/problem.ts";

/** Bodies in all; each is opened once. */
const runs = 10_000;
const forms = new Map<string, SealedForm>();

beforeAll(async () => {
  const world = await makeGatewayWorld(["ng/fiu", "gh/fiu"], { now: 1_780_272_000_000 });
  for (const form of [makeNamedForm(world), makeFeedForm()]) forms.set(form.name, form);
});

/** All that anybody could tell one failure from another by, but for its time; the cause is the operator's. */
async function answerOf(form: SealedForm, sealed: Uint8Array): Promise<string> {
  try {
    const opened = await form.open(sealed);
    return `opened ${opened.length} bytes`;
  } catch (error) {
    if (!(error instanceof Fault)) return `no fault: ${String(error)}`;
    const { name, message, code, detail, violations } = error;
    const body = makeProblem(error, "trace");
    return JSON.stringify({ name, message, code, detail, violations, body });
  }
}

describe("T-30: opening is no oracle", () => {
  it.each(["named recipients", "feed"])(
    "%s: 5,000 bodies that fail in every way there is have one code, one detail and one body",
    async (name) => {
      const form = forms.get(name)!;
      const [first] = form.failures;
      const said = await answerOf(form, await first!.make());
      expect(said).toContain('"code":"BODY_CANNOT_BE_OPENED"');
      const answers = new Map<string, Set<string>>();
      for (let run = 0; run < runs / forms.size; run += 1) {
        const { name: way, make } = form.failures[run % form.failures.length]!;
        const answer = await answerOf(form, await make());
        if (answer !== said) answers.set(answer, (answers.get(answer) ?? new Set()).add(way));
      }
      expect([...answers]).toEqual([]);
    },
  );

  it.each(["named recipients", "feed"])("%s: a body that nobody changed opens", async (name) => {
    const form = forms.get(name)!;
    expect(await answerOf(form, await form.good())).toBe("opened 1200 bytes");
  });
});
