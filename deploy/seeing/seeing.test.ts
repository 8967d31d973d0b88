import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { makeHubMetrics } from "../../broker/metrics/index.ts";
import { makeMetrics } from "../../gateways/metrics/index.ts";
import { parseExposition } from "../../test/kit/exposition.ts";
import { makeMemoryExchange, makeStillClock } from "../../test/kit/memory-exchange.ts";
import { alerts, dashboards, renderSeeing, runbookAnchor } from "./index.ts";

const now = Date.UTC(2026, 5, 1);
const dir = import.meta.dirname;
const read = (name: string): string => readFileSync(join(dir, name), "utf8");

async function findServed(): Promise<ReadonlySet<string>> {
  const clock = makeStillClock(now);
  const blobs = { stored: 0, repeated: 0, listed: 0, handedOut: 0, refused: 0 };
  const counts = { accepted: 0, repeated: 0, refused: 0, heldBack: 0, receipts: 0, paused: 0 };
  const hub = makeHubMetrics({
    standing: () => ({
      ...counts, blobs, ready: true, serverUp: true, epoch: 1, known: 0, underWay: 0,
      registerExpiresAt: now, registerUsableUntil: now, certificates: [], refusedBy: {}, heldBackBy: {},
    }),
    readStreams: () => Promise.resolve([]),
    readTraffic: () => Promise.resolve([]),
    isOwnAccount: () => false,
    dir,
    clock,
  }); // prettier-ignore
  const gateway = makeMetrics({ exchange: makeMemoryExchange("ng/moc", clock), clock, dir });
  const texts = [await hub.render(), await gateway.render()];
  hub.stop();
  gateway.stop();
  return new Set(texts.flatMap((text) => parseExposition(text)).map(({ name }) => name));
}

const served = await findServed();
const drawn = dashboards.flatMap(({ panels }) => panels.flatMap(({ draws }) => draws));
const expressions = [...alerts.map(({ when }) => when), ...drawn.map(([when]) => when)];

function namesIn(expression: string): readonly string[] {
  const names = expression.match(/\b(?:atumpan|process|nodejs)_[a-z_]+\b/g) ?? [];
  return names.map((name) => name.replace(/_(?:bucket|sum|count)$/, ""));
}

describe("what is looked at", () => {
  it("every number that is drawn or called by is one that a hub or gateway serves", () => {
    for (const expression of expressions) {
      const names = namesIn(expression);
      expect([expression, names.filter((name) => !served.has(name))]).toEqual([expression, []]);
      expect(names.length > 0 || expression.startsWith("up{job=")).toBe(true);
    }
  });

  it("every number that is served is looked at somewhere", () => {
    const seen = new Set(expressions.flatMap(namesIn));
    expect([...served].filter((name) => !seen.has(name))).toEqual(["process_start_time_seconds"]);
  });

  it("a name that nobody serves would be found", () => {
    expect(served.has("atumpan_hub_no_such_thing")).toBe(false);
    expect(namesIn("sum by (a) (rate(atumpan_hub_no_such_thing[5m])) > 1")).toEqual(["atumpan_hub_no_such_thing"]);
  }); // prettier-ignore

  it("labels are those that numbers have", () => {
    const known = /^(?:job|instance|outcome|code|kind|stream|urgency|direction|handling|family|flag|hub|why|le|step)$/;
    const named = drawn.flatMap(([, words = ""]) => words.match(/(?<=\{\{)[a-z]+(?=\}\})/g) ?? []);
    const asked = expressions.flatMap((one) => one.match(/(?<=[{,])[a-z]+(?=!?=~?")/g) ?? []);
    expect([...named, ...asked].filter((label) => !known.test(label))).toEqual([]);
    expect(asked.length).toBeGreaterThan(5);
  }); // prettier-ignore
});

describe("rules by which somebody is called", () => {
  it.each(alerts)("$name has a severity, a plain sentence, first steps and a page of its own", (alert) => {
    expect(alert.name).toMatch(/^(?:Hub|Gateway|Log|Canary)[A-Z][A-Za-z]+$/);
    expect(["page", "ticket"]).toContain(alert.severity);
    expect(alert.says).toMatch(/^[A-Z].{20,200}\.$/);
    expect(alert.lasting).toMatch(/^\d+[mh]$/);
    expect(alert.steps.length).toBeGreaterThanOrEqual(2);
    const [file = "", anchor] = runbookAnchor(alert).split("#");
    const headings = read(file).match(/^## .+$/gm)?.map((line) => line.slice(3).toLowerCase());
    expect(headings).toContain(anchor);
  }); // prettier-ignore

  it("no two have one name", () => {
    expect(new Set(alerts.map(({ name }) => name)).size).toBe(alerts.length);
  });

  it("brackets and quotes of what they see are whole", () => {
    for (const expression of expressions) {
      const bare = expression.replaceAll(/"[^"]*"/g, "");
      expect(bare).not.toContain('"');
      for (const [open, close] of ["()", "{}", "[]"].map((pair) => pair.split("")))
        expect(bare.split(open ?? "").length).toBe(bare.split(close ?? "").length);
    }
  });
});

describe("the files", () => {
  it.each([...renderSeeing()])("%s is what the rules and dashboards say", (name, text) => {
    expect(read(name)).toBe(text);
  });

  it.each(dashboards)("$name: Grafana reads it, and no picture lies on another", ({ name, panels }) => {
    const model = JSON.parse(read(`dashboard-${name}.json`)) as {
      readonly panels: readonly { readonly id: number; readonly gridPos: Record<"x" | "y" | "w" | "h", number> }[];
    };
    expect(model.panels).toHaveLength(panels.length);
    expect(new Set(model.panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = model.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    );
    expect(new Set(taken).size).toBe(taken.length);
    expect(model.panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  }); // prettier-ignore

  it("Prometheus is told of the jobs that rules and dashboards name, and of no token", () => {
    const text = read("prometheus.yaml");
    const jobs = new Set(expressions.flatMap((one) => one.match(/(?<=job=")[a-z-]+(?=")/g) ?? []));
    expect([...jobs].toSorted()).toEqual(["atumpan-gateway", "atumpan-hub"]);
    for (const job of jobs) expect(text).toContain(`job_name: ${job}\n`);
    expect(text).toContain("rule_files:\n  - alerts.yaml\n");
    expect(text).not.toMatch(/credentials:|password|bearer_token:/);
  });

  it("the surveyor goes through the hub's door with a key of its own, shows this machine alone, and counts nobody", () => {
    const said = new Map(
      read("surveyor.yaml")
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("#"))
        .map((line) => {
          const [, key = "", value = ""] = /^([a-z]+): (\S+)$/.exec(line) ?? [];
          return [key, value] as const;
        }),
    );
    // by these names its command line knows them; one that is wrong is passed over by it in silence
    expect([...said.keys()].toSorted()).toEqual(
      ["accounts", "addr", "count", "nkey", "port", "servers", "timeout", "tlscacert", "tlscert", "tlsfirst", "tlskey"], // prettier-ignore
    );
    expect(Object.fromEntries(said)).toMatchObject({ accounts: "false", addr: "127.0.0.1", tlsfirst: "true" });
    expect([said.get("servers"), said.get("port")]).toEqual(["tls://127.0.0.1:7778", "7777"]);
    expect([said.get("tlscert"), said.get("tlskey"), said.get("tlscacert"), said.get("nkey")]).toEqual(["door.pem", "door.key", "door.pem", "surveyor.nk"]);
    expect(read("prometheus.yaml")).not.toContain("accounts");
  }); // prettier-ignore
});
