import { createHash } from "node:crypto";

import { encodeBody, type MessageType, parseBody } from "../../schemas/body/index.ts";
import { exampleOf } from "../../schemas/examples/index.ts";
import { type Bytes, makeSeededChance } from "../../schemas/ground/index.ts";
import { makeStep, readThread, type Step, type ThreadState } from "../../schemas/work/index.ts";

/** When stories begin; the text of a moment so many hours later is `storyTime(hours)`. */
export const storyStart = Date.UTC(2026, 10, 2, 8);
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** A moment of a story as bodies write it. */
export function storyTime(hours: number): string {
  return new Date(storyStart + hours * hourMs).toISOString();
}

/** What is said: by whom, to whom, and what of the example's body is otherwise. */
export interface Saying {
  readonly from: string;
  readonly to: readonly string[];
  readonly type: MessageType;
  /** Hours after the beginning. */
  readonly at: number;
  readonly body?: Readonly<Record<string, unknown>>;
  /** What it answers; the opening unless it is said. */
  readonly about?: Step | undefined;
  /** The messages its sender had seen last; all that were said before unless it is said. */
  readonly follows?: readonly Step[];
  readonly urgency?: string;
}

/** A thread in the making. */
export interface Story {
  readonly steps: readonly Step[];
  say(saying: Saying): Step;
  /** How it stands for who holds these messages; everything was delivered within a minute. */
  read(steps?: Iterable<Step>): ThreadState;
}

function idOf(from: string, at: number, count: number): string {
  const hex = createHash("sha256").update(`${from} ${at} ${count}`).digest("hex");
  return `01a1f000-${hex.slice(0, 4)}-7${hex.slice(4, 7)}-8${hex.slice(7, 10)}-${hex.slice(10, 22)}`;
}

const encoded = new Map<string, Bytes>();

/** The example's body with changes; encoded once for each, for stories say the same again and again. */
function bodyOf(type: MessageType, change: object): Bytes {
  // a field that is taken out is not one that is left as it is
  const key = `${type} ${JSON.stringify(change, (_, value: unknown) => value ?? null)}`;
  const known = encoded.get(key);
  if (known !== undefined) return known;
  const made = encodeBody(
    type,
    parseBody(type, { ...(exampleOf(type).body as object), ...change }),
  );
  encoded.set(key, made);
  return made;
}

/** Begins a story; the first message is what the others are about. */
export function tellStory(): Story {
  const steps: Step[] = [];
  return {
    steps,
    say: ({ from, to, type, at, body = {}, about, follows, urgency = "NORMAL" }) => {
      const id = idOf(from, at, steps.length);
      const last = steps.at(-1);
      const step = makeStep({
        id,
        digest: createHash("sha256").update(id).digest("hex"),
        type,
        from,
        to,
        at: storyStart + at * hourMs,
        urgency,
        about: (about ?? steps[0])?.id,
        follows: (follows ?? (last === undefined ? [] : [last])).map(({ digest }) => digest),
        body: bodyOf(type, body),
      });
      steps.push(step);
      return step;
    },
    read: (held = steps) => {
      const delivered = (id: string): number | undefined => {
        const step = steps.find((one) => one.id === id);
        return step === undefined ? undefined : step.at + 60_000;
      };
      return readThread({ steps: held, delivered });
    },
  };
}

/** The same messages in another order, some of them twice: as links bring them. */
export function shuffled(steps: readonly Step[], seed: string): readonly Step[] {
  const chance = makeSeededChance(seed);
  const draw = (below: number): number => (chance.bytes(2)[0] ?? 0) % below;
  const left = [...steps, ...steps.filter(() => draw(3) === 0)];
  const came: Step[] = [];
  while (left.length > 0) came.push(...left.splice(draw(left.length), 1));
  return came;
}

/** What of a state two sides compare: everything but where the objects lie. */
export function stateText({ lanes, missing, beside }: ThreadState): string {
  const rows = lanes.map(({ workflow, opening, other, state, marks, applied, refused }) => [
    workflow,
    opening.id,
    other,
    state,
    marks,
    applied.map(({ id }) => id),
    refused.map(({ step, reason }) => [step.id, reason]),
  ]);
  return JSON.stringify([rows, missing, beside.map(({ id }) => id)]);
}
