import { type EpochMs, renderUuid } from "../ground/index.ts";
import type { Bodies } from "../gen/index.ts";
import { applyWord, MemberBook, type MemberStanding } from "./operation-members.ts";
import { orderSteps } from "./order.ts";
import type { Step } from "./step.ts";

/** One who is or was of an operation. */
interface OperationMember {
  readonly agency: string;
  /** As it was last said to be. */
  readonly role: string;
  readonly standing: MemberStanding;
  readonly since: EpochMs;
}

/** Why a message that names an operation is not of it. */
type OutsideReason = "BEFORE" | "AFTER" | "NOT_A_MEMBER" | "TO_AN_OUTSIDER";

/** What becomes of what was sent into an operation, as its close says it, or its plan. */
export interface OperationData {
  /** A code of DATA_AT_END. */
  readonly atEnd: string;
  /** Of an archive, the one agency that keeps it. */
  readonly keeper: string | undefined;
  /** Whether a day was said; an archive may name none, and then nothing goes because of it. */
  readonly isDated: boolean;
}

/** An operation as its messages tell it. */
export interface OperationView {
  readonly id: string;
  readonly opener: string;
  /** What was said last of what it is. */
  readonly plan: Bodies["operation.open"];
  /** The messages that said so, the last one last. */
  readonly openings: readonly Step[];
  readonly from: EpochMs;
  /** Its last moment: as it was planned, or sooner when it was closed. */
  readonly until: EpochMs;
  readonly closing: Step | undefined;
  /** By when its data is gone, or handed to the keeper of the archive; what is left is a record. */
  readonly archivedAt: EpochMs;
  readonly data: OperationData;
  readonly members: readonly OperationMember[];
  /** How an agency stood at a moment; undefined for who was not of it. */
  standingOf(agency: string, moment: EpochMs): MemberStanding | undefined;
  /** The messages that were sent into it by members, in its time, to members. */
  readonly inside: readonly Step[];
  /** Those that name it and are not of it. */
  readonly outside: readonly { readonly step: Step; readonly reason: OutsideReason }[];
  /** Others who say that they opened it; the first in order did. */
  readonly alsoOpenedBy: readonly string[];
}

/** Where an operation stands at a moment. */
export type OperationStanding = "PLANNED" | "OPEN" | "CLOSED" | "ARCHIVED";

const dayMs = 86_400_000;

/** The operation that a message names in its body. */
export function operationOf(step: Step): string | undefined {
  const id = (
    step.read("operation.open") ??
    step.read("operation.close") ??
    step.read("target.warning") ??
    step.read("seizure.report") ??
    step.read("query.check")
  )?.operationId;
  return id === undefined ? undefined : renderUuid(id);
}

/** What is told of it, message by message. */
interface Telling {
  readonly opener: string;
  readonly openings: Step[];
  readonly book: MemberBook;
  /** Ids of messages that are about who is of it. */
  readonly about: Set<string>;
  plan: Bodies["operation.open"];
  until: EpochMs;
  closing: Step | undefined;
}

function takeOpening(telling: Telling, step: Step, plan: Bodies["operation.open"]): void {
  // what is over is not opened again under the same number
  if (telling.closing !== undefined || step.at > telling.until) return;
  telling.plan = plan;
  telling.until = plan.validUntil;
  telling.openings.push(step);
  telling.about.add(step.id);
  const members = plan.members.map(({ agency }) => agency);
  telling.book.plan(telling.opener, members, step.at);
}

function takeClosing(telling: Telling, step: Step, { reason, closedAt }: Bodies["operation.close"]): void {
  if (telling.closing !== undefined || step.from !== telling.opener) return;
  if (reason === "TIME_UP" && step.at < telling.plan.validUntil) return;
  telling.closing = step;
  // nobody is late by a close that is dated before it was said
  telling.until = Math.min(telling.plan.validUntil, Math.max(closedAt, step.at));
} // prettier-ignore

function takeWord(telling: Telling, step: Step): void {
  const { about, opener, book } = telling;
  if (step.about === undefined || !about.has(step.about)) return;
  if (step.to.length > 0 && !step.to.includes(opener)) return;
  if (applyWord(book, step, telling.until)) about.add(step.id);
}

function tellOf(ordered: readonly Step[], id: string): Telling | undefined {
  let telling: Telling | undefined;
  for (const step of ordered) {
    const plan = step.read("operation.open");
    const close = step.read("operation.close");
    if (plan !== undefined && operationOf(step) === id) {
      telling ??= { opener: step.from, openings: [], book: new MemberBook(), about: new Set(), plan, until: plan.validUntil, closing: undefined };
      if (step.from === telling.opener) takeOpening(telling, step, plan);
    } else if (telling !== undefined) {
      if (close !== undefined && operationOf(step) === id) takeClosing(telling, step, close);
      else takeWord(telling, step);
    }
  }
  return telling;
} // prettier-ignore

const inPlace: ReadonlySet<MemberStanding | undefined> = new Set(["INVITED", "TAKING_PART"]);

function findOutside({ book, plan, until }: Telling, { from, to, at }: Step): OutsideReason | undefined {
  if (at < plan.validFrom) return "BEFORE";
  if (at > until) return "AFTER";
  // who was asked may have said yes to the opener alone
  if (!inPlace.has(book.at(from, at))) return "NOT_A_MEMBER";
  return to.every((agency) => inPlace.has(book.at(agency, at))) ? undefined : "TO_AN_OUTSIDER";
} // prettier-ignore

/** Whether a message reports into an operation, or is one of those that make it. */
function isReport({ type }: Step): boolean {
  return type !== "operation.open" && type !== "operation.close";
}

/** The messages that name the operation, and the feedback on its warnings, each once. */
function findReports(ordered: readonly Step[], id: string): readonly Step[] {
  const named = new Set(ordered.filter((step) => isReport(step) && operationOf(step) === id));
  const warnings = new Set([...named].flatMap((step) => (step.type === "target.warning" ? [step.id] : [])));
  return ordered.filter((step) => {
    const answered = step.read("control.feedback")?.warningId;
    return named.has(step) || (answered !== undefined && warnings.has(renderUuid(answered)));
  });
} // prettier-ignore

function membersOf({ book, plan, openings }: Telling): readonly OperationMember[] {
  const roles = new Map(
    openings.flatMap((step) => step.read("operation.open")?.members ?? []).map(({ agency, role }) => [agency, role]),
  );
  for (const { agency, role } of plan.members) roles.set(agency, role);
  return book.agencies().flatMap((agency): readonly OperationMember[] => {
    const turn = book.turn(agency, Number.MAX_SAFE_INTEGER);
    if (turn === undefined) return [];
    return [{ agency, role: roles.get(agency) ?? "PARTICIPANT", standing: turn.standing, since: turn.at }];
  });
} // prettier-ignore

/**
 * An operation (domain §2.6, T32), put together by its number: who is of it, from when until when, and what was sent into it.
 * The same messages give the same view in whatever order they came, however often. Undefined when nobody opened it here.
 *
 * It ends by itself at its last moment. What was sent into it before or after its time, by who was not of it, or to who was
 * not, is no part of it.
 */
export function readOperation(all: Iterable<Step>, id: string): OperationView | undefined {
  const ordered = orderSteps(all).steps;
  const telling = tellOf(ordered, id);
  if (telling === undefined) return undefined;
  const { opener, plan, openings, book, closing, until } = telling;
  const judged = findReports(ordered, id).map((step) => ({ step, reason: findOutside(telling, step) }));
  const claims = ordered.filter((step) => step.type === "operation.open" && operationOf(step) === id);
  const closed = closing?.read("operation.close");
  const dataUntil = closed?.dataUntil;
  return {
    id,
    opener,
    plan,
    openings,
    from: plan.validFrom,
    until,
    closing,
    archivedAt: dataUntil ?? until + (plan.dataDays ?? 0) * dayMs,
    data: {
      atEnd: closed?.dataAtEnd ?? plan.dataAtEnd,
      keeper: closed?.dataKeeper ?? plan.dataKeeper,
      isDated: (dataUntil ?? plan.dataDays) !== undefined,
    },
    members: membersOf(telling),
    standingOf: (agency, moment) => book.at(agency, moment),
    inside: judged.flatMap(({ step, reason }) => (reason === undefined ? [step] : [])),
    outside: judged.flatMap(({ step, reason }) => (reason === undefined ? [] : [{ step, reason }])),
    alsoOpenedBy: [...new Set(claims.map(({ from }) => from))].filter((agency) => agency !== opener),
  };
} // prettier-ignore

/** Where an operation stands at a moment; no message is needed for it to end. */
export function standingAt({ from, until, archivedAt }: OperationView, now: EpochMs): OperationStanding {
  if (now < from) return "PLANNED";
  if (now <= until) return "OPEN";
  return now <= archivedAt ? "CLOSED" : "ARCHIVED";
} // prettier-ignore
