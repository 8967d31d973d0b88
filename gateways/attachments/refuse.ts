import { Fault } from "../../schemas/ground/index.ts";
import { attachmentLimits } from "./limits.ts";

/** Refuses what may do harm or hides something. The detail names what and the way out, never content. */
export function refuseUnsafe(what: string): never {
  throw new Fault("ATTACHMENT_UNSAFE", what);
}

/** Refuses what is not whole, or not of the type it was said to be. */
export function refuseShape(type: string): never {
  throw new Fault("ATTACHMENT_TYPE_DIFFERS", `it is not a whole file of type ${type}; save it again, or say its true type`);
} // prettier-ignore

/** Refuses pictures that would fill the memory of whoever looks at them. */
export function checkPixels(width: number, height: number): number {
  const { maxPixels, maxSide } = attachmentLimits;
  const pixels = width * height;
  if (width < 1 || height < 1) refuseUnsafe("the picture has no width or no height");
  if (pixels > maxPixels || width > maxSide || height > maxSide) {
    refuseUnsafe(`a picture has at most ${maxPixels} points, and ${maxSide} a side; make it smaller`);
  }
  return pixels;
} // prettier-ignore
