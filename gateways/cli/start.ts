import type { Common, Desk } from "./desk.ts";

/** What the program does once it knows what is wanted: `act` returns the exit code. */
export type Start = (common: Common, act: (desk: Desk) => number | Promise<number>) => void;
