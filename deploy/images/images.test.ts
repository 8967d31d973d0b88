import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { utf8 } from "../../schemas/ground/index.ts";
import { codeOf } from "../../test/kit/code-of.ts";
import { writeImage } from "./archive.ts";
import type { Entry } from "./entries.ts";
import { layOut } from "./lay-out.ts";
import { renderImageSbom } from "./make.ts";
import { planApp, planSystem, type RoleName, roles } from "./roles.ts";
import { planRuntime } from "./runtime.ts";
import { renderSbom } from "./sbom.ts";
import { renderTar } from "./tar.ts";

const root = join(import.meta.dirname, "../..");
const names = Object.keys(roles) as RoleName[];
const folder = mkdtempSync(join(tmpdir(), "atumpan-images-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plans = new Map(names.map((name) => [name, planApp(root, name)]));
const pathsOf = (name: RoleName): readonly string[] => plans.get(name)!.map(({ path }) => path);

describe("what an image holds", () => {
  it.each(names)("%s starts with a file that is in it", (name) => {
    expect(pathsOf(name)).toContain(roles[name].entrypoint[1].slice(1));
  });

  it("a hub's image holds nothing that opens, keeps or issues: no gateway, no store, no authority", () => {
    expect(pathsOf("hub").filter((path) => /^app\/(?:gateways|deploy\/(?!images\/aid)|certs\/authority)|sqlite/.test(path))).toEqual([]);
  });

  it("a gateway's image holds no broker and no authority", () => {
    expect(pathsOf("gateway").filter((path) => /^app\/(?:broker|certs\/authority)/.test(path))).toEqual([]);
  });

  it.each(names)("%s holds no test, no key, no shell, no package manager and no tool of development", (name) => {
    const all = [...plans.get(name)!, ...planSystem(), ...planRuntime()].map(({ path }) => path);
    const wrong = /\.test\.ts$|^app\/test\/|\.(?:pem|key)$|(?:^|\/)(?:sh|bash|busybox|apt|npm|npx)$(?<!completion\/bash)|node_modules\/(?:typescript|vitest|oxlint|node-linux|pkcs11js)/;
    expect(all.filter((path) => wrong.test(path))).toEqual([]);
  });

  it.each(names)("nothing in %s may be written by its user but his folder and the temporary one", (name) => {
    const own = [...plans.get(name)!, ...planSystem(), ...planRuntime()].filter(({ mode, owner = 0 }) => owner !== 0 || (mode & 0o022) !== 0);
    expect(own.map(({ path }) => path)).toEqual(["data", "tmp"]);
  });

  it.each(names)("%s is under 300 MB", (name) => {
    const bytes = [...plans.get(name)!, ...planRuntime()].reduce((sum, { content }) => sum + (content !== undefined && "file" in content ? statSync(content.file).size : 0), 0);
    expect(bytes).toBeLessThan(300e6);
    expect(bytes).toBeGreaterThan(50e6);
  });

  it("the program of a hub runs from what its image holds, and says what it lacks", () => {
    const at = join(folder, "hub");
    layOut(plans.get("hub")!, at, 0);
    const ran = spawnSync(process.execPath, [join(at, "app/broker/main.ts"), "run", "--config", join(at, "data/broker.json")], { encoding: "utf8" });
    expect(`${ran.status} ${ran.stderr}`).toBe("78 CONFIG_INVALID: the configuration file cannot be read\n");
  });
}); // prettier-ignore

describe("an image's file", () => {
  const entries = (at: string): readonly Entry[] => [
    { path: "app/b.txt", content: { file: join(at, "b.txt") }, mode: 0o644 },
    { path: "app/a.txt", content: { bytes: utf8("a") }, mode: 0o755, owner: 10_001 },
    { path: "data", mode: 0o700, owner: 10_001 },
  ];
  const make = (name: string, when: number, order: (list: readonly Entry[]) => readonly Entry[]): { readonly file: string; readonly bytes: Buffer; readonly id: string } => {
    const at = join(folder, name);
    mkdirSync(at);
    writeFileSync(join(at, "b.txt"), "b".repeat(600));
    utimesSync(join(at, "b.txt"), when, when);
    const { file, id } = writeImage({ name: "atumpan/one:1", layers: [order(entries(at))], user: 10_001, entrypoint: ["/a"], cmd: [], labels: {}, seconds: 1_760_000_000 }, at);
    return { file, id, bytes: readFileSync(file) };
  };

  it("is the same, byte by byte, whenever and in whatever order it is made", () => {
    const one = make("one", 1_000, (list) => list);
    const two = make("two", 2_000_000, (list) => list.toReversed());
    expect(one.bytes.equals(two.bytes)).toBe(true);
    expect(one.id).toBe(two.id);
  });

  it("is another when one byte of it is", () => {
    const one = make("three", 1, (list) => list);
    const other = make("four", 1, (list) => [...list.slice(1), { path: "app/b.txt", content: { bytes: utf8("c") }, mode: 0o644 }]);
    expect(one.id).not.toBe(other.id);
  });

  it("names its layers and its configuration by their digests, and runs as a number", () => {
    const { file, id } = make("five", 1, (list) => list);
    const list = spawnSync("tar", ["-tf", file], { encoding: "utf8" }).stdout.trim().split("\n");
    expect(list).toContain(`${id}.json`);
    const config = JSON.parse(spawnSync("tar", ["-xOf", file, `${id}.json`], { encoding: "utf8" }).stdout);
    expect(config).toMatchObject({ created: "2025-10-09T08:53:20Z", config: { User: "10001:10001" } });
    expect(list).toContain(`${config.rootfs.diff_ids[0].slice("sha256:".length)}.tar`);
  });

  it("has folders before what stands in them, and times and owners as they were given", () => {
    const layer = join(folder, "layer.tar");
    const long = `app/${"x".repeat(90)}/${"y".repeat(80)}`;
    writeFileSync(layer, Buffer.concat([...renderTar([{ path: long, content: { bytes: utf8("z") }, mode: 0o640, owner: 7 }], 86_400)]));
    const shown = spawnSync("tar", ["-tvf", layer, "--numeric-owner", "--utc", "--full-time"], { encoding: "utf8" }).stdout.trim().split("\n");
    expect(shown.map((line) => line.split(/\s+/).join(" "))).toEqual([
      "drwxr-xr-x 0/0 0 1970-01-02 00:00:00 app/",
      `drwxr-xr-x 0/0 0 1970-01-02 00:00:00 app/${"x".repeat(90)}/`,
      `-rw-r----- 7/7 1 1970-01-02 00:00:00 ${long}`,
    ]);
  });

  it("refuses a path that its format cannot hold", () => {
    const entry = { path: "x".repeat(101), content: { bytes: utf8("") }, mode: 0o644 };
    expect(codeOf(() => [...renderTar([entry], 0)])).toBe("CONFIG_INVALID");
  });
}); // prettier-ignore

interface Bill {
  readonly serialNumber: string;
  readonly components: readonly { readonly "bom-ref": string; readonly name: string; readonly version: string; readonly hashes?: readonly { readonly content: string }[]; readonly licenses?: readonly object[] }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
} // prettier-ignore

describe("a bill of materials", () => {
  const lock = readFileSync(join(root, "package-lock.json"), "utf8");
  const read = (text: string): Bill => JSON.parse(text) as Bill;

  it.each(names)("of %s names every package in the image, its version, its digest and its licence", (name) => {
    const { components } = read(renderImageSbom(root, name));
    const inside = [...new Set(pathsOf(name).flatMap((path) => /^app\/(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []))];
    const versions = inside.map((place) => String(JSON.parse(lock).packages[place].version));
    expect(components.filter(({ hashes }) => hashes !== undefined).map(({ version }) => version).toSorted()).toEqual(versions.toSorted());
    for (const { hashes, licenses, name: of } of components) {
      expect(licenses?.length, of).toBe(1);
      if (of !== "node") expect(hashes?.[0]?.content).toMatch(/^[0-9a-f]{128}$/);
    }
    expect(components.at(-1)).toMatchObject({ name: "node", version: process.versions.node });
  });

  it("says who needs whom, each of them once and none that is not in it", () => {
    const { components, dependencies } = read(renderImageSbom(root, "tools"));
    const refs = components.map((one) => one["bom-ref"]);
    expect(new Set(refs).size).toBe(refs.length);
    expect(new Set(dependencies.map(({ ref }) => ref)).size).toBe(dependencies.length);
    expect(dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.includes(ref))).toEqual([]);
    const needed = dependencies.find(({ ref }) => ref.startsWith("pkg:npm/%40nats-io/transport-node@"))?.dependsOn;
    expect(needed?.some((ref) => ref.startsWith("pkg:npm/%40nats-io/nats-core@"))).toBe(true);
  });

  it("is the same each time, and another when a package is", () => {
    const order = { root, folders: [join(root, "node_modules/zod")], name: "one", others: [] };
    const one = renderSbom({ lock, ...order });
    expect(renderSbom({ lock, ...order })).toBe(one);
    const other = renderSbom({ lock: lock.replace(/("node_modules\/zod": \{\s*"version": ")[^"]+/, "$19.9.9"), ...order });
    expect(read(other).serialNumber).not.toBe(read(one).serialNumber);
    expect(read(one).serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("is refused where a package has no digest, or is not in the lock file", () => {
    const order = { root, folders: [join(root, "node_modules/zod")], name: "one", others: [] };
    expect(codeOf(() => renderSbom({ lock: lock.replace(/("node_modules\/zod": \{[^}]*"integrity": ")[^"]+/, "$1sha1-x"), ...order }))).toBe("CONFIG_INVALID");
    expect(codeOf(() => renderSbom({ lock, ...order, folders: [join(root, "node_modules/nobody")] }))).toBe("CONFIG_INVALID");
  });
}); // prettier-ignore

describe("Dockerfiles", () => {
  const read = (file: string): string => readFileSync(join(import.meta.dirname, file), "utf8");
  const linesOf = (file: string): readonly string[] => read(file).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const files = ["Dockerfile", "Dockerfile.nats-server"] as const;

  it.each(files)("%s takes its base as an argument, with a version", (file) => {
    const [first = "", ...rest] = linesOf(file);
    expect(first).toMatch(/^ARG BASE=[a-z]+:\d+/);
    const from = rest.filter((line) => line.startsWith("FROM "));
    expect(from.filter((line) => !/^FROM (?:\$\{BASE\}|scratch|base) AS [a-z-]+$/.test(line))).toEqual([]);
  });

  it.each(files)("the last stages of %s start from nothing, copy only what was made, and run nothing", (file) => {
    const lines = linesOf(file);
    const last = lines.slice(lines.findIndex((line) => line.startsWith("FROM scratch")));
    expect(last.filter((line) => /^(?:RUN|ADD|VOLUME|EXPOSE|SHELL|HEALTHCHECK)\b/.test(line))).toEqual([]);
    expect(last.filter((line) => line.startsWith("COPY") && !line.startsWith("COPY --from=files "))).toEqual([]);
    expect(last).toContain("USER 10001:10001");
    expect(last.filter((line) => /^(?:ENTRYPOINT|CMD) /.test(line) && !/ \["/.test(line))).toEqual([]);
  });

  it.each(files)("%s names no secret, fetches nothing by hand and adds nothing from elsewhere", (file) => {
    expect(read(file)).not.toMatch(/^ADD |curl|wget|TOKEN|PASSWORD|SECRET|:latest/m);
  });

  it("each program is started there as in the images that are made without an engine", () => {
    const text = read("Dockerfile");
    for (const name of names) {
      const stage = text.slice(text.indexOf(`FROM base AS ${name}`)).split("\n");
      expect(JSON.parse(stage[1]!.replace("ENTRYPOINT ", ""))).toEqual(roles[name].entrypoint);
      expect(JSON.parse(stage[2]!.replace("CMD ", ""))).toEqual(roles[name].cmd);
    }
  });

  it("the server is the version that set-up builds", () => {
    const version = /natsServerVersion = "([^"]+)"/.exec(readFileSync(join(root, "deploy/setup.mjs"), "utf8"))?.[1];
    expect(read("Dockerfile.nats-server")).toContain(`nats-server/v2@v${version}`);
  });
}); // prettier-ignore

describe("what an orchestrator mounts", () => {
  const run = (file: string, ...args: readonly string[]): number | null =>
    spawnSync(process.execPath, [join(import.meta.dirname, "aid", file), ...args]).status;
  const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

  /** As a secret is mounted: each name leads into a folder of its version. */
  function mount(name: string): string {
    const at = join(folder, name);
    mkdirSync(join(at, "..2026", "keys"), { recursive: true });
    for (const file of ["register.bin", "root.json", "keys/link.key"]) writeFileSync(join(at, "..2026", file), `new ${basename(file)}`, { mode: 0o440 });
    symlinkSync("..2026", join(at, "..data"));
    for (const file of ["register.bin", "root.json", "keys"]) symlinkSync(join("..data", file), join(at, file));
    return at;
  }

  it("is placed as files that only their owner reads, without the mount's own folders", () => {
    const to = join(folder, "placed");
    expect(run("place.ts", mount("given"), to)).toBe(0);
    expect(readFileSync(join(to, "keys/link.key"), "utf8")).toBe("new link.key");
    expect(["keys/link.key", "root.json"].map((file) => modeOf(join(to, file)))).toEqual(["600", "600"]);
    expect(spawnSync("ls", ["-A", to], { encoding: "utf8" }).stdout.trim().split("\n")).toEqual(["keys", "register.bin", "root.json"]);
  });

  it("puts back no register that came later, removes nothing, and shuts what a group was given", () => {
    const to = join(folder, "again");
    mkdirSync(join(to, "keys"), { recursive: true });
    for (const file of ["register.bin", "root.json", "keys/link.key", "keys/link-2.key", "api-token"]) writeFileSync(join(to, file), "old");
    chmodSync(join(to, "keys/link-2.key"), 0o660);
    expect(run("place.ts", mount("given-again"), to, "register.bin")).toBe(0);
    const texts = ["register.bin", "root.json", "keys/link-2.key", "api-token"].map((file) => readFileSync(join(to, file), "utf8"));
    expect(texts).toEqual(["old", "new root.json", "old", "old"]);
    expect(["keys/link-2.key", "api-token", "register.bin"].map((file) => modeOf(join(to, file)))).toEqual(["600", "600", "600"]);
  });

  it("a command that names no folder is refused", () => {
    expect([run("place.ts"), run("place.ts", folder), run("wait.ts"), run("ready.ts", "what", folder)]).toEqual([2, 2, 2, 2]);
  });

  it("a server waits for its file, and goes on once it is there", async () => {
    const file = join(folder, "late.conf");
    writeFileSync(file, "");
    expect(run("wait.ts", file)).toBe(0);
  });

  it("a gateway that answers is ready, and one that does not is not", async () => {
    const at = join(folder, "asked");
    cpSync(join(root, "deploy/compose/region/ng-tcu"), at, { recursive: true });
    let status = 200;
    const server = createServer((_, response) => response.writeHead(status).end("{}")).listen(0, "127.0.0.1");
    await new Promise((resolve) => void server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const config = JSON.parse(readFileSync(join(at, "gateway.json"), "utf8"));
    writeFileSync(join(at, "gateway.json"), JSON.stringify({ ...config, api: { ...config.api, port } }));
    const ask = async (): Promise<string> => {
      const { spawn } = await import("node:child_process");
      const child = spawn(process.execPath, [join(import.meta.dirname, "aid/ready.ts"), "gateway", at]);
      return await new Promise((resolve) => void child.once("exit", (code) => resolve(String(code))));
    };
    expect(await ask()).toBe("0");
    status = 503;
    expect(await ask()).toBe("1");
    server.close();
    expect(await ask()).toBe("1");
  });

  it("a hub is ready by what it said half a minute ago at most", () => {
    const at = join(folder, "told");
    mkdirSync(at);
    const tell = (told: unknown): number | null => {
      writeFileSync(join(at, "status.json"), JSON.stringify(told));
      return run("ready.ts", "hub", at);
    };
    const now = Date.now();
    expect(tell({ at: now, ready: true })).toBe(0);
    expect(tell({ at: now, ready: false })).toBe(1);
    expect(tell({ at: now - 600_000, ready: true })).toBe(1);
    expect(run("ready.ts", "hub", join(folder, "nowhere"))).toBe(1);
  });
}); // prettier-ignore
