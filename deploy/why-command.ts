import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { decide, verifyRegister } from "../certs/trust/index.ts";
import { findMoment } from "../certs/verify/index.ts";
import { parseDecisionQuery, renderDecision } from "../gateways/api/index.ts";
import type { RegisterFile } from "../gateways/cli/index.ts";
import { type Bytes, type EpochMs, Fault } from "../schemas/ground/index.ts";

const maxFileBytes = 64 * 1024 * 1024;

function read(file: string): Bytes {
  try {
    if (statSync(file).size <= maxFileBytes) return readFileSync(file);
  } catch (cause) {
    throw new Fault("USAGE_INVALID", `${file} cannot be read`, { cause });
  }
  throw new Fault("USAGE_INVALID", `${file} has more than ${maxFileBytes} bytes`);
}

function readRoot(cwd: string, { root }: RegisterFile, beside: string): Bytes {
  if (root !== undefined) return read(resolve(cwd, root));
  const file = join(dirname(beside), "root.json");
  if (existsSync(file)) return read(file);
  throw new Fault("USAGE_INVALID", "name a root.json that you trust with --root FILE");
}

/**
 * Answers a question about rights without a gateway: proves a register in a file (or the folder it lies in) and asks the
 * function that gateways and hubs ask. The answer is the one that `GET /v1/register/decision` gives, word for word.
 *
 * @param now what is asked about unless the question says another moment
 * @throws {Fault} USAGE_INVALID, REQUEST_INVALID, REGISTER_*
 */
export function decideFromRegister(
  place: { readonly cwd: string; readonly now: EpochMs },
  named: RegisterFile,
  search: URLSearchParams,
): object {
  const { question, lang } = parseDecisionQuery(search);
  const at = named.time === undefined ? place.now : findMoment(named.time);
  if (at === undefined) {
    throw new Fault("USAGE_INVALID", "--time is a moment such as 2026-03-09T14:05:00Z");
  }
  const path = resolve(place.cwd, named.register);
  const within = join(path, "register.bin");
  const file = existsSync(within) ? within : path;
  const register = verifyRegister(read(file), { root: readRoot(place.cwd, named, file) });
  const decision = decide(register, question, at);
  return renderDecision({ question, decision, epoch: register.epoch, at, lang });
}
