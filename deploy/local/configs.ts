import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Layout } from "./layout.ts";
import type { RegionPlan } from "./plan.ts";

/** Ports and programs of a region on one machine. */
export interface LocalPorts {
  /** The hub's; the gateways' APIs follow it, one by one. */
  readonly base: number;
  readonly host: string;
  readonly natsServer: string;
}

function saveJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`, { flush: true });
}

/** Where the hub listens. */
export function hubUrl({ host, base }: LocalPorts): string {
  return `tls://${host}:${base}`;
}

function hubPair(name: string): { certificateFile: string; keyFile: string } {
  return { certificateFile: join("keys", `${name}.pem`), keyFile: join("keys", `${name}.key`) };
}

function gatewayPair(name: string): { key: string; certificate: string } {
  return { key: join("keys", `${name}.key`), certificate: join("keys", `${name}.pem`) };
}

function saveHub(layout: Layout, plan: RegionPlan, ports: LocalPorts): void {
  saveJson(layout.brokerConfig, {
    hub: plan.hub,
    dir: ".",
    url: hubUrl(ports),
    registerFile: layout.register,
    rootFile: layout.root,
    signing: hubPair("signing"),
    link: hubPair("link"),
    server: {
      listen: { host: ports.host, port: ports.base },
      ...hubPair("server"),
      caFile: "clients.pem",
      configFile: layout.serverConfig,
      storeDir: "store",
      logFile: join(layout.logs, "nats-server.log"),
      maxMemoryBytes: 128 * 1024 * 1024,
      ...(ports.natsServer.includes("/") ? { binary: ports.natsServer } : {}),
    },
    log: { level: "info" },
  });
}

function saveGateway(layout: Layout, agency: string, port: { host: string; port: number }): void {
  const dir = layout.gateway(agency);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  saveJson(join(dir, "gateway.json"), {
    agency,
    api: port,
    keys: {
      signing: gatewayPair("signing"),
      link: gatewayPair("link"),
      sealing: [gatewayPair("sealing")],
    },
    anchors: layout.root,
    register: layout.register,
    // who tries webhooks here receives them on this machine
    webhooks: { allow: ["127.0.0.1"] },
  });
}

/** Writes which gateways run: all that are planned, unless some are left out. */
export function saveGatewayList(layout: Layout, agencies: readonly string[]): void {
  saveJson(layout.gatewaysConfig, { gateways: agencies });
}

/** Writes every configuration file of the region: the hub's, each gateway's, and the contexts of the command line. */
export function saveConfigs(layout: Layout, plan: RegionPlan, ports: LocalPorts): void {
  for (const folder of [layout.hub, layout.logs, join(layout.home, "gateways")]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  saveHub(layout, plan, ports);
  const contexts = plan.agencies.map(({ agency }, i) => {
    const port = ports.base + 1 + i;
    saveGateway(layout, agency, { host: ports.host, port });
    const tokenFile = join(layout.gateway(agency), "api-token");
    return [agency, { url: `http://${ports.host}:${port}`, tokenFile }] as const;
  });
  saveGatewayList(
    layout,
    plan.agencies.map(({ agency }) => agency),
  );
  saveJson(layout.contexts, { contexts: Object.fromEntries(contexts) });
}
