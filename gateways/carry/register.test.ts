import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

import { parseRegister, verifyRegister } from "../../certs/trust/index.ts";
import { type Bytes, silentLog } from "../../schemas/ground/index.ts";
import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import { bareState, bundle, makeRepository, repositoryNow } from "../../test/kit/repository.ts";
import { makeRegisterDesk, type RegisterDesk } from "../exchange/index.ts";

const { parts, seal, state, root } = makeRepository();
const anchors = { root };
const first = seal(parts);
const second = seal(state(first, bareState("ng")));
let dir = "";
let desk: RegisterDesk;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "desk-"));
  const path = join(dir, "register.bin");
  writeFileSync(path, bundle(first));
  const held = { bytes: bundle(first), view: verifyRegister(bundle(first), anchors) };
  desk = makeRegisterDesk({
    path,
    anchors,
    held,
    connections: () => [],
    urls: [],
    clock: makeStillClock(repositoryNow),
    log: silentLog,
    onChange: () => undefined,
  });
});

afterEach(() => rmSync(dir, { recursive: true }));

function filesOf(register: Bytes): ReadonlyMap<string, Bytes> {
  return parseRegister(register);
}

it("a newer register that was brought comes into force and is kept; weighing it keeps nothing", async () => {
  const files = filesOf(bundle(second));
  expect((await desk.weigh(files)).epoch).toBe(2);
  expect(desk.view().epoch).toBe(1);
  expect(await desk.offer(files)).toBe(true);
  expect(desk.view().epoch).toBe(2);
  expect(verifyRegister(readFileSync(join(dir, "register.bin")), anchors).epoch).toBe(2);
  expect(desk.bytes()).toEqual(readFileSync(join(dir, "register.bin")));
  expect(await desk.offer(files)).toBe(false);
});

it("an older one, a forged one, one in pieces or none at all is passed over", async () => {
  await desk.offer(filesOf(bundle(second)));
  const forged = new Map(makeRepository().seal(parts));
  const torn = new Map([...filesOf(bundle(second))].slice(1));
  for (const files of [filesOf(bundle(first)), forged, torn, new Map<string, Bytes>()]) {
    expect(await desk.offer(files)).toBe(false);
    expect((await desk.weigh(files)).epoch).toBe(2);
    expect(desk.view().epoch).toBe(2);
  }
});

it("two that are brought at once end in the newer, whichever is looked at first", async () => {
  const third = seal(state(second, { ...bareState("ng"), names: [{ text: "N", lang: "en", marks: [] }] }));
  await Promise.all([desk.offer(filesOf(bundle(third))), desk.offer(filesOf(bundle(second)))]);
  expect(desk.view().epoch).toBe(3);
}); // prettier-ignore
