import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parsePartContent } from "../../certs/authority/index.ts";
import type { StatePart } from "../../schemas/index.ts";
import { systemChance, systemClock } from "../../schemas/ground/index.ts";
import { runHouse } from "./house-run.ts";
import { replaceRegister } from "./register-edit.ts";
import type { RenewalWorld } from "./renewal-world.ts";
import { publish } from "../../deploy/local/register.ts";

/** What a command said and how it ended. */
export interface OfficeRan {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `atumpan authority` in the folder of a world, at the world's time; nobody sits at its terminal. */
export async function runOffice(
  { layout, clock }: RenewalWorld,
  args: readonly string[],
): Promise<OfficeRan> {
  let [out, err] = ["", ""];
  const nobody = (): Promise<string> => Promise.reject(new Error("nobody is asked"));
  const code = await runHouse({
    args: ["authority", ...args],
    cwd: layout.home,
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    ask: nobody,
    askPin: nobody,
    clock: { ...systemClock, now: () => clock.now() },
    chance: systemChance,
  });
  return { code, out, err };
}

/** Reads a part that a command wrote, as `atumpan register propose` reads it. */
export function readEdited(
  { layout }: RenewalWorld,
  name: string,
): { readonly base: number; readonly state: StatePart } {
  const edit = JSON.parse(readFileSync(join(layout.home, name), "utf8")) as {
    part: string;
    base: number;
    content: unknown;
  };
  const content = parsePartContent(edit.part, edit.content);
  if (content.kind !== "state") throw new Error("no state's part");
  return { base: edit.base, state: content.state };
}

/** The next epoch, in which a state's part is the one that a command wrote; its base is the version in force. */
export function publishEdited(world: RenewalWorld, name: string): void {
  const { layout, offices, clock } = world;
  const { base, state } = readEdited(world, name);
  const held = world.register().trusted.parts.get(state.authority);
  if (held?.version !== base) throw new Error(`made on ${base}`);
  const next = publish(readFileSync(layout.register), { states: [state] }, { offices, now: clock.now() }); // prettier-ignore
  replaceRegister(layout.register, next);
}
