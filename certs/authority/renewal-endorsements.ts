import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import type { Endorsement } from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault, sameBytes } from "../../schemas/ground/index.ts";
import { judgeSealingKey, parseCarriedEndorsement, type RegisterView } from "../trust/index.ts";

/** Where endorsements are looked for, and by what they are judged. */
interface EndorsementPlace {
  readonly folder: string;
  readonly register: RegisterView;
  readonly now: EpochMs;
}

/** A sealing certificate that was made and is not published yet. */
interface NewSealing {
  readonly agency: string;
  readonly name: string;
  readonly line: {
    readonly kind: "SEALING";
    readonly certificate: Bytes;
    readonly thumbprint: Bytes;
  };
}

const maxFileBytes = 16 * 1024;

/**
 * The endorsements with which a new sealing key can be published so that others seal to it; undefined as long as they
 * have not come. An agency's first key needs none.
 *
 * @throws {Fault} SIGNATURE_MALFORMED, SEAL_KEY_UNCONFIRMED when what came endorses another key, or is by another
 */
export function findEndorsements(
  { folder, register, now: at }: EndorsementPlace,
  { agency, name, line }: NewSealing,
): readonly Endorsement[] | undefined {
  const named = register.agency(agency)?.certificates ?? [];
  const sealing = named.filter(({ kind }) => kind === "SEALING");
  if (sealing.length === 0) return [];
  const file = join(folder, `${name}.endorsement`);
  if (!existsSync(file)) return undefined;
  if (statSync(file).size > maxFileBytes) {
    throw new Fault("SIGNATURE_MALFORMED", `${file} has more than ${maxFileBytes} bytes`);
  }
  const { thumbprint, ...endorsement } = parseCarriedEndorsement(readFileSync(file));
  const candidate = { ...line, agency, endorsements: [endorsement] };
  const pinned = sealing.map((one) => ({ thumbprint: one.thumbprint, isBelieved: true }));
  const isEndorsed =
    sameBytes(thumbprint, line.thumbprint) &&
    judgeSealingKey({ pinned, candidate, register, at }) === "endorsed";
  if (isEndorsed) return [endorsement];
  throw new Fault(
    "SEAL_KEY_UNCONFIRMED",
    "the endorsement is not by the sealing key before, or of another key",
  );
}
