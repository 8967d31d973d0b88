import { spawnSync } from "node:child_process";

/** Ends the process itself, as a power cut would, before its n-th change of the disk. */
const script = `
import fs from "node:fs";
import { flushCompileCache, syncBuiltinESMExports } from "node:module";
let left = Number(process.env.CUT_AT);
for (const name of ["writeSync", "renameSync", "rmSync"]) {
  const real = fs[name];
  fs[name] = (...args) => {
    left -= 1;
    if (left === 0) process.kill(process.pid, "SIGKILL");
    return real(...args);
  };
}
syncBuiltinESMExports();
const made = await import(process.env.CUT_MODULE);
// who is killed keeps nothing for the next one, which is to begin sooner
flushCompileCache();
await made[process.env.CUT_ACT](...JSON.parse(process.env.CUT_ARGS));
process.exit(7);
`;

/** An act of a module that a process of its own does, and is killed in. */
export interface CutAct {
  /** Absolute path of the module. */
  readonly module: string;
  /** A function it exports, and what it is given. */
  readonly act: string;
  readonly args: readonly unknown[];
}

/** Runs an act in a process that is killed before its n-th change of the disk; says whether it came to the end first. */
export function runCutShort({ module, act, args }: CutAct, at: number): boolean {
  const { status, signal, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", script],
    {
      env: {
        ...process.env,
        CUT_AT: String(at),
        CUT_MODULE: module,
        CUT_ACT: act,
        CUT_ARGS: JSON.stringify(args),
      },
      encoding: "utf8",
      timeout: 60_000,
    },
  );
  if (signal === "SIGKILL") return false;
  if (status === 7) return true;
  throw new Error(`the act failed: ${stderr}`);
}
