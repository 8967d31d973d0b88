import { checkTypeForm } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import type { Shaped, Step } from "./verdict.ts";

/** Refuses a type that is not known or travels otherwise than it must. A direct message is always sealed. */
export const formStep: Step<Shaped> = {
  name: "form",
  run: ({ envelope }) => {
    if (envelope.scope === "FEED") checkTypeForm(envelope, envelope.type ?? "");
    else if (envelope.form !== "SEALED") {
      throw new Fault("BODY_MUST_BE_SEALED", "a direct message travels sealed");
    }
    return undefined;
  },
};
