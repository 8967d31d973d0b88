import { z } from "zod";

/** In whose hand a message is, as its lists tell it. */
export const heldShape = z.strictObject({
  by: z.string().meta({ description: "the caller's id" }),
  name: z.string(),
  mine: z.boolean(),
  until: z.iso.datetime().meta({ description: "it is free again then, unless its holder goes on" }),
});
