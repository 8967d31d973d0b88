import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { keepContexts, keepGatewayConfig } from "./keep-changes.ts";
import { type Layout, secondLayout } from "./layout.ts";
import type { RegionPlan } from "./plan.ts";

/** Ports and programs of a region on one machine. */
export interface LocalPorts {
  /** The hub's; the gateways' APIs follow it, one by one. */
  readonly base: number;
  readonly host: string;
  readonly natsServer: string;
  /** Where the hub serves its log to this machine; nowhere when left out. */
  readonly log?: number;
  /** Where a witness of that log listens; there is none when left out. */
  readonly witness?: number;
  /** A second hub's; its log is served at the port after it. */
  readonly second?: number;
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

/** Where the second hub listens; as the first, with its own ports. */
export function secondPorts({ second = 0, host, natsServer }: LocalPorts): LocalPorts {
  return { base: second, host, natsServer, log: second + 1 };
}

function saveHub(layout: Layout, hub: string, ports: LocalPorts): void {
  for (const folder of [layout.hub, layout.logs])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  saveJson(layout.brokerConfig, {
    hub,
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
    ...(ports.witness === undefined
      ? {}
      : { witnesses: [{ url: `http://${ports.host}:${ports.witness}` }] }),
    log: { level: "info", ...(ports.log === undefined ? {} : { serve: { port: ports.log } }) },
  });
}

/** A file is touched only when it would say something else. */
function saveChanged(file: string, found: string, value: object): void {
  if (JSON.stringify(JSON.parse(found)) !== JSON.stringify(value)) saveJson(file, value);
}

function saveGateway(layout: Layout, agency: string, api: { host: string; port: number }): void {
  const dir = layout.gateway(agency);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, "gateway.json");
  const place = { agency, api, anchors: layout.root, register: layout.register };
  if (existsSync(file)) {
    const found = readFileSync(file, "utf8");
    const kept = keepGatewayConfig(found, place);
    if (kept !== undefined) saveChanged(file, found, kept);
    return;
  }
  saveJson(file, {
    ...place,
    keys: {
      signing: gatewayPair("signing"),
      link: gatewayPair("link"),
      sealing: [gatewayPair("sealing")],
    },
    // who tries webhooks here receives them on this machine
    webhooks: { allow: ["127.0.0.1"] },
  });
}

/** Writes which gateways run: all that are planned, unless some are left out. */
export function saveGatewayList(layout: Layout, agencies: readonly string[]): void {
  saveJson(layout.gatewaysConfig, { gateways: agencies });
}

/**
 * Writes every configuration file of the region: the hub's, each gateway's, and the contexts of the command line. What an
 * operator changed in those of a gateway, or added to the contexts, stays.
 */
export function saveConfigs(layout: Layout, plan: RegionPlan, ports: LocalPorts): void {
  mkdirSync(join(layout.home, "gateways"), { recursive: true, mode: 0o700 });
  saveHub(layout, plan.hub, ports);
  if (plan.second !== undefined) saveHub(secondLayout(layout), plan.second.hub, secondPorts(ports));
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
  const before = existsSync(layout.contexts) ? readFileSync(layout.contexts, "utf8") : "";
  saveJson(layout.contexts, keepContexts(before, Object.fromEntries(contexts)));
}
