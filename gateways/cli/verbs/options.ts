import { type Command, InvalidArgumentError, Option } from "commander";

import { languages } from "../../../schemas/index.ts";
import { isTimeZone } from "../../../schemas/render/index.ts";
import type { Common, Desk } from "../desk.ts";

/** What the program does once it knows what is wanted: `act` returns the exit code. */
export type Start = (common: Common, act: (desk: Desk) => number | Promise<number>) => void;

/** A parser of whole numbers from 0 to `max`. */
export function wholeNumber(max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
    if (value >= 0 && value <= max) return value;
    throw new InvalidArgumentError(`It is a whole number from 0 to ${max}.`);
  };
}

/** `--lang`, one of the six. */
export function languageOption(): Option {
  return new Option("--lang <lang>", "language").choices(languages).default("en");
}

function timeZone(text: string): string {
  if (isTimeZone(text)) return text;
  throw new InvalidArgumentError("It is the name of a time zone, such as Africa/Dakar.");
}

/** `--zone`, a time zone by its name. */
export function zoneOption(): Option {
  const option = new Option("--zone <zone>", "time zone, such as Africa/Dakar");
  return option.default("UTC").argParser(timeZone);
}

/** What a list of messages is narrowed by. */
export function listOptions(command: Command): Command {
  return command
    .option("--state <state>", "only messages in this state")
    .option("--type <type>", "only messages of this type")
    .option("--crime <crime>", "only messages about this crime")
    .option("--limit <n>", "at most so many", wholeNumber(10_000), 50);
}
