import { afterEach, describe, expect, it } from "vitest";

import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import { findNameFaults, parseExposition } from "../../test/kit/exposition.ts";
import { silentLog } from "../../schemas/ground/index.ts";
import type { AccountTraffic, StreamHealth } from "../nats/index.ts";
import {
  type Face,
  type HubHealth,
  type HubStanding,
  judgeHealth,
  makeHubMetrics,
  openHubFace,
  startFace,
} from "./index.ts";

const now = Date.UTC(2026, 5, 1);
const secret = 'ng/tcu "Kofi Mensah", 0198c0de';

const standing: HubStanding = {
  ready: true,
  serverUp: true,
  epoch: 7,
  registerExpiresAt: now + 60_000,
  registerUsableUntil: now + 120_000,
  certificates: [
    { kind: "LINK", notAfter: now + 90_000 },
    { kind: "LINK", notAfter: now + 30_000 },
  ],
  known: 3,
  underWay: 1,
  accepted: 12,
  repeated: 2,
  refused: 4,
  heldBack: 5,
  receipts: 6,
  refusedBy: { MANDATE_MISSING: 3, SIGNATURE_INVALID: 1 },
  heldBackBy: { QUOTA_EXCEEDED: 5 },
  paused: 1,
  blobs: { stored: 1, repeated: 0, listed: 2, handedOut: 3, refused: 0 },
  log: {
    size: 40,
    checkpointAt: now - 9_000,
    room: { bytes: 100, maxBytes: 1_000, daysLeft: 2 },
  },
  witnesses: { size: 30, at: now - 10_000, missing: [secret], isDisputed: false },
};
const health: StreamHealth = {
  kind: "INTAKE",
  streams: 3,
  messages: 5,
  bytes: 500,
  fill: 0.5,
  replicas: 9,
  current: 8,
  lag: 2,
  leaderless: 1,
};
const traffic: readonly AccountTraffic[] = [
  { account: "AG_ng_tcu", connections: 2, messages: 1, bytes: 1, answers: 1 },
  { account: "AG_gh_tcu", connections: 0, messages: 1, bytes: 1, answers: 1 },
  { account: "HUB", connections: 5, messages: 1, bytes: 1, answers: 1 },
];

function make(over: Partial<Parameters<typeof makeHubMetrics>[0]> = {}) {
  const clock = makeStillClock(now);
  const metrics = makeHubMetrics({
    standing: () => standing,
    readStreams: () => Promise.resolve([health]),
    readTraffic: () => Promise.resolve(traffic),
    isOwnAccount: (account) => account === "HUB",
    dir: import.meta.dirname,
    clock,
    ...over,
  });
  return { metrics, clock };
}

describe("the numbers of a hub", () => {
  it("each says what it is, of which kind, and ends in its unit, as Prometheus asks", async () => {
    const { metrics } = make();
    metrics.login(true);
    const families = parseExposition(await metrics.render());
    expect(families.length).toBeGreaterThan(40);
    expect(findNameFaults(families)).toEqual([]);
  });

  it("tell how messages were judged, how the log stands, and sessions as one number", async () => {
    const { metrics } = make();
    metrics.login(false, "CERT_REVOKED");
    const text = await metrics.render();
    for (const line of [
      'atumpan_hub_admissions_total{outcome="ACCEPTED"} 12',
      'atumpan_hub_refused_total{code="MANDATE_MISSING"} 3',
      'atumpan_hub_held_back_total{code="QUOTA_EXCEEDED"} 5',
      "atumpan_hub_log_checkpoint_age_seconds 9",
      "atumpan_hub_log_full_in_seconds 172800",
      "atumpan_hub_log_quorum_missing_seconds 0",
      "atumpan_hub_log_witnesses_missing 1",
      'atumpan_hub_cert_expiry_seconds{kind="LINK"} 30',
      "atumpan_hub_sessions 2",
      "atumpan_hub_agencies_connected 1",
      'atumpan_hub_stream_messages{stream="INTAKE"} 5',
      'atumpan_hub_stream_replicas_current{stream="INTAKE"} 8',
      'atumpan_hub_logins_total{outcome="CERT_REVOKED"} 1',
      "atumpan_hub_ready 1",
    ])
      expect(text).toContain(`${line}\n`);
  });

  it("no agency, person or word of anybody is in them, whatever a caller hands in", async () => {
    const kind: StreamHealth["kind"] = "OTHER";
    const { metrics } = make({
      standing: () => ({
        ...standing,
        refusedBy: { [secret]: 1 },
        heldBackBy: { [secret]: 1 },
        certificates: [{ kind: secret, notAfter: now }],
        log: { size: 1, stopped: secret },
      }),
      readStreams: () => Promise.resolve([{ ...health, kind }]),
    });
    metrics.login(false, secret);
    metrics.login(false);
    const text = await metrics.render();
    for (const word of ["Kofi", "ng/", "tcu", "0198c0de", "AG_"]) expect(text).not.toContain(word);
    expect(text).toContain('atumpan_hub_refused_total{code="OTHER"} 1\n');
    const labels = parseExposition(text).flatMap(({ samples }) =>
      samples.flatMap((one) => Object.keys(one.labels)),
    );
    for (const label of labels) expect(["outcome", "code", "kind", "stream"]).toContain(label);
  });

  it("ask the server once, however many read, and again after some seconds", async () => {
    let asked = 0;
    const readStreams = () => Promise.resolve((asked += 1) > 0 ? [health] : []);
    const { metrics, clock } = make({ readStreams });
    await Promise.all([metrics.render(), metrics.render()]);
    await metrics.render();
    expect(asked).toBe(1);
    clock.move(6_000);
    await metrics.render();
    expect(asked).toBe(2);
  });

  it("what the server does not say has no line; the rest is told all the same", async () => {
    const silent = () => Promise.reject(new Error("away"));
    const { metrics } = make({
      standing: () => ({ ...standing, serverUp: false, log: undefined, witnesses: undefined }),
      readStreams: silent,
      readTraffic: silent,
    });
    const text = await metrics.render();
    expect(text).toContain("atumpan_hub_server_up 0\n");
    for (const name of ["sessions", "stream_messages", "log_entries", "log_disputed"])
      expect(text).not.toMatch(new RegExp(`^atumpan_hub_${name}[ {]`, "m"));
  });
});

describe("the health of a hub", () => {
  it.each<[string, Partial<HubStanding>, string | undefined]>([
    ["that takes messages in", {}, undefined],
    [
      "whose server is away waits for it, and is not broken",
      { ready: false, serverUp: false },
      "HUB_UNREACHABLE",
    ],
    [
      "whose register is past its last use",
      { ready: false, registerUsableUntil: now },
      "REGISTER_STALE",
    ],
    [
      "whose log stopped, whatever else is wrong",
      { serverUp: false, log: { size: 1, stopped: "LOG_FULL" } },
      "LOG_FULL",
    ],
    ["whose log waits", { log: { size: 1, waiting: "KEY_UNUSABLE" } }, "KEY_UNUSABLE"],
    ["whose streams do not stand", { ready: false }, "HUB_STREAM_WRITE_FAILED"],
  ])("of one %s", (_what, over, code) => {
    const found = judgeHealth({ ...standing, ...over }, now);
    expect([found.ready, found.code]).toEqual([code === undefined, code]);
    expect(found.server).toBe(over.serverUp === false ? "down" : "up");
  });
});

describe("the stop button", () => {
  it.each([
    [undefined, ["atumpan_hub_stopped 0", "atumpan_hub_stopped_seconds 0"]],
    [{ since: now - 90_000 }, ["atumpan_hub_stopped 1", "atumpan_hub_stopped_seconds 90"]],
  ])("pressed as %j is told in numbers", async (stopped, expected) => {
    const metrics = makeHubMetrics({
      standing: () => ({ ...standing, stopped }),
      readStreams: () => Promise.resolve([]),
      readTraffic: () => Promise.resolve([]),
      isOwnAccount: () => false,
      dir: import.meta.dirname,
      clock: makeStillClock(now),
    });
    const told = parseExposition(await metrics.render()).filter(({ name }) => name.startsWith("atumpan_hub_stopped"));
    metrics.stop();
    expect(told.map(({ name, samples }) => `${name} ${samples[0]?.value}`)).toEqual(expected);
  });
}); // prettier-ignore

describe("the face", () => {
  let face: Face | undefined;
  afterEach(async () => {
    await face?.stop();
    face = undefined;
  });
  const found: { health: HubHealth } = {
    health: { ready: true, standby: false, server: "up", register: true, log: true },
  };
  const open = async (): Promise<string> => {
    const metrics = { contentType: "text/plain", render: () => Promise.resolve("x_y 1\n") };
    face = await startFace({ metrics, health: () => found.health, port: 0, log: silentLog });
    return face.url;
  };

  it("shows numbers, life and readiness, and nothing else", async () => {
    const url = await open();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect(await (await fetch(`${url}/metrics`)).text()).toBe("x_y 1\n");
    expect(await (await fetch(`${url}/livez`)).json()).toEqual({ live: true });
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect((await fetch(`${url}/v1/messages`)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: "POST", body: "x" })).status).toBe(405);
  });

  it("a hub that takes nothing in is alive and not ready, with the code", async () => {
    const url = await open();
    found.health = { ...found.health, ready: false, code: "REGISTER_STALE" };
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ code: "REGISTER_STALE" });
  });

  it("a page from elsewhere that reaches it through a browser gets nothing", async () => {
    const url = await open();
    const answer = await fetch(`${url}/metrics`, { headers: { origin: "https://evil.example" } });
    expect(answer.status).toBe(403);
    expect(await answer.text()).not.toContain("x_y");
  });

  it("a broker that does not work yet lives and is not ready; one that waits for its turn is, and has no numbers of a hub", async () => {
    const early = await openHubFace({ port: 0, log: silentLog });
    face = early;
    const read = async (path: string): Promise<[number, string]> => {
      const answer = await fetch(`${early.url}${path}`);
      return [answer.status, await answer.text()];
    };
    const names = async (): Promise<readonly string[]> =>
      parseExposition((await read("/metrics"))[1]).map(({ name, samples }) => `${name} ${samples[0]?.value}`);
    expect((await read("/livez"))[0]).toBe(200);
    expect(await read("/readyz")).toEqual([503, expect.stringContaining("HUB_UNREACHABLE")]);
    expect(await names()).toEqual(["atumpan_hub_ready 0", "atumpan_hub_standby 0"]);
    early.wait("STANDBY");
    expect(await read("/readyz")).toEqual([200, expect.stringContaining('"standby":true')]);
    expect(await names()).toEqual(["atumpan_hub_ready 0", "atumpan_hub_standby 1"]);
    early.show({ metrics: { contentType: "text/plain", render: () => Promise.resolve("x_y 1\n") }, health: () => found.health });
    expect((await read("/metrics"))[1]).toBe("x_y 1\n");
  }); // prettier-ignore

  it("a port that is taken is told as a fault of the configuration", async () => {
    const port = Number(new URL(await open()).port);
    const metrics = { contentType: "text/plain", render: () => Promise.resolve("") };
    await expect(
      startFace({ metrics, health: () => found.health, port, log: silentLog }),
    ).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  });
});
