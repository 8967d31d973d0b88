import type { RegisterView } from "../certs/trust/index.ts";
import type { BrokerOptions } from "./options.ts";
import {
  makeHubRenewal,
  makeStillKeys,
  type OwnKeys,
  type RenewalEvents,
} from "./renewal/index.ts";

const silentEvents: RenewalEvents = {
  onLink: () => undefined,
  onChange: () => undefined,
  onAlarm: () => undefined,
};

/**
 * The hub's own keys as they are at each moment: renewed where there is a folder for it, and else those it was started
 * with.
 *
 * @param register in force at the hub
 * @throws {Fault} CONFIG_INVALID
 */
export function openOwnKeys(
  options: Pick<
    BrokerOptions,
    "hub" | "renewal" | "signer" | "moreSigners" | "link" | "server" | "clock" | "log"
  >,
  register: () => RegisterView,
  events: RenewalEvents = silentEvents,
): OwnKeys {
  const { hub, renewal: place, signer, moreSigners = [], link, server, clock, log } = options;
  const { certificateFile, keyFile } = server;
  const pair = { certificateFile, keyFile };
  return place === undefined
    ? makeStillKeys({ signers: [signer, ...moreSigners], link, server: pair, register, clock })
    : makeHubRenewal({ hub, place, server: pair, register, clock, log, events });
}
