import type { Command } from "commander";

import { examplesOf } from "./examples.ts";
import { exitCodes } from "./exit-codes.ts";
import { makeWholeProgram } from "./program.ts";
import type { World } from "./world.ts";

/** Text of ours for troff: nothing in it is an instruction. */
function plain(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll(/^([.'])/gm, "\\&$1");
}

function renderOptions({ options }: Command): readonly string[] {
  return options
    .filter(({ hidden }) => !hidden)
    .flatMap(({ flags, description }) => [".TP", `\\fB${plain(flags)}\\fR`, plain(description)]);
}

function renderCommand(command: Command, path: string): readonly string[] {
  if (command.commands.length > 0) {
    return command.commands.flatMap((one) => renderCommand(one, `${path} ${one.name()}`));
  }
  const args = command.registeredArguments
    .map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`))
    .join(" ");
  const examples = examplesOf(path.trim());
  return [
    `.SS "${plain(`${path.trim()} ${args}`.trim())}"`,
    plain(command.description()),
    ...renderOptions(command),
    ...(examples.length === 0 ? [] : [".PP", ".nf", ...examples.map(plain), ".fi"]),
  ];
}

const codes: readonly (readonly [number, string])[] = [
  [exitCodes.ok, "done"],
  [exitCodes.other, "something else went wrong"],
  [exitCodes.usage, "wrong use"],
  [exitCodes.invalidContent, "what was to be sent is not good"],
  [exitCodes.notPermitted, "not signed in, or not permitted"],
  [exitCodes.notFound, "not found"],
  [exitCodes.conflict, "the same key with another content"],
  [exitCodes.savedNotSent, "saved, but not yet accepted: the link is down"],
  [exitCodes.verificationFailed, "a signature or a copy was not proved"],
  [exitCodes.needsApproval, "waits for another person's word"],
  [exitCodes.timedOut, "not answered in time"],
  [exitCodes.interrupted, "stopped by the person"],
];

const places = `ATUMPAN_CONTEXT names the gateway to ask. NO_COLOR, or TERM=dumb, keeps lines from being redrawn.
ATUMPAN_NO_CACHE keeps nothing in XDG_CACHE_HOME.
.PP
Contexts are looked for in .atumpan/contexts.json of this folder or above, then in
XDG_CONFIG_HOME/atumpan/contexts.json.`;

/** The manual page of `atumpan`, for man(1), from the commands there are. */
export async function renderManual(world: World): Promise<string> {
  const program = await makeWholeProgram(world);
  const lines = [
    `.TH ATUMPAN 1 "" "atumpan ${plain(world.version)}" "Atumpan"`,
    ".SH NAME",
    `atumpan \\- ${plain(program.description())}`,
    ".SH SYNOPSIS",
    "\\fBatumpan\\fR [options] <command> [arguments]",
    ".SH OPTIONS",
    ...renderOptions(program),
    ".SH COMMANDS",
    ...program.commands.flatMap((one) => renderCommand(one, one.name())),
    ".SH EXIT STATUS",
    ...codes.flatMap(([code, says]) => [".TP", String(code), plain(says)]),
    ".PP",
    plain("check says 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN only."),
    ".SH ENVIRONMENT AND FILES",
    places,
  ];
  return `${lines.join("\n")}\n`;
}
