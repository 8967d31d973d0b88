import { renderInstant } from "../../schemas/index.ts";
import { type EpochMs, isFault } from "../../schemas/ground/index.ts";
import { parseCrl } from "../../certs/shape/index.ts";
import { type RegisterView, verifyRegister } from "../../certs/trust/index.ts";
import { type Finding, makeFinding } from "./finding.ts";
import type { GatewayFolder } from "./folder.ts";
import type { Probes } from "./probes.ts";

const maxRegisterBytes = 64 * 1024 * 1024;
const maxRootBytes = 1024 * 1024;
/** A register is made anew every day and is in date for three. */
const soonMs = 86_400_000;

/** The register that lies in a folder, proved from the folder's root; or why not. */
export type FolderRegister =
  { readonly view: RegisterView } | { readonly view?: undefined; readonly finding: Finding };

/** Proves the newest register of a folder. */
export function proveFolderRegister(folder: GatewayFolder, probes: Probes): FolderRegister {
  const root = probes.read(folder.anchors, maxRootBytes);
  const bytes = folder.registers
    .map((file) => probes.read(file, maxRegisterBytes))
    .find((one) => one !== undefined);
  if (root === undefined) return { finding: makeFinding("FILE_MISSING", { file: folder.anchors }) };
  if (bytes === undefined) {
    return { finding: makeFinding("FILE_MISSING", { file: folder.registers[0] ?? "register.bin" }) };
  }
  try {
    return { view: verifyRegister(bytes, { root }) };
  } catch (error) {
    if (!isFault(error)) throw error;
    return { finding: makeFinding("REGISTER_UNPROVED", { why: error.code }) };
  }
} // prettier-ignore

/** Whether the register is in date and names the agency and its hub. */
export function checkRegister(
  view: RegisterView,
  agency: string,
  now: EpochMs,
): readonly Finding[] {
  const facts = { epoch: view.epoch, until: renderInstant(view.expiresAt) };
  const left = view.expiresAt - now;
  const age = left <= 0 ? "REGISTER_PAST" : left < soonMs ? "REGISTER_ENDS_SOON" : "REGISTER_CURRENT";
  return [
    makeFinding(age, facts),
    ...(view.agency(agency) === undefined ? [makeFinding("AGENCY_NOT_IN_REGISTER", { agency })] : []),
    ...(view.hubs.some(({ urls }) => urls.length > 0) ? [] : [makeFinding("HUB_NOT_IN_REGISTER")]),
  ];
} // prettier-ignore

/** When the lists in a register were made: times that have passed, by the word of each CA. */
export function findListTimes(view: RegisterView): readonly EpochMs[] {
  const names = new Set(view.agencies.map(({ authority }) => authority));
  const lists = [...names].flatMap((name) => view.authority(name)?.crls ?? []);
  return lists.flatMap((der) => {
    try {
      return [parseCrl(der).thisUpdate];
    } catch (error) {
      if (isFault(error)) return [];
      throw error;
    }
  });
}
