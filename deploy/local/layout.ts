import { join } from "node:path";

/** Where everything of a region on one machine stands. */
export interface Layout {
  readonly home: string;
  readonly authorities: string;
  readonly registrarKey: string;
  /** The register's first root: what everybody begins with. */
  readonly root: string;
  readonly mailboxKey: string;
  readonly register: string;
  readonly hub: string;
  /** The key of the hub's log. */
  readonly logKey: string;
  /** The folder of the witness that watches it. */
  readonly witness: string;
  readonly brokerConfig: string;
  readonly serverConfig: string;
  readonly gatewaysConfig: string;
  readonly contexts: string;
  readonly logs: string;
  readonly lock: string;
  /** Which process is which, while the region runs: name → pid. */
  readonly processes: string;
  /** Written last: where it stands, everything above does. */
  readonly ready: string;
  gateway(agency: string): string;
}

/** Builds the layout under one folder. */
export function makeLayout(home: string): Layout {
  return {
    home,
    authorities: join(home, "authorities"),
    registrarKey: join(home, "register", "registrar.key"),
    root: join(home, "register", "root.json"),
    mailboxKey: join(home, "register", "mailbox.key"),
    register: join(home, "register", "register.bin"),
    hub: join(home, "hub"),
    logKey: join(home, "hub", "log.key"),
    witness: join(home, "witness"),
    brokerConfig: join(home, "hub", "broker.json"),
    serverConfig: join(home, "hub", "nats-server.conf"),
    gatewaysConfig: join(home, "gateways", "gateways.json"),
    contexts: join(home, "contexts.json"),
    logs: join(home, "logs"),
    lock: join(home, "running.pid"),
    processes: join(home, "processes.json"),
    ready: join(home, "region.json"),
    gateway: (agency) => join(home, "gateways", agency),
  };
}

/** Where a second hub of the same region stands, with folders and configuration of its own; the register is one. */
export function secondLayout({ home, register, root, logs }: Layout): Layout {
  const second = join(home, "second");
  return { ...makeLayout(second), register, root, logs: join(logs, "second") };
}
