import { basename, relative, sep } from "node:path";

import type { Clock } from "../../schemas/ground/index.ts";
import type { GatewayFace } from "./check-gateway.ts";
import { examine } from "./examine.ts";
import type { Finding } from "./finding.ts";
import type { Probes } from "./probes.ts";

/** What the desk works with. */
export interface DoctorParts {
  /** The gateway's own folder. */
  readonly dir: string;
  readonly agency: string;
  readonly probes: Probes;
  readonly clock: Clock;
}

/** The doctor, for who asks from afar. */
export interface DoctorDesk {
  /**
   * Examines the gateway that runs here, at most once in `restMs`: who asks sooner is told what was found then. Findings name
   * files by their place in the gateway's folder, never where that folder lies.
   *
   * @param face how this gateway is asked of itself
   */
  examine(face: GatewayFace): Promise<Examined>;
}

/** What was found, and when. */
export interface Examined {
  /** EpochMs. */
  readonly at: number;
  readonly findings: readonly Finding[];
}

/** An examination writes to the disk and greets the hub; whoever asks again and again shall not make it do so. */
const restMs = 10_000;

/** A file as who may not know this machine is told of it: its place in the folder, or its bare name. */
function tellFile(file: string, { dir, agency }: DoctorParts): string {
  const inside = relative(dir, file);
  if (inside === "") return agency;
  const isInside = inside !== ".." && !inside.startsWith(`..${sep}`);
  return isInside ? inside.split(sep).join("/") : basename(file);
}

function withoutPlaces(finding: Finding, parts: DoctorParts): Finding {
  const { file } = finding.facts;
  if (typeof file !== "string") return finding;
  return { ...finding, facts: { ...finding.facts, file: tellFile(file, parts) } };
}

/** Builds the desk. */
export function makeDoctorDesk(parts: DoctorParts): DoctorDesk {
  const { dir, probes, clock } = parts;
  let last: Promise<Examined> | undefined;
  let endsAt = 0;
  const look = async (face: GatewayFace): Promise<Examined> => {
    const at = clock.now();
    const found = await examine({ dir, face: () => face }, probes);
    // that it answers, whoever reads this knows
    const told = found.filter(({ code }) => code !== "API_ANSWERS");
    return { at, findings: told.map((one) => withoutPlaces(one, parts)) };
  };
  return {
    examine: async (face) => {
      const now = clock.elapsed();
      if (last === undefined || now >= endsAt) {
        const begun = look(face);
        last = begun;
        endsAt = now + restMs;
        // what failed is not kept
        begun.catch(() => (last = last === begun ? undefined : last));
      }
      return await last;
    },
  };
}
