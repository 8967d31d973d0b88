import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { decodeRegisterOffered, encodeRegisterOffer } from "../schemas/index.ts";
import { type Bytes, sha256, silentLog } from "../schemas/ground/index.ts";
import { verifyRegister } from "../certs/trust/index.ts";
import { type GatewayWorld, makeGatewayWorld } from "../test/kit/gateway-world.ts";
import { makeStillClock, type StillClock } from "../test/kit/memory-exchange.ts";
import { makeRegisterOffers, type RegisterOffers } from "./register-offers.ts";
import { type HeldRegister, lookFirst, openRegisterSource, type RegisterSource } from "./register-source.ts"; // prettier-ignore

const now = 1_780_272_000_000;
const minute = 60_000;
let world: GatewayWorld;
let other: GatewayWorld;
let old: Bytes;
let newer: Bytes;
let newest: Bytes;
let dir = "";
let clock: StillClock;
let source: RegisterSource;
let current: HeldRegister;
let offers: RegisterOffers;
let brought: string[];

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
  other = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
  old = world.register;
  newer = world.publish((parts) => ({ ...parts, mandates: parts.mandates.slice(1) }));
  newest = world.publish((parts) => ({ ...parts, mandates: parts.mandates.slice(1) }));
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "offers-"));
  clock = makeStillClock(now);
  begin(newer);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = (): RegisterSource => openRegisterSource({ registerFile: join(dir, "register.bin"), anchors: world.anchors, dir }); // prettier-ignore

function begin(file: Bytes): void {
  writeFileSync(join(dir, "register.bin"), file);
  source = open();
  current = lookFirst(source);
  source.keep(current);
  brought = [];
  offers = makeRegisterOffers({
    clock,
    log: silentLog,
    version: () => current.view.trusted.timestamp.version,
    weigh: (bytes) => source.weigh(bytes),
    onNewer: (held, origin) => {
      brought.push(origin);
      current = held;
      source.keep(held);
    },
  });
}

const versionOf = (bytes: Bytes): number =>
  verifyRegister(bytes, world.anchors).trusted.timestamp.version;

interface Bring {
  readonly by?: string;
  readonly version?: number;
  readonly digest?: Bytes;
  readonly size?: number;
  readonly pieceBytes?: number;
}

/** Brings one whole, as the hub asks for it; how it ended. */
function bring(bytes: Bytes, { by = "ng/tcu", version = 99, digest = sha256(bytes), size = bytes.length, pieceBytes = 4096 }: Bring = {}): string {
  for (let offset = 0, left = 200; left > 0; left -= 1) {
    const piece = bytes.subarray(offset, offset + pieceBytes);
    const { next, code } = decodeRegisterOffered(offers.take(by, encodeRegisterOffer({ version, digest, size, offset, piece })));
    if (code !== undefined) return code;
    if (next === undefined) return "TAKEN";
    offset = next;
  }
  return "without end";
} // prettier-ignore

describe("a register that somebody brings to a hub", () => {
  it("is taken when it is newer and proved, whoever brings it, and stands over a restart with the old file", () => {
    expect(bring(newest)).toBe("TAKEN");
    expect(brought).toEqual(["ng/tcu"]);
    const again = open();
    // the file is the operator's, and stays as he wrote it
    expect(again.look()).toMatchObject({ kind: "refused", fault: { code: "REGISTER_ROLLBACK" } });
    expect(lookFirst(open()).view.trusted.timestamp.version).toBe(versionOf(newest));
  });

  it.each<[string, () => Bytes, Bring, string]>([
    ["older", () => old, {}, "REGISTER_ROLLBACK"],
    ["older by its own word", () => newest, { version: 1 }, "REGISTER_ROLLBACK"],
    ["the one that is held", () => newer, {}, "REGISTER_ROLLBACK"],
    ["of another root", () => other.register, {}, "REGISTER_SIGNATURE_INVALID"],
    ["no register", () => Buffer.alloc(9_000, 7), {}, "REGISTER_INVALID"],
    ["not what its digest says", () => newest, { digest: new Uint8Array(32) }, "REGISTER_INVALID"],
    ["larger than any", () => newest, { size: 17 * 2 ** 20 }, "REGISTER_INVALID"],
  ])("is refused when it is %s, and the hub's own stays", (...[, bytes, how, code]) => {
    const before = current;
    expect(bring(bytes(), how)).toBe(code);
    expect([current === before, brought]).toEqual([true, []]);
    expect(lookFirst(open()).view.trusted.timestamp.version).toBe(versionOf(newer));
  });

  it("is refused when one octet of it was changed", () => {
    const changed = Uint8Array.from(newest);
    const at = changed.length - 400;
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(bring(changed)).toMatch(/^REGISTER_/);
    expect(brought).toEqual([]);
  });

  it("who brought one that was refused is not listened to for ten minutes, and others are", () => {
    expect(bring(old)).toBe("REGISTER_ROLLBACK");
    expect([bring(newest), brought]).toEqual(["QUOTA_EXCEEDED", []]);
    clock.move(10 * minute - 1);
    expect(bring(newest)).toBe("QUOTA_EXCEEDED");
    expect(bring(newest, { by: "gh/tcu" })).toBe("TAKEN");
  });

  it("who brought one that was refused is listened to again after that", () => {
    expect(bring(old)).toBe("REGISTER_ROLLBACK");
    clock.move(10 * minute);
    expect([bring(newest), brought]).toEqual(["TAKEN", ["ng/tcu"]]);
  });

  it("two bring one at once, and a third waits until one of them is forgotten", () => {
    const first = (by: string): unknown =>
      decodeRegisterOffered(offers.take(by, encodeRegisterOffer({ version: 99, digest: sha256(newest), size: newest.length, offset: 0, piece: newest.subarray(0, 9) })));
    expect([first("ng/tcu"), first("gh/tcu")]).toMatchObject([{ next: 9 }, { next: 9 }]);
    expect(first("sn/tcu")).toMatchObject({ code: "QUOTA_EXCEEDED" });
    clock.move(minute);
    expect(first("sn/tcu")).toMatchObject({ next: 9 });
  }); // prettier-ignore

  it("a piece twice, out of its place, or too long is asked for again", () => {
    const piece = (offset: number, bytes: Bytes): unknown =>
      decodeRegisterOffered(offers.take("ng/tcu", encodeRegisterOffer({ version: 99, digest: sha256(newest), size: 20, offset, piece: bytes })));
    expect(piece(0, newest.subarray(0, 10))).toMatchObject({ next: 10 });
    expect(piece(0, newest.subarray(0, 10))).toMatchObject({ next: 10 });
    expect(piece(15, newest.subarray(0, 5))).toMatchObject({ next: 10 });
    expect(piece(10, newest.subarray(0, 11))).toMatchObject({ next: 10 });
    expect(() => offers.take("ng/tcu", Buffer.from("no offer"))).toThrow();
  }); // prettier-ignore
});
