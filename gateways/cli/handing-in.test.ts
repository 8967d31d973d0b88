import { rmSync, writeFileSync, readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { makeText } from "../../test/kit/attachment-files.ts";
import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { type FileDesk, handIn, knownOf, openFiles } from "../../test/kit/file-world.ts";
import { makeOffice } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import type { MemoryExchange } from "../../test/kit/memory-exchange.ts";
import { Fault, renderBase64url, sha256 } from "../../schemas/ground/index.ts";
import type { AttachmentService, FileView } from "../attachments/index.ts";
import { fileOf } from "../attachments/clear-file.ts";

const now = Date.UTC(2026, 2, 9, 14, 5);
const agency = "ng/tcu";
const text = makeText(3_500_000, "report");
let gateways: GatewayWorld;
let files: FileDesk;
let cli: CliWorld;
let exchange: MemoryExchange;
/** What the gateway's own files are, or stand for. */
let attachments: AttachmentService;
/** Requests for pieces of uploads that were begun. */
let pieces = 0;

beforeAll(async () => {
  gateways = await makeGatewayWorld([agency, "gh/tcu"], { now });
});

beforeEach(async () => {
  files = await openFiles(makeOffice(gateways, agency), undefined);
  attachments = files.service;
  const directory = { agencies: () => [], servedRecs: () => [] };
  cli = makeCliWorld([agency], directory, () => ({ get attachments() { return attachments; } })); // prettier-ignore
  exchange = cli.exchanges.get(agency)!;
  pieces = 0;
  cli.onRequest = ({ pathname }) => void (pieces += Number(/^\/v1\/attachments\/./.test(pathname)));
  writeFileSync(join(cli.dir, "report.txt"), text);
});

afterEach(() => {
  files.office.close();
  rmSync(cli.dir, { recursive: true, force: true });
});

const digest = renderBase64url(sha256(text));

describe("attachment add", () => {
  it("hands a file in piece by piece and prints what a message says of it; a watcher sees how far it is", async () => {
    cli.isWatched = true;
    const { code, out, err } = await cli.run("attachment", "add", "report.txt", "--role", "REPORT");
    expect([code, JSON.parse(out)]).toEqual([0, { digest, mediaType: "text/plain", size: text.length, role: "REPORT" }]); // prettier-ignore
    for (const seen of ["1.0 MB of 3.5 MB", "2.1 MB of 3.5 MB", "3.5 MB of 3.5 MB"]) expect(err).toContain(seen); // prettier-ignore
    expect(pieces).toBe(4);
  });

  it("where nobody watches nothing is redrawn, and quiet says nothing at all", async () => {
    expect((await cli.run("attachment", "add", "report.txt")).err).not.toContain("\r");
    cli.isWatched = true;
    expect((await cli.run("--quiet", "attachment", "add", "report.txt")).err).toBe("");
  });

  it("stopped by the person it says where, ends at once, and the same command goes on from there", async () => {
    cli.onRequest = () => {
      pieces += 1;
      if (pieces === 4) cli.stop.abort();
    };
    const stopped = await cli.run("attachment", "add", "report.txt");
    expect(stopped.code).toBe(130);
    expect(stopped.err).toContain("stopped at 2.1 MB; the same command goes on from there");
    // nothing was tried again after the person had enough
    expect(pieces).toBe(4);
    const { uploads } = knownOf(files) as { uploads: { id: string; offset: number }[] };
    expect(uploads).toMatchObject([{ offset: 2 * 1024 * 1024 }]);
    const later = makeCliWorld([agency], { agencies: () => [], servedRecs: () => [] }, () => ({ attachments })); // prettier-ignore
    writeFileSync(join(later.dir, "again.txt"), text);
    const went = await later.run("attachment", "add", "again.txt");
    expect([went.code, JSON.parse(went.out)]).toMatchObject([0, { digest }]);
    expect(went.err).toContain("goes on at 2.1 MB of 3.5 MB");
    expect((knownOf(files) as { uploads: object[] }).uploads).toMatchObject([{ id: uploads[0]!.id, state: "DONE" }]); // prettier-ignore
    rmSync(later.dir, { recursive: true });
  });

  it("a gateway that is away for a while is waited for; one that stays away is told, and nothing is lost", async () => {
    cli.onRequest = () => {
      pieces += 1;
      if (pieces > 2 && pieces < 8) throw new TypeError("fetch failed");
    };
    expect((await cli.run("attachment", "add", "report.txt")).code).toBe(0);
    writeFileSync(join(cli.dir, "other.txt"), makeText(2_000_000, "other"));
    pieces = 0;
    cli.onRequest = () => {
      pieces += 1;
      if (pieces > 2) throw new TypeError("fetch failed");
    };
    const { code, err } = await cli.run("attachment", "add", "other.txt");
    expect([code, err]).toEqual([expect.any(Number), expect.stringContaining("GATEWAY_UNREACHABLE")]); // prettier-ignore
    expect(code).not.toBe(0);
    expect(pieces).toBeLessThan(20);
  });

  it("what the gateway finds wrong ends it with the gateway's code; what is no file, or no known ending, with wrong use", async () => {
    writeFileSync(join(cli.dir, "lie.jpg"), text);
    expect((await cli.run("attachment", "add", "lie.jpg")).err).toContain("ATTACHMENT_TYPE_DIFFERS"); // prettier-ignore
    const before = knownOf(files);
    expect(await cli.run("attachment", "add", "nowhere.txt")).toMatchObject({ code: 2 });
    writeFileSync(join(cli.dir, "film.mov"), text);
    expect(await cli.run("attachment", "add", "film.mov")).toMatchObject({ code: 2, err: expect.stringContaining("--type") }); // prettier-ignore
    expect((await cli.run("attachment", "add", "film.mov", "--type", "video/quicktime")).err).toContain("ATTACHMENT_TYPE_REFUSED"); // prettier-ignore
    expect(knownOf(files)).toEqual(before);
  });
});

describe("message send --attach", () => {
  it("says how much it is before the first byte, and how long at the speed seen last", async () => {
    const { status } = exchange;
    exchange.status = () => ({ ...status(), hub: { isUp: true, sentPerSecond: 4_000 } });
    writeFileSync(join(cli.dir, "message.json"), JSON.stringify({ type: "alert.incident", body: {} })); // prettier-ignore
    writeFileSync(join(cli.dir, "second.txt"), makeText(500_000, "second"));
    let askedFirst = "";
    cli.onRequest = ({ pathname }) => {
      askedFirst ||= pathname;
    };
    const { err } = await cli.run("message", "send", "message.json", "--dry-run", "--attach", "report.txt", "second.txt"); // prettier-ignore
    expect(err).toContain("2 files: 4.0 MB, ≈ 19 min to the hub at 32 kbit/s");
    expect(askedFirst).toBe("/v1/status");
    exchange.status = status;
    const unknown = await cli.run("message", "send", "message.json", "--dry-run", "--attach", "second.txt"); // prettier-ignore
    expect(unknown.err).toContain("1 file: 500 kB\n");
  });

  it("a message that is none, or a file that is not there, is refused before anything is handed in", async () => {
    writeFileSync(join(cli.dir, "message.json"), JSON.stringify({ type: "alert.incident" }));
    const none = await cli.run("message", "send", "message.json", "--attach", "report.txt");
    expect(none.err).toContain("SCHEMA_FIELD_TYPE");
    writeFileSync(join(cli.dir, "message.json"), JSON.stringify({ type: "alert.incident", body: {} })); // prettier-ignore
    expect(await cli.run("message", "send", "message.json", "--attach", "report.txt", "gone.txt")).toMatchObject({ code: 2 }); // prettier-ignore
    expect(pieces).toBe(0);
    expect(knownOf(files)).toEqual({ files: [], uploads: [] });
  });
});

/** A message with one file that comes a little more with each question. */
function makeComing(state: FileView["state"]): { id: string; asks: string[] } {
  const { id } = exchange.receive({ type: "alert.incident" });
  const asks: string[] = [];
  let view: FileView = { digest: sha256(text), role: "REPORT", mediaType: "text/plain", size: text.length, state, done: 0 }; // prettier-ignore
  attachments = {
    ...files.service,
    list: () => {
      if (view.state === "FETCHING") {
        const done = Math.min(text.length, view.done + 1_000_000);
        view = done === text.length ? { ...view, done, state: "HERE" } : { ...view, done, seconds: 70 };
      }
      return [view];
    },
    fetch: () => {
      asks.push("fetch");
      view = { ...view, state: "FETCHING" };
      return Promise.resolve(view);
    },
    leave: () => {
      asks.push("leave");
      view = { ...view, state: "THERE" };
      return Promise.resolve(view);
    },
    open: () => {
      if (view.state !== "HERE") throw new Fault("ATTACHMENT_NOT_HERE", "not yet");
      return { file: fileOf(text), mediaType: "text/plain", digest: sha256(text), name: "a.txt" };
    },
  };
  return { id, asks };
} // prettier-ignore

describe("attachment ls, get and stop", () => {
  it("get has a file fetched, shows how far it is and how long the rest takes, and writes it whole", async () => {
    const { id, asks } = makeComing("THERE");
    cli.isWatched = true;
    const got = await cli.run("attachment", "get", id, "--out", "got.txt", "--purpose", "INVESTIGATION");
    expect([got.code, got.err]).toEqual([0, expect.stringContaining("FETCHING 28 %  ≈ 70 s")]);
    expect(readFileSync(join(cli.dir, "got.txt")).equals(text)).toBe(true);
    expect(asks).toEqual(["fetch"]);
    expect((await cli.run("attachment", "ls", id)).out).toMatch(/REPORT {2}text\/plain {2}3\.5 MB {2}HERE/);
  }); // prettier-ignore

  it("get that is stopped leaves no file; stop ends the fetching at the gateway", async () => {
    const { id, asks } = makeComing("THERE");
    cli.onRequest = () => {
      pieces += 1;
      if (pieces === 4) cli.stop.abort();
    };
    const got = await cli.run(
      "attachment",
      "get",
      id,
      "--out",
      "got.txt",
      "--purpose",
      "INVESTIGATION",
    );
    expect(got.code).toBe(130);
    expect(existsSync(join(cli.dir, "got.txt"))).toBe(false);
    expect(existsSync(join(cli.dir, "got.txt.new"))).toBe(false);
    const later = makeCliWorld([agency], { agencies: () => [], servedRecs: () => [] }, () => ({ attachments })); // prettier-ignore
    const seen = later.exchanges.get(agency)!.receive({ id, type: "alert.incident" });
    const stopped = await later.run("attachment", "stop", seen.id);
    expect([stopped.code, stopped.out]).toEqual([0, expect.stringContaining("THERE")]);
    expect(asks).toEqual(["fetch", "leave"]);
    rmSync(later.dir, { recursive: true });
  });

  it("a digest that names no file, or none of a message without files, is a wrong use", async () => {
    const { id } = makeComing("HERE");
    expect(await cli.run("attachment", "get", id, "--digest", "zzz", "--out", "got.txt")).toMatchObject({ code: 2 }); // prettier-ignore
    expect(await handIn(files, makeText(10))).toMatchObject({ state: "DONE" });
  });
});
