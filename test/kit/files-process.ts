import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { startAttachments } from "../../gateways/attachments/index.ts";
import type { HubBlobs } from "../../gateways/link/index.ts";
import { openStore } from "../../gateways/store/index.ts";
import {
  type Bytes,
  type Clock,
  Fault,
  renderHex,
  sha256,
  silentLog,
  systemChance,
  systemClock,
} from "../../schemas/ground/index.ts";

/**
 * The files of one or two gateways as a process of its own, to be killed in the middle. Arguments: what it does, the folder that
 * stands for the hub, and the gateways' folders; to upload, the file that is handed in as well. What it does may say how far:
 * `work:30` does nothing more once 30 chunks were put or given, `upload:2000000` gives nothing
 * from that byte of the file on.
 */
const [what = "", hubDir = "", ...dirs] = process.argv.slice(2);
const [act = "", most = "Infinity"] = what.split(":");
let left = Number(most);

const never = (): Promise<void> => new Promise(() => undefined);

/** Takes one of what may be done; never ends when none of it is left. */
async function takeOne(): Promise<void> {
  left -= 1;
  if (left < 0) await never();
}

/** Twenty times as fast as a gateway, so that a test need not wait. */
const clock: Clock = {
  ...systemClock,
  every: (ms, tick) => systemClock.every(Math.max(20, ms / 20), tick),
};
const stepMs = 4;

/** Chunks as files of a folder, and a line in its book for each that was put or given. */
const blobs: HubBlobs = {
  putBlob: async (bytes) => {
    await systemClock.sleep(stepMs);
    await takeOne();
    const digest = sha256(bytes);
    // the book first: an end between the two is counted, not forgotten
    appendFileSync(join(hubDir, "book"), `put ${renderHex(digest)} 0\n`);
    writeFileSync(join(hubDir, `new-${renderHex(digest)}`), bytes);
    renameSync(join(hubDir, `new-${renderHex(digest)}`), join(hubDir, renderHex(digest)));
    return digest;
  },
  missingBlobs: (digests) =>
    Promise.resolve(digests.filter((digest) => !existsSync(join(hubDir, renderHex(digest))))),
  getBlob: async ({ digest, offset, maxBytes }) => {
    await systemClock.sleep(stepMs);
    await takeOne();
    const path = join(hubDir, renderHex(digest));
    if (!existsSync(path)) throw new Fault("BLOB_MISSING", "not there yet");
    const bytes: Bytes = readFileSync(path);
    appendFileSync(join(hubDir, "book"), `get ${renderHex(digest)} ${offset}\n`);
    return { size: bytes.length, bytes: bytes.subarray(offset, offset + maxBytes) };
  },
};

function open(dir: string): ReturnType<typeof startAttachments> {
  const store = openStore(join(dir, "store.db"), {}, clock);
  const office = { store, clock, chance: systemChance, log: silentLog, blobs };
  const way = (): { isUp: true; since: number } => ({ isUp: true, since: 1 });
  let last = "";
  clock.every(1_000, () => {
    const { attachments } = store;
    const now = `here ${attachments.here().length}, stored ${attachments.stored(9).length}\n`;
    if (now !== last) process.stdout.write((last = now));
  });
  return startAttachments({ office: office as never, dir, way, watch: () => () => undefined });
}

async function upload(dir: string, file: string): Promise<void> {
  const { uploads } = open(dir);
  const bytes = readFileSync(file);
  const wish = { size: bytes.length, mediaType: "text/plain", sha256: sha256(bytes), resume: true };
  const { id, offset } = await uploads.begin("owner", wish);
  async function* source(): AsyncGenerator<Bytes> {
    for (let at = offset; at < bytes.length; at += 16_384) {
      await systemClock.sleep(stepMs);
      if (at >= Number(most)) await never();
      yield bytes.subarray(at, at + 16_384);
    }
  }
  process.stdout.write(`from ${offset}\n`);
  const { state } = await uploads.append("owner", id, { offset, source: source() });
  process.stdout.write(`${state}\n`);
  process.exit(0);
}

// the clock of a gateway keeps no process alive
setInterval(() => undefined, 60_000);
if (act === "upload") await upload(dirs[0] ?? "", dirs[1] ?? "");
else for (const dir of dirs) open(dir);
