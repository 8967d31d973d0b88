import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parsePartContent } from "../../certs/authority/index.ts";
import type { Layout } from "../../deploy/local/layout.ts";
import { publish, type Offices } from "../../deploy/local/register.ts";
import { editRegister, readRegister, replaceRegister, withAgency } from "../kit/register-edit.ts";
import { runHouse } from "../kit/house-run.ts";
import { type Clock, systemClock } from "../../schemas/ground/index.ts";

/** What a command said and how it ended. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The code of a refusal; empty when nothing was refused. */
  readonly fault: string;
}

/** A region's folder, as its offices work on it. */
export interface OfficeGround {
  readonly layout: Layout;
  readonly offices: Offices;
  readonly clock: Pick<Clock, "now">;
}

/** Runs `atumpan …` in a folder, at a time; whoever is asked gives the answers one by one. */
export async function runAt(
  { cwd, now, answers = [] }: { readonly cwd: string; readonly now: number; readonly answers?: readonly string[] },
  ...args: readonly string[]
): Promise<Ran> {
  let [out, err] = ["", ""];
  const left = [...answers];
  let elapsed = 0;
  const code = await runHouse({
    args, cwd,
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    ask: () => (left.length > 0 ? Promise.resolve(left.shift() ?? "") : Promise.reject(new Error("nobody answers"))),
    clock: {
      ...systemClock,
      now: () => now,
      // waiting takes no time here
      elapsed: () => elapsed,
      sleep: (ms) => {
        elapsed += ms;
        return Promise.resolve();
      },
    },
  });
  return { code, out, err, fault: /Code ([A-Z_]+)\./.exec(err)?.[1] ?? "" };
} // prettier-ignore

/** The agency stands in the register and has no certificates, as one that has been agreed on and not yet come. */
export function makeNewcomer({ layout, offices, clock }: OfficeGround, agency: string): void {
  const [authority = ""] = agency.split("/");
  const edit = { states: { [authority]: withAgency(agency, (now) => ({ ...now, certificates: [] })) } };
  const next = editRegister(readRegister(layout.register), edit, { offices, now: clock.now() });
  replaceRegister(layout.register, next);
} // prettier-ignore

/** A made kit: where its folder is, and the code that is told by telephone. */
export interface GivenKit {
  readonly folder: string;
  readonly code: string;
  readonly id: string;
}

/** The office makes a kit for an agency of its state; ecowas/centre signs it. */
export async function giveKit(
  { layout, clock }: OfficeGround,
  { agency, neighbour, out }: { readonly agency: string; readonly neighbour: string; readonly out: string },
  ...more: readonly string[]
): Promise<GivenKit> {
  const [authority = ""] = agency.split("/");
  const key = join(layout.gateway("ecowas/centre"), "keys", "signing.key");
  const ran = await runAt(
    { cwd: layout.home, now: clock.now() },
    "authority", "kit", "make", "--folder", join("authorities", authority), "--agency", agency,
    "--neighbour", neighbour, "--as-agency", "ecowas/centre", "--key", key, "--register", "register",
    "--out", out, "--json", ...more,
  ); // prettier-ignore
  if (ran.code !== 0) throw new Error(ran.err);
  const { folder, code, kit } = JSON.parse(ran.out) as { folder: string; code: string; kit: string };
  return { folder: join(layout.home, folder), code, id: kit };
} // prettier-ignore

/** The office answers a request; the second time, once the register names the certificates, the answer is complete. */
export async function answerRequest({ layout, clock }: OfficeGround, request: string, ...more: readonly string[]): Promise<Ran> {
  const { agency } = JSON.parse(readFileSync(request, "utf8")) as { agency?: string };
  const [authority = ""] = (agency ?? "gh/none").split("/");
  return await runAt(
    { cwd: layout.home, now: clock.now() },
    "authority", "kit", "answer", request, "--folder", join("authorities", authority), "--register", "register", ...more,
  );
} // prettier-ignore

/** The registrars' work: the part that the office wrote is published. */
export function publishPart({ layout, offices, clock }: OfficeGround, name: string): void {
  const text = readFileSync(join(layout.home, name), "utf8");
  const edit = JSON.parse(text) as { part: string; content: unknown };
  const content = parsePartContent(edit.part, edit.content);
  if (content.kind !== "state") throw new Error("no state's part");
  const next = publish(readFileSync(layout.register), { states: [content.state] }, { offices, now: clock.now() }); // prettier-ignore
  replaceRegister(layout.register, next);
}
