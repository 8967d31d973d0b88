import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { z } from "zod";

import {
  type Bytes,
  type Clock,
  Fault,
  isFault,
  sameBytes,
  systemClock,
  toFault,
} from "../schemas/ground/index.ts";
import {
  loadKey,
  loadSealingKey,
  loadSigningKey,
  makeSigner,
  publicHalf,
} from "../certs/keys/index.ts";
import { type Certificate, parseCertificate, parsePem } from "../certs/shape/index.ts";
import type { GatewayOptions } from "./gateway.ts";
import { makeTranslation, translationShape } from "./translation-choice.ts";

const file = z.string().min(1).max(400);
const pair = z.strictObject({ key: file, certificate: file });
const shape = z.strictObject({
  agency: z.string().regex(/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/),
  api: z.strictObject({ host: z.string().min(1), port: z.number().int().min(0).max(65_535) }),
  keys: z.strictObject({ signing: pair, link: pair, sealing: z.array(pair).min(1).max(8) }),
  anchors: file,
  register: file.optional(),
  hubs: z.array(z.string().min(1)).min(1).optional(),
  translation: translationShape.optional(),
});

/** A gateway's folder as it was read: what `startGateway` needs but the clock, chance and log. */
export interface LoadedGateway {
  readonly options: Omit<GatewayOptions, "clock" | "chance" | "log">;
  readonly api: { readonly host: string; readonly port: number };
}

function readBytes(path: string): Bytes {
  try {
    return readFileSync(path);
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", `${path} cannot be read`);
  }
}

function readText(path: string): string {
  return Buffer.from(readBytes(path)).toString("utf8");
}

function readShape(path: string): z.infer<typeof shape> {
  let parsed: z.ZodSafeParseResult<z.infer<typeof shape>>;
  try {
    // zod too may throw: it asks the length of whatever says it has one
    parsed = shape.safeParse(JSON.parse(readText(path)));
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", `${path} is not JSON of our kind`);
  }
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.map(String).join(".") ?? "";
  throw new Fault("CONFIG_INVALID", `${path}: ${where} ${issue?.message ?? "is wrong"}`);
}

/** The registrars' public keys, one PEM block each. */
function loadAnchors(path: string): readonly Bytes[] {
  const blocks =
    readText(path).match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? [];
  if (blocks.length === 0) throw new Fault("CONFIG_INVALID", `${path} holds no public key`);
  try {
    return blocks.map((pem) => createPublicKey(pem).export({ format: "der", type: "spki" }));
  } catch (cause) {
    throw new Fault("CONFIG_INVALID", `${path} holds a public key that cannot be used`, { cause });
  }
}

function loadCertificate(path: string): Certificate {
  try {
    const [der] = parsePem("CERTIFICATE", readText(path));
    if (der !== undefined) return parseCertificate(der);
  } catch (error) {
    if (isFault(error, "CONFIG_INVALID")) throw error;
    throw new Fault("CONFIG_INVALID", `${path} is not a certificate we read`, { cause: error });
  }
  throw new Fault("CONFIG_INVALID", `${path} holds no certificate`);
}

function checkFits(path: string, spki: Bytes, certificate: Certificate): void {
  if (sameBytes(spki, certificate.spki)) return;
  throw new Fault("CONFIG_INVALID", `${path} is not the key of the certificate beside it`);
}

/**
 * Reads a gateway's folder: `gateway.json`, strict in every field, and the files it names, relative to the
 * folder. Every key fits its certificate. A key file that others may read is refused. Without `translation`
 * there the gateway gives no text to any service.
 *
 * @throws {Fault} CONFIG_INVALID, KEY_UNUSABLE
 */
export function loadGateway(dir: string, clock: Clock = systemClock): LoadedGateway {
  const config = readShape(join(dir, "gateway.json"));
  const { agency, api, keys, anchors, register, hubs } = config;
  const at = (path: string): string => (isAbsolute(path) ? path : join(dir, path));
  const signingKey = loadSigningKey(at(keys.signing.key));
  const signing = loadCertificate(at(keys.signing.certificate));
  checkFits(keys.signing.key, signingKey.spki, signing);
  const linkKey = loadKey(at(keys.link.key));
  checkFits(keys.link.key, publicHalf(linkKey).spki, loadCertificate(at(keys.link.certificate)));
  const sealing = keys.sealing.map(({ key: keyFile, certificate: certificateFile }) => {
    const key = loadSealingKey(at(keyFile));
    const certificate = loadCertificate(at(certificateFile));
    checkFits(keyFile, key.spki, certificate);
    return { key, certificate: certificate.der };
  });
  return {
    api,
    options: {
      agency,
      dir,
      anchors: { registrarKeys: loadAnchors(at(anchors)) },
      register: register === undefined ? undefined : readBytes(at(register)),
      signer: makeSigner({ signer: agency, key: signingKey, thumbprint: signing.thumbprint }),
      sealing,
      link: {
        certificatePem: readText(at(keys.link.certificate)),
        keyPem: linkKey.export({ format: "pem", type: "pkcs8" }).toString(),
      },
      hubUrls: hubs,
      translation: makeTranslation(config.translation, { at, clock }),
    },
  };
}
