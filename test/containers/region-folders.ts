import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { saveCredentials } from "../../deploy/local/credential-files.ts";
import { type Layout, makeLayout } from "../../deploy/local/layout.ts";
import { enrolAgency, openOffice } from "../../deploy/local/office.ts";
import { planRegion, type RegionPlan } from "../../deploy/local/plan.ts";
import { makeRegion } from "../../deploy/local/region.ts";
import type { Offices } from "../../deploy/local/register.ts";
import { renderPem } from "../../certs/shape/index.ts";
import { systemChance } from "../../schemas/ground/index.ts";
import { editRegister, readRegister, replaceRegister } from "../kit/register-edit.ts";

/** Four countries, each with one agency. */
export const countries = ["ng", "gh", "sn", "lr"] as const;
/** One of them. */
export type Country = (typeof countries)[number];
/** The servers of the hub, and where they are reached. */
export const servers = ["a", "b", "c"] as const;
/** What one of them is called on every network. */
export const hostOf = (server: string): string => `hub-${server}`;

/** The port of the servers, and that of the ways between them. */
const [port, routePort] = [7422, 7423];
const shown = join(import.meta.dirname, "../../deploy/compose/region/ng-tcu/gateway.json");
/** Since when memberships and mandates count. */
const from = Date.UTC(2025, 0, 29);

/** A transnational crime unit in each of them, also where the fictional region has none. */
function planCountries(): RegionPlan {
  const usual = planRegion(from, { states: countries, recs: ["ecowas"] });
  const model = usual.agencies.find(({ agency }) => agency === "gh/tcu");
  if (model === undefined) throw new Error("the fictional region has no gh/tcu");
  const rights = usual.mandates.filter(({ agency }) => agency === model.agency);
  const agencies = countries.map((authority) => ({ ...model, agency: `${authority}/tcu`, authority, name: `Unit of ${authority}` })); // prettier-ignore
  const mandates = agencies.flatMap(({ agency }) => rights.map((right) => ({ ...right, agency })));
  return { ...usual, agencies, mandates };
}

/** The folders of a region whose every part runs in a container. */
export interface RegionFolders {
  /** The broker's folder. */
  readonly hub: string;
  /** What a server alone is shown of it, and what it keeps. */
  server(name: string): { readonly own: string; readonly store: string };
  gateway(country: Country): string;
  /** A gateway's folder as that of a country, with keys that an office of the same name made which nobody here knows. */
  impostor(country: Country): Promise<string>;
  /** To open a desk at the hub with. */
  readonly layout: Layout;
  readonly rootsPem: string;
  remove(): void;
}

function pair(name: string): { readonly certificateFile: string; readonly keyFile: string } {
  return { certificateFile: `keys/${name}.pem`, keyFile: `keys/${name}.key` };
}

/** As the chart writes it: each server sees a folder of its own, and its store. */
function brokerConfig(hub: string): unknown {
  const each = servers.map((name) => ({
    name,
    url: `tls://${hostOf(name)}:${port}`,
    listen: { host: "0.0.0.0", port },
    route: { host: hostOf(name), port: routePort },
    routeListen: { host: "0.0.0.0", port: routePort },
    folder: { path: `servers/${name}`, seenAt: "/server" },
    configFile: `servers/${name}/nats-server.conf`,
    logFile: `servers/${name}/nats-server.log`,
    storeDir: `/store/${name}`,
  }));
  const room = { maxMemoryBytes: 2 ** 27, maxFileBytes: 2 ** 34 };
  const cluster = { ...pair("server"), caFile: "clients.pem", ...room, servers: each };
  const files = { registerFile: "register.bin", rootFile: "root.json" };
  return { hub, dir: ".", ...files, signing: pair("signing"), link: pair("link"), cluster };
}

async function make(home: string, plan: RegionPlan): Promise<{ readonly layout: Layout; readonly offices: Offices }> {
  const layout = makeLayout(home);
  const ports = { base: port, host: hostOf("a"), natsServer: "nats-server" };
  const offices = await makeRegion(plan, layout, { now: Date.now(), chance: systemChance, from, ports });
  const urls = servers.map((name) => `tls://${hostOf(name)}:${port}`);
  const edit = editRegister(
    readRegister(layout.register),
    { region: (now) => ({ ...now, hubs: now.hubs.map((hub) => ({ ...hub, urls })) }) },
    { offices, now: Date.now() },
  );
  replaceRegister(layout.register, edit);
  return { layout, offices };
} // prettier-ignore

function runRoot(command: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
}

/** Makes the folders of a hub of three servers and of a gateway in each of four countries. */
export async function makeRegionFolders(): Promise<RegionFolders> {
  const home = mkdtempSync(join(tmpdir(), "atumpan-containers-"));
  const plan = planCountries();
  const { layout, offices } = await make(join(home, "region"), plan);
  const fill = (to: string, of: string): void => {
    cpSync(of, to, { recursive: true });
    cpSync(layout.register, join(to, "register.bin"));
    cpSync(layout.root, join(to, "root.json"));
  };
  const hub = join(home, "hub");
  fill(hub, layout.hub);
  writeFileSync(join(hub, "broker.json"), JSON.stringify(brokerConfig(plan.hub), undefined, 2));
  const config = JSON.parse(readFileSync(shown, "utf8")) as object;
  const fillGateway = (to: string, country: Country, of: Layout): string => {
    fill(to, of.gateway(`${country}/tcu`));
    writeFileSync(
      join(to, "gateway.json"),
      JSON.stringify({ ...config, agency: `${country}/tcu` }),
    );
    return to;
  };
  for (const country of countries) fillGateway(join(home, country), country, layout);
  const server: RegionFolders["server"] = (name) => ({
    own: join(hub, "servers", name),
    store: join(home, "stores", name),
  });
  // an engine makes what it is to mount, and nobody but root may write there
  for (const name of servers) mkdirSync(server(name).store, { recursive: true });
  const root = offices.all.get("au")?.authority.root.certificate.der;
  // all of it belongs to the programs
  const give = (): void => {
    runRoot("chown", "-R", "10001:10001", home);
    runRoot("chmod", "-R", "go=", home);
    runRoot("chmod", "755", home);
  };
  give();
  return {
    hub,
    server,
    gateway: (country) => join(home, country),
    impostor: async (country) => {
      const folder = fillGateway(join(home, `impostor-${country}`), country, layout);
      rmSync(join(folder, "keys"), { recursive: true });
      const ground = { now: Date.now(), chance: systemChance };
      const office = await openOffice(join(home, "elsewhere"), country, ground);
      const order = { agency: `${country}/tcu`, kinds: ["LINK", "SIGNING", "SEALING"] } as const;
      saveCredentials(join(folder, "keys"), await enrolAgency(office, order, ground));
      office.journal.stop();
      give();
      return folder;
    },
    layout: { ...layout, hub },
    rootsPem: root === undefined ? "" : renderPem("CERTIFICATE", root),
    remove: () => {
      for (const { journal } of offices.all.values()) journal.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
