import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { makeRoleImage, makeServerImage } from "../../deploy/images/make.ts";
import type { RoleName } from "../../deploy/images/roles.ts";
import { findNatsServer } from "../kit/container.ts";

/** An image of ours. */
export type ImageName = RoleName | "nats-server";

const root = join(import.meta.dirname, "../..");

function ask(...args: readonly string[]): { readonly isDone: boolean; readonly told: string } {
  const { status, stdout, stderr } = spawnSync("docker", args, { encoding: "utf8" });
  return { isDone: status === 0, told: `${stdout}${stderr}` };
}

function must(...args: readonly string[]): void {
  const { isDone, told } = ask(...args);
  if (!isDone) throw new Error(`docker ${args.slice(0, 2).join(" ")}: ${told}`);
}

/** One of them, named by the digest of all that is in it: what the engine holds of the same content is taken as it is. */
function have(name: ImageName, folder: string): string {
  const order = { root, version: "test", seconds: 0 };
  const { id, file } =
    name === "nats-server"
      ? makeServerImage(findNatsServer(), { tag: "test", seconds: 0 }, folder)
      : makeRoleImage(name, order, folder);
  const reference = `atumpan/${name}:test-${id.slice(0, 12)}`;
  if (!ask("image", "inspect", reference).isDone) {
    must("load", "-q", "-i", file);
    must("tag", `sha256:${id}`, reference);
  }
  rmSync(file);
  return reference;
}

/** Makes images of what stands here, and has the engine load those that it does not hold yet. Gives what each is called there. */
export function haveImages<N extends ImageName>(names: readonly N[]): Readonly<Record<N, string>> {
  const folder = mkdtempSync(join(tmpdir(), "atumpan-images-"));
  try {
    const made = names.map((name) => [name, have(name, folder)] as const);
    return Object.fromEntries(made) as Record<N, string>;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
