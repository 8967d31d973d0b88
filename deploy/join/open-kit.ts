import {
  checkTrustedRoot,
  isStatementProven,
  type ProvenRegister,
  verifyRegister,
} from "../../certs/trust/index.ts";
import {
  type Bytes,
  type EpochMs,
  Fault,
  isFault,
  renderHex,
  sha256,
} from "../../schemas/ground/index.ts";
import { type Kit, type KitFile, maxManifestBytes, parseKit } from "./kit.ts";
import { readPlainFile } from "./plain-file.ts";
import { deriveKeys, isMac, type KitKeys, makeMac } from "./seal.ts";

/** A folder that says it is a kit: every file is as its manifest says, and who made it is not proved. */
export interface FoundKit {
  readonly kit: Kit;
  readonly manifest: Bytes;
  readonly signature: string;
  readonly seal: Bytes;
  readonly files: Readonly<Record<KitFile, Bytes>>;
}

/** A kit that was proved by its code and by its maker's signature. */
export interface ProvedKit extends FoundKit {
  readonly keys: KitKeys;
  readonly register: ProvenRegister;
}

const maxBytes: Readonly<Record<KitFile, number>> = {
  "README.txt": 64 * 1024,
  "drill.json": 64 * 1024,
  "gateway.json": 64 * 1024,
  "hub-ca.pem": 256 * 1024,
  "register.bin": 64 * 1024 * 1024,
  "root.json": 1024 * 1024,
};
const maxSignatureBytes = 8 * 1024;
const sealChars = 64;
/** A clock that is set by hand is not set to the second. */
const clockSlackMs = 5 * 60_000;

function readListed(folder: string, { files }: Kit): Readonly<Record<KitFile, Bytes>> {
  const read = (name: KitFile): Bytes => {
    const bytes = readPlainFile(folder, name, maxBytes[name]);
    if (renderHex(sha256(bytes)) === files[name]) return bytes;
    throw new Fault("KIT_INVALID", `${name} was changed since the kit was made`);
  };
  return {
    "README.txt": read("README.txt"),
    "drill.json": read("drill.json"),
    "gateway.json": read("gateway.json"),
    "hub-ca.pem": read("hub-ca.pem"),
    "register.bin": read("register.bin"),
    "root.json": read("root.json"),
  };
}

/**
 * Reads a kit's folder: every file that its manifest names, and nothing else. Nothing is written.
 *
 * @throws {Fault} KIT_INVALID
 */
export function readKitFolder(folder: string): FoundKit {
  const manifest = readPlainFile(folder, "kit.json", maxManifestBytes);
  const kit = parseKit(manifest);
  const signature = Buffer.from(readPlainFile(folder, "kit.sig", maxSignatureBytes)).toString("latin1").trim(); // prettier-ignore
  const seal = Buffer.from(readPlainFile(folder, "kit.seal", sealChars * 2)).toString("latin1").trim();
  if (!/^[0-9a-f]{64}$/.test(seal)) throw new Fault("KIT_INVALID", "kit.seal is no seal of ours");
  return { kit, manifest, signature, seal: Buffer.from(seal, "hex"), files: readListed(folder, kit) };
} // prettier-ignore

/**
 * Looks whether a kit may be used at a time. Its own times are judged before the code is asked for, and count because the code
 * proves them. What was asked for in time may be answered later.
 *
 * @throws {Fault} CLOCK_BEHIND before it was made, KIT_ENDED after its end
 */
export function checkKitTime({ madeAt, endsAt }: Kit, now: EpochMs, isAnswered: boolean): void {
  if (now < madeAt - clockSlackMs) {
    throw new Fault("CLOCK_BEHIND", "this machine's clock stands before the kit was made");
  }
  if (!isAnswered && now >= endsAt) throw new Fault("KIT_ENDED", "its days are over, if this machine's clock is right");
} // prettier-ignore

function proveMaker({ kit, manifest: bytes, signature, files }: FoundKit): ProvenRegister {
  try {
    const root = files["root.json"];
    checkTrustedRoot(root);
    const register = verifyRegister(files["register.bin"], { root });
    const { madeBy: signer, madeAt } = kit;
    const statement = { typ: "atumpan-join-kit", bytes, signature, signer } as const;
    if (isStatementProven(register, statement, madeAt)) return register;
  } catch (cause) {
    if (!isFault(cause)) throw cause;
    throw new Fault("KIT_INVALID", `its register or its signature is not proved: ${cause.code}`, { cause }); // prettier-ignore
  }
  throw new Fault("KIT_INVALID", `it is not signed by ${kit.madeBy}`);
}

/**
 * Proves a kit by the code that came another way, and then by its maker's key in the register it brings. The code vouches for
 * all of it, the register's root with it; the signature says who answers for it.
 *
 * @param code in its one spelling
 * @throws {Fault} KIT_CODE_WRONG, KIT_INVALID
 */
export function proveKit(found: FoundKit, code: string): ProvedKit {
  const keys = deriveKeys(code, found.manifest);
  if (!isMac(makeMac(keys.sealing, "kit", found.manifest), found.seal)) {
    throw new Fault("KIT_CODE_WRONG", "it is the code of another kit, or this is not the folder that your office made"); // prettier-ignore
  }
  const register = proveMaker(found);
  const { agency } = found.kit;
  if (register.agency(agency) === undefined) {
    throw new Fault("KIT_INVALID", `${agency} is not in the register that it brings`);
  }
  return { ...found, keys, register };
}
