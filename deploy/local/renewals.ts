import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { type RenewedLine, type RenewalOutcome, withRenewed } from "../../certs/authority/index.ts";
import { verifyRegister } from "../../certs/trust/index.ts";
import { replaceFile } from "../../schemas/disk/index.ts";
import type { Chance, EpochMs } from "../../schemas/ground/index.ts";
import type { Layout } from "./layout.ts";
import { tendRenewals } from "./office.ts";
import { type Offices, publish } from "./register.ts";

/** The folders of gateways, and of the hub, in which requests lie. */
export interface RenewalRegion {
  readonly layout: Pick<Layout, "gateway" | "hub" | "register" | "root">;
  readonly offices: Offices;
  readonly agencies: readonly string[];
  /** None when left out. */
  readonly hub?: string | undefined;
  /** A second hub, and its folder. */
  readonly second?: { readonly agency: string; readonly home: string } | undefined;
}

interface Asking {
  readonly agency: string;
  readonly folder: string;
}

function findAsking({ layout, agencies, hub, second }: RenewalRegion): readonly Asking[] {
  const gateways = agencies.map((agency) => ({ agency, home: layout.gateway(agency) }));
  const first = hub === undefined ? [] : [{ agency: hub, home: layout.hub }];
  const all = [...gateways, ...first, ...(second === undefined ? [] : [second])];
  return all
    .map(({ agency, home }) => ({ agency, folder: join(home, "renewal") }))
    .filter(
      ({ folder }) =>
        existsSync(folder) && readdirSync(folder).some((file) => file.endsWith(".request")),
    );
}

/**
 * Every office looks into the folders of its agencies' gateways and of its hub, and what is new is published in one register. Where
 * nobody asks, folders are listed and nothing else is done.
 *
 * @returns what was refused
 * @throws {Fault} STORE_WRITE_FAILED, KEY_UNUSABLE, REGISTER_*
 */
export async function tendRegion(
  region: RenewalRegion,
  { now, chance }: { readonly now: EpochMs; readonly chance: Chance },
): Promise<RenewalOutcome["refused"]> {
  const asking = findAsking(region);
  if (asking.length === 0) return [];
  const { layout, offices } = region;
  const current = readFileSync(layout.register);
  const register = verifyRegister(current, { root: readFileSync(layout.root) });
  const added: RenewedLine[] = [];
  const refused: RenewalOutcome["refused"][number][] = [];
  for (const { agency, folder } of asking) {
    const office = offices.all.get(agency.split("/", 1)[0] ?? "");
    if (office === undefined) continue;
    const outcome = await tendRenewals(office, folder, { register, now, chance });
    added.push(...outcome.added);
    refused.push(...outcome.refused);
  }
  const states = [...register.trusted.parts.values()]
    .filter(({ part }) => added.some(({ agency }) => agency.startsWith(`${part.authority}/`)))
    .map(({ part }) => withRenewed(part, added, now));
  if (states.length > 0) {
    replaceFile(layout.register, publish(current, { states }, { offices, now }));
  }
  return refused;
}
