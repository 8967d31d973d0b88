import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";

import { z } from "zod";

import {
  isTokenPlace,
  type KeySigner,
  loadSigningKey,
  makeSigner,
} from "../../certs/keys/index.ts";
import { parseCertificate, parsePem } from "../../certs/shape/index.ts";
import { type Anchors, checkTrustedRoot } from "../../certs/trust/index.ts";
import { Fault, toFault } from "../../schemas/ground/index.ts";

const shape = z.looseObject({
  agency: z.string(),
  anchors: z.string(),
  keys: z.looseObject({ signing: z.looseObject({ key: z.string(), certificate: z.string() }) }),
});

/** What a gateway's folder says of who it is, for work while it does not run. */
export interface FolderFacts {
  readonly agency: string;
  /** The root that its register is proved from. */
  readonly anchors: Anchors;
  /** The agency's signing key. @throws {Fault} KEY_UNUSABLE, CONFIG_INVALID */
  signer(): KeySigner;
}

/**
 * Reads the root of a register that was brought by a way of its own.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function loadAnchors(file: string): Anchors {
  try {
    const root = readFileSync(file);
    checkTrustedRoot(root);
    return { root };
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", `${file} is not a root of a register`);
  }
}

/**
 * Reads a gateway's folder.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function readFolderFacts(dir: string): FolderFacts {
  const file = join(dir, "gateway.json");
  try {
    const { agency, anchors, keys } = shape.parse(JSON.parse(readFileSync(file, "utf8")));
    const at = (path: string): string =>
      isAbsolute(path) || isTokenPlace(path) ? path : join(dir, path);
    return {
      agency,
      anchors: loadAnchors(at(anchors)),
      signer: () => {
        const [der] = parsePem("CERTIFICATE", readFileSync(at(keys.signing.certificate), "utf8"));
        if (der === undefined) throw new Fault("CONFIG_INVALID", "the signing certificate is not there");
        const key = loadSigningKey(at(keys.signing.key));
        return makeSigner({ signer: agency, key, thumbprint: parseCertificate(der).thumbprint });
      },
    };
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", `${file} is not a gateway's configuration`);
  }
} // prettier-ignore
