import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { saveKey } from "../../../certs/keys/index.ts";
import { renderPem } from "../../../certs/shape/index.ts";
import { makeApp } from "../../../gateways/api/app.ts";
import { makeDirectory } from "../../../gateways/api/directory.ts";
import { makeEventStreams } from "../../../gateways/api/events.ts";
import { makeHostNames } from "../../../gateways/api/host.ts";
import { digestToken, loadToken } from "../../../gateways/api/token.ts";
import { loadContexts } from "../../../gateways/cli/contexts.ts";
import { runCli } from "../../../gateways/cli/index.ts";
import { loadGateway } from "../../../gateways/config.ts";
import { makeExchange, makeWatchers } from "../../../gateways/exchange/index.ts";
import { loadGatewayFolders } from "../../../gateways/gateway-folders.ts";
import { fetchRegister, type HubConnection, makeHubSource } from "../../../gateways/link/index.ts";
import { decodeRegisterQuestion, limits } from "../../../schemas/index.ts";
import {
  type Bytes,
  makeSeededChance,
  sameBytes,
  systemChance,
  utf8,
} from "../../../schemas/ground/index.ts";
import { parseRegister, verifyRegister } from "../../../certs/trust/index.ts";
import { alert, makeOffice } from "../../kit/gateway-office.ts";
import { makeHastyClock } from "../../kit/cli-world.ts";
import type { FuzzGround } from "../ground.ts";
import { pack, unpack } from "../pack.ts";
import { atExit, makeFolder } from "../at-exit.ts";
import { Broken, hold } from "../promises.ts";
import { jsonTarget, type Target, textOf } from "../target.ts";

const token = "t".repeat(43);
const id = "018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b";

function makeHttpApp({ world, view }: FuzzGround): ReturnType<typeof makeApp> {
  const made = makeOffice(world, "ng/tcu");
  atExit(() => made.close());
  const office = { ...made, register: () => view };
  const { clock, chance, log } = office;
  const watchers = makeWatchers(office.store, log);
  const link = (): { isUp: boolean } => ({ isUp: true });
  const exchange = makeExchange(office, { watchers, wake: () => undefined, link });
  return makeApp({
    exchange,
    directory: makeDirectory(() => view, clock),
    clock,
    chance,
    log,
    streams: makeEventStreams(exchange, clock),
    tokenDigest: digestToken(token),
    hostNames: makeHostNames("127.0.0.1"),
    onFatal: (cause) => {
      throw new Broken("a request stops the gateway", { cause });
    },
  });
}

function seedOf(method: string, path: string, ...[headers = "", body = ""]: string[]): Bytes {
  return pack(
    utf8(method),
    utf8(path),
    utf8(`authorization: Bearer ${token}\n${headers}`),
    utf8(body),
  );
}

/** The platform's own reader stands before ours: what it does not let through never comes. */
function readRequest(piece: (number: number) => Bytes, count: number): Request | undefined {
  const method = textOf(piece(0));
  try {
    const headers = new Headers({ "x-nothing": "" });
    for (const line of textOf(piece(2)).split("\n")) {
      const at = line.indexOf(":");
      // a key of its own for each request, or all but the first would be repeats
      if (at > 0) headers.append(line.slice(0, at), line.slice(at + 1).replace("@", String(count)));
    }
    const body = method === "GET" || method === "HEAD" ? null : Buffer.from(piece(3));
    return new Request(new URL(`http://127.0.0.1:7400${textOf(piece(1))}`), { method, headers, body });
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
} // prettier-ignore

const json = "content-type: application/json\nidempotency-key: k@\n";

function httpTarget(ground: FuzzGround): Target {
  const app = makeHttpApp(ground);
  let count = 0;
  return {
    name: "gateways/HTTP",
    shape: "proto",
    seeds: [
      seedOf("POST", "/v1/messages", json, JSON.stringify(alert)),
      seedOf("POST", "/v1/messages:validate", json, JSON.stringify(alert)),
      seedOf("GET", "/v1/messages?box=out&limit=2&state=QUEUED&cursor=MTI"),
      seedOf("GET", `/v1/messages/${id}`, "accept: text/plain;lang=fr\n"),
      seedOf("GET", `/v1/messages/${id}`, "accept: application/jose+json, */*;q=0.1\nif-none-match: *\n"),
      seedOf("GET", "/v1/messages?fields=id,state", "accept-encoding: br;q=0.5, gzip\n"),
      seedOf("GET", "/v1/codelists/CRIME?lang=sw", 'if-none-match: W/"abc"\naccept-language: sw-TZ, en;q=0.2\n'),
      seedOf("OPTIONS", "/v1/messages"),
      ...["/docs", "/docs/messages", "/openapi.json", "/v1/schemas/alert.incident/form", "/v1/protos/envelope.proto"].map((path) => seedOf("GET", path, "accept: text/html\n")),
      seedOf("POST", `/v1/messages/${id}/translations`, json, '{"pointer":"/narrative","to":"fr"}'),
      seedOf("POST", "/v1/sealing-keys:decide", json, JSON.stringify({ agency: "gh/tcu", fingerprint: "0".repeat(64), state: "REFUSED", by: "Ama" })),
      seedOf("POST", "/v1/copies:verify", "content-type: application/octet-stream\n", "a copy"),
      seedOf("GET", `/v1/messages/${id}/copies/signed?to=gh/tcu`),
      seedOf("GET", "/v1/sealing-keys?all=true"),
      seedOf("GET", "/v1/register/decision?action=READ&agency=gh/tcu&originator=ng/tcu&scope=ecowas&type=alert.incident&crime=drugs&handling=H1&lang=fr"),
      seedOf("GET", "/v1/register/audience?originator=ng/tcu&type=alert.incident&handling=H1&scope=ecowas&crime=drugs&who=others&limit=2"),
      ...["/", "/v1/status", "/v1/events", "/v1/schemas", "/v1/schemas/alert.incident", "/v1/directory", "/faults/NOT_FOUND", "/readyz", "/livez"].map((path) => seedOf("GET", path)),
    ],
    run: async (input) => {
      count += 1;
      const request = readRequest(unpack(input), count);
      if (request === undefined) return;
      const response = await app.fetch(request);
      const type = response.headers.get("content-type") ?? "";
      if (type.startsWith("text/event-stream")) return await response.body?.cancel();
      const text = await response.text();
      hold(response.status !== 500 && !text.includes('"INTERNAL"'), `a request fails inside: ${text}`);
      hold(response.headers.get("x-content-type-options") === "nosniff", "an answer may be guessed at");
      if (type.includes("json") && text !== "" && !response.headers.has("content-encoding")) JSON.parse(text);
    },
  };
} // prettier-ignore

function writeGateway(dir: string, { world, register }: FuzzGround): object {
  const { link, sealing } = world.agency("ng/tcu");
  writeFileSync(join(dir, "link.key"), link.keyPem, { mode: 0o600 });
  writeFileSync(join(dir, "link.crt"), link.certificatePem);
  saveKey(join(dir, "sealing.key"), sealing.key.privateKey());
  writeFileSync(join(dir, "sealing.crt"), renderPem("CERTIFICATE", sealing.certificate));
  writeFileSync(join(dir, "first.bin"), register);
  writeFileSync(join(dir, "root.json"), world.anchors.root);
  const own = { key: "link.key", certificate: "link.crt" };
  const sealed = [{ key: "sealing.key", certificate: "sealing.crt" }];
  return {
    agency: "ng/tcu",
    api: { host: "127.0.0.1", port: 7401 },
    keys: { signing: own, link: own, sealing: sealed },
    anchors: "root.json",
    register: "first.bin",
    hubs: ["tls://127.0.0.1:4222"],
  };
}

function fileTargets(ground: FuzzGround): readonly Target[] {
  const dir = makeFolder();
  const config = writeGateway(dir, ground);
  mkdirSync(join(dir, ".atumpan"));
  const contexts = {
    "ng/tcu": { url: "http://127.0.0.1:7400/", tokenFile: "token" },
    "gh/tcu": { url: "https://gateway.example:7401", tokenFile: "/run/token" },
  };
  const anchors = join(dir, "root.json");
  const { root } = ground.world.anchors;
  return [
    {
      ...jsonTarget("gateways/loadGateway", [config], (text) => {
        writeFileSync(join(dir, "gateway.json"), text);
        loadGateway(dir);
      }),
      codes: ["CONFIG_INVALID", "KEY_UNUSABLE"],
    },
    {
      name: "gateways/loadGateway anchors",
      shape: "json",
      seeds: [Buffer.from(root)],
      codes: ["CONFIG_INVALID"],
      run: (input) => {
        writeFileSync(join(dir, "gateway.json"), JSON.stringify(config));
        writeFileSync(anchors, input);
        try {
          loadGateway(dir);
        } finally {
          writeFileSync(anchors, root);
        }
      },
    },
    {
      ...jsonTarget("gateways/loadContexts", [{ contexts }], (text) => {
        writeFileSync(join(dir, ".atumpan", "contexts.json"), text);
        const found = loadContexts({ cwd: dir });
        hold(found.every(({ tokenFile = "/" }) => tokenFile.startsWith("/")), "a path is not absolute");
      }),
      codes: ["CONFIG_INVALID"],
    },
    {
      ...jsonTarget("gateways/loadGatewayFolders", [{ gateways: ["a", "../b"] }], (text) => {
        writeFileSync(join(dir, "gateways.json"), text);
        loadGatewayFolders(join(dir, "gateways.json"));
      }),
      codes: ["CONFIG_INVALID"],
    },
    {
      name: "gateways/loadToken",
      shape: "text",
      seeds: [utf8(`${token}\n`)],
      codes: ["CONFIG_INVALID"],
      run: (input) => {
        writeFileSync(join(dir, "api-token"), input, { mode: 0o600 });
        hold(loadToken(dir, systemChance).length === 43, "a token has another length");
      },
    },
  ];
} // prettier-ignore

const commands = [
  ["status"],
  ["inbox", "ls"],
  ["message", "show", id],
  ["message", "send", "-"],
  ["message", "validate", "-"],
  ["inbox", "watch", "--count", "1"],
  ["message", "ls", "--limit", "3"],
];

/** Whatever answers in a gateway's place, a command ends with a code of ours that is not INTERNAL. */
function answerTarget(): Target {
  const dir = makeFolder();
  mkdirSync(join(dir, ".atumpan"));
  writeFileSync(join(dir, "token"), token);
  const contexts = { "ng/tcu": { url: "http://127.0.0.1:7400", tokenFile: "token" } };
  writeFileSync(join(dir, ".atumpan", "contexts.json"), JSON.stringify({ contexts }));
  const summary = { id, box: "in", state: "VERIFIED", type: "alert.incident", originator: "ng/tcu", crimes: ["drugs"], recs: ["ecowas"], urgency: "ROUTINE", createdAt: "2026-06-01T00:00:00Z", storedAt: "2026-06-01T00:00:00Z" };
  const answers = [
    ["200", { agency: "ng/tcu", linkUp: true, registerEpoch: 2, registerExpiresAt: "2026-06-01T00:00:00Z", waiting: 0, inbox: 1, quarantined: 0 }],
    ["200", { items: [summary], next: null }],
    ["200", { ...summary, audience: ["gh/tcu"], ladder: [{ kind: "ACCEPTED", by: "ecowas/hub", at: "2026-06-01T00:00:00Z", channel: "c" }] }],
    ["200", { id, created: true, audience: ["gh/tcu"] }],
    ["422", { code: "SCHEMA_INVALID", title: "t", detail: "d", violations: [{ path: "/a", code: "SCHEMA_FIELD_TYPE", message: "m" }] }],
  ] as const;
  return {
    name: "gateways/command line",
    shape: "proto",
    seeds: answers.flatMap(([status, body]) =>
      commands.map((_, i) => pack(utf8(String(i)), utf8(status), utf8(JSON.stringify(body)))),
    ).concat(pack(utf8("5"), utf8("200"), utf8(`data: ${JSON.stringify({ id, box: "in", state: "VERIFIED" })}\n\n`))),
    run: async (input) => {
      const piece = unpack(input);
      const stop = new AbortController();
      const status = Number(textOf(piece(1)));
      let asked = 0;
      let said = "";
      const answer = (): Promise<Response> => {
        asked += 1;
        if (asked > 3) stop.abort();
        return Promise.resolve(new Response(Buffer.from(piece(2)), { status: status === 422 ? 422 : 200 }));
      };
      const code = await runCli({
        args: ["--as", "ng/tcu", ...(commands[Number(textOf(piece(0)))] ?? ["status"])], version: "0.0.0", cwd: dir,
        fetch: answer, clock: makeHastyClock(1_780_272_000_000), out: () => undefined, err: (text) => void (said += text),
        isWatched: false, stdin: () => Promise.resolve(textOf(piece(2))), chance: makeSeededChance("cli"), signal: stop.signal,
      });
      hold(Number.isInteger(code) && !said.includes("INTERNAL"), `a command fails inside: ${said}`);
    },
  };
} // prettier-ignore

/** A hub that answers what it likes, file by file. */
function fetchTarget({ world, register }: FuzzGround): Target {
  const whole = parseRegister(register);
  const names = [...whole.keys()];
  const held = { bytes: world.register, view: verifyRegister(world.register, world.anchors) };
  const answers = [new Uint8Array(), ...whole.values()];
  return {
    name: "gateways/fetchRegister",
    shape: "proto",
    seeds: [pack(...answers.map((one) => Buffer.from(one)))],
    run: async (input) => {
      const piece = unpack(input);
      const request = (_subject: string, question: Bytes): Promise<Bytes> => {
        const { path, offset } = decodeRegisterQuestion(question);
        return Promise.resolve(piece(names.indexOf(path) + 1).subarray(offset, offset + limits.registerPieceBytes));
      };
      const source = makeHubSource({ request } as unknown as HubConnection);
      const next = await fetchRegister(source, world.anchors, held);
      hold(next === undefined || sameBytes(next.bytes, register), "another register comes into force");
    },
  };
} // prettier-ignore

/** What a gateway reads at its edges: requests, its own files, a hub's register, and what answers a command. */
export function makeEdgeTargets(ground: FuzzGround): readonly Target[] {
  return [httpTarget(ground), ...fileTargets(ground), answerTarget(), fetchTarget(ground)];
}
