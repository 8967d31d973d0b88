import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hasTokenDriver } from "../../certs/keys/index.ts";

const libraries = [
  "/usr/lib/softhsm/libsofthsm2.so",
  "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
  "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
  "/usr/lib64/pkcs11/libsofthsm2.so",
  "/opt/homebrew/lib/softhsm/libsofthsm2.so",
];

/** Where SoftHSM2 is, when it and the native part that speaks to it are here. */
export const softLibrary: string | undefined = hasTokenDriver()
  ? libraries.find((file) => existsSync(file))
  : undefined;

/** What stands beside the name of a test that is skipped for want of them. */
export const tokenNeeds = "(skipped unless SoftHSM2 is installed and npm run pkcs11 was run)";

/** Tokens in software, in a folder of their own. */
export interface SoftTokens {
  readonly folder: string;
  /** Makes a token with a PIN, and a file of the PIN beside it. Returns the place of a key in it. */
  make(label: string, pin?: string): (object: string) => string;
  remove(): void;
}

/** Begins a set of tokens. One set in a process: the library reads where they lie once. */
export function makeSoftTokens(): SoftTokens {
  const folder = mkdtempSync(join(tmpdir(), "tokens-"));
  const config = join(folder, "softhsm2.conf");
  mkdirSync(join(folder, "tokens"));
  writeFileSync(
    config,
    `directories.tokendir = ${join(folder, "tokens")}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  process.env["SOFTHSM2_CONF"] = config;
  return {
    folder,
    make: (label, pin = "4321") => {
      const args = [
        "--init-token",
        "--free",
        "--label",
        label,
        "--so-pin",
        "87654321",
        "--pin",
        pin,
      ];
      execFileSync("softhsm2-util", args, { stdio: "ignore" });
      const pinFile = join(folder, `${label}.pin`);
      writeFileSync(pinFile, `${pin}\n`, { mode: 0o600 });
      return (object) =>
        `pkcs11:token=${label};object=${object}?module-path=${softLibrary ?? ""}&pin-source=file:${pinFile}`;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
