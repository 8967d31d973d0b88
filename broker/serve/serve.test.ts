import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request, type RequestOptions } from "node:http";
import { request as requestSafe } from "node:https";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { silentLog, systemClock } from "../../schemas/ground/index.ts";
import { fixtureHub, fixtureNow, makeRegion, mandate } from "../../test/kit/hub-region.ts";
import { madeLeaves, makeLog } from "../../test/kit/made-log.ts";
import { makeTlsPair } from "../../test/kit/tls-pair.ts";
import { type LogService, startLogService } from "./index.ts";
import { parsePiece } from "./pieces.ts";

const dir = mkdtempSync(join(tmpdir(), "serve-"));
const made = makeLog(madeLeaves(600));
const region = await makeRegion({
  recs: ["ecowas"],
  agencies: [
    { agency: fixtureHub, kind: "HUB" },
    { agency: "ng/tcu", kind: "TCU" },
    { agency: "ng/gone", kind: "TCU", suspendedFrom: fixtureNow - 1 },
  ],
  mandates: [mandate("ng/tcu", ["READ", "ecowas"])],
});
const opened: LogService[] = [];

async function open(host?: string): Promise<LogService> {
  const { certificatePem, keyPem } = region.leaf(fixtureHub, "SERVER");
  const pair = { certificateFile: join(dir, "server.pem"), keyFile: join(dir, "server.key") };
  writeFileSync(pair.certificateFile, certificatePem);
  writeFileSync(pair.keyFile, keyPem);
  const clock = { ...systemClock, now: () => fixtureNow };
  const served = await startLogService({
    dir: join(dir, "log"), cosignedFile: join(dir, "log-cosigned"), host, port: 0, pair: () => pair, register: () => region.view, clock, log: silentLog,
  }); // prettier-ignore
  opened.push(served);
  return served;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

function ask(url: string, path: string, options: RequestOptions & { cert?: string; key?: string } = {}): Promise<Answer> {
  const { hostname, port, protocol } = new URL(url);
  const send = protocol === "https:" ? requestSafe : request;
  return new Promise((resolve, reject) => {
    // the path goes out as it is written here: nothing is made straight on the way
    const sent = send({ hostname, port, path, rejectUnauthorized: false, ...options } as RequestOptions, (answer) => {
      const pieces: Buffer[] = [];
      answer.on("data", (piece: Buffer) => void pieces.push(piece));
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces) }));
    });
    sent.once("error", reject);
    sent.end();
  });
} // prettier-ignore

beforeAll(() => {
  for (const [path, bytes] of [...made.files, ["checkpoint", made.note] as const]) {
    const file = join(dir, "log", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  writeFileSync(join(dir, "log", "state.json"), "{}");
  writeFileSync(join(dir, "log.key"), "secret");
});

afterAll(async () => {
  for (const one of opened) await one.stop();
});

describe("the log is served", () => {
  it("checkpoint, tiles and entries are the files, and what never changes says so", async () => {
    const { url } = await open();
    const note = await ask(url, "/checkpoint");
    expect([note.status, note.body.equals(made.note), note.headers["cache-control"]]).toEqual([200, true, "no-cache"]);
    for (const [path, bytes] of made.files) {
      const { status, body, headers } = await ask(url, `/${path}`);
      expect([status, body.equals(bytes), headers["cache-control"]]).toEqual([200, true, "public, max-age=31536000, immutable"]);
    }
    const head = await ask(url, "/checkpoint", { method: "HEAD" });
    expect([head.status, head.body.length]).toEqual([200, 0]);
  }); // prettier-ignore

  it("the checkpoint bears the witnesses' lines once they stand under it, and what they cosigned last stands beside it", async () => {
    const { url } = await open();
    const shown = async () => (await Promise.all(["/checkpoint", "/log-cosigned"].map((path) => ask(url, path)))).map(({ status, body }) => [status, body.toString()]);
    const newest = made.note.toString();
    const cosigned = `${newest}— w/one AAAAAAAA\n`;
    const older = cosigned.replace("\n600\n", "\n599\n");
    expect(await shown()).toEqual([[200, newest], [404, "not in the log\n"]]);
    writeFileSync(join(dir, "log-cosigned"), older);
    expect(await shown()).toEqual([[200, newest], [200, older]]);
    writeFileSync(join(dir, "log-cosigned"), cosigned);
    expect(await shown()).toEqual([[200, cosigned], [200, cosigned]]);
    rmSync(join(dir, "log-cosigned"));
  }); // prettier-ignore

  const strange = [
    "/", "/state.json", "/../log.key", "/tile/../../log.key", "/tile/0/..%2f..%2flog.key", "/tile/0/000/", "//checkpoint",
    "/checkpoint?x", "/tile/7/000", "/tile/0/0", "/tile/0/999", "/tile/00/000", "/tile/0/000.p/256", "/tile/0/x000/001",
    `/tile/${"0/".repeat(5000)}`, "/tile/entries/000\u0000", "http://elsewhere.example/checkpoint",
  ]; // prettier-ignore
  it("nothing else is: an address is a place of the log or nothing", async () => {
    const { url } = await open();
    for (const path of strange) {
      if (path.includes("\u0000") || path.length > 8000)
        expect([path, parsePiece(path)]).toEqual([path, undefined]);
      else expect([path, (await ask(url, path)).status]).toEqual([path, 404]);
    }
    expect((await ask(url, "/checkpoint", { method: "POST" })).status).toBe(405);
  });

  it("without TLS it is for this machine: a page from elsewhere is refused", async () => {
    const { url } = await open();
    expect(url.startsWith("http://127.0.0.1:")).toBe(true);
    const elsewhere = { headers: { host: "rebound.example" } };
    const page = { headers: { origin: "https://page.example" } };
    for (const one of [elsewhere, page])
      expect((await ask(url, "/checkpoint", one)).status).toBe(403);
  });

  it("over TLS it is for agencies of the register, by their link certificates", async () => {
    const { url } = await open("127.0.0.1");
    expect(url.startsWith("https://127.0.0.1:")).toBe(true);
    const asked = async (pair?: {
      certificatePem: string;
      keyPem: string;
    }): Promise<[number | undefined, string]> => {
      const shown = pair === undefined ? {} : { cert: pair.certificatePem, key: pair.keyPem };
      const { status, body } = await ask(url, "/checkpoint", { ...shown, agent: false });
      return [status, status === 200 ? "" : body.toString().trim()];
    };
    expect(await asked(region.leaf("ng/tcu", "LINK"))).toEqual([200, ""]);
    expect(await asked()).toEqual([403, "CERT_UNKNOWN"]);
    expect((await asked(region.leaf("ng/tcu", "SIGNING")))[0]).toBe(403);
    expect((await asked(region.leaf("ng/gone", "LINK")))[0]).toBe(403);
    expect((await asked(await makeTlsPair("ng.example")))[0]).toBe(403);
  });

  it("a place where nothing can listen is told at the start", async () => {
    const { url } = await open();
    const port = Number(new URL(url).port);
    const options = {
      dir,
      cosignedFile: join(dir, "log-cosigned"),
      port,
      pair: () => ({ certificateFile: "", keyFile: "" }),
      register: () => region.view,
    };
    const ground = { clock: systemClock, log: silentLog };
    await expect(startLogService({ ...options, ...ground })).rejects.toThrow("log.serve");
  });
});
