import { describe, expect, it } from "vitest";

import { Fault } from "../schemas/ground/index.ts";
import { parseBrokerConfig } from "./config.ts";
import { runBrokerCommand } from "./main.ts";

const pair = { certificateFile: "c.pem", keyFile: "/keys/k.pem" };
const good = {
  hub: "au/hub-one",
  dir: "state",
  url: "tls://127.0.0.1:4222",
  registerFile: "register.bin",
  rootFile: "root.json",
  signing: pair,
  link: pair,
  server: {
    listen: { host: "127.0.0.1", port: 4222 },
    ...pair,
    caFile: "roots.pem",
    configFile: "server.conf",
    storeDir: "store",
    logFile: "server.log",
  },
};

function faultOf(value: unknown): Fault {
  try {
    parseBrokerConfig(typeof value === "string" ? value : JSON.stringify(value), "/hub");
  } catch (error) {
    if (error instanceof Fault) return error;
  }
  throw new Error("it was not refused");
}

describe("parseBrokerConfig", () => {
  it("paths are taken from the file's folder, and what is left out has its default", () => {
    const config = parseBrokerConfig(JSON.stringify(good), "/hub");
    expect(config.dir).toBe("/hub/state");
    expect(config.link.keyFile).toBe("/keys/k.pem");
    expect(config.server.maxFileBytes).toBeGreaterThan(0);
    expect(config.log.level).toBe("info");
  });

  it("everything that is wrong is told at once", () => {
    const { dir: _dir, ...rest } = good;
    const fault = faultOf({
      ...rest,
      hub: "AU",
      colour: 1,
      server: { ...good.server, password: "x" },
    });
    expect(fault.code).toBe("CONFIG_INVALID");
    expect(fault.violations.map(({ path }) => path).toSorted()).toEqual([
      "",
      "/dir",
      "/hub",
      "/server",
    ]);
    expect(fault.detail).toContain("colour");
  });

  it.each(["", "[]", "{"])("%j is no configuration", (text) => {
    expect(faultOf(text).code).toBe("CONFIG_INVALID");
  });

  it("the room for chunks of files may be said, and is never less than one chunk", () => {
    const blobs = { bytesPerAgencyDay: 2 ** 30, maxBytes: 2 ** 34 };
    expect(parseBrokerConfig(JSON.stringify({ ...good, blobs }), "/hub").blobs).toEqual(blobs);
    const { violations } = faultOf({ ...good, blobs: { bytesPerAgencyDay: 65_535, maxBytes: 0 } });
    // and beside them every file that is not there
    expect(violations.map(({ path }) => path)).toContain("/signing");
    expect(violations.map(({ path }) => path).filter((path) => path.startsWith("/blobs"))).toEqual([
      "/blobs/bytesPerAgencyDay",
      "/blobs/maxBytes",
    ]);
    expect(faultOf({ ...good, blobs: { other: 1 } }).code).toBe("CONFIG_INVALID");
  }); // prettier-ignore

  it("numbers are shown where a port is named, and a surveyor is known by a public key alone", () => {
    const surveyor = `U${"A".repeat(55)}`;
    const config = parseBrokerConfig(
      JSON.stringify({ ...good, metrics: { port: 9464 }, server: { ...good.server, surveyor } }),
      "/hub",
    );
    expect([config.metrics, config.server.surveyor]).toEqual([{ port: 9464 }, surveyor]);
    const seed = `SU${"A".repeat(56)}`;
    const { violations } = faultOf({ ...good, metrics: { host: "", port: 0, token: "x" }, server: { ...good.server, surveyor: seed } });
    expect(violations.map(({ path }) => path).toSorted()).toEqual(["/metrics", "/metrics/host", "/metrics/port", "/server/surveyor"]);
  }); // prettier-ignore

  it("what only looks like a path is refused as any other thing", () => {
    expect(faultOf({ ...good, dir: { length: { toString: 1 } } }).code).toBe("CONFIG_INVALID");
  });

  it("the broker may be told of a way of its own to its server, over TLS too", () => {
    const dial = "tls://10.0.0.7:4222";
    expect(parseBrokerConfig(JSON.stringify({ ...good, dial }), "/hub")).toMatchObject({ url: good.url, dial });
    for (const wrong of ["nats://10.0.0.7:4222", "tls://10.0.0.7", "tls://a/b:1", 4222])
      expect(faultOf({ ...good, dial: wrong }).violations[0]?.path).toBe("/dial");
  }); // prettier-ignore

  it("a server without TLS cannot be named", () => {
    expect(faultOf({ ...good, url: "nats://127.0.0.1:4222" }).violations[0]?.path).toBe("/url");
  });
});

describe("runBrokerCommand", () => {
  it("a configuration that is not there ends with 78 and one line", async () => {
    const lines: string[] = [];
    const code = await runBrokerCommand(["run", "--config", "/nonexistent.json"], (line) =>
      lines.push(line),
    );
    expect(code).toBe(78);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^CONFIG_INVALID: /);
  });
});
