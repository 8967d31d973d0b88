import { globSync } from "node:fs";
import { join } from "node:path";

import { renderHex, sha256, utf8 } from "../../schemas/ground/index.ts";
import { type Entry, planApp, readEntry, renderImageSbom } from "../images/index.ts";

/** What a bundle is made from. */
export interface BundleOrder {
  /** The folder of the project, its packages installed. */
  readonly root: string;
  readonly version: string;
  /** A nats-server for whoever runs a hub; none when left out. */
  readonly server?: string | undefined;
}

const executable = 0o755;
const readable = 0o644;

function textEntry(path: string, words: string): Entry {
  return { path, content: { bytes: utf8(words) }, mode: readable };
}

function planOwn({ root, version, server }: BundleOrder): readonly Entry[] {
  const from = (path: string, file: string, mode = readable): Entry => ({ path, content: { file: join(root, file) }, mode });
  const units = globSync("deploy/systemd/*.{service,sysusers,tmpfiles}", { cwd: root });
  return [
    from("install.sh", "deploy/bundle/install.sh", executable),
    from("README.md", "deploy/bundle/README.md"),
    from("bin/atumpan", "deploy/bundle/atumpan", executable),
    from("man/atumpan.1", "deploy/atumpan.1"),
    from("examples/gateway.json", "deploy/compose/ministry/gateway/gateway.json"),
    from("examples/broker.json", "deploy/systemd/broker.json"),
    ...["surveyor.yaml", "surveyor.md"].map((name) => from(`examples/${name}`, `deploy/seeing/${name}`)),
    ...units.map((file) => from(file.replace("deploy/", ""), file)),
    textEntry("VERSION", `${version}\n`),
    textEntry("sbom.cdx.json", renderImageSbom(root, "tools")),
    ...(server === undefined ? [] : [{ path: "bin/nats-server", content: { file: server }, mode: executable }]),
  ];
} // prettier-ignore

/**
 * Everything in a bundle, under one folder of its name: all programs with what they need to run, units, examples, the installer,
 * and SHA256SUMS of all of it. No Node: that comes from its makers.
 *
 * @throws {Fault} CONFIG_INVALID when packages are not installed
 */
export function planBundle(order: BundleOrder, name: string): readonly Entry[] {
  const program = planApp(order.root, "tools").filter(({ path }) => path.startsWith("app/"));
  const entries = [...program, ...planOwn(order)].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const sums = entries.map((entry) => `${renderHex(sha256(readEntry(entry)))}  ${entry.path}\n`);
  const list: Entry = { path: "SHA256SUMS", content: { bytes: utf8(sums.join("")) }, mode: readable };
  return [...entries, list].map((entry) => ({ ...entry, path: `${name}/${entry.path}` }));
} // prettier-ignore
