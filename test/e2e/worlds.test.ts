import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { audienceOf, type AudienceHeader } from "../../certs/trust/index.ts";
import { keptFromNobody } from "../kit/kept-from-nobody.ts";
import { believesAll } from "../kit/believes-all.ts";
import { type GatewayWorld, makeGatewayWorld } from "../kit/gateway-world.ts";
import { type Course, courseAgencies, runCourse } from "../kit/protected-course.ts";
import { drawnAgencies, drawnNow, drawRegister, drawState, viewOf } from "../kit/register-draw.ts";
import { readTree } from "../kit/read-tree.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";
import { readersOf } from "../../gateways/release/index.ts";
import { isFault, makeSeededChance, parseUuid, toFault } from "../../schemas/ground/index.ts";

const seed = process.env["ATUMPAN_WORLDS_SEED"] ?? "worlds 1";
const courses = 6;

describe(`worlds of eight agencies in four states, seed "${seed}"`, () => {
  const found: Course[] = [];
  const done = (pattern: RegExp): { sent: number; refused: number } => {
    const counts = found.flatMap((one) => [...one.done].filter(([act]) => pattern.test(act)));
    return {
      sent: counts.reduce((sum, [, { sent }]) => sum + sent, 0),
      refused: counts.reduce((sum, [, { refused }]) => sum + refused, 0),
    };
  };

  beforeAll(async () => {
    const world: GatewayWorld = await makeGatewayWorld(courseAgencies, { now: drawnNow });
    for (let i = 0; i < courses; i += 1) {
      found.push(await runCourse(world, { seed: `${seed} ${i}`, acts: 100 }));
    }
  });

  it("nothing of a protected person is with a state he is protected from, nor seen there: message, answer, hit, consent, copy or key", () => {
    expect(found.flatMap(({ leaks }) => leaks)).toEqual([]);
  });

  it("enough was sent, and tried in vain, for that to mean something", () => {
    for (const act of [/^new alert/, /^new fiu/, /^hit\.notice$/, /^fiu\.consent/, /^reply\.final$/, /^copy$/, /^data\.correct$/, /^translation/, /^a key is asked/]) {
      expect([act, done(act).sent > 0]).toEqual([act, true]);
    }
    const inVain = done(/to one it is kept from$/);
    expect(inVain.sent).toBe(0);
    expect(inVain.refused).toBeGreaterThan(20);
    const copies = done(/^copy for one it is kept from$/);
    expect([copies.sent, copies.refused > 5]).toEqual([0, true]);
  }); // prettier-ignore
});

describe("over a real hub", () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ states: ["ng", "gh", "sn"] });
  });

  afterAll(async () => {
    await world?.stop();
  });

  it("the protected state's gateways hold no byte of it, nor of what goes back to it", async () => {
    const gateways = await Promise.all(["ng/fiu", "gh/fiu", "sn/fiu"].map((one) => world.gateway(one)));
    const [ng, gh, sn] = gateways.map(({ exchange }) => exchange);
    const mark = "MARK-OF-ONE-PROTECTED";
    const kept = { inner: { caseRef: mark, purposes: ["AML_CFT_ANALYSIS"], protectedFrom: ["SN"] } };
    const first = await ng!.submit(example("fiu-request", kept), "first");
    await until("gh/fiu holds it", () => gh!.find(first.id)?.state === "VERIFIED");
    const answer = await gh!.submit(example("fiu-reply", { inReplyTo: first.id, inner: { caseRef: mark, purposes: ["AML_CFT_ANALYSIS"] } }), "answer");
    await until("ng/fiu holds the answer", () => ng!.find(answer.id)?.state === "VERIFIED");
    for (const [exchange, id] of [[ng!, answer.id], [gh!, first.id]] as const) {
      const onward = example("fiu-request", { recipients: ["sn/fiu"], inReplyTo: id });
      const refused = await exchange.submit(onward, "onward").catch((error: unknown) => toFault(error, "INTERNAL"));
      expect(isFault(refused) && refused.violations.map(({ code }) => code)).toContain("RULE_RECIPIENT_KEPT_FROM");
      expect(() => exchange.copy(id, { kind: "COURT", to: "sn/fiu" })).toThrow("RULE_RECIPIENT_KEPT_FROM");
    }
    // what comes after it has come, so all that was before has too
    const last = await ng!.submit(example("fiu-request", { recipients: ["sn/fiu"] }), "last");
    await until("sn/fiu holds the last", () => sn!.find(last.id)?.state === "VERIFIED");
    const dir = world.layout.gateway("sn/fiu");
    const held = Buffer.concat([...readTree(dir)].map(({ bytes }) => bytes));
    expect(held.includes(Buffer.from(parseUuid(last.id)))).toBe(true);
    for (const trace of [mark, first.id, answer.id, Buffer.from(parseUuid(first.id)), Buffer.from(parseUuid(answer.id))]) {
      expect(held.includes(trace)).toBe(false);
    }
  }); // prettier-ignore
});

const header: fc.Arbitrary<AudienceHeader> = fc.record({
  originator: fc.constantFrom(...Object.values(drawnAgencies).flat()),
  type: fc.constantFrom("bulletin.red_flag", "alert.incident"),
  recs: fc.constantFrom([], ["ecowas"]),
  crimes: fc.constantFrom([], ["drugs"], ["drugs", "arms"], ["sorcery"]),
  handling: fc.constantFrom("H0", "H1", "H2", "H3", "H9"),
  kept: fc.constantFrom(
    undefined,
    { states: ["GH"], agencies: [] },
    { states: [], agencies: ["sn/tcu"] },
  ),
});
const stateOf = (agency: string): string => agency.split("/")[0] ?? "";

describe("an audience, over any register", () => {
  it("whatever one state changes of its own part, no other state's agency comes into the audience of another's message", () => {
    const actor = fc.constantFrom(...Object.keys(drawnAgencies));
    const act = actor.chain((name) => fc.tuple(fc.constant(name), drawState(name)));
    let gained = 0;
    fc.assert(
      fc.property(drawRegister, act, header, (register, [name, part], said) => {
        if (stateOf(said.originator) === name) return;
        const after = { ...register, states: { ...register.states, [name]: part } };
        const before = audienceOf(viewOf(register), said, drawnNow);
        const more = audienceOf(viewOf(after), said, drawnNow).filter((one) => !before.includes(one));
        gained += more.length;
        // its own agencies may come in, where the originator's state lets that state's agencies read
        expect(more.filter((one) => stateOf(one) !== name)).toEqual([]);
        const closed = { ...after.states[stateOf(said.originator)]!, release: [] };
        const shut = { ...after, states: { ...after.states, [stateOf(said.originator)]: closed } };
        expect(audienceOf(viewOf(shut), said, drawnNow).filter((one) => more.includes(one))).toEqual([]);
      }),
      { numRuns: 1500 },
    );
    expect(gained).toBeGreaterThan(0);
  }); // prettier-ignore

  it("that is empty sends nothing, and one that is not is exactly who decide says", () => {
    const counts = { sent: 0, refused: 0 };
    fc.assert(
      fc.property(drawRegister, header, (register, said) => {
        const { originator, type, kept = { states: [], agencies: [] }, ...rest } = said;
        const view = viewOf(register);
        const place = {
          register: view,
          agency: originator,
          now: drawnNow,
          chance: makeSeededChance("empty"),
          believes: believesAll,
          keptByReference: keptFromNobody,
        };
        // without a community it would be mail to nobody
        if (rest.recs.length === 0) return;
        const asked = { ...rest, type, crimes: [...rest.crimes], recipients: [], purposes: [], kept } as never;
        const decided = audienceOf(view, said, drawnNow);
        const reached = audienceOf(view, { ...said, kept: undefined }, drawnNow);
        const isProtectedReached = reached.some((one) => kept.states.includes(stateOf(one).toUpperCase()));
        try {
          const readers = readersOf(asked, place);
          counts.sent += 1;
          expect(readers.length).toBeGreaterThan(0);
          expect(readers).toEqual(decided);
          expect(isProtectedReached).toBe(false);
        } catch (error) {
          if (!isFault(error)) throw error;
          counts.refused += 1;
          // of these registers' agencies none has a key, so nothing sealed has an audience
          const isEmpty = decided.length === 0 || type === "alert.incident";
          expect([error.code, isProtectedReached || isEmpty]).toEqual([isProtectedReached ? "FEED_REACHES_PROTECTED" : "SEAL_NO_RECIPIENTS", true]);
        }
      }),
      { numRuns: 1500 },
    );
    expect(Math.min(counts.sent, counts.refused)).toBeGreaterThan(20);
  }); // prettier-ignore
});
