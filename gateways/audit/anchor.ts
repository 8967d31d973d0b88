import { z } from "zod";

import {
  type Bytes,
  type EpochMs,
  isFault,
  renderHex,
  sameBytes,
  utf8,
} from "../../schemas/ground/index.ts";
import type { Signer } from "../../certs/keys/index.ts";
import { isStatementProven, type RegisterView } from "../../certs/trust/index.ts";
import type { StoredAuditAnchor } from "../store/index.ts";

/** What an agency signs about its record: where it stands, and where it begins. */
export interface AnchorStatement {
  readonly agency: string;
  readonly position: number;
  readonly hash: Bytes;
  readonly at: EpochMs;
  /** The last line that was taken away from the front, and its hash; position 0 when none was. */
  readonly cut: { readonly position: number; readonly hash: Bytes };
}

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const whole = z.number().int().min(0);
const shape = z.strictObject({
  v: z.literal(1),
  agency: z.string().max(50),
  position: whole,
  hash: hex,
  at: whole,
  cut: z.strictObject({ position: whole, hash: hex }),
});

const maxStatementBytes = 1_000;

function encode({ agency, position, hash, at, cut }: AnchorStatement): Bytes {
  const begins = { position: cut.position, hash: renderHex(cut.hash) };
  return utf8(JSON.stringify({ v: 1, agency, position, hash: renderHex(hash), at, cut: begins }));
}

/** Signs where a record stands. @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY, SIGNATURE_KEY_MISSING */
export function signAnchor(signer: Signer, said: AnchorStatement): StoredAuditAnchor {
  const statement = encode(said);
  const { position, hash, at, cut } = said;
  const signature = signer.sign("atumpan-audit", statement);
  return { position, hash, at, cutPosition: cut.position, statement, signature };
}

/** What an anchor says; undefined when its statement is none of ours or its columns say otherwise. */
export function readAnchor(anchor: StoredAuditAnchor): AnchorStatement | undefined {
  const { statement, position, hash, at, cutPosition } = anchor;
  if (statement.length > maxStatementBytes) return undefined;
  let said: AnchorStatement;
  try {
    const { v: _v, ...read } = shape.parse(JSON.parse(Buffer.from(statement).toString("utf8")));
    const cut = { position: read.cut.position, hash: Buffer.from(read.cut.hash, "hex") };
    said = { ...read, hash: Buffer.from(read.hash, "hex"), cut };
  } catch {
    return undefined;
  }
  const isSame = said.position === position && said.at === at && sameBytes(said.hash, hash);
  return isSame && said.cut.position === cutPosition ? said : undefined;
}

/** Whether the agency's own key, as the register names it now, signed the anchor. */
export function isAnchorProven(
  { statement, signature }: StoredAuditAnchor,
  place: { readonly register: RegisterView; readonly agency: string; readonly now: EpochMs },
): boolean {
  const { register, agency, now } = place;
  const said = { typ: "atumpan-audit", bytes: statement, signature, signer: agency } as const;
  try {
    return isStatementProven(register, said, now);
  } catch (error) {
    if (isFault(error)) return false;
    throw error;
  }
}
