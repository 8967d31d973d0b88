import { join } from "node:path";

/** Where everything of a region on one machine stands. */
export interface Layout {
  readonly home: string;
  /** Keys and certificates of every authority; the registrars' key; the register. */
  readonly authorities: string;
  readonly register: string;
  readonly anchors: string;
  readonly hub: string;
  readonly brokerConfig: string;
  readonly serverConfig: string;
  readonly gatewaysConfig: string;
  readonly contexts: string;
  readonly logs: string;
  readonly lock: string;
  gateway(agency: string): string;
}

/** Builds the layout under one folder, by default `.atumpan` in the current one. */
export function makeLayout(home: string): Layout {
  return {
    home,
    authorities: join(home, "authorities"),
    register: join(home, "register", "register.bin"),
    anchors: join(home, "register", "anchors.json"),
    hub: join(home, "hub"),
    brokerConfig: join(home, "hub", "broker.json"),
    serverConfig: join(home, "hub", "nats-server.conf"),
    gatewaysConfig: join(home, "gateways", "gateways.json"),
    contexts: join(home, "contexts.json"),
    logs: join(home, "logs"),
    lock: join(home, "running.pid"),
    gateway: (agency) => join(home, "gateways", agency),
  };
}
