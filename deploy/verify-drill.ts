import type { Command } from "commander";
import { z } from "zod";

import { isStatementProven } from "../certs/trust/index.ts";
import { verifyRegisters } from "../certs/verify/index.ts";
import { exitCodes } from "../gateways/cli/index.ts";
import { type Bytes, Fault, isFault, parseUtf8, renderHex, sha256, tryShape, utf8 } from "../schemas/ground/index.ts"; // prettier-ignore
import { readNamed, readRegisters, type VerifyOptions, type VerifyWorld } from "./verify-files.ts";

const maxReportBytes = 64 * 1024;
const signedShape = z.strictObject({
  report: z.string().max(16_000),
  signature: z.string().max(8_000),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});
const count = z.number().int().min(0);
const reportShape = z.strictObject({
  agency: z.string().max(60),
  backup: z.string().max(255),
  createdAt: count,
  drilledAt: count,
  behindMs: count,
  epoch: count,
  entries: count,
  withKeys: z.boolean(),
  found: z.record(z.string().max(40), z.union([count, z.string().max(100)])),
});

/** A drill's report as it came; who signed it is still to be proved. */
export interface UnprovenDrill {
  readonly report: z.infer<typeof reportShape>;
  /** The exact text that was signed. */
  readonly text: string;
  readonly signature: string;
}

type DrillAnswer =
  | { readonly ok: true; readonly report: UnprovenDrill["report"] }
  | { readonly ok: false; readonly code: string };

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads the signed report of a drill, at most 64 KiB of it: its shape and its digest.
 *
 * @throws {Fault} BACKUP_INVALID
 */
export function parseDrill(bytes: Bytes): UnprovenDrill {
  const signed = tryShape(signedShape, bytes.length > maxReportBytes ? undefined : parseJson(parseUtf8(bytes)));
  if (!signed.success) throw new Fault("BACKUP_INVALID", "this is no report of a drill");
  const { report: text, signature, digest } = signed.data;
  const report = tryShape(reportShape, parseJson(text));
  if (report.success && renderHex(sha256(utf8(text))) === digest) return { report: report.data, text, signature };
  throw new Fault("BACKUP_INVALID", "this is no report of a drill, or it was changed");
} // prettier-ignore

async function judge(world: VerifyWorld, file: string, options: VerifyOptions): Promise<DrillAnswer> {
  const { files, anchors } = readRegisters(world, options.register ?? [], options);
  const register = verifyRegisters(files, anchors);
  try {
    const { report, text, signature } = parseDrill(await readNamed(world, file));
    const statement = { typ: "atumpan-backup", bytes: utf8(text), signature, signer: report.agency } as const;
    const ok = isStatementProven(register, statement, report.drilledAt);
    return ok ? { ok, report } : { ok, code: "SIGNATURE_INVALID" };
  } catch (error) {
    if (isFault(error)) return { ok: false, code: error.code };
    throw error;
  }
} // prettier-ignore

async function runDrill(world: VerifyWorld, file: string, options: VerifyOptions): Promise<number> {
  const answer = await judge(world, file, options);
  await world.write(`${JSON.stringify(answer, undefined, world.isTerse ? undefined : 2)}\n`);
  return answer.ok ? exitCodes.ok : exitCodes.verificationFailed;
}

/** Adds `verify drill`: the signed report of a drill, by a register. */
export function addVerifyDrill(
  verify: Command,
  start: (run: (world: VerifyWorld) => Promise<number>) => void,
): void {
  verify
    .command("drill <file>")
    .description("the signed report of a drill of a backup, by a register")
    .requiredOption("--register <file...>", "register files or folders, older ones first")
    .option("--root <file>", "a root of the register that you trust, root.json; beside the register when left out")
    .action((file: string, options: VerifyOptions) => {
      start((world) => runDrill(world, file, options));
    });
} // prettier-ignore
