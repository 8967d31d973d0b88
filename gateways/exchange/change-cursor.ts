import { createCipheriv, createDecipheriv } from "node:crypto";

import {
  type Bytes,
  type Chance,
  concatBytes,
  Fault,
  parseBase64url,
  renderBase64url,
} from "../../schemas/ground/index.ts";
import type { ChangePlace } from "../store/index.ts";

const cipher = "aes-128-ecb";
const positionBytes = 6;
const saltBytes = 4;
/** Sixteen bytes: the last letter says four bits that are none. */
const spelling = /^[A-Za-z0-9_-]{21}[AQgw]$/;

/**
 * A place in the log of changes as it is given away: one block of a cipher under the store's own key. Nobody can tell from
 * two of them how many changes lie between, some of which may be none of his.
 */
export function renderChangeCursor(
  key: Bytes,
  { position, mark }: ChangePlace,
  chance: Chance,
): string {
  const place = Buffer.alloc(positionBytes);
  place.writeUIntBE(position, 0, positionBytes);
  // one block with a salt in it: the same place is never written twice alike
  const block = createCipheriv(cipher, key, null).setAutoPadding(false);
  return renderBase64url(block.update(concatBytes(chance.bytes(saltBytes), place, mark)));
}

/**
 * Reads what `renderChangeCursor` wrote. Of another store, or made up, it is some place that no log has.
 *
 * @throws {Fault} REQUEST_INVALID for what is no cursor at all
 */
export function parseChangeCursor(key: Bytes, cursor: string): ChangePlace {
  const wrong = new Fault("REQUEST_INVALID", "the cursor is not one that a change gave");
  if (!spelling.test(cursor)) throw wrong;
  const bytes = parseBase64url(cursor);
  const block = createDecipheriv(cipher, key, null).setAutoPadding(false).update(bytes);
  const position = block.readUIntBE(saltBytes, positionBytes);
  return { position, mark: block.subarray(saltBytes + positionBytes) };
}
