import { Fault, isFault } from "../../schemas/ground/index.ts";
import { lastUse } from "../../certs/trust/index.ts";
import { hubLimits } from "../nats/index.ts";
import { bodyStep } from "./body.ts";
import { digestStep } from "./digest.ts";
import { formStep } from "./form.ts";
import { freshStep } from "./fresh.ts";
import { mandateStep } from "./mandate.ts";
import { originStep } from "./origin.ts";
import { placeStep } from "./place.ts";
import { quotaStep } from "./quota-step.ts";
import { relayStep } from "./relay-step.ts";
import { repeatStep } from "./repeat.ts";
import { parsePublication } from "./shape.ts";
import { signatureStep } from "./signature.ts";
import { sizeStep } from "./size.ts";
import { slipStep } from "./slip-step.ts";
import { staleStep } from "./stale.ts";
import {
  admitted,
  type Arrived,
  type Bench,
  type Shaped,
  type Step,
  type Verdict,
} from "./verdict.ts";

/** The steps of admission in their order, cheap ones first. Between the two lists stands the shape. */
export const arrivalSteps: readonly Step<Arrived>[] = [sizeStep, quotaStep];

/** The steps for what has a shape. */
export const contentSteps: readonly Step<Shaped>[] = [
  staleStep,
  placeStep,
  originStep,
  repeatStep,
  digestStep,
  signatureStep,
  slipStep,
  mandateStep,
  relayStep,
  freshStep,
  formStep,
  bodyStep,
];

function runAll<T>(steps: readonly Step<T>[], item: T, bench: Bench): Verdict | undefined {
  for (const step of steps) {
    const verdict = step.run(item, bench);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

/** A refusal is for what the sender did; what failed at the hub is held back instead. */
function refusal(error: unknown, item?: Shaped): Verdict {
  const { staleDelayMs: delayMs } = hubLimits;
  if (!isFault(error)) {
    const fault = new Fault("INTERNAL", "a step failed", { cause: error });
    return { kind: "later", fault, delayMs };
  }
  const isOurs = error.code === "INTERNAL" || error.code.startsWith("REGISTER_");
  if (isOurs) return { kind: "later", fault: error, delayMs };
  return item === undefined
    ? { kind: "refused", fault: error }
    : { kind: "refused", fault: error, item };
}

/** Why nobody can be judged at this moment, when nobody can. */
function findHold({ register, until, now, isStopped }: Bench): Verdict | undefined {
  if (isStopped === true) {
    const { staleDelayMs: delayMs } = hubLimits;
    return { kind: "later", fault: new Fault("HUB_STOPPED", "all waits at its senders"), delayMs };
  }
  if (lastUse(register) <= now) {
    const detail = "the register is past its time; all waits for a newer";
    const { staleDelayMs: delayMs } = hubLimits;
    return { kind: "later", fault: new Fault("REGISTER_STALE", detail), delayMs };
  }
  if (until === undefined || now < until) return undefined;
  const detail = "a dated line began or ended; all waits for the readers' filters";
  const { holdDelayMs: delayMs } = hubLimits;
  return { kind: "later", fault: new Fault("REGISTER_STALE", detail), delayMs };
}

/**
 * Judges one publication: runs the steps in order until one ends it. Never throws. A register past its
 * time judges nobody, nor one whose dated lines count otherwise than when the readers' filters were made:
 * everything waits.
 */
export function judge(arrived: Arrived, bench: Bench): Verdict {
  const hold = findHold(bench);
  if (hold !== undefined) return hold;
  let item: Shaped | undefined;
  try {
    const early = runAll(arrivalSteps, arrived, bench);
    if (early !== undefined) return early;
    item = parsePublication(arrived);
    const verdict = runAll(contentSteps, item, bench);
    return (
      verdict ?? { kind: "admitted", item: { ...item, [admitted]: true, admittedAt: bench.now } }
    );
  } catch (error) {
    return refusal(error, item);
  }
}
