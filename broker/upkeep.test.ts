import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { verifyRegister } from "../certs/trust/index.ts";
import {
  fixtureHub,
  fixtureNow,
  makeRegion,
  mandate,
  releaseRule,
} from "../test/kit/hub-region.ts";
import type { ServerControl, Session } from "./nats/index.ts";
import { makeQueue } from "./queue.ts";
import { openRegisterSource } from "./register-source.ts";
import { closeEndedSessions } from "./sessions.ts";
import { nextChange, standingOf } from "./standing.ts";

const folder = mkdtempSync(join(tmpdir(), "upkeep-"));
afterAll(() => rmSync(folder, { recursive: true }));
const day = 86_400_000;
const plan = {
  recs: ["ecowas"],
  agencies: [
    { agency: fixtureHub, kind: "HUB" },
    { agency: "ng/tcu", kind: "TCU" },
    { agency: "gh/tcu", kind: "TCU" },
  ],
  mandates: [mandate("ng/tcu", ["PUBLISH", "ecowas"], { until: fixtureNow + day })],
};
const region = await makeRegion(plan);

describe("openRegisterSource", () => {
  it("never goes back behind what it held, not even over a restart", () => {
    const registerFile = join(folder, "register.bin");
    const open = () => openRegisterSource({ registerFile, anchors: region.anchors, dir: folder });
    writeFileSync(registerFile, region.register);
    const source = open();
    const first = source.look();
    expect(first.kind).toBe("newer");
    if (first.kind === "newer") source.keep(first.held);
    expect(source.look().kind).toBe("same");
    writeFileSync(registerFile, region.next({}));
    const second = source.look();
    expect(second).toMatchObject({ kind: "newer", held: { view: { epoch: 2 } } });
    if (second.kind === "newer") source.keep(second.held);
    writeFileSync(registerFile, region.register);
    expect(source.look()).toMatchObject({ kind: "refused", fault: { code: "REGISTER_ROLLBACK" } });
    expect(open().look()).toMatchObject({ kind: "refused", fault: { code: "REGISTER_ROLLBACK" } });
    writeFileSync(registerFile, "junk");
    expect(open().look()).toMatchObject({ kind: "refused", fault: { code: "REGISTER_INVALID" } });
    writeFileSync(join(folder, "register-held.bin"), "junk");
    expect(open).toThrow(expect.objectContaining({ code: "INTEGRITY_STORE" }));
  });
});

describe("standingOf", () => {
  it("changes when a dated line ends or begins, and only then", () => {
    const now = fixtureNow;
    expect(standingOf(region.view, now)).toBe(standingOf(region.view, now + day - 1));
    expect(standingOf(region.view, now)).not.toBe(standingOf(region.view, now + day));
    const release = () => [releaseRule(), releaseRule({ from: now + 2 * day })];
    const next = verifyRegister(region.next({ release }), region.anchors);
    expect(standingOf(next, now + day)).toBe(standingOf(next, now + 2 * day - 1));
    expect(standingOf(next, now + day)).not.toBe(standingOf(next, now + 2 * day));
  });
});

describe("nextChange", () => {
  it("is the first millisecond that counts otherwise, and nothing where none is near", () => {
    const now = fixtureNow;
    expect(nextChange(region.view, now, day - 1)).toBeUndefined();
    expect(nextChange(region.view, now, day)).toBe(now + day);
    expect(nextChange(region.view, now, 5 * day)).toBe(now + day);
    expect(nextChange(region.view, now + day, 60_000)).toBeUndefined();
  });
});

describe("closeEndedSessions", () => {
  it("closes who may not link any more or sits in the hub's own account, and tells whose the others are", async () => {
    const fingerprint = (agency: string): string =>
      Buffer.from(region.leaf(agency, "LINK").leaf.thumbprint).toString("hex");
    const server = { id: "N", name: "au.hub-one" };
    const sessions: readonly Session[] = [
      { id: 1, server, host: "h", account: "HUB", fingerprint: fingerprint(fixtureHub) },
      { id: 2, server, host: "h", account: "AG_ng_tcu", fingerprint: fingerprint("ng/tcu") },
      { id: 3, server, host: "h", account: "AG_gh_tcu", fingerprint: fingerprint("ng/tcu") },
      { id: 4, server, host: "h", account: "AG_gh_tcu", fingerprint: fingerprint("gh/tcu") },
      { id: 5, server, host: "h", account: "SYS", fingerprint: fingerprint("gh/tcu") },
    ];
    const closed: number[] = [];
    const control: ServerControl = {
      servers: async () => [server],
      reload: async () => undefined,
      reloadOthers: async () => undefined,
      sessions: async () => sessions,
      close: async ({ id }) => void closed.push(id),
    };
    const { ended, owners } = await closeEndedSessions(control, region.view, {
      hub: fixtureHub,
      now: fixtureNow,
    });
    expect(closed).toEqual([3, 5]);
    expect(ended.map(({ agency, fault }) => `${agency} ${fault.code}`)).toEqual([
      "gh/tcu CERT_UNKNOWN",
      `${fixtureHub} CERT_UNKNOWN`,
    ]);
    expect(owners.get("au.hub-one 2")).toBe("ng/tcu");
    expect(owners.has("au.hub-one 1")).toBe(false);
  });
});

describe("makeQueue", () => {
  it("runs one task after another, the failing ones too, and one of a name that waits", async () => {
    const queue = makeQueue();
    const told: string[] = [];
    const gate = Promise.withResolvers<void>();
    const first = queue.add("first", async () => {
      await gate.promise;
      told.push("first");
    });
    await Promise.resolve();
    const bad = queue.add("bad", async () => {
      told.push("bad");
      throw new Error("it fails");
    });
    const again = queue.add("bad", async () => void told.push("never"));
    gate.resolve();
    await first;
    await expect(bad).rejects.toThrow("it fails");
    await expect(again).rejects.toThrow("it fails");
    await queue.add("last", async () => void told.push("last"));
    expect(told).toEqual(["first", "bad", "last"]);
    await queue.stop();
    await queue.add("late", async () => void told.push("late"));
    expect(told).not.toContain("late");
  });
});
