import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { makeText } from "../../test/kit/attachment-files.ts";
import { type FileDesk, handIn, handOver, openFiles, readAll, sendWith, standOf } from "../../test/kit/file-world.ts"; // prettier-ignore
import { type MadeOffice, makeOffice } from "../../test/kit/gateway-office.ts";
import { makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { until } from "../../test/kit/server.ts";
import { limits } from "../../schemas/index.ts";
import { openStore, sealedFilePath } from "../store/index.ts";
import { openSealed } from "./sealed-file.ts";

const program = join(import.meta.dirname, "../../test/kit/files-process.ts");
const text = makeText(4_000_000, "killed");
const chunks = Math.ceil(text.length / (limits.blobChunkBytes - 16)) + 1;
let ng: FileDesk;
let gh: FileDesk;
let hubDir = "";
let child: ChildProcess | undefined;

beforeEach(async () => {
  const world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now: Date.now() });
  [ng, gh] = [await openFiles(makeOffice(world, "ng/tcu"), undefined), await openFiles(makeOffice(world, "gh/tcu"), undefined)];
  hubDir = join(ng.office.dir, "hub");
  mkdirSync(hubDir);
}); // prettier-ignore

afterEach(async () => {
  await kill();
  for (const { office } of [ng, gh]) rmSync(office.dir, { recursive: true, force: true });
});

function start(...args: readonly string[]): { said: () => string } {
  const started = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  started.stdout.on("data", (data) => (said += String(data)));
  child = started;
  return { said: () => said };
} // prettier-ignore

/** SIGKILL, as a power cut takes a process. */
async function kill(): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

/** Leaves the store to another process, or takes it back. */
async function leave({ office, service }: FileDesk): Promise<void> {
  await service.stop();
  office.store.close();
}

async function takeBack({ office }: FileDesk): Promise<FileDesk> {
  const store = openStore(join(office.dir, "store.db"), {}, office.clock);
  const again: MadeOffice = { ...office, changed: office.changed, store };
  return await openFiles(again, undefined);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function inFolder({ office }: FileDesk, folder: string): number {
  const dir = join(office.dir, "attachments", folder);
  return readdirSync(dir).reduce((sum, name) => sum + sizeOf(join(dir, name)), 0);
}

/** Lines of the hub's book that begin so. */
function book(act: "put" | "get"): readonly string[] {
  const file = join(hubDir, "book");
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  return lines.filter((line) => line.startsWith(act));
}

describe("a gateway that is killed", () => {
  it("while a file is handed in goes on from what it had said was safe, and leaves one file and nothing beside it", async () => {
    const file = join(ng.office.dir, "report.txt");
    writeFileSync(file, text);
    await leave(ng);
    const begins: number[] = [];
    for (const share of [0.5, 0.8]) {
      // it gives no more than this, so that it is surely not done when it is killed
      const { said } = start(`upload:${Math.ceil(text.length * (share + 0.1))}`, hubDir, ng.office.dir, file);
      await until("much of it came", () => inFolder(ng, "uploads") > text.length * share, 120);
      await kill();
      begins.push(Number(/^from (\d+)$/m.exec(said())?.[1]));
    }
    const { said } = start("upload", hubDir, ng.office.dir, file);
    await until("it is done", () => said().includes("DONE"), 120);
    begins.push(Number(/^from (\d+)$/m.exec(said())?.[1]));
    await kill();
    // what was acknowledged is on the disk, in whole megabytes
    expect(begins[0]).toBe(0);
    expect(begins[1]).toBeGreaterThan(text.length * 0.5 - 1_200_000);
    expect(begins[2]).toBeGreaterThan(text.length * 0.8 - 1_200_000);
    ng = await takeBack(ng);
    expect(ng.office.store.attachments.uploads()).toMatchObject([{ state: "DONE" }]);
    expect(ng.files()).toHaveLength(1);
    const { attachments } = ng.office.store;
    const row = attachments.file(attachments.here()[0]!.ref)!;
    const kept = openSealed(join(ng.office.dir, sealedFilePath(row.ref)), row);
    expect(Buffer.from(await kept.read(0, kept.size)).equals(text)).toBe(true);
  }); // prettier-ignore

  it("while its files go to the hub, or others come from it, goes on with them, and next to nothing travels twice", async () => {
    await handIn(ng, text);
    const id = await sendWith(ng, [text]);
    await handOver(ng, gh, id);
    await gh.reach("it is known", () => standOf(gh, id) === "THERE");
    await gh.service.fetch(id, gh.service.list(id)[0]!.digest);
    for (const desk of [ng, gh]) await leave(desk);
    for (const [act, desk] of [["put", ng], ["get", gh]] as const) {
      // no more than three quarters of it, so that it is surely not done when it is killed
      start(`work:${Math.ceil(chunks * 0.75)}`, hubDir, desk.office.dir);
      await until("much of it went", () => book(act).length > chunks / 2, 120);
      await kill();
      expect(book(act).length).toBeLessThan(chunks);
      const { said } = start("work", hubDir, desk.office.dir);
      const isOver = (): boolean => (act === "put" ? said().includes("stored 1") : said().includes("here 1"));
      await until("the rest went", isOver, 120);
      await kill();
      expect(book(act).length).toBeGreaterThanOrEqual(chunks);
      // what was under way at the end is the hub's before anybody could note it
      expect(book(act).length).toBeLessThanOrEqual(chunks + 4);
    }
    [ng, gh] = [await takeBack(ng), await takeBack(gh)];
    expect(standOf(gh, id)).toBe("HERE");
    expect(Buffer.from(await readAll(gh, id, text)).equals(text)).toBe(true);
    expect([ng.files().length, gh.files().length]).toEqual([1, 1]);
  }); // prettier-ignore
});
