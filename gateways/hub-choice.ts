import type { Hub } from "../schemas/index.ts";
import { type Clock, isFault, sha256 } from "../schemas/ground/index.ts";
import { renderPem } from "../certs/shape/index.ts";
import { hasRight, proveCertificate, type RegisterView } from "../certs/trust/index.ts";
import type { HubTrust } from "./link/index.ts";

function isServedBy({ recs }: Hub, register: RegisterView, agency: string): boolean {
  return recs.some((scope) =>
    (["PUBLISH", "READ"] as const).some((action) => hasRight(register, { agency, action, scope })),
  );
}

/** The hub an agency connects to: the first that serves a community it has a right in, else the first. */
export function hubOf(register: RegisterView, agency: string): Hub | undefined {
  return register.hubs.find((hub) => isServedBy(hub, register, agency)) ?? register.hubs[0];
}

/** The streams of a hub that an agency has a right to read from, receipts aside. */
export function streamsOf(
  register: RegisterView,
  agency: string,
  { recs }: Hub,
): readonly string[] {
  const feeds = recs
    .filter((scope) => hasRight(register, { agency, action: "READ", scope }))
    .map((rec) => `FEED_${rec.toUpperCase()}`);
  const hasDirect = hasRight(register, { agency, action: "READ", scope: "direct" });
  return hasDirect ? [...feeds, "DIRECT"] : feeds;
}

/**
 * Builds the trust in one hub's servers from the register held at each handshake: the CAs of the hub's
 * authority, and of what they vouch for only the very certificates the register names.
 */
export function makeHubTrust(register: () => RegisterView, hub: string, clock: Clock): HubTrust {
  return {
    authorities: () => {
      const view = register();
      const authority = view.authority(view.agency(hub)?.authority ?? "");
      const { roots = [], intermediates = [] } = authority ?? {};
      return renderPem("CERTIFICATE", ...roots, ...intermediates);
    },
    isServer: (certificate) => {
      const thumbprint = sha256(certificate);
      try {
        proveCertificate(register(), { agency: hub, kind: "SERVER", thumbprint }, clock.now());
        return true;
      } catch (error) {
        if (isFault(error)) return false;
        throw error;
      }
    },
  };
}
