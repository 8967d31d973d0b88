import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { loadKey, publicHalf } from "../../certs/keys/index.ts";
import { parseCertificate, parsePem } from "../../certs/shape/index.ts";
import { Fault, sameBytes, tryShape } from "../../schemas/ground/index.ts";
import { entryName } from "./manifest.ts";

const pair = z.looseObject({ key: z.string(), certificate: z.string() });
const shape = z.looseObject({
  keys: z.looseObject({ signing: pair, link: pair, sealing: z.array(pair).max(8) }),
});

/**
 * Whether the keys that came with a backup are those of the certificates beside them: each is opened. One in a token, or outside
 * the folder, did not come and is not looked at.
 *
 * @returns how many were opened
 * @throws {Fault} KEY_UNUSABLE
 */
export function openKeysIn(folder: string): number {
  const file = join(folder, "gateway.json");
  const read = existsSync(file) ? tryShape(shape, JSON.parse(readFileSync(file, "utf8"))) : undefined;
  if (read?.success !== true) throw new Fault("KEY_UNUSABLE", "the backup says of no key what it is for");
  const { signing, link, sealing } = read.data.keys;
  const here = [signing, link, ...sealing].filter(
    ({ key }) => tryShape(entryName, key).success && existsSync(join(folder, key)),
  );
  for (const { key, certificate } of here) {
    const [der] = parsePem("CERTIFICATE", readFileSync(join(folder, certificate), "utf8"));
    const { spki } = publicHalf(loadKey(join(folder, key)));
    if (der !== undefined && sameBytes(parseCertificate(der).spki, spki)) continue;
    throw new Fault("KEY_UNUSABLE", "a key in the backup is not that of the certificate beside it");
  }
  return here.length;
} // prettier-ignore
