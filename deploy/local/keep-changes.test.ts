import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { saveConfigs } from "./configs.ts";
import { makeLayout } from "./layout.ts";
import { planRegion } from "./plan.ts";
import { keepContexts, keepGatewayConfig } from "./keep-changes.ts";

const place = {
  agency: "gh/tcu",
  api: { host: "127.0.0.1", port: 7402 },
  anchors: "/home/root.json",
  register: "/home/register.bin",
};
const made = { ...place, keys: { sealing: [] }, webhooks: { allow: ["127.0.0.1"] } };

const kept = (found: object): object | undefined => keepGatewayConfig(JSON.stringify(found), place);

describe("a gateway's configuration that is there already", () => {
  it("is the same as before when nobody changed it", () => {
    expect(kept(made)).toEqual(made);
  });

  it("keeps what an operator wrote, and does not bring back what he took out", () => {
    const { webhooks: _, ...rest } = made;
    const changed = { ...rest, monitor: "on", statistics: { exchange: "DRAFT" } };
    expect(kept(changed)).toEqual(changed);
  });

  it("answers where this start looks for it, and keeps what else is said of its face", () => {
    const api = { host: "127.0.0.1", port: 9000, allowedHosts: ["desk.example"] };
    expect(kept({ ...made, api, register: "/elsewhere", agency: "ng/tcu" })).toEqual({
      ...made,
      api: { ...api, port: 7402 },
    });
  });

  it.each(["{", "[]", "null", '"text"', '{"api":7}', ""])(
    "that cannot be understood (%s) is left to whoever wrote it",
    (found) => {
      expect(keepGatewayConfig(found, place)).toBeUndefined();
    },
  );
});

describe("contexts of the command line", () => {
  const ours = { "gh/tcu": { url: "http://127.0.0.1:7402" } };

  it("are ours as they are now, beside those that a person added", () => {
    const found = JSON.stringify({
      current: "far",
      contexts: { far: { url: "https://far.example" }, "gh/tcu": { url: "http://127.0.0.1:1" } },
    });
    expect(keepContexts(found, ours)).toEqual({
      current: "far",
      contexts: { far: { url: "https://far.example" }, ...ours },
    });
  });

  it("are written anew where the file cannot be understood", () => {
    for (const found of ["", "{", "[]", '{"contexts":[]}'])
      expect(keepContexts(found, ours)).toEqual({ contexts: ours });
  });
});

describe("a region that starts again", () => {
  it("leaves alone what was changed at one gateway, and moves all with their ports", () => {
    const home = mkdtempSync(join(tmpdir(), "local-"));
    const layout = makeLayout(home);
    const plan = planRegion(0, { states: ["gh"], recs: ["ecowas"] });
    const start = (base: number): void =>
      saveConfigs(layout, plan, { base, host: "127.0.0.1", natsServer: "nats-server" });
    const fileOf = (agency: string): string => join(layout.gateway(agency), "gateway.json");
    const read = (agency: string): Record<string, unknown> =>
      JSON.parse(readFileSync(fileOf(agency), "utf8")) as Record<string, unknown>;
    try {
      start(7400);
      const first = read("gh/tcu");
      writeFileSync(fileOf("gh/tcu"), JSON.stringify({ ...first, monitor: "on" }));
      writeFileSync(fileOf("gh/moc"), "{ not yet");
      const before = statSync(fileOf("gh/fiu"), { bigint: true }).mtimeNs;
      start(7400);
      expect([read("gh/tcu"), readFileSync(fileOf("gh/moc"), "utf8")]).toEqual([
        { ...first, monitor: "on" },
        "{ not yet",
      ]);
      expect(statSync(fileOf("gh/fiu"), { bigint: true }).mtimeNs).toBe(before);
      const { port } = first["api"] as { readonly port: number };
      start(7500);
      expect(read("gh/tcu")).toEqual({
        ...first,
        monitor: "on",
        api: { host: "127.0.0.1", port: port + 100 },
      });
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});
