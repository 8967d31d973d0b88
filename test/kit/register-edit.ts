import { readFileSync, renameSync, writeFileSync } from "node:fs";

import { publish, type Offices } from "../../deploy/local/register.ts";
import type { Agency, RegionalPart, StatePart } from "../../schemas/index.ts";
import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import { firstRoot } from "../../certs/authority/index.ts";
import { verifyRegister } from "../../certs/trust/index.ts";

/** What the next epoch says otherwise; each function is given what stands now. */
export interface RegisterEdit {
  readonly region?: (now: RegionalPart) => RegionalPart;
  /** By authority. */
  readonly states?: Readonly<Record<string, (now: StatePart) => StatePart>>;
}

/** What the parts of a register say. */
export function registerParts(register: Bytes): {
  readonly region: RegionalPart;
  readonly states: ReadonlyMap<string, StatePart>;
} {
  const { region, parts } = verifyRegister(register, { root: firstRoot(register) }).trusted;
  return {
    region: region.part,
    states: new Map([...parts].map(([name, { part }]) => [name, part])),
  };
}

/** The next epoch of a region's register, with the edit made and signed by whoever may. */
export function editRegister(
  current: Bytes,
  edit: RegisterEdit,
  { offices, now }: { offices: Offices; now: EpochMs },
): Bytes {
  const { states: parts, region: part } = registerParts(current);
  const states = Object.entries(edit.states ?? {}).map(([authority, change]) => {
    const found = parts.get(authority);
    if (found === undefined) throw new Error(`the register has no part ${authority}`);
    return change(found);
  });
  const region = edit.region?.(part);
  const change = region === undefined ? { states } : { region, states };
  return publish(current, change, { offices, now });
}

/** A state's part with one of its agencies changed. */
export function withAgency(
  agency: string,
  change: (now: Agency) => Agency,
): (now: StatePart) => StatePart {
  return (now) => {
    if (!now.agencies.some((one) => one.agency === agency)) throw new Error(`no ${agency} there`);
    const agencies = now.agencies.map((one) => (one.agency === agency ? change(one) : one));
    return { ...now, agencies };
  };
}

/** Puts a register in the place of the one in a file, as its publisher does. */
export function replaceRegister(file: string, register: Bytes): void {
  writeFileSync(`${file}.new`, register, { flush: true });
  renameSync(`${file}.new`, file);
}

/** The register in a file. */
export function readRegister(file: string): Bytes {
  return readFileSync(file);
}
