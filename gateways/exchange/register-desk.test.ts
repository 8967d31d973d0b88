import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { verifyRegister } from "../../certs/trust/index.ts";
import { silentLog } from "../../schemas/ground/index.ts";
import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import {
  bareState,
  bundle,
  layOut,
  makeRepository,
  repositoryNow,
} from "../../test/kit/repository.ts";
import { until } from "../../test/kit/server.ts";
import { makeRegisterDesk, type RegisterDesk } from "./register-desk.ts";

const day = 86_400_000;
const { parts, seal, stamp, state, root } = makeRepository();
const anchors = { root };
const first = seal(parts);
const second = seal(state(first, bareState("ng")));

let dir = "";
let changes = 0;
const clock = makeStillClock(repositoryNow);

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "desk-"));
  changes = 0;
});

afterEach(() => rmSync(dir, { recursive: true }));

function open(urls: readonly string[] = []): RegisterDesk {
  const path = join(dir, "register.bin");
  writeFileSync(path, bundle(first));
  return makeRegisterDesk({
    path,
    anchors,
    held: { bytes: bundle(first), view: verifyRegister(bundle(first), anchors) },
    connections: () => [],
    urls,
    clock,
    log: silentLog,
    onChange: () => void (changes += 1),
  });
}

function folderOf(name: string, files: Parameters<typeof layOut>[1]): string {
  layOut(join(dir, name), files);
  return pathToFileURL(join(dir, name)).href;
}

describe("makeRegisterDesk", () => {
  it("takes the newest register of all places, whatever the others say", async () => {
    const broken = pathToFileURL(join(dir, "nowhere")).href;
    const desk = open([broken, folderOf("old", first), folderOf("new", second), folderOf("older", first)]); // prettier-ignore
    expect(await desk.refresh()).toBe(true);
    expect(desk.view().epoch).toBe(2);
    expect(changes).toBe(1);
    expect(await desk.refresh()).toBe(false);
  });

  it("a newer timestamp over the same snapshot is in force, and nothing is judged anew", () => {
    const desk = open();
    writeFileSync(join(dir, "register.bin"), bundle(stamp(first, repositoryNow + 8 * day)));
    desk.checkFile();
    expect(desk.view().expiresAt).toBe(repositoryNow + 8 * day);
    expect(changes).toBe(0);
  });

  it("a fork or an older register in the file is passed over", () => {
    const desk = open();
    for (const files of [seal(parts), seal(state(parts, bareState("gh")))]) {
      writeFileSync(join(dir, "register.bin"), bundle(files));
      desk.checkFile();
      expect([desk.view().epoch, changes]).toEqual([1, 0]);
    }
  });

  it("asks by itself once an hour while the one that is held counts for days", async () => {
    const desk = open([folderOf("new", second)]);
    clock.move(10_000);
    desk.checkFile();
    clock.move(3_600_000);
    desk.checkFile();
    await until("it took the newer one", () => desk.view().epoch === 2);
  });

  it("asks by itself each five minutes when the one that is held is near its end", async () => {
    const desk = open([folderOf("new", second)]);
    clock.move(desk.view().expiresAt - clock.now() - 3_600_000);
    await desk.refresh();
    const held = desk.view().epoch;
    expect(held).toBe(2);
    const later = open([folderOf("newer", second)]);
    clock.move(299_000);
    later.checkFile();
    expect(later.view().epoch).toBe(1);
    clock.move(6_000);
    later.checkFile();
    await until("it took the newer one", () => later.view().epoch === 2);
  });
});
