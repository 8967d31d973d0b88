import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse as parseYaml, parseAllDocuments } from "yaml";

import { gatewayShape, parseBrokerConfig } from "../../test/kit/shown-configs.ts";

const here = import.meta.dirname;
const charts = ["gateway", "hub"] as const;

describe("charts, as they are written", () => {
  const read = (file: string): string => readFileSync(join(here, file), "utf8");

  it.each(charts)("the values of %s have a schema that knows each of them", (chart) => {
    const values = parseYaml(read(`${chart}/values.yaml`)) as object;
    const schema = JSON.parse(read(`${chart}/values.schema.json`)) as { properties: object; additionalProperties: boolean };
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(Object.keys(values)));
  });

  it("a server mounts its own part of the hub's folder and nothing else of it", () => {
    const servers = read("hub/templates/servers.yaml");
    const [, container = ""] = servers.split("containers:\n        - name: server");
    expect(container.match(/name: data, .*/g)).toEqual(["name: data, mountPath: /server, subPathExpr: servers/$(POD) }"]);
  });

  it("a hub has one broker or two that take turns, each in a folder of its own, and a gateway's store has one writer", () => {
    expect(JSON.parse(read("hub/values.schema.json"))).toMatchObject({ properties: { brokers: { enum: [1, 2] } } });
    const broker = read("hub/templates/broker.yaml");
    expect(broker).toContain("kind: StatefulSet");
    expect(broker).toContain("args: [run, --config, /data/$(POD).json]");
    expect(broker).toContain("ready.ts, hub, /data/brokers/$(POD)]");
    expect(read("gateway/templates/gateway.yaml")).toMatch(/^ {2}replicas: 1$/m);
  });
}); // prettier-ignore

const helm = process.env["ATUMPAN_HELM"] ?? "helm";
const hasHelm = spawnSync(helm, ["version"], { encoding: "utf8" }).status === 0;
if (!hasHelm)
  process.stderr.write(
    "skipped: charts as helm renders them, because there is no helm here (or in ATUMPAN_HELM)\n",
  );

/** A cluster whose API is asked, by its kubeconfig; nothing is kept there. */
const cluster = process.env["ATUMPAN_KUBECONFIG"];

interface Container {
  readonly args: readonly string[];
  readonly volumeMounts: readonly object[];
  readonly securityContext: object;
  readonly resources: { readonly limits: { readonly memory: string } };
}

interface Pod {
  readonly initContainers: readonly Container[];
  readonly containers: readonly Container[];
  readonly affinity: {
    readonly podAntiAffinity: {
      readonly requiredDuringSchedulingIgnoredDuringExecution: readonly object[];
    };
  };
}

/** What of a rendered object is looked at. */
interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec: {
    readonly replicas: number;
    readonly selector: Readonly<Record<string, string>>;
    readonly template: { readonly spec: Pod };
    readonly volumeClaimTemplates: readonly { readonly metadata: { readonly name: string } }[];
  };
}

describe.skipIf(!hasHelm)("charts, as helm renders them", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "atumpan-charts-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function run(act: readonly string[], values: unknown = {}): { readonly status: number | null; readonly text: string } {
    const file = join(folder, "values.json");
    writeFileSync(file, JSON.stringify(values));
    const ran = spawnSync(helm, [...act, "--values", file], { encoding: "utf8", cwd: here });
    return { status: ran.status, text: `${ran.stdout}${ran.status === 0 ? "" : ran.stderr}` };
  }

  function render(chart: string, values: unknown = {}): readonly Rendered[] {
    const { status, text } = run(["template", "one", chart], values);
    if (status !== 0) throw new Error(text);
    return parseAllDocuments(text).map((document) => {
      expect(document.errors).toEqual([]);
      return document.toJS() as Rendered;
    });
  }

  const find = (all: readonly Rendered[], kind: string, name: string): Rendered => {
    const found = all.find((one) => one.kind === kind && one.metadata.name === name);
    if (found === undefined) throw new Error(`no ${kind} ${name}`);
    return found;
  };

  it.each(charts)("helm finds nothing wrong with %s", (chart) => {
    expect(run(["lint", "--strict", chart])).toMatchObject({ status: 0 });
  });

  it("the gateway's configuration is one that a gateway reads, with what was added to it", () => {
    const all = render("gateway", { config: { api: { token: "off" } } });
    const text = find(all, "ConfigMap", "one-config").data?.["gateway.json"] ?? "";
    expect(gatewayShape.parse(JSON.parse(text))).toMatchObject({ agency: "ng/tcu", api: { token: "off", port: 8443 } });
  });

  it.each([3, 5])("the hub's configuration is one that a broker reads, with %i servers", (count) => {
    const servers = Array.from({ length: count }, (_, n) => ({ url: `tls://hub-${n}.example:7422` }));
    const all = render("hub", { servers });
    const config = parseBrokerConfig(find(all, "ConfigMap", "one-config").data?.["broker.json"] ?? "", "/data");
    expect(config.cluster?.servers.map(({ url, storeDir }) => `${url} ${storeDir}`)).toEqual(
      servers.map(({ url }, n) => `${url} /store/one-server-${n}`),
    );
    expect(find(all, "StatefulSet", "one-server").spec.replicas).toBe(count);
    for (const n of servers.keys()) {
      const selector = find(all, "Service", `one-${n}`).spec.selector;
      expect(selector["statefulset.kubernetes.io/pod-name"]).toBe(`one-server-${n}`);
    }
  });

  it("a server is started with the file that the broker writes for it, and keeps its store on a volume of its own", () => {
    const all = render("hub");
    const { template, volumeClaimTemplates } = find(all, "StatefulSet", "one-server").spec;
    const server = template.spec.containers[0]!;
    const config = parseBrokerConfig(find(all, "ConfigMap", "one-config").data?.["broker.json"] ?? "", "/data");
    expect(config.cluster?.servers[0]).toMatchObject({
      configFile: "/data/servers/one-server-0/nats-server.conf",
      folder: { path: "/data/servers/one-server-0", seenAt: "/server" },
    });
    expect(server.args).toEqual(["-c", "/server/nats-server.conf"]);
    expect(volumeClaimTemplates[0]?.metadata.name).toBe("store");
    expect(server.volumeMounts).toContainEqual({ name: "store", mountPath: "/store" });
  });

  it("a server is shown its own part of the hub's folder, and none of the broker's keys", () => {
    const { containers, initContainers } = find(render("hub"), "StatefulSet", "one-server").spec.template.spec;
    const ofData = containers.flatMap(({ volumeMounts }) => volumeMounts).filter((one) => "name" in one && one.name === "data");
    expect(ofData).toEqual([{ name: "data", mountPath: "/server", subPathExpr: "servers/$(POD)" }]);
    // only the step before it, of our own, looks for what it waits for
    expect(initContainers[0]?.volumeMounts).toEqual([{ name: "data", mountPath: "/data", readOnly: true }]);
  });

  it.each([1, 2])("each of %i broker(s) has a configuration under its own name, takes turns, and has a folder of its own", (brokers) => {
    const all = render("hub", { brokers });
    const { data = {} } = find(all, "ConfigMap", "one-config");
    const names = Array.from({ length: brokers }, (_, n) => `one-broker-${n}`);
    expect(find(all, "StatefulSet", "one-broker").spec.replicas).toBe(brokers);
    expect(Object.keys(data).toSorted()).toEqual(["broker.json", ...names.map((name) => `${name}.json`)].toSorted());
    const read = names.map((name) => parseBrokerConfig(data[`${name}.json`] ?? "", "/data"));
    expect(read.map(({ dir, standby }) => ({ dir, standby }))).toEqual(
      names.map((name) => ({ dir: `/data/brokers/${name}`, standby: { name, folder: "/data" } })),
    );
  });

  it("a surveyor is there when it is asked for, sees what the door made for it alone, and runs once its key is known", () => {
    expect(render("hub").filter(({ metadata }) => metadata.name === "one-surveyor")).toEqual([]);
    const key = `U${"A".repeat(55)}`;
    const all = render("hub", { surveyor: { enabled: true, key } });
    const config = parseBrokerConfig(find(all, "ConfigMap", "one-config").data?.["broker.json"] ?? "", "/data");
    expect(config.cluster?.servers.map(({ surveyor }) => surveyor)).toEqual([key, key, key]);
    const [door, other] = find(all, "Deployment", "one-surveyor").spec.template.spec.containers;
    expect(door?.volumeMounts).toContainEqual({ name: "data", mountPath: "/data", readOnly: true });
    expect(other?.volumeMounts).toEqual([{ name: "data", mountPath: "/surveyor", subPath: "surveyor", readOnly: true }]);
    expect(other?.args).toContain("--count=3");
    const before = render("hub", { surveyor: { enabled: true } });
    expect(find(before, "Deployment", "one-surveyor").spec.template.spec.containers).toHaveLength(1);
    expect(parseBrokerConfig(find(before, "ConfigMap", "one-config").data?.["broker.json"] ?? "", "/data").cluster?.servers[0]?.surveyor).toBeUndefined();
  });

  it("no two servers of a hub stand on one machine", () => {
    const rule = find(render("hub"), "StatefulSet", "one-server").spec.template.spec.affinity.podAntiAffinity;
    const [term] = rule.requiredDuringSchedulingIgnoredDuringExecution;
    expect(term).toMatchObject({ topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { "app.kubernetes.io/component": "server" } } });
  });

  it.each(charts)("every container of %s runs as no root, writes on volumes alone, and gains no right", (chart) => {
    const more = chart === "hub" ? { surveyor: { enabled: true, key: `U${"A".repeat(55)}` } } : {};
    const pods = render(chart, more).filter(({ kind }) => ["StatefulSet", "Deployment"].includes(kind)).map(({ spec }) => spec.template.spec);
    expect(pods.length).toBe(chart === "hub" ? 3 : 1);
    for (const pod of pods) {
      expect(pod).toMatchObject({ automountServiceAccountToken: false, securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } } });
      for (const one of [...pod.initContainers, ...pod.containers]) {
        expect(one.securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } });
        expect(one.resources.limits.memory).toBeDefined();
      }
    }
  });

  it.skipIf(cluster === undefined).each([
    ["gateway", {}],
    ["gateway", { hubs: { port: 7422, cidrs: ["10.0.0.0/8", "2001:db8::/32"] } }],
    ["hub", {}],
    ["hub", { brokers: 1, service: { type: "ClusterIP" }, surveyor: { enabled: true, key: `U${"A".repeat(55)}` } }],
  ])("a cluster's own API finds nothing wrong with %s and %j, as if it were to keep it", (chart, values) => {
    const { text } = run(["template", "one", chart], values);
    const args = ["--kubeconfig", cluster ?? "", "apply", "--dry-run=server", "--validate=strict", "-f", "-"];
    const { status, stdout, stderr } = spawnSync("kubectl", args, { encoding: "utf8", input: text });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.match(/\(server dry run\)/g)).toHaveLength(render(chart, values).length);
  });

  it.each([
    ["hub", { brokers: 3 }, "brokers"],
    ["hub", { brokers: 0 }, "brokers"],
    ["hub", { servers: [{ url: "tls://a.example:7422" }] }, "servers"],
    ["hub", { servers: ["a", "b", "c", "d"].map((name) => ({ url: `tls://${name}.example:7422` })) }, "servers"],
    ["hub", { hub: "hub-one" }, "hub"],
    ["hub", { replicas: 3 }, "replicas"],
    ["hub", { surveyor: { enabled: true, key: "SUSEED" } }, "key"],
    ["gateway", { origin: "http://gateway.example" }, "origin"],
    ["gateway", { callers: [] }, "callers"],
    ["gateway", { agency: "Nigeria" }, "agency"],
  ] as const)("%s refuses %j", (chart, values, named) => {
    const { status, text } = run(["template", "one", chart], values);
    expect(status).not.toBe(0);
    expect(text).toContain(named);
  });
}); // prettier-ignore
