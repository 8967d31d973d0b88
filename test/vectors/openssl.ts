import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type PemLabel, renderPem } from "../../certs/shape/index.ts";
import type { EncodedQuestion } from "../../certs/trust/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";

/** Another judge of paths. */
export interface Openssl {
  /** "" when it accepts, else what it says. */
  readonly judge: (question: EncodedQuestion) => string;
  readonly stop: () => void;
}

const flags = [
  "-partial_chain",
  "-x509_strict",
  "-crl_check_all",
  "-extended_crl",
  "-policy_check",
] as const;

/** Opens OpenSSL's verifier; it reads its documents from files of a folder of its own. */
export function openOpenssl(): Openssl {
  const folder = mkdtempSync(join(tmpdir(), "vectors-"));
  const save = (name: string, label: PemLabel, documents: readonly Bytes[]): readonly string[] => {
    if (documents.length === 0) return [];
    const file = join(folder, name);
    writeFileSync(file, renderPem(label, ...documents));
    return [`-${name}`, file];
  };
  const judge = ({ anchors, intermediates, leaf, crls = [], at }: EncodedQuestion): string => {
    const files = [
      ...save("trusted", "CERTIFICATE", anchors),
      ...save("untrusted", "CERTIFICATE", intermediates),
      ...save("CRLfile", "X509 CRL", crls),
      ...save("leaf", "CERTIFICATE", [leaf]).slice(1),
    ];
    const time = ["-attime", String(Math.floor(at / 1000))];
    const { status, stdout, stderr } = spawnSync(
      "openssl",
      ["verify", ...flags, ...time, ...files],
      {
        encoding: "utf8",
      },
    );
    return status === 0 ? "" : `${stdout}${stderr}`.replaceAll(folder, "");
  };
  return { judge, stop: () => rmSync(folder, { recursive: true }) };
}
