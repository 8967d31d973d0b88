import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

import { utf8 } from "../../schemas/ground/index.ts";
import { type ImagePlan, type MadeImage, writeImage } from "./archive.ts";
import type { Entry } from "./entries.ts";
import { findPackages } from "./packages.ts";
import { findParts, imageUser, planApp, planSystem, type RoleName, roles } from "./roles.ts";
import { planRuntime } from "./runtime.ts";
import { renderSbom } from "./sbom.ts";

/** Where images are made from and to. */
export interface MakeOrder {
  /** The folder of the project, its packages installed. */
  readonly root: string;
  readonly version: string;
  /** Seconds since 1970: the time of every file. */
  readonly seconds: number;
}

const about = "Atumpan: a secure broker for cross-border crime information";

function labelsOf(title: string, version: string): Readonly<Record<string, string>> {
  return {
    "org.opencontainers.image.title": title,
    "org.opencontainers.image.description": about,
    "org.opencontainers.image.licenses": "Apache-2.0",
    "org.opencontainers.image.version": version,
  };
}

/** The bill of materials of one image. @throws {Fault} CONFIG_INVALID */
export function renderImageSbom(root: string, role: RoleName): string {
  return renderSbom({
    lock: readFileSync(join(root, "package-lock.json"), "utf8"),
    root,
    folders: findPackages(root, findParts(root, role).packages),
    name: `atumpan-${role}`,
    others: [{ name: "node", version: process.versions.node, license: "MIT" }],
  });
}

/** What stands in an image, layer by layer: what it needs of a system, then its program with its bill of materials. */
export function planLayers(root: string, role: RoleName): readonly (readonly Entry[])[] {
  const bill = { path: "app/sbom.cdx.json", content: { bytes: utf8(renderImageSbom(root, role)) }, mode: 0o644 };
  return [[...planRuntime(), ...planSystem()], [...planApp(root, role), bill]];
} // prettier-ignore

/** Makes the image of one of our programs. @throws {Fault} CONFIG_INVALID */
export function makeRoleImage(role: RoleName, order: MakeOrder, folder: string): MadeImage {
  const { root, version, seconds } = order;
  const { entrypoint, cmd } = roles[role];
  const plan: ImagePlan = {
    name: `atumpan/${role}:${version}`,
    layers: planLayers(root, role),
    user: imageUser,
    entrypoint,
    cmd,
    labels: labelsOf(`atumpan ${role}`, version),
    seconds,
  };
  return writeImage(plan, folder);
}

/**
 * Makes the image of the server: its one static program, and the folder of its store.
 *
 * @param server a nats-server built without C (`CGO_ENABLED=0`), as set-up builds it
 * @param tag its version
 */
export function makeServerImage(
  server: string,
  { tag, seconds }: { readonly tag: string; readonly seconds: number },
  folder: string,
): MadeImage {
  const entries: readonly Entry[] = [
    { path: "nats-server", content: { file: server }, mode: 0o755 },
    { path: "data", mode: 0o700, owner: imageUser },
    { path: "tmp", mode: 0o1777 },
  ];
  return writeImage(
    {
      name: `atumpan/nats-server:${tag}`,
      layers: [[...planSystem(), ...entries]],
      user: imageUser,
      entrypoint: ["/nats-server"],
      cmd: ["-c", "/data/nats-server.conf"],
      labels: labelsOf("nats-server", tag),
      seconds,
    },
    folder,
  );
}
