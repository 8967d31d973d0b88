/**
 * The stop button of a hub: nothing new is taken in until it is let go.
 *
 * Promises: a stop counts within seconds and over every restart; what came meanwhile waits at its senders and is taken once
 * afterwards; where the operator named duty officers, one of them stops the hub and two let it go on, each by a signature of
 * his own. Trusts the hub's folder to be its operator's. Start at `order.ts`, then `desk.ts`.
 */
export {
  makeStopDesk,
  readStopState,
  type StopDesk,
  type StopDeskOptions,
  type StopState,
} from "./desk.ts";
export { type DutyKey, loadDutyKey, signersNeeded } from "./duty.ts";
export {
  makeOrder,
  orderDigest,
  orderFileOf,
  parseSignedOrder,
  renderSignedOrder,
  signOrder,
  type SignedOrder,
  type StopOrder,
} from "./order.ts";
