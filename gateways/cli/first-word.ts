const takesValue = /^--(?:as|context|lang|timeout)$/;

/** The word that says which command is meant: the first argument that is no option of all commands, nor the value of one. */
export function firstWord(args: readonly string[]): string | undefined {
  return args.find((arg, at) => !arg.startsWith("-") && !takesValue.test(args[at - 1] ?? ""));
}
