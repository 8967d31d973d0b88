import { isFault } from "../schemas/ground/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import type { HubKeys, ServerControl } from "./nats/index.ts";
import type { BrokerOptions } from "./options.ts";
import type { OwnKeys } from "./renewal/index.ts";
import { writeServerFiles } from "./server-files.ts";

/** What the server is told by its files, and made to read. */
export interface ServerFace {
  /** Writes the server's files for a register, and has it read them. @throws {Fault} HUB_*, CONFIG_INVALID */
  apply(register: RegisterView): Promise<void>;
  /** As `apply`, when the server is to show another certificate than it was told. */
  follow(register: RegisterView): Promise<void>;
  /** Has the server read what it could not be made to read before. */
  mend(register: RegisterView): Promise<void>;
}

/** What the face of a server is made of. */
export interface ServerFaceOptions {
  readonly options: Pick<BrokerOptions, "hub" | "server" | "cluster">;
  readonly keys: HubKeys;
  readonly own: Pick<OwnKeys, "server" | "refuse">;
  readonly control: Pick<ServerControl, "reload" | "reloadOthers">;
}

/**
 * Builds it. The server shows what its configuration names, which is replaced as a whole, so that a server that starts at
 * any moment finds a certificate and its key. A certificate it will not take is left for the one before.
 */
export function makeServerFace({ options, keys, own, control }: ServerFaceOptions): ServerFace {
  // what a server that ran on while the hub was away has read is not known
  let isReloadDue = true;
  let told = own.server();

  const write = (register: RegisterView): void => {
    told = own.server();
    const { hub, server, cluster } = options;
    const settings = { hub, server: { ...server, ...told }, cluster };
    isReloadDue = writeServerFiles(register, settings, keys) || isReloadDue;
  };

  const reload = async (register: RegisterView): Promise<void> => {
    while (isReloadDue) {
      try {
        // Twice: nats-server 2.14.9 binds the imports of an account that is new in a reload to the exporting
        // account as it was before it, and nobody answers there; the next reload binds them aright.
        await control.reload();
        await control.reload();
        isReloadDue = false;
      } catch (error) {
        if (!isFault(error, "HUB_SERVER_FAILED") || !own.refuse(told)) throw error;
        write(register);
      }
    }
  };

  const apply: ServerFace["apply"] = async (register) => {
    write(register);
    await reload(register);
  };

  return {
    apply,
    mend: async (register) => {
      await reload(register);
      // one that was out of reach may have come back with what it read long ago
      await control.reloadOthers();
    },
    follow: async (register) => {
      if (own.server() !== told) await apply(register);
    },
  };
}
