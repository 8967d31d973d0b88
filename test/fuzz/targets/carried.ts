import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import {
  bundleRegister,
  draftSnapshot,
  draftTimestamp,
  exportRepository,
  findPublished,
  importRepository,
  readRegisterContent,
  signMetadata,
  takeIn,
} from "../../../certs/authority/index.ts";
import {
  type RepositoryFiles,
  rolePath,
  targetPath,
  timestampPath,
  verifyRegister,
} from "../../../certs/trust/index.ts";
import { fetchRegister, makeSource } from "../../../gateways/link/index.ts";
import { encodeStatePart } from "../../../schemas/index.ts";
import { type Bytes, renderHex, sameBytes, sha256, utf8 } from "../../../schemas/ground/index.ts";
import {
  bareState,
  type Fields,
  makeRepository,
  put,
  repositoryNow,
} from "../../kit/repository.ts";
import { atExit, makeFolder } from "../at-exit.ts";
import { pack, packCodes, unpack } from "../pack.ts";
import { certain, hold } from "../promises.ts";
import { type Target, textOf } from "../target.ts";

const made = makeRepository();
const held = made.seal(made.parts);
const named = { text: "Task force", lang: "en", marks: [] };
const newer = made.seal(made.state(held, { ...bareState("ng"), names: [named] }));
const later = repositoryNow + 86_400_000;

function partOf(files: RepositoryFiles): string {
  const state = readRegisterContent(files).states.get("ng");
  return state === undefined ? "" : renderHex(encodeStatePart(state));
}

const known = new Set([partOf(held), partOf(newer)]);

/** What an office publishes next, and that every reader takes it whole. */
function publishNext(files: RepositoryFiles): void {
  const { snapshot, timestamp } = made.hands;
  const next = certain("the next snapshot", () => put(files, draftSnapshot(files, later), snapshot.keys));
  const stamped = certain("the next timestamp", () => put(next, draftTimestamp(next, later), timestamp.keys));
  const bytes = certain("the next register", () => bundleRegister(stamped));
  const view = certain("proving it", () => verifyRegister(bytes, { root: made.root }));
  hold(view.trusted.flaws.length === 0, "a part is published that readers leave out");
} // prettier-ignore

/** A folder of another office, changed by who carried it. */
function folderTarget(): Target {
  const folder = makeFolder();
  exportRepository(folder, newer);
  const paths = [...newer.keys()].toSorted();
  const whole = paths.map((path) => Buffer.from(newer.get(path) ?? ""));
  let before = whole;
  return {
    name: "certs/takeIn a folder",
    shape: "proto",
    codes: ["REGISTER_", "CHANGE_OUTDATED", ...packCodes],
    seeds: [
      pack(...whole),
      pack(...whole.map((one, at) => (paths[at] === timestampPath ? Buffer.alloc(0) : one))),
    ],
    run: (input) => {
      const piece = unpack(input);
      const pieces = paths.map((_, at) => Buffer.from(piece(at)));
      for (const [at, path] of paths.entries()) {
        const bytes = pieces[at] ?? Buffer.alloc(0);
        if (before[at]?.equals(bytes) === true) continue;
        if (bytes.length === 0) rmSync(join(folder, path), { force: true });
        else writeFileSync(join(folder, path), bytes);
      }
      before = pieces;
      const { files } = takeIn(held, importRepository(folder));
      hold(known.has(partOf(files)), "a changed part is taken in");
      certain("what it publishes", () => findPublished(files));
      const root = rolePath("root", 1);
      hold(
        sameBytes(files.get(root) ?? utf8(""), made.root),
        "the root that all rests on is another",
      );
      publishNext(files);
    },
  };
}

/** What the authority's metadata says, made to name the content beside it. */
function fitted(text: string, content: Bytes): string {
  const meta = { length: content.length, hashes: { sha256: renderHex(sha256(content)) } };
  try {
    const signed = JSON.parse(text) as Fields;
    return JSON.stringify({ ...signed, targets: { "ng/part.bin": meta } });
  } catch {
    return text;
  }
}

/** What an authority signs spoils nothing but its own part, whatever it is. */
function signedTarget(): Target {
  const { signed } = JSON.parse(textOf(newer.get(rolePath("ng", 2)) ?? utf8(""))) as { signed: Fields };
  const content = Buffer.from(encodeStatePart({ ...bareState("ng"), names: [named] }));
  const [key] = made.hands.ng.keys;
  return {
    name: "certs/takeIn signed by a state",
    shape: "proto",
    codes: ["REGISTER_", "CHANGE_OUTDATED", ...packCodes],
    seeds: [0, 1].map((isFitted) =>
      pack(utf8(JSON.stringify(signed)), content, Buffer.of(isFitted)),
    ),
    run: (input) => {
      const piece = unpack(input);
      const text = piece(2)[0] === 1 ? fitted(textOf(piece(0)), piece(1)) : textOf(piece(0));
      const unsigned = utf8(`{"signatures":[],"signed":${text}}`);
      const metadata = key === undefined ? unsigned : signMetadata(unsigned, key);
      const path = targetPath("ng/part.bin", renderHex(sha256(piece(1))));
      const offered = new Map([[rolePath("ng", 2), metadata], [path, piece(1)]]);
      publishNext(takeIn(held, offered).files);
    },
  };
} // prettier-ignore

/** A server at the register's address that answers whatever it likes, and then hangs up. */
async function startServer(answer: (path: string) => Bytes): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (asked) => {
      const [, path = ""] = /^GET \/(\S{0,200}) /.exec(asked.toString("latin1")) ?? [];
      socket.end(answer(path));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  server.unref();
  atExit(() => server.close());
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/`;
}

async function webTarget(): Promise<Target> {
  const files = new Map([...newer].filter(([path]) => !held.has(path) || path.includes("timestamp")));
  const paths = [...files.keys()];
  const missing = utf8("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
  const whole = paths.map((path) => {
    const content = files.get(path) ?? new Uint8Array();
    const head = `HTTP/1.1 200 OK\r\ncontent-length: ${content.length}\r\nconnection: close\r\n\r\n`;
    return Buffer.concat([utf8(head), content]);
  });
  let answers: (number: number) => Bytes = () => missing;
  const source = makeSource(await startServer((path) => (paths.includes(path) ? answers(paths.indexOf(path)) : missing)));
  const anchors = { root: made.root };
  const register = bundleRegister(held);
  const view = verifyRegister(register, anchors);
  const wanted = bundleRegister(newer);
  return {
    name: "gateways/fetchRegister from an address",
    shape: "proto",
    codes: ["REGISTER_", "HUB_UNREACHABLE", ...packCodes],
    seeds: [pack(...whole)],
    run: async (input) => {
      answers = unpack(input);
      const next = await fetchRegister(source, anchors, { bytes: register, view });
      hold(next === undefined || sameBytes(next.bytes, wanted), "another register comes into force");
    },
  };
} // prettier-ignore

/** Readers of registers that somebody carried: in a folder, from an office that signed, from an address. */
export async function makeCarriedTargets(): Promise<readonly Target[]> {
  return [folderTarget(), signedTarget(), await webTarget()];
}
