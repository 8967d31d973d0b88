import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type Agreement, type Mandate, typeOptions } from "../../schemas/index.ts";
import {
  type BareRegister,
  type BareState,
  drawnNow as at,
  drawQuestion,
  drawRegister,
  drawState,
  silentState,
  viewOf,
} from "../../test/kit/register-draw.ts";
import { decide, hasRight } from "./decide.ts";
import { denialReasons } from "./denial.ts";
import type { Question } from "./question.ts";

const stateOf = (agency: string): string => agency.split("/")[0] ?? "";
const holds = ({ from, until }: { from: number; until?: number | undefined }): boolean =>
  from <= at && at < (until ?? Infinity);

/** Whether one list names a type: said again in other words than the code's. */
const namesType = (list: readonly string[], type: string | undefined): boolean =>
  type === undefined || list.some((one) => new RegExp(`^${one.replace(".", "\\.").replace("*", ".*")}$`).test(type)); // prettier-ignore
const crimesOf = ["drugs", "arms"];
const namesCrime = (list: readonly string[], crime: string | undefined): boolean =>
  crime === undefined || (crimesOf.includes(crime) && (list.includes("*") || list.includes(crime)));
const order = ["H0", "H1", "H2", "H3"];
const isUpTo = (most: string, code: string): boolean => order.indexOf(code) <= order.indexOf(most);

/** Which lines of the originator's own part speak of this reader now, and which of them of this message. */
function findSpeaking(register: BareRegister, question: Question) {
  const { agency, originator, type, crime, handling } = question;
  const state = register.states[stateOf(originator)] ?? silentState;
  const kind = register.states[stateOf(agency)]?.agencies.find((one) => one.agency === agency)?.kind ?? ""; // prettier-ignore
  const speaking = state.release.filter(
    (rule) =>
      holds(rule) &&
      [
        [rule.originators, originator],
        [rule.authorities, stateOf(agency)],
        [rule.kinds, kind],
        [rule.agencies, agency],
      ].every(([list, value]) => list!.length === 0 || list!.includes(value as string)) &&
      isUpTo(rule.handlingUpTo ?? "H3", handling),
  );
  const speaksOf = (rule: (typeof speaking)[number], hidden: boolean): boolean =>
    (rule.types.length === 0 || (type === undefined ? hidden : namesType(rule.types, type))) &&
    (rule.crimes.length === 0 ||
      (crime === undefined ? hidden : rule.crimes.includes(crime) || rule.crimes.includes("*")));
  const denying = speaking.filter((rule) => rule.effect === "DENY" && speaksOf(rule, false));
  const allowing = speaking.filter((rule) => rule.effect === "ALLOW" && speaksOf(rule, true));
  return { denying, allowing };
}

/** The rules of the release policy alone: does the originator's own part let this reader read, promises given? */
function admits(register: BareRegister, question: Question, promised: (name: string) => boolean) {
  const { denying, allowing } = findSpeaking(register, question);
  return denying.length === 0 && allowing.some((rule) => rule.askedAssurances.every(promised));
}

/** Of one state's own only a line that denies and names that state or that reader says anything. */
function keepsWithin(register: BareRegister, question: Question): boolean {
  const { agency } = question;
  const names = [agency, stateOf(agency)];
  return findSpeaking(register, question).denying.some(({ agencies, authorities }) =>
    [...agencies, ...authorities].some((one) => names.includes(one)),
  );
}

type Line = Pick<Mandate, "types" | "crimes" | "handlingUpTo" | "from" | "until">;

function covers({ type, crime, handling }: Question, line: Line): boolean {
  return (
    holds(line) &&
    namesType(line.types, type) &&
    namesCrime(line.crimes, crime) &&
    isUpTo(line.handlingUpTo, handling)
  );
}

function isOurs({ agency, action, scope }: Question, line: Mandate): boolean {
  return line.agency === agency && line.action === action && line.scope === scope;
}

/** An agreement binds when all parties hold it, both sides are in it, and it is for this. */
function binds(register: BareRegister, question: Question, one: Agreement): boolean {
  const { agency, action, originator, recipient, scope, purposes } = question;
  const other = action === "READ" ? originator : recipient;
  const isHeld = one.parties.every((party) =>
    (register.states[party]?.agreements ?? []).some(
      (same) => JSON.stringify(same) === JSON.stringify(one),
    ),
  );
  const sides = other === undefined ? [agency] : [agency, other];
  const isNamed = sides.every(
    (side) =>
      one.parties.includes(stateOf(side)) &&
      (one.partyAgencies.length === 0 || one.partyAgencies.includes(side)),
  );
  const isForeign = other === undefined || stateOf(other) !== stateOf(agency);
  const said = purposes ?? one.allowedPurposes;
  const isFor =
    one.allowedPurposes.length === 0 ||
    (said.length > 0 && said.every((purpose) => one.allowedPurposes.includes(purpose)));
  return scope === "direct" && isHeld && isNamed && isForeign && isFor && covers(question, one);
}

/** Whether its state may act there at all. */
function stands(register: BareRegister, { agency, action, scope, type }: Question): boolean {
  const state = stateOf(agency);
  if (scope === "direct" || scope === state) return true;
  const membership = register.memberships.find((one) => one.authority === state && holds(one));
  if (membership === undefined) return action === "READ";
  const { suspendedFrom: from = Infinity, suspendedUntil: until } = membership;
  return !holds({ from, until }) || typeOptions(type ?? "")?.goesOn === true;
}

/** Whether the agency is there, not suspended, and of a kind that may send this. */
function isFit(register: BareRegister, { agency, action, type }: Question): boolean {
  const all = register.states[stateOf(agency)]?.agencies ?? [];
  const signers = typeOptions(type ?? "")?.signers ?? [];
  return all.some(
    (one) =>
      one.agency === agency &&
      (one.suspendedFrom ?? Infinity) > at &&
      (action === "READ" || signers.length === 0 || signers.includes(one.kind)),
  );
}

function isKept({ action, agency, recipient, kept }: Question): boolean {
  const reader = action === "READ" ? agency : recipient;
  if (reader === undefined || kept === undefined) return false;
  return kept.agencies.includes(reader) || kept.states.includes(stateOf(reader).toUpperCase());
}

/** The rules of decisions, written down a second time, one by one and without thrift. */
function isAllowedNaively(register: BareRegister, question: Question): boolean {
  const { action, agency, originator } = question;
  const own = register.states[stateOf(agency)] ?? silentState;
  const isCovered = (line: Mandate): boolean => isOurs(question, line) && covers(question, line);
  const isGranted =
    register.mandates.some(isCovered) ||
    own.agreements.some((one) => binds(register, question, one));
  const isNominated = own.nominations.some(isCovered);
  const isOpen = isFit(register, question) && stands(register, question) && !isKept(question);
  if (!isOpen || !isGranted || !isNominated) return false;
  if (action === "PUBLISH") return true;
  const promised = (name: string): boolean =>
    own.givenAssurances.some((one) => one.assurance === name && holds(one));
  const isSame = stateOf(agency) === stateOf(originator);
  if (agency === originator) return false;
  return isSame ? !keepsWithin(register, question) : admits(register, question, promised);
}

const runs = { numRuns: 400 };
/** Several questions of one register: making the register is what costs. */
const questions = fc.array(drawQuestion, { minLength: 12, maxLength: 12 });

describe("decide, over any register", () => {
  it("agrees with the rules as they are written down a second time", () => {
    let yes = 0;
    let kept = 0;
    fc.assert(
      fc.property(drawRegister, questions, (register, asked) => {
        const view = viewOf(register);
        for (const question of asked) {
          const decision = decide(view, question, at);
          const { allow } = decision;
          yes += allow ? 1 : 0;
          const isOwn = stateOf(question.agency) === stateOf(question.originator);
          kept += isOwn && !allow && decision.reasons.includes("NOT_RELEASED") ? 1 : 0;
          expect(allow).toBe(isAllowedNaively(register, question));
        }
      }),
      runs,
    );
    // a test of refusals alone would show nothing
    expect(yes).toBeGreaterThan(runs.numRuns / 10);
    // nor would one in which no state kept anything from its own
    expect(kept).toBeGreaterThan(0);
  });

  it("without a nomination, or without mandate and agreement, nobody may anything", () => {
    fc.assert(
      fc.property(drawRegister, drawQuestion, (register, question) => {
        const state = stateOf(question.agency);
        const own = register.states[state] ?? silentState;
        const unnominated = { ...register.states, [state]: { ...own, nominations: [] } };
        const unagreed = { ...register.states, [state]: { ...own, agreements: [] } };
        expect(decide(viewOf({ ...register, states: unnominated }), question, at).allow).toBe(
          false,
        );
        expect(decide(viewOf({ ...register, mandates: [], states: unagreed }), question, at).allow).toBe(false); // prettier-ignore
      }),
    );
  });

  it("no act of one state widens the audience of another's message beyond what that other's own part lets", () => {
    const act = fc
      .constantFrom("ng", "gh", "sn", "ecowas")
      .chain((name) => fc.tuple(fc.constant(name), drawRegister, drawState(name)));
    let widened = 0;
    fc.assert(
      fc.property(act, questions, ([actor, before, part], asked) => {
        const after = { ...before, states: { ...before.states, [actor]: part } };
        const [was, is] = [viewOf(before), viewOf(after)];
        for (const { agency, originator, ...more } of asked) {
          const question = { ...more, agency, originator, action: "READ" } as const;
          const isOfActor = stateOf(originator) === actor;
          if (isOfActor || decide(was, question, at).allow || !decide(is, question, at).allow)
            continue;
          widened += 1;
          const isOwn = stateOf(originator) === stateOf(agency);
          expect(isOwn || admits(after, question, () => true)).toBe(true);
          // and only towards its own agencies, but for an agreement that the originator's state signed too
          const { agreements = [] } = after.states[stateOf(originator)] ?? {};
          const isShared = agreements.some(({ parties }) => parties.includes(actor));
          expect(stateOf(agency) === actor || isShared).toBe(true);
        }
      }),
      { numRuns: 1500 },
    );

    expect(widened).toBeGreaterThan(0);
  });

  it("an exclusion wins over everything, and shows beside what else is missing", () => {
    fc.assert(
      fc.property(drawRegister, drawQuestion, (register, question) => {
        const reader = question.action === "READ" ? question.agency : question.recipient;
        if (reader === undefined) return;
        const view = viewOf(register);
        const byState = { ...question, kept: { states: [stateOf(reader).toUpperCase()], agencies: [] } }; // prettier-ignore
        const byName = { ...question, kept: { states: [], agencies: [reader] } };
        expect(decide(view, byState, at)).toMatchObject({ allow: false, reasons: expect.arrayContaining(["PROTECTED_FROM"]) as unknown }); // prettier-ignore
        expect(decide(view, byName, at)).toMatchObject({ allow: false, reasons: expect.arrayContaining(["EXCLUDED_BY_ORIGINATOR"]) as unknown }); // prettier-ignore
      }),
    );
  });

  it("a suspended agency may nothing, and a suspended state's feeds stop but for what goes on", () => {
    let went = 0;
    fc.assert(
      fc.property(drawRegister, questions, (register, asked) => {
        const suspendAll = (state: BareState): BareState => ({
          ...state,
          agencies: state.agencies.map((one) => ({ ...one, suspendedFrom: at })),
        });
        const states = Object.entries(register.states).map(([name, one]) => [
          name,
          suspendAll(one),
        ]);
        const out = viewOf({ ...register, states: Object.fromEntries(states) as typeof register.states }); // prettier-ignore
        const memberships = register.memberships.map(({ rec, authority }) => ({ rec, authority, from: 0, suspendedFrom: at })); // prettier-ignore
        const stopped = viewOf({ ...register, memberships });
        for (const question of asked) {
          expect(decide(out, question, at).allow).toBe(false);
          const { agency, scope, type } = question;
          if (scope === "direct" || stateOf(agency) === scope) continue;
          if (!decide(stopped, question, at).allow) continue;
          went += 1;
          expect(type).toBe("alert.cancel");
        }
      }),
      runs,
    );

    expect(went).toBeGreaterThan(0);
  });

  it("says why, each reason once and in the order of asking; a yes names what it rests on", () => {
    fc.assert(
      fc.property(drawRegister, drawQuestion, (register, question) => {
        const decision = decide(viewOf(register), question, at);
        if (!decision.allow) {
          expect(decision.reason).toBe(decision.reasons[0]);
          const inOrder = denialReasons.filter((reason) => decision.reasons.includes(reason));
          expect(decision.reasons).toEqual(inOrder);
          return;
        }
        const { mandate, agreement, nomination, release } = decision.basis;
        expect([mandate, agreement].filter((one) => one !== undefined)).toHaveLength(1);
        expect(nomination.agency).toBe(question.agency);
        const isForeign = stateOf(question.agency) !== stateOf(question.originator);
        expect(release !== undefined).toBe(question.action === "READ" && isForeign);
      }),
      runs,
    );
  });

  it("where there is no right at any time, nothing is allowed at any time", () => {
    fc.assert(
      fc.property(drawRegister, drawQuestion, fc.integer({ min: -2, max: 2 }), (register, question, later) => {
        const view = viewOf(register);
        if (hasRight(view, question)) return;
        expect(decide(view, question, at + later).allow).toBe(false);
      }), // prettier-ignore
    );
  });
});
