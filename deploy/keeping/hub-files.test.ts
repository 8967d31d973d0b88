import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { BrokerConfig } from "../../broker/index.ts";
import { listHubFiles } from "./hub-files.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-files-"));
  const files = [
    "broker.json",
    "register.bin",
    "root.json",
    "hub-keys.json",
    "log.key",
    "keys/link.pem",
    "stop.json",
    "store/x",
  ];
  const own = ["one", "two"].flatMap((name) =>
    ["audit.jsonl", "log-seen", "log/state.json", "status.json"].map(
      (file) => `brokers/${name}/${file}`,
    ),
  );
  for (const name of [...files, ...own]) put(name, "content");
  for (const name of ["one", "two"]) put(`brokers-known/${name}`, join(folder, "brokers", name));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, content: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}

function list(dir: string, standby: BrokerConfig["standby"], withKeys: boolean): readonly string[] {
  const files = { registerFile: join(folder, "register.bin"), rootFile: join(folder, "root.json") };
  const config = {
    ...files,
    dir,
    standby,
    server: { storeDir: join(folder, "store") },
  } as unknown as BrokerConfig;
  return listHubFiles(config, join(folder, "broker.json"), withKeys)
    .map(({ name }) => name)
    .toSorted();
}

describe("what a backup of a hub holds", () => {
  const ownOf = ["hub/audit.jsonl", "hub/log-seen", "hub/log/state.json"];

  it("of a broker that shares a folder: its own, and what both share, and nothing of the other's own", () => {
    const standby = { name: "one", folder };
    const dir = join(folder, "brokers/one");
    const named = ["broker.json", "register.bin", "root.json"];
    const shared = ["broker.json", "keys/link.pem", "register.bin", "root.json", "stop.json"].map((name) => `hub/shared/${name}`);
    const keys = ["hub-keys.json", "log.key"].map((name) => `hub/shared/${name}`);
    expect(list(dir, standby, false)).toEqual([...named, ...ownOf, ...shared].toSorted());
    expect(list(dir, standby, true)).toEqual([...named, ...ownOf, ...shared, ...keys].toSorted());
  });

  it("of one whose folder is the shared one: all of it but the server's store and what passes", () => {
    const found = list(folder, { name: "one", folder }, true);
    expect(found).toContain("hub/hub-keys.json");
    expect(found).toContain("hub/brokers/two/audit.jsonl");
    expect(found.filter((name) => /store|status/.test(name))).toEqual([]);
  });
}); // prettier-ignore
