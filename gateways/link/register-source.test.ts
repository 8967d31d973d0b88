import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { bareState, bundle, layOut, makeRepository, put } from "../../test/kit/repository.ts";
import { type RepositoryFiles, timestampPath, verifyRegister } from "../../certs/trust/index.ts";
import { makeSource } from "./register-source.ts";
import { fetchRegister, type HeldRegister } from "./register.ts";

const { parts, seal, state, root, nextRoot, hands } = makeRepository();
const anchors = { root };
const first = seal(parts);
const second = seal(state(first, bareState("ng")));
const held: HeldRegister = { bytes: bundle(first), view: verifyRegister(bundle(first), anchors) };
const folder = mkdtempSync(join(tmpdir(), "source-"));

let served: RepositoryFiles = new Map();
let answer: ((response: ServerResponse) => void) | undefined;
const asked: string[] = [];
let server: Server;
let address = "";

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (answer !== undefined) {
      answer(response);
      return;
    }
    const file = served.get((request.url ?? "").replace("/register/", ""));
    response.statusCode = file === undefined ? 404 : 200;
    response.end(file);
  });
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/register`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

describe("a register on a web server", () => {
  it("is fetched as far as it changed, and nothing when it did not", async () => {
    served = second;
    asked.length = 0;
    const next = await fetchRegister(makeSource(`${address}/`), anchors, held);
    expect(next?.view.epoch).toBe(2);
    // the part says what it said before, so its content is at hand
    expect(asked.map((url) => url.replace("/register/metadata/", ""))).toEqual([
      "2.root.json", "timestamp.json", "2.snapshot.json", "2.ng.json",
    ]); // prettier-ignore
    expect(await fetchRegister(makeSource(address), anchors, next!)).toBeUndefined();
  });

  it("brings new roots, however many there are", async () => {
    const keys = hands.root.keys;
    const two = put(second, nextRoot({}), keys);
    served = two;
    const next = await fetchRegister(makeSource(address), anchors, held);
    expect(next?.view.trusted.root.version).toBe(2);
    expect(verifyRegister(next!.bytes, anchors).trusted.root.version).toBe(2);
  });

  it("that fails, redirects, never ends or is not there changes nothing", async () => {
    const { path, maxBytes } = { path: timestampPath, maxBytes: 1000 };
    const source = makeSource(address);
    const answers: readonly (readonly [(response: ServerResponse) => void, string])[] = [
      [(response) => response.writeHead(500).end(), "HUB_UNREACHABLE"],
      [(response) => response.writeHead(302, { location: address }).end(), "HUB_UNREACHABLE"],
      [(response) => response.end(Buffer.alloc(1001)), "REGISTER_INVALID"],
      [(response) => void response.destroy(), "HUB_UNREACHABLE"],
    ];
    for (const [one, code] of answers) {
      answer = one;
      await expect(source.ask({ path, maxBytes })).rejects.toMatchObject({ code });
    }
    answer = (response) => response.writeHead(403).end();
    expect(await source.ask({ path, maxBytes })).toBeUndefined();
    answer = undefined;
    served = new Map();
    expect(await fetchRegister(source, anchors, held)).toBeUndefined();
  });
});

describe("a register in a folder", () => {
  it("is read as it is laid out", async () => {
    layOut(folder, second);
    const source = makeSource(pathToFileURL(folder).href);
    expect((await fetchRegister(source, anchors, held))?.view.epoch).toBe(2);
  });

  it("whose files are too large, or that is no folder here, is refused", async () => {
    const source = makeSource(pathToFileURL(folder).href);
    writeFileSync(join(folder, timestampPath), Buffer.alloc(20_000));
    await expect(fetchRegister(source, anchors, held)).rejects.toMatchObject({
      code: "REGISTER_INVALID",
    });
    expect(() => makeSource("file://elsewhere/register")).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    );
  });
});
