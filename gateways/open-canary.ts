import type { Bytes } from "../schemas/ground/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import { type Canary, makeCanary } from "./canary/index.ts";
import type { Office } from "./exchange/index.ts";
import type { GatewayOptions } from "./gateway-options.ts";

/** What the canaries of a gateway are made of. */
export interface CanaryGround {
  readonly options: Pick<GatewayOptions, "agency" | "canary" | "clock" | "chance" | "log">;
  readonly office: Pick<Office, "signer">;
  register(): RegisterView;
}

/** The line to the hub they go through. */
export interface CanaryLine {
  readonly hub: string;
  publish(subject: string, bytes: Bytes): boolean;
}

/** Makes the canaries of one hub; none where the operator did not ask for them. */
export function openCanary(ground: CanaryGround, line: CanaryLine): Canary | undefined {
  const { hub } = line;
  const { agency, canary: choice, clock, chance, log } = ground.options;
  if (choice === undefined) return undefined;
  return makeCanary({
    agency,
    hub,
    choice,
    signer: ground.office.signer,
    epoch: () => ground.register().epoch,
    publish: (subject, bytes) => line.publish(subject, bytes),
    clock,
    chance,
    log,
  });
}

/** The receipts of a batch that are no canaries. */
export function siftReceipts(
  batch: readonly { readonly bytes: Bytes }[],
  canary: Pick<Canary, "sift"> | undefined,
): readonly Bytes[] {
  const receipts = batch.map(({ bytes }) => bytes);
  return canary?.sift(receipts) ?? receipts;
}
