import {
  decodeMessage,
  decodePublication,
  encodeMessage,
  encodePublication,
} from "../../schemas/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";
import { type Dice, pick } from "../kit/dice.ts";
import { flip } from "../kit/mutate.ts";

/** Changes bytes; `other` is a good one of the same kind, to take pieces from. */
export type Tamper = (bytes: Bytes, other: Bytes, dice: Dice) => Bytes;

/** Where two cuts fall, in order. */
function span(bytes: Bytes, dice: Dice, most: number): readonly [number, number] {
  const from = dice(bytes.length);
  return [from, Math.min(bytes.length, from + 1 + dice(most))];
}

const draw = (dice: Dice, count: number): Buffer => Buffer.from(Array.from({ length: count }, () => dice(256))); // prettier-ignore

/** What anybody can do to bytes without knowing what they are. */
const blind: readonly Tamper[] = [
  (bytes, _, dice) => flip(bytes, dice(bytes.length)),
  (bytes, _, dice) => flip(bytes, dice(bytes.length)),
  (bytes, _, dice) => {
    const copy = Buffer.from(bytes);
    copy[dice(copy.length)] = dice(256);
    return copy;
  },
  (bytes, _, dice) => {
    const [from, to] = span(bytes, dice, 40);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (bytes, _, dice) => {
    const at = dice(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), draw(dice, 1 + dice(20)), bytes.subarray(at)]);
  },
  (bytes, _, dice) => {
    const [from, to] = span(bytes, dice, 200);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from, to), bytes.subarray(to)]);
  },
  (bytes, _, dice) => bytes.subarray(0, dice(bytes.length)),
  (bytes, _, dice) => Buffer.from(bytes).fill(0, ...span(bytes, dice, 64)),
  (bytes, _, dice) => {
    const [from, to] = span(bytes, dice, 200);
    return Buffer.concat([bytes.subarray(0, from), draw(dice, to - from), bytes.subarray(to)]);
  },
  (bytes, other, dice) => {
    const [from, to] = span(bytes, dice, 400);
    return Buffer.concat([bytes.subarray(0, from), other.subarray(from, to), bytes.subarray(to)]);
  },
  (bytes, other, dice) => {
    const at = dice(Math.min(bytes.length, other.length));
    return Buffer.concat([bytes.subarray(0, at), other.subarray(at)]);
  },
];

/** One field of a publication in the place of another's. */
const swapField: Tamper = (bytes, other, dice) => {
  const [own, theirs] = [decodePublication(bytes), decodePublication(other)];
  const [ownMessage, theirMessage] = [decodeMessage(own.message), decodeMessage(theirs.message)];
  const swapMessage = (change: Partial<typeof ownMessage>): Bytes =>
    encodePublication({ ...own, message: encodeMessage({ ...ownMessage, ...change }) });
  const { envelope, signatures, open, sealed } = theirMessage;
  const swaps: readonly (() => Bytes)[] = [
    () => encodePublication({ ...own, slip: theirs.slip }),
    () => encodePublication({ ...own, slipSignature: theirs.slipSignature }),
    () => encodePublication({ ...own, slip: theirs.slip, slipSignature: theirs.slipSignature }),
    () => encodePublication({ ...own, message: theirs.message }),
    () => swapMessage({ envelope }),
    () => swapMessage({ signatures }),
    () => swapMessage({ envelope, signatures }),
    () => swapMessage({ open, sealed }),
    () => swapMessage({ signatures: [...ownMessage.signatures, ...signatures] }),
    () => swapMessage({ signatures: [] }),
    () => swapMessage({ signatures: [...ownMessage.signatures, ...ownMessage.signatures] }),
  ];
  return pick(dice, swaps)();
};

/** The changed bytes; drawn again where one of the good ones came of it. */
export function tamper(bytes: Bytes, other: Bytes, { dice, isPublication = false }: { readonly dice: Dice; readonly isPublication?: boolean }): Bytes {
  const all = isPublication ? [...blind, swapField, swapField, swapField] : blind;
  for (;;) {
    const changed = pick(dice, all)(bytes, other, dice);
    if ([bytes, other].every((good) => Buffer.compare(changed, good) !== 0)) return Buffer.from(changed);
  }
} // prettier-ignore
