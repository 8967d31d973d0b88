import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";

import { gatewayShape, loadBrokerConfig, readContextsFile } from "../../test/kit/shown-configs.ts";
import { loadWitnessConfig } from "../witness/folder.ts";

const here = import.meta.dirname;
const root = join(here, "../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const version = (JSON.parse(read("package.json")) as { version: string }).version;
const serverVersion = /natsServerVersion = "([^"]+)"/.exec(read("deploy/setup.mjs"))?.[1];

interface Service {
  readonly image: string;
  readonly user: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly volumes: readonly string[];
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly network_mode?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

const load = (name: string): Compose =>
  parseYaml(readFileSync(join(here, name, "compose.yaml"), "utf8"), { merge: true }) as Compose;
const networksOf = ({ networks = [] }: Service): readonly string[] =>
  Array.isArray(networks) ? networks : Object.keys(networks);

describe.each(["ministry", "region"])("%s", (name) => {
  const { services, networks } = load(name);

  it.each(Object.keys(services))(
    "%s runs as no root, writes in its own folder alone, and gains no right",
    (service) => {
      const one = services[service]!;
      expect(one).toMatchObject({
        user: "10001:10001",
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
      });
      expect(one.volumes).toHaveLength(1);
      // a server is shown its own part of its hub's folder, and none of the broker's keys
      const isServer = one.image.startsWith("atumpan/nats-server:");
      const folder = isServer ? /^\.\/[a-z-]+\/server:\/data\/server$/ : /^\.\/[a-z-]+:\/data$/;
      expect(one.volumes[0]).toMatch(folder);
    },
  );

  it("every service takes an image that we make, in the version that we are", () => {
    const images = ["hub", "gateway", "tools"].map((image) => `atumpan/${image}:${version}`);
    const known = [...images, `atumpan/nats-server:${serverVersion}`];
    expect(Object.values(services).filter(({ image }) => !known.includes(image))).toEqual([]);
  });

  it("every folder, network and service that is named is there", () => {
    for (const one of Object.values(services)) {
      // what a server is shown is written by the step before it
      const [shown = ""] = one.volumes[0]!.replace("/server:", ":").split(":");
      expect(existsSync(join(here, name, shown)), one.volumes[0]).toBe(true);
      for (const network of networksOf(one)) expect(networks).toHaveProperty(network);
      for (const other of Object.keys(one.depends_on ?? {})) expect(services).toHaveProperty(other);
      if (one.network_mode?.startsWith("service:") === true)
        expect(services).toHaveProperty(one.network_mode.slice("service:".length));
    }
  });

  it("what asks whether a program is well is in its image", () => {
    for (const { healthcheck } of Object.values(services)) {
      if (healthcheck === undefined) continue;
      const [kind, node, file] = healthcheck.test;
      expect([kind, node]).toEqual(["CMD", "/usr/local/bin/node"]);
      expect(existsSync(join(root, file!.replace("/app/", "")))).toBe(true);
    }
  });
});

describe("the region's networks", () => {
  const { services, networks } = load("region");
  const agencies = Object.keys(services).filter((name) =>
    services[name]!.image.startsWith("atumpan/gateway:"),
  );

  it("are two hubs', five agencies' and a witness', and none has a way out", () => {
    expect(agencies).toHaveLength(5);
    expect(
      Object.keys(services).filter((name) =>
        services[name]!.image.startsWith("atumpan/nats-server:"),
      ),
    ).toHaveLength(2);
    expect(Object.entries(networks).filter(([, { internal }]) => internal !== true)).toEqual([]);
    expect(Object.values(services).filter(({ ports }) => ports !== undefined)).toEqual([]);
  });

  it.each(agencies)("%s reaches its hub's server, and no other agency", (agency) => {
    expect(networksOf(services[agency]!)).toEqual([agency]);
    const others = Object.keys(services).filter(
      (name) => name !== agency && networksOf(services[name]!).includes(agency),
    );
    expect(others).toHaveLength(1);
    expect(services[others[0]!]!.image).toContain("nats-server");
  });

  it("no broker is reached by an agency", () => {
    const brokers = Object.entries(services).filter(
      ([, { image, command }]) => image.startsWith("atumpan/hub:") && command === undefined,
    );
    expect(brokers.map(([name, one]) => `${name} ${networksOf(one).join()}`)).toEqual([
      "hub-one hub-one",
      "hub-two hub-two",
    ]);
  });
});

describe("the region's servers", () => {
  const { services } = load("region");

  it.each(["hub-one", "hub-two"])("that of %s finds all it reads in the folder that it is shown", (hub) => {
    const { server } = loadBrokerConfig(join(here, "region", hub, "broker.json"));
    const own = join(here, "region", hub, "server");
    const { folder, caFile, configFile, storeDir, logFile } = server;
    expect({ folder, caFile, configFile, storeDir, logFile }).toEqual({
      folder: { path: own },
      caFile: join(own, "clients.pem"),
      configFile: join(own, "nats-server.conf"),
      storeDir: join(own, "store"),
      logFile: join(own, "nats-server.log"),
    });
    const { volumes, command } = services[`${hub}-server`]!;
    expect([volumes, command]).toEqual([[`./${hub}/server:/data/server`], ["-c", "/data/server/nats-server.conf"]]);
  }); // prettier-ignore
});

describe("every configuration that is shown", () => {
  const all = globSync("**/*.json", { cwd: here }).toSorted();
  const of = (end: string): readonly string[] =>
    [...all, ...globSync("**/.config/atumpan/*.json", { cwd: here })].filter((file) =>
      file.endsWith(end),
    );

  it("is read by what it is for", () => {
    expect(of("gateway.json")).toHaveLength(6);
    for (const file of of("gateway.json"))
      expect(
        () => gatewayShape.parse(JSON.parse(readFileSync(join(here, file), "utf8"))),
        file,
      ).not.toThrow();
    expect(of("broker.json")).toHaveLength(2);
    for (const file of of("broker.json"))
      expect(() => loadBrokerConfig(join(here, file)), file).not.toThrow();
    expect(loadBrokerConfig(join(root, "deploy/systemd/broker.json")).server.configFile).toBe(
      join(root, "deploy/systemd/server/nats-server.conf"),
    );
    expect(() => loadWitnessConfig(join(here, "region/witness"))).not.toThrow();
  });

  it("of the tools, names the gateway that stands beside it, and its token", () => {
    expect(of("contexts.json")).toHaveLength(6);
    for (const file of of("contexts.json")) {
      const { selected, contexts } = readContextsFile(join(here, file));
      const gateway = JSON.parse(
        readFileSync(join(here, file, "../../../gateway.json"), "utf8"),
      ) as { agency: string; api: { port: number } };
      expect(selected).toBe(gateway.agency);
      expect(contexts[gateway.agency]?.tokenFile).toBe("/data/api-token");
      expect(new URL(contexts[gateway.agency]?.url ?? "").port).toBe(String(gateway.api.port));
    }
  });

  it("would be refused with a word too many", () => {
    const config = JSON.parse(
      readFileSync(join(here, "ministry/gateway/gateway.json"), "utf8"),
    ) as object;
    expect(gatewayShape.safeParse({ ...config, agencie: "ng/tcu" }).success).toBe(false);
  });
});
