import { globSync } from "node:fs";
import { join } from "node:path";

import { utf8 } from "../../schemas/ground/index.ts";
import type { Entry } from "./entries.ts";
import { findPackages, listPackageFiles } from "./packages.ts";
import { findReached, type Reached } from "./reached.ts";

/** Who runs in every image of ours: a number, since an orchestrator must see that it is not root. */
export const imageUser = 10_001;

/** An image: what it starts with, and what it is started as. */
export interface Role {
  readonly entries: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
}

const node = "/usr/local/bin/node";
/** Beside the program: places what is mounted where it belongs, and says whether the program answers. */
const aids = ["place", "ready", "wait"].map((name) => `deploy/images/aid/${name}.ts`);

/** The three images, by name. */
export const roles = {
  hub: {
    entries: ["broker/main.ts", ...aids],
    entrypoint: [node, "/app/broker/main.ts"],
    cmd: ["run", "--config", "/data/broker.json"],
  },
  gateway: {
    entries: ["gateways/main.ts", ...aids],
    entrypoint: [node, "/app/gateways/main.ts"],
    cmd: ["--config", "/data"],
  },
  tools: {
    // a played country starts gateways, which no import shows
    entries: ["deploy/atumpan.mjs", "gateways/main.ts", "broker/main.ts", ...aids],
    entrypoint: [node, "/app/deploy/atumpan.mjs"],
    cmd: ["--help"],
  },
} as const satisfies Readonly<Record<string, Role>>;

/** The name of an image of ours. */
export type RoleName = keyof typeof roles;

/** What `atumpan` reads besides code: its answers to shells, and the letters that a played country sends. */
const toolData = [
  ...["bash", "zsh", "fish", "powershell"].map((shell) => `deploy/completion/${shell}`),
  ...["fiu-reply", "fiu-request", "lagos-alert", "maritime", "red-flag"].map(
    (name) => `deploy/local/examples/${name}.json`,
  ),
];

/** The pages that a gateway serves, as they were built; where they were not, it says so itself. */
function findPages(root: string): readonly string[] {
  return globSync("gateways/console/built/*", { cwd: root });
}

/** What one image holds of ours and of others; nothing that its program cannot come to. */
export function findParts(root: string, role: RoleName): Reached {
  const { files, packages } = findReached(root, roles[role].entries);
  const pages = role === "hub" ? [] : findPages(root);
  const more = role === "tools" ? [...toolData, ...pages] : pages;
  return { files: [...new Set([...files, ...more, "package.json"])].toSorted(), packages };
}

/**
 * The program of an image, under `app`; and `data`, which is its user's.
 *
 * @throws {Fault} CONFIG_INVALID when packages are not installed
 */
export function planApp(root: string, role: RoleName): readonly Entry[] {
  const { files, packages } = findParts(root, role);
  const own = files.map((file) => ({ path: file, content: { file: join(root, file) }, mode: 0o644 }));
  const others = listPackageFiles(root, findPackages(root, packages));
  return [
    ...[...own, ...others].map((entry) => ({ ...entry, path: join("app", entry.path) })),
    { path: "data", mode: 0o700, owner: imageUser },
    { path: "tmp", mode: 0o1777 },
  ];
} // prettier-ignore

function textEntry(path: string, words: string): Entry {
  return { path, content: { bytes: utf8(words) }, mode: 0o644 };
}

/** Who there is, and how names are found: what a C library asks of a system. */
export function planSystem(): readonly Entry[] {
  return [
    textEntry("etc/passwd", `atumpan:x:${imageUser}:${imageUser}:Atumpan:/data:/nonexistent\n`),
    textEntry("etc/group", `atumpan:x:${imageUser}:\n`),
    textEntry("etc/nsswitch.conf", "hosts: files dns\n"),
  ];
}
