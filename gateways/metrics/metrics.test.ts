import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type ApiWorld, makeApiWorld } from "../../test/kit/api-world.ts";
import {
  makeMemoryExchange,
  makeStillClock,
  type MemoryExchange,
  type StillClock,
} from "../../test/kit/memory-exchange.ts";
import { findNameFaults, parseExposition } from "../../test/kit/exposition.ts";
import { makeMetrics, type Metrics } from "./index.ts";

const secret = 'Kofi "Mensah"\n{x="1"} 7';
const now = Date.UTC(2026, 5, 1);
let clock: StillClock;
let exchange: MemoryExchange;
let metrics: Metrics;

beforeEach(() => {
  clock = makeStillClock(now);
  exchange = makeMemoryExchange("ng/moc", clock);
  const { status } = exchange;
  const log = { hub: "au/hub-one", state: "MISSING", size: 9, pending: 1, missing: 2 } as const;
  exchange.status = () => ({
    ...status(),
    hubs: [
      { hub: "au/hub-one", isUp: exchange.linkUp, waiting: 4, log },
      {
        hub: "ng/hub",
        isUp: true,
        waiting: 0,
        log: { ...log, hub: "ng/hub", state: "INCONSISTENT" },
      },
      { hub: secret, isUp: true, waiting: 0, log },
    ],
  });
  const dir = import.meta.dirname;
  const alarms = () => [{ code: "LOG_INCONSISTENT" }, { code: secret }];
  metrics = makeMetrics({ exchange, clock, dir, alarms, closed: () => 3 });
});
afterEach(() => metrics.stop());

describe("metrics", () => {
  it("say how the link, the queue and what all rests on stand", async () => {
    exchange.ends = [{ kind: "LINK", notAfter: now + 60_000, daysLeft: 0, level: "urgent" }];
    const text = await metrics.render();
    expect(text).toMatch(/^atumpan_link_up\{hub="au\/hub-one"\} 1$/m);
    expect(text).toContain("atumpan_key_waits_messages 3\n");
    expect(text).toContain('atumpan_log_alarms{code="LOG_INCONSISTENT"} 1\n');
    expect(text).toContain('atumpan_cert_expiry_seconds{kind="LINK"} 60\n');
    expect(text).toMatch(/^atumpan_register_expiry_seconds \d+$/m);
  });

  it("each says what it is, of which kind, and ends in its unit, as Prometheus asks", async () => {
    exchange.receive({ box: "out", state: "DELIVERED", id: "a" });
    const families = parseExposition(await metrics.render());
    expect(families.length).toBeGreaterThan(40);
    expect(findNameFaults(families)).toEqual([]);
  });

  it("each hub is told apart: its link, what waits for it, and how its log stands", async () => {
    exchange.linkUp = false;
    const text = await metrics.render();
    for (const line of [
      'atumpan_link_up{hub="au/hub-one"} 0',
      'atumpan_link_up{hub="ng/hub"} 1',
      'atumpan_link_waiting_messages{hub="au/hub-one"} 4',
      'atumpan_log_consistent{hub="au/hub-one"} 1',
      'atumpan_log_consistent{hub="ng/hub"} 0',
      'atumpan_log_unproved_messages{flag="MISSING"} 4',
    ])
      expect(text).toContain(`${line}\n`);
    expect(text).not.toContain("Kofi");
  });

  it("count each delivery once, by urgency", async () => {
    clock.move(2_000);
    const sent = {
      box: "out",
      state: "DELIVERED",
      urgency: "ROUTINE",
      storedAt: now,
      id: "a",
    } as const;
    exchange.receive(sent);
    exchange.receive(sent);
    exchange.receive({ ...sent, id: "b", state: "ACCEPTED" });
    const text = await metrics.render();
    expect(text).toContain('atumpan_delivery_seconds_count{urgency="ROUTINE"} 1\n');
    expect(text).toContain('atumpan_delivery_seconds_sum{urgency="ROUTINE"} 2\n');
  });

  it("count each message that is sent or comes once, by handling and, in a feed, by family", async () => {
    const feed = { type: "alert.incident", handling: "H1" } as const;
    const ours = { ...feed, box: "out", id: "a" } as const;
    for (const state of ["QUEUED", "QUEUED", "ACCEPTED", "DELIVERED"] as const) {
      exchange.receive({ ...ours, state });
    }
    // one that was sent before the gateway began again was counted then
    exchange.receive({ ...ours, id: "z", state: "ACCEPTED", storedAt: now - 1 });
    for (const id of ["b", "b", "c"]) exchange.receive({ ...feed, id });
    exchange.receive({ type: "tip.referral", recs: [], handling: "H3", id: "d" });
    exchange.receive({ type: "fiu.request", recs: [], handling: "H2", id: "e" });
    const text = await metrics.render();
    expect(text).toContain('atumpan_messages_total{direction="out",handling="H1"} 1\n');
    expect(text).toContain('atumpan_messages_total{direction="in",handling="H1"} 2\n');
    expect(text).toContain('atumpan_messages_total{direction="in",handling="H3"} 1\n');
    expect(text).toContain('atumpan_messages_family_total{direction="in",family="alert"} 2\n');
    // what is written by name is not told apart, whatever it is about
    expect(text).toContain('atumpan_messages_family_total{direction="in",family="direct"} 2\n');
    expect(text).not.toMatch(/family="(?:tip|fiu)"/);
  });

  it("count what was refused, could not be proved or ended too soon, by code", async () => {
    const rung = { kind: "REFUSED", by: "au/hub-one", at: now, channel: "x", code: "MANDATE_MISSING" } as const;
    const refused = { box: "out", state: "REFUSED", ladder: [rung], id: "a" } as const;
    exchange.receive(refused);
    exchange.receive(refused);
    exchange.receive({ ...refused, id: "b", ladder: [{ ...rung, code: secret }] });
    exchange.receive({ state: "QUARANTINED", code: "SIGNATURE_INVALID", id: "c" });
    exchange.receive({ box: "out", state: "EXPIRED", id: "d" });
    const text = await metrics.render();
    expect(text).toContain('atumpan_messages_refused_total{code="MANDATE_MISSING"} 1\n');
    expect(text).toContain('atumpan_messages_refused_total{code="OTHER"} 1\n');
    expect(text).toContain('atumpan_messages_quarantined_total{code="SIGNATURE_INVALID"} 1\n');
    expect(text).toContain("atumpan_messages_expired_total 1\n");
    // what could not be proved did not come
    expect(text).not.toContain('atumpan_messages_total{direction="in"');
  }); // prettier-ignore

  it("no word that anybody wrote becomes a label or a name", async () => {
    exchange.receive({
      box: "out",
      state: "DELIVERED",
      urgency: secret,
      originator: secret,
      type: secret,
      id: secret,
    });
    exchange.receive({ type: secret, handling: secret });
    exchange.receive({ state: "QUARANTINED", code: secret });
    metrics.refused("NOT_FOUND");
    const text = await metrics.render();
    expect(text).not.toContain("Kofi");
    expect(text).toContain('urgency="OTHER"');
    for (const line of text.split("\n").filter((one) => one !== "" && !one.startsWith("#"))) {
      expect(line).toMatch(
        /^(?:atumpan|process|nodejs)_[a-z_]+(?:\{(?:[a-z]+="[A-Za-z0-9_.+/-]*",?)+\})? [-+.\dInfe]+$/,
      );
    }
  });

  it("stay few, whatever happens", async () => {
    for (let at = 0; at < 3_000; at += 1) {
      const one = {
        type: `t${at}.x`,
        handling: `H${at}`,
        code: `C${at}`,
        urgency: `U${at}`,
        id: `m${at}`,
      };
      exchange.receive({ ...one, box: "out", state: "DELIVERED" });
      exchange.receive({ ...one, state: at % 2 === 0 ? "VERIFIED" : "QUARANTINED" });
    }
    expect((await metrics.render()).split("\n").length).toBeLessThan(230);
  });
});

describe("GET /metrics", () => {
  const openWorld = (): ApiWorld => makeApiWorld({ metrics });

  it("is for who proved who he is, and counts refusals by their code", async () => {
    const world = openWorld();
    expect((await world.ask("/metrics", { headers: { authorization: "Bearer no" } })).status).toBe(
      401,
    );
    await world.ask("/v1/messages/none");
    const { status, text, headers } = await world.ask("/metrics");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toContain('atumpan_reject_total{code="NOT_AUTHENTICATED"} 1\n');
    expect(text).toContain('atumpan_reject_total{code="ID_INVALID"} 1\n');
  });

  it("is not there at a gateway that gives none", async () => {
    expect((await makeApiWorld().ask("/metrics")).status).toBe(404);
  });
});
