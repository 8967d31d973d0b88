import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

import { replaceFile } from "../../../schemas/disk/index.ts";
import { type Bytes, Fault, toFault } from "../../../schemas/ground/index.ts";
import { type RepositoryFiles, repositoryLimits } from "../../trust/index.ts";
import { exportRepository, importRepository } from "../repository/folder.ts";
import { type OfficersFile, parseOfficersFile, renderOfficersFile } from "./officers-file.ts";

/**
 * The folder in which an office keeps the register: the repository (`metadata/`, `targets/`), its officers
 * (`officers.json`), what is pending (`pending/`), and for its readers `root.json` and `register.bin`. No key lies in it.
 */
export interface RegisterOffice {
  readonly folder: string;
  readonly officers: OfficersFile;
  readonly files: RepositoryFiles;
}

const maxFileBytes = 4 * repositoryLimits.registerBytes;

/** Reads a file of an office, or one that was carried to it. @throws {Fault} USAGE_INVALID */
export function readOfficeFile(file: string): Bytes {
  try {
    if (statSync(file).size <= maxFileBytes) return readFileSync(file);
  } catch (cause) {
    throw new Fault("USAGE_INVALID", `${file} cannot be read`, { cause });
  }
  throw new Fault("USAGE_INVALID", `${file} has more than ${maxFileBytes} bytes`);
}

/** Puts a file in its place; whoever reads meanwhile has the one before or this, whole. @throws {Fault} STORE_WRITE_FAILED */
export function saveOfficeFile(file: string, bytes: Bytes): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    replaceFile(file, bytes, { sync: "bytes" });
  } catch (error) {
    throw toFault(error, "STORE_WRITE_FAILED", `${file} could not be written`);
  }
}

/** Opens the folder of an office. @throws {Fault} USAGE_INVALID, CHANGE_*, REGISTER_INVALID */
export function openRegisterOffice(folder: string): RegisterOffice {
  const file = join(folder, "officers.json");
  if (!existsSync(file)) {
    throw new Fault(
      "USAGE_INVALID",
      `${folder} is no register's folder; make one with: atumpan register init, or name it with --folder`,
    );
  }
  return {
    folder,
    officers: parseOfficersFile(readOfficeFile(file)),
    files: importRepository(folder),
  };
}

/** Writes what an office holds. Files that stand in the repository already are written as they were. */
export function saveRegisterOffice({ folder, officers, files }: RegisterOffice): void {
  saveOfficeFile(join(folder, "officers.json"), renderOfficersFile(officers));
  exportRepository(folder, files);
} // prettier-ignore
