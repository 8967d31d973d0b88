import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";

import { Fault } from "../schemas/ground/index.ts";
import { fixtureHub, makeRegion, mandate } from "../test/kit/hub-region.ts";
import { makeHubKeys } from "./nats/index.ts";
import type { ServerPair } from "./renewal/index.ts";
import { makeServerFace, type ServerFace } from "./server-face.ts";

const folder = mkdtempSync(join(tmpdir(), "face-"));
afterAll(() => rmSync(folder, { recursive: true }));
const region = await makeRegion({
  recs: ["ecowas"],
  agencies: [
    { agency: fixtureHub, kind: "HUB" },
    { agency: "ng/tcu", kind: "TCU" },
  ],
  mandates: [mandate("ng/tcu", ["PUBLISH", "ecowas"])],
});
const old: ServerPair = { certificateFile: "/keys/old.pem", keyFile: "/keys/old.key" };
const next: ServerPair = { certificateFile: "/keys/next.pem", keyFile: "/keys/next.key" };
const configFile = join(folder, "server.conf");

let shown: ServerPair;
let refused: ServerPair[];
/** What the server read at each reload, as the name of the key. */
let read: string[];
let faultOf: (key: string) => Fault | undefined;
let face: ServerFace;

function named(): string {
  return /key_file: "\/keys\/(\w+)\.key"/.exec(readFileSync(configFile, "utf8"))?.[1] ?? "";
}

function make(): ServerFace {
  const server = {
    ...old,
    listen: { host: "127.0.0.1", port: 4222 },
    caFile: join(folder, "roots.pem"),
    configFile,
    storeDir: folder,
    logFile: join(folder, "server.log"),
    maxMemoryBytes: 1,
    maxFileBytes: 1,
  };
  return makeServerFace({
    options: { hub: fixtureHub, server },
    keys,
    own: {
      server: () => shown,
      refuse: (pair) => {
        refused.push(pair);
        shown = old;
        return pair !== old;
      },
    },
    control: {
      reload: async () => {
        const key = named();
        const fault = faultOf(key);
        if (fault !== undefined) throw fault;
        read.push(key);
      },
      reloadOthers: () => Promise.resolve(),
    },
  });
}

const keys = makeHubKeys();

beforeEach(() => {
  [shown, refused, read, faultOf] = [old, [], [], () => undefined];
  rmSync(configFile, { force: true });
  face = make();
});

describe("makeServerFace", () => {
  it("has the server read its files at the start, whatever it read before", async () => {
    await face.apply(region.view);
    await face.apply(region.view);
    expect(read).toEqual(["old", "old"]);
    await make().apply(region.view);
    expect(read).toHaveLength(4);
  });

  it("another certificate is shown when it is chosen, and nothing is read when none is", async () => {
    await face.apply(region.view);
    await face.follow(region.view);
    expect(read).toHaveLength(2);
    shown = next;
    await face.follow(region.view);
    expect([named(), ...read.slice(2)]).toEqual(["next", "next", "next"]);
    await face.follow(region.view);
    expect(read).toHaveLength(4);
  });

  it("a certificate that the server will not take is left for the one before, in its file too", async () => {
    await face.apply(region.view);
    shown = next;
    faultOf = (key) => key === "next" ? new Fault("HUB_SERVER_FAILED", "no such file") : undefined; // prettier-ignore
    await face.follow(region.view);
    expect(refused).toEqual([next]);
    expect(named()).toBe("old");
    expect(read.slice(2)).toEqual(["old", "old"]);
  });

  it("what the server could not be asked is asked again; a lost answer is no refusal", async () => {
    shown = next;
    faultOf = () => new Fault("HUB_UNREACHABLE", "gone");
    await expect(face.apply(region.view)).rejects.toMatchObject({ code: "HUB_UNREACHABLE" });
    await expect(face.mend(region.view)).rejects.toMatchObject({ code: "HUB_UNREACHABLE" });
    expect(refused).toEqual([]);
    faultOf = () => undefined;
    await face.mend(region.view);
    await face.mend(region.view);
    expect(read).toEqual(["next", "next"]);
  });

  it("a server that takes none says so", async () => {
    faultOf = () => new Fault("HUB_SERVER_FAILED", "broken");
    await expect(face.apply(region.view)).rejects.toMatchObject({ code: "HUB_SERVER_FAILED" });
    expect(refused).toEqual([old]);
  });
});
