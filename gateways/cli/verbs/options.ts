import { type Command, InvalidArgumentError, Option } from "commander";

import { languages } from "../../../schemas/index.ts";
import { wholeNumber } from "../whole-number.ts";
import { isTimeZone } from "../../../schemas/render/index.ts";

export type { Start } from "../start.ts";
export { wholeNumber } from "../whole-number.ts";

function purposeCode(text: string): string {
  if (/^[A-Z][A-Z_]{0,59}$/.test(text)) return text;
  throw new InvalidArgumentError("It is a code, such as INVESTIGATION.");
}

/** `--purpose`, what content is read for; the gateway's own default when it is left out. */
export function purposeOption(): Option {
  const option = new Option("--purpose <code>", "what it is read for, such as INVESTIGATION");
  return option.argParser(purposeCode);
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
