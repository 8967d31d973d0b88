import type { Command } from "commander";

import type { Common, Desk } from "./desk.ts";

/** What the program does once it knows what is wanted: `act` returns the exit code. */
export type Start = (common: Common, act: (desk: Desk) => number | Promise<number>) => void;

/** Adds commands to the program; each, once read, calls `start` and does nothing else. */
export type Add = (program: Command, start: Start) => unknown;

/** The words that a file adds below `atumpan`, and how it is loaded when one of them is wanted. */
export type Verb = readonly [words: readonly string[], load: () => Promise<Add>];
