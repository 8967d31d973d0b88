import fs from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { basename } from "node:path";

import { NatsConnectionImpl } from "@nats-io/nats-core/internal";

/** Ends this process as a power cut does, when a step is reached for the n-th time. */
export interface Step {
  /** Such as `rename checkpoint`. */
  readonly name: string;
  readonly nth: number;
}

type Reach = (name: string) => void;
type Act = (...args: never[]) => unknown;

function makeReach({ name, nth }: Step): Reach {
  let left = nth;
  return (reached) => {
    if (reached !== name) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, "SIGKILL");
  };
}

/** What a file of the log is, whatever its number. */
function fileOf(path: string): string {
  const name = basename(path).replace(/\.new$/, "");
  if (/\/tile\/entries\//.test(path)) return "entries";
  return /\/tile\//.test(path) ? "tile" : name;
}

/** Stands before one of the functions of a module; what it says first is done first. */
function before(module: object, name: string, say: (args: readonly unknown[]) => void): void {
  const act = Reflect.get(module, name) as Act;
  Reflect.set(module, name, function watched(this: unknown, ...args: never[]) {
    say(args);
    return act.apply(this, args);
  });
}

function watchFiles(reach: Reach): void {
  const names = new Map<number, string>();
  const open = fs.openSync;
  fs.openSync = (path, ...rest) => {
    const handle = open(path, ...rest);
    names.set(handle, fileOf(String(path)));
    return handle;
  };
  const write = fs.writeSync as (handle: number, bytes: Uint8Array) => number;
  Reflect.set(fs, "writeSync", (handle: number, bytes: Uint8Array) => {
    const half = Math.floor(bytes.length / 2);
    if (typeof bytes === "string") return write(handle, bytes);
    // half of it stands there when it ends
    const done = write(handle, bytes.subarray(0, half));
    reach(`write ${names.get(handle) ?? ""}`);
    return done + write(handle, bytes.subarray(half));
  });
  before(fs, "renameSync", ([, to]) => reach(`rename ${fileOf(String(to))}`));
}

/** The file of what was seen is written by handle. */
function watchSeen(reach: Reach): void {
  const open = promises.open;
  promises.open = async (path, ...rest) => {
    const handle = await open(path, ...rest);
    if (basename(String(path)) !== "log-seen") return handle;
    const write = handle.write.bind(handle) as (bytes: Uint8Array) => Promise<unknown>;
    Reflect.set(handle, "write", async (bytes: Uint8Array) => {
      await write(bytes.subarray(0, bytes.length - 7));
      reach("seen");
      return await write(bytes.subarray(bytes.length - 7));
    });
    before(handle, "datasync", () => reach("seen sync"));
    return handle;
  };
}

function watchLink(reach: Reach): void {
  const { prototype } = NatsConnectionImpl;
  const request = prototype.request;
  prototype.request = async function ask(subject, ...rest) {
    const isLog = subject.startsWith("log.");
    if (isLog) reach("append");
    const answer = await request.call(this, subject, ...rest);
    if (isLog) reach("appended");
    return answer;
  };
  const publish = prototype.publish;
  prototype.publish = function tell(subject, ...rest) {
    if (subject.startsWith("receipt.")) reach("receipt");
    publish.call(this, subject, ...rest);
  };
}

/** From now on this process ends at that step. */
export function killAt(step: Step): void {
  const reach = makeReach(step);
  watchFiles(reach);
  watchSeen(reach);
  watchLink(reach);
  syncBuiltinESMExports();
}
