import { type Clock, isFault, sha256 } from "../../schemas/ground/index.ts";
import { renderPem } from "../../certs/shape/index.ts";
import { proveCertificate, type RegisterView } from "../../certs/trust/index.ts";
import type { HubTrust } from "./dial.ts";

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
