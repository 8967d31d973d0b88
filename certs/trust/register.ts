import { type Bytes, Fault, sameBytes, toFault } from "../../schemas/ground/index.ts";
import { type Anchors, proveParts } from "./register-parts.ts";
import { makeView, type RegisterView } from "./register-view.ts";

export type { Anchors } from "./register-parts.ts";
export type {
  RegisteredAgency,
  RegisteredAuthority,
  RegisteredCertificate,
  RegisterView,
} from "./register-view.ts";

/** A register never goes back: not its epoch, not the number of any part, and no epoch has two contents. */
function checkForward(next: RegisterView, held: RegisterView): void {
  if (next.epoch < held.epoch) {
    throw new Fault(
      "REGISTER_ROLLBACK",
      `epoch ${next.epoch} is older than epoch ${held.epoch}, which is held`,
    );
  }
  if (next.epoch === held.epoch && !sameBytes(next.digest, held.digest)) {
    throw new Fault("REGISTER_FORKED", `two registers bear epoch ${next.epoch}`);
  }
  for (const [name, number] of held.numbers) {
    if ((next.numbers.get(name) ?? 0) < number) {
      throw new Fault("REGISTER_ROLLBACK", `part ${name} is older than the one held, or gone`);
    }
  }
}

/**
 * Proves a register: every part signed by who may sign it, all named by one snapshot, none older than what
 * is held. Whether it is out of date is the caller's to ask of `expiresAt`.
 *
 * @param held the register trusted so far, if any
 * @throws {Fault} REGISTER_INVALID, REGISTER_SIGNATURE_INVALID, REGISTER_ROLLBACK, REGISTER_FORKED
 */
export function verifyRegister(bytes: Bytes, anchors: Anchors, held?: RegisterView): RegisterView {
  let view: RegisterView;
  try {
    view = makeView(proveParts(bytes, anchors));
  } catch (error) {
    const fault = toFault(error, "REGISTER_INVALID");
    if (fault.code.startsWith("REGISTER_")) throw fault;
    throw new Fault("REGISTER_INVALID", "the register is not well formed", { cause: fault });
  }
  if (held !== undefined) checkForward(view, held);
  return view;
}
