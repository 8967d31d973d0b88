import type { Bytes } from "../../schemas/ground/index.ts";
import { type Change, changeBytes, maxInputBytes } from "./change-bytes.ts";
import { changeJson } from "./change-json.ts";
import { changeDer, changeProto } from "./change-pieces.ts";
import { changeText } from "./change-text.ts";
import { makeDraw } from "./draw.ts";
import type { Shape, Target } from "./target.ts";

/** Which changes fit which shape; how often each stands here is how often it is made. */
const changesOf: Readonly<Record<Shape, readonly [Change, ...Change[]]>> = {
  bytes: [changeBytes],
  proto: [changeProto, changeProto, changeProto, changeBytes],
  der: [changeDer, changeDer, changeDer, changeBytes],
  text: [changeText, changeText, changeBytes],
  json: [changeJson, changeJson, changeJson, changeText, changeBytes],
};

/**
 * The input of one run: a good one, changed up to six times. Depends on nothing but the target's seeds, the
 * seed and the number of the run.
 */
export function makeInput(target: Target, seed: number, run: number): Bytes {
  const { name, shape, seeds, material = [] } = target;
  const draw = makeDraw(`${seed}/${name}/${run}`);
  const changes = changesOf[shape];
  const count = seeds.length + material.length;
  const take = (): Bytes | undefined => {
    const at = draw.below(count);
    return seeds[at] ?? material[at - seeds.length];
  };
  let input = take() ?? new Uint8Array();
  for (let left = draw.pick([1, 1, 1, 2, 2, 3, 6]); left > 0; left -= 1) {
    const other = take() ?? input;
    input = draw.pick(changes)(input, { draw, other }).subarray(0, maxInputBytes);
  }
  return Buffer.from(input);
}
