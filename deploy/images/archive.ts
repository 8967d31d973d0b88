import { createHash } from "node:crypto";
import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";

import { type Bytes, renderHex, sha256, utf8 } from "../../schemas/ground/index.ts";
import type { Entry } from "./entries.ts";
import { renderTar } from "./tar.ts";

/** An image as it is to be. */
export interface ImagePlan {
  /** With its tag: atumpan/hub:0.1.0. */
  readonly name: string;
  /** Bottom first. */
  readonly layers: readonly (readonly Entry[])[];
  readonly user: number;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds since 1970: the time of the image, and of every file in it. */
  readonly seconds: number;
}

/** An image that stands in a file. */
export interface MadeImage {
  readonly name: string;
  readonly file: string;
  /** Bytes of its layers together: what it takes on a disk. */
  readonly bytes: number;
  /** Digest of its configuration, which names its layers: what an engine calls its id. */
  readonly id: string;
  readonly layers: readonly string[];
}

function writePieces(file: string, pieces: Iterable<Bytes>): string {
  const hash = createHash("sha256");
  const handle = openSync(file, "w", 0o644);
  try {
    for (const piece of pieces) {
      hash.update(piece);
      for (let at = 0; at < piece.length;) at += writeSync(handle, piece, at);
    }
  } finally {
    closeSync(handle);
  }
  return hash.digest("hex");
}

/** The machine as images name it. */
export const imageArchitecture = process.arch === "x64" ? "amd64" : process.arch;

function renderConfig(plan: ImagePlan, layers: readonly string[]): Bytes {
  const { user, entrypoint, cmd, labels, seconds } = plan;
  const created = new Intl.DateTimeFormat("sv", { timeZone: "UTC", dateStyle: "short", timeStyle: "medium" }).format(seconds * 1000);
  const at = `${created.replace(" ", "T")}Z`;
  return utf8(JSON.stringify({
    architecture: imageArchitecture,
    config: { Cmd: cmd, Entrypoint: entrypoint, Env: ["PATH=/usr/local/bin", "HOME=/data"], Labels: labels, User: `${user}:${user}`, WorkingDir: "/data" },
    created: at,
    history: layers.map(() => ({ created: at, created_by: "atumpan images" })),
    os: "linux",
    rootfs: { diff_ids: layers.map((digest) => `sha256:${digest}`), type: "layers" },
  }));
} // prettier-ignore

function textEntry(path: string, bytes: Bytes): Entry {
  return { path, content: { bytes }, mode: 0o644 };
}

/**
 * Writes an image as a file that engines load (`docker load -i`, `podman load -i`, `ctr images import`), without an engine.
 * The same plan gives the same bytes.
 *
 * @param folder where the file goes; it is `<last part of the name>.tar`
 */
export function writeImage(plan: ImagePlan, folder: string): MadeImage {
  const made = plan.layers.map((entries, at) => {
    const file = join(folder, `.layer-${process.pid}-${at}`);
    return { file, digest: writePieces(file, renderTar(entries, plan.seconds)) };
  });
  try {
    const digests = made.map(({ digest }) => digest);
    const config = renderConfig(plan, digests);
    const id = renderHex(sha256(config));
    const manifest = [
      {
        Config: `${id}.json`,
        Layers: digests.map((digest) => `${digest}.tar`),
        RepoTags: [plan.name],
      },
    ];
    const entries = [
      textEntry("manifest.json", utf8(JSON.stringify(manifest))),
      textEntry(`${id}.json`, config),
      ...made.map(({ file, digest }) => ({ path: `${digest}.tar`, content: { file }, mode: 0o644 })),
    ];
    const short = plan.name.replace(/:.*$/, "").split("/").at(-1) ?? "image";
    const file = join(folder, `${short}.tar`);
    writePieces(`${file}.new`, renderTar(entries, plan.seconds));
    renameSync(`${file}.new`, file);
    const bytes = made.reduce((sum, layer) => sum + statSync(layer.file).size, 0);
    return { name: plan.name, file, bytes, id, layers: digests };
  } finally {
    for (const { file } of made) rmSync(file, { force: true });
  }
} // prettier-ignore
