import { systemClock } from "../../schemas/ground/index.ts";
import { runHouse } from "./house-run.ts";
import type { World } from "./world.ts";

/** What a command of a witness said. */
export interface WitnessRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `atumpan witness …` as its operator would, in a folder. */
export async function runWitnessVerb(cwd: string, ...args: readonly string[]): Promise<WitnessRun> {
  let [out, err] = ["", ""];
  const code = await runHouse({
    args: ["witness", ...args], cwd, clock: systemClock,
    out: (text) => void (out += text), err: (text) => void (err += text),
  }); // prettier-ignore
  return { code, out, err };
} // prettier-ignore

/** Makes a witness that an agency of a world runs, with the agency's own link; gives the keys it told. */
export async function makeAgencyWitness(
  { layout, plan }: Pick<World, "layout" | "plan">,
  { agency, name, dir }: { readonly agency: string; readonly name: string; readonly dir: string },
): Promise<readonly string[]> {
  const keys = `${layout.gateway(agency)}/keys`;
  const { code, out, err } = await runWitnessVerb(
    layout.home, "init", dir, "--json", "--name", name, "--hub", plan.hub, "--agency", agency,
    "--register", layout.register, "--root", layout.root,
    "--certificate", `${keys}/link.pem`, "--key", `${keys}/link.key`,
  ); // prettier-ignore
  if (code !== 0) throw new Error(err);
  const { keys: told } = JSON.parse(out) as { readonly keys: readonly string[] };
  return told;
}
