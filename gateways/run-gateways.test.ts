import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { Fault, isFault, silentLog } from "../schemas/ground/index.ts";
import { loadGatewayFolders } from "./gateway-folders.ts";
import { runGateways, type RunOptions } from "./run-gateways.ts";

interface Run {
  readonly code: Promise<number>;
  readonly said: string[];
  readonly stopped: string[];
  readonly fatal: Map<string, (fault: Fault) => void>;
  readonly ask: () => void;
}

function start(broken: Readonly<Record<string, Fault>>, dirs = ["a", "b", "c"]): Run {
  const [said, stopped]: [string[], string[]] = [[], []];
  const fatal = new Map<string, (fault: Fault) => void>();
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  const open: RunOptions["open"] = async (dir, onFatal) => {
    await Promise.resolve();
    const fault = broken[dir];
    if (fault !== undefined) throw fault;
    fatal.set(dir, onFatal);
    return {
      agency: dir,
      url: "",
      stop: async () => {
        await Promise.resolve();
        stopped.push(dir);
        if (dir === "a") throw new Error("stuck");
      },
    };
  };
  const say = (text: string): void => void said.push(text);
  const code = runGateways({ dirs, open, log: silentLog, say, asked });
  return { code, said, stopped, fatal, ask };
}

describe("runGateways", () => {
  it("stops every gateway when asked, also when one of them does not stop cleanly", async () => {
    const run = start({});
    run.ask();
    expect(await run.code).toBe(0);
    expect(run.stopped).toEqual(["a", "b", "c"]);
  });

  it("a gateway that cannot start is reported and the others run", async () => {
    const run = start({ b: new Fault("CONFIG_INVALID", "gateway.json cannot be read") });
    run.ask();
    expect(await run.code).toBe(0);
    expect(run.said).toEqual(["b: CONFIG_INVALID: gateway.json cannot be read\n"]);
    expect(run.stopped).toEqual(["a", "c"]);
  });

  it("when none can start the process ends: 1, or 70 when a store contradicts itself", async () => {
    const wrong = new Fault("CONFIG_INVALID", "x");
    const torn = new Fault("INTEGRITY_STORE", "x");
    expect(await start({ a: wrong, b: wrong }, ["a", "b"]).code).toBe(1);
    expect(await start({ a: wrong, b: torn }, ["a", "b"]).code).toBe(70);
  });

  it("a store that contradicts itself while running stops all and ends with 70", async () => {
    const run = start({});
    await new Promise((resolve) => void setImmediate(resolve));
    run.fatal.get("b")?.(new Fault("INTEGRITY_STORE", "x"));
    expect(await run.code).toBe(70);
    expect(run.stopped).toEqual(["a", "b", "c"]);
  });
});

function codeOf(path: string): string {
  try {
    return loadGatewayFolders(path).join();
  } catch (error) {
    return isFault(error) ? error.code : String(error);
  }
}

describe("loadGatewayFolders", () => {
  const dir = mkdtempSync(join(tmpdir(), "atumpan-folders-"));
  const write = (text: string): string => {
    writeFileSync(join(dir, "gateways.json"), text);
    return join(dir, "gateways.json");
  };

  it("a folder is itself; a file names folders beside it", () => {
    expect(loadGatewayFolders(dir)).toEqual([dir]);
    expect(loadGatewayFolders(write('{"gateways":["ng/tcu","/x"]}'))).toEqual([
      join(dir, "ng/tcu"),
      "/x",
    ]);
  });

  it.each([
    '{"gateways":[]}',
    '{"gateways":["a","a"]}',
    '{"gateways":["a"],"b":1}',
    '{"gateways":"a"}',
    "[",
    "",
  ])("%s is refused", (text) => {
    expect(codeOf(write(text))).toBe("CONFIG_INVALID");
  });

  it("a path that is not there is refused", () => {
    expect(codeOf(join(dir, "none"))).toBe("CONFIG_INVALID");
  });
});
