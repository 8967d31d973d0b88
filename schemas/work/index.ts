export type { Lane, Marks, Party, Refusal } from "./lane.ts";
export { type Act, type Due, findDues, findNextActs, mayAct, type NextActs } from "./next-acts.ts";
export { partyOf, readThread, type Thread, type ThreadState } from "./read-thread.ts";
export { makeStep, type Step, type StepParts } from "./step.ts";
export { standingTerms, type Term, type Terms } from "./terms.ts";
