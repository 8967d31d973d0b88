import type { EpochMs } from "../ground/index.ts";
import type { Lane, Party } from "./lane.ts";
import { orderSteps } from "./order.ts";
import type { Step } from "./step.ts";
import type { Move, Workflow } from "./workflow.ts";
import { workflows } from "./workflows/index.ts";

/** All that two sides must hold to hold the same state. */
export interface Thread {
  readonly steps: Iterable<Step>;
  /** When a message reached an agency, by that agency's own signed receipt. */
  readonly delivered: (id: string, agency: string) => EpochMs | undefined;
}

/** How a thread stands. */
export interface ThreadState {
  readonly lanes: readonly Lane[];
  /** Digests of messages that somebody followed and that are not here. */
  readonly missing: readonly string[];
  /** Messages that belong to no matter: nothing is awaited because of them. */
  readonly beside: readonly Step[];
}

const byName: ReadonlyMap<string, Workflow> = new Map(workflows.map((one) => [one.name, one]));

/** The moves of each workflow by the message they are made with. */
const movesByType: ReadonlyMap<string, ReadonlyMap<string, readonly Move[]>> = new Map(
  workflows.map(({ name, moves }) => [name, Map.groupBy(moves, ({ on }) => on)]),
);

interface Board {
  readonly delivered: Thread["delivered"];
  readonly lanes: Lane[];
  readonly beside: Step[];
}

/** Which side of a lane an agency is; anybody may take up what went to a feed. */
export function partyOf({ opener, other }: Lane, agency: string): Party | undefined {
  if (agency === opener) return "OPENER";
  return other === agency || other === "" ? "OTHER" : undefined;
}

function concerns({ opener, other }: Lane, { from, to }: Step): boolean {
  if (from === opener) return other === "" || to.length === 0 || to.includes(other);
  return (other === "" || from === other) && (to.length === 0 || to.includes(opener));
}

function movesOn(lane: Lane, step: Step): readonly Move[] {
  return movesByType.get(lane.workflow)?.get(step.type) ?? [];
}

/** The messages that a message is about: the one it answers, and those its body names. */
function subjectsOf({ about, names }: Step): readonly string[] {
  return about === undefined ? names : [about, ...names];
}

/** Whether a message names this lane as what it is about. */
function isAbout({ opening, applied }: Lane, step: Step): boolean {
  const subjects = subjectsOf(step);
  return subjects.includes(opening.id) || applied.some(({ id }) => subjects.includes(id));
}

/** Whether a message and a lane are about the same third thing, such as the notice that was hit. */
function isOfSame({ opening }: Lane, step: Step): boolean {
  const subjects = subjectsOf(step);
  return subjects.length > 0 && opening.names.some((id) => subjects.includes(id));
}

/** Whether who acts on what went to a feed, or is told of it, has a lane of his own already: then the open one is for others. */
function hasOwn({ lanes }: Board, { workflow, opening }: Lane, agency: string): boolean {
  return lanes.some((one) => one.workflow === workflow && one.opening === opening && one.other === agency);
} // prettier-ignore

/** Who gets a lane of his own because he acts on what went to a feed, or because its opener speaks to him alone. */
function joining(board: Board, lane: Lane, { from, to }: Step): readonly string[] {
  const acting = from === lane.opener ? to : [from];
  return [...new Set(acting)].filter((agency) => !hasOwn(board, lane, agency));
}

/** Whether a message is for all who read the feed, and so for the lane that stands for them. */
function isForAll({ opener }: Lane, { from, to }: Step): boolean {
  return from === opener && to.length === 0;
}

/**
 * Whether a message of a type that both opens and moves begins a matter of its own: it says that it opens one, and this is
 * not the matter it names, or nothing in it is for this side to say.
 */
function beginsAnew(lane: Lane, step: Step): boolean {
  const workflow = byName.get(lane.workflow);
  if (workflow?.opensFor === undefined || !workflow.opens.includes(step.type)) return false;
  const reader = step.from === lane.opener ? lane.other : lane.opener;
  if (!workflow.opensFor(step, reader)) return false;
  const party = partyOf(lane, step.from);
  const isTheirs = movesOn(lane, step).some(({ by }) => by === "EITHER" || by === party);
  return !isTheirs || !isAbout(lane, step);
}

/** Whether a message can move this lane: the open lane of a feed takes what is for all, or for somebody without a lane. */
function takes(board: Board, lane: Lane, step: Step): boolean {
  if (!concerns(lane, step) || movesOn(lane, step).length === 0) return false;
  if (beginsAnew(lane, step)) return false;
  return lane.other !== "" || isForAll(lane, step) || joining(board, lane, step).length > 0;
}

/** Whether a message moves a lane that it does not name, because both are about the same. */
function reaches(lane: Lane, step: Step): boolean {
  return isOfSame(lane, step) && movesOn(lane, step).some(({ ofSubject }) => ofSubject === true);
}

/**
 * The lanes a message may move: those it names, and those about the same that hear of it. Where it names none of them, the
 * latest about the same, and the latest at all only of a message that says of nothing what it is about.
 */
function lanesFor(board: Board, step: Step): readonly number[] {
  const fits = [...board.lanes.entries()].filter(([, lane]) => takes(board, lane, step));
  const named = fits.filter(([, lane]) => isAbout(lane, step) || reaches(lane, step));
  if (named.length > 0) return named.map(([i]) => i);
  if (step.about !== undefined) return [];
  const rest = step.names.length === 0 ? fits : fits.filter(([, lane]) => isOfSame(lane, step));
  return rest.slice(-1).map(([i]) => i);
}

/** What a message does to a lane: at most one of its moves fits. */
function apply(lane: Lane, step: Step, lanes: readonly Lane[]): Lane {
  const moves = movesOn(lane, step);
  const inTurn = moves.filter(({ from }) => from.includes(lane.state));
  const party = partyOf(lane, step.from);
  const own = inTurn.find(({ by }) => by === "EITHER" || by === party);
  const refuse = (reason: Lane["refused"][number]["reason"]): Lane => ({
    ...lane,
    refused: [...lane.refused, { step, reason }],
  });
  if (inTurn.length === 0) return refuse("OUT_OF_TURN");
  if (own === undefined) return refuse("NOT_THEIRS");
  const outcome = own.try(step, lane, lanes);
  if ("refusal" in outcome) return refuse(outcome.refusal);
  return { ...lane, ...outcome, applied: [...lane.applied, step] };
}

/** What went to a feed becomes a matter of its own for each who acts on it, or is spoken to about it. */
function moveLane(board: Board, at: number, step: Step): void {
  const lane = board.lanes[at];
  if (lane === undefined) return;
  if (lane.other !== "" || isForAll(lane, step)) {
    board.lanes[at] = apply(lane, step, board.lanes);
    return;
  }
  for (const other of joining(board, lane, step)) {
    const own = { ...lane, other, ...marked(board, lane, other) };
    board.lanes.push(apply(own, step, board.lanes));
  }
}

function marked(board: Board, lane: Lane, other: string): Pick<Lane, "marks"> {
  return { marks: { ...lane.marks, deliveredAt: board.delivered(lane.opening.id, other) } };
}

/**
 * With whom an opening begins a matter. Where it moved one it begins none, except, in a workflow that says whom it opens
 * for, with those of its recipients who had none yet: who is asked later is asked too.
 */
function othersOf({ opensFor }: Workflow, step: Step, moved: readonly Lane[]): readonly string[] {
  const others = step.to.length === 0 ? [""] : step.to;
  if (opensFor === undefined) return moved.length > 0 ? [] : others;
  const known = new Set(moved.flatMap(({ opener, other }) => [opener, other]));
  return others.filter((other) => !known.has(other) && opensFor(step, other));
}

/** What a message opens, and with whom. */
interface Opening {
  readonly workflow: Workflow;
  readonly others: readonly string[];
}

function open(board: Board, step: Step, { workflow, others }: Opening): void {
  for (const other of others) {
    const deliveredAt = other === "" ? undefined : board.delivered(step.id, other);
    board.lanes.push({
      workflow: workflow.name,
      opening: step,
      opener: step.from,
      other,
      state: workflow.begins?.(step) ?? workflow.first,
      marks: { deliveredAt, since: step.at, stoodMs: 0, waitingOn: [], ...workflow.opened?.(step) },
      applied: [],
      refused: [],
    });
  }
}

/** Lanes that a message may have touched: those it was tried on, and those that began because somebody acted. */
interface Tried {
  readonly found: readonly number[];
  readonly joined: readonly number[];
}

/**
 * What a message could not do in one matter is not told there when it did its work in another, unless it named the first
 * one's opening: a holder's answer to a recall is no mistake in the review that the recall ended.
 */
function hushElsewhere({ lanes }: Board, step: Step, { found, joined }: Tried): void {
  const subjects = subjectsOf(step);
  for (const i of [...joined.toReversed(), ...found]) {
    const lane = lanes[i];
    if (lane?.refused.at(-1)?.step !== step || subjects.includes(lane.opening.id)) continue;
    if (joined.includes(i)) lanes.splice(i, 1);
    else lanes[i] = { ...lane, refused: lane.refused.slice(0, -1) };
  }
}

/** Whether a message was refused in the matter it belongs to, and did nothing in any other. */
function isRefused({ lanes }: Board, step: Step): boolean {
  const isIn = lanes.some(({ refused }) => refused.at(-1)?.step === step);
  return isIn && !lanes.some(({ applied }) => applied.at(-1) === step);
}

/** Begins the matters that a message opens. */
function begin(board: Board, step: Step, moved: readonly Lane[]): void {
  for (const workflow of workflows.filter(({ opens }) => opens.includes(step.type))) {
    if (workflow.opensInTurn === true && isRefused(board, step)) continue;
    const own = moved.filter((lane) => lane.workflow === workflow.name);
    open(board, step, { workflow, others: othersOf(workflow, step, own) });
  }
}

/** Moves and opens what a message moves and opens; what does neither stands beside every matter. */
function put(board: Board, step: Step): void {
  const { lanes, beside } = board;
  const found = lanesFor(board, step);
  const moved = found.flatMap((i) => lanes[i] ?? []);
  const before = lanes.length;
  for (const i of found) moveLane(board, i, step);
  const joined = [...lanes.keys()].slice(before);
  begin(board, step, moved);
  const tried = { found, joined };
  const isOpened = lanes.length > before + joined.length;
  const isTaken = [...found, ...joined].some((i) => lanes[i]?.applied.at(-1) === step);
  if (isOpened || isTaken) hushElsewhere(board, step, tried);
  if (found.length === 0 && !isOpened) beside.push(step);
}

/**
 * How a thread stands: a pure function of its messages and of when they were delivered. The same messages give the same
 * state in whatever order they came, however often. What is out of turn stays in the thread and changes nothing. `watch` sees
 * the matters as they stand after each message.
 */
export function readThread({ steps, delivered }: Thread, watch?: (step: Step, lanes: readonly Lane[]) => void): ThreadState {
  const ordered = orderSteps(steps);
  const board: Board = { delivered, lanes: [], beside: [] };
  for (const step of ordered.steps) {
    put(board, step);
    watch?.(step, board.lanes);
  }
  return { lanes: board.lanes, missing: ordered.missing, beside: board.beside };
} // prettier-ignore
