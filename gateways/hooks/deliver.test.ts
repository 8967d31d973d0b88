import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type HookWorld, keep, machine, startHookWorld, turn } from "../../test/kit/hook-world.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { parseRetryAfter, retryDelay } from "./schedule.ts";

const hour = 3_600_000;
const day = 24 * hour;
let w: HookWorld;

beforeEach(async () => {
  w = await startHookWorld();
});

afterEach(() => w.stop());

describe("delivery", () => {
  it("is in order and once, whatever comes while a receiver is slow", async () => {
    await w.add();
    const gate = Promise.withResolvers<void>();
    w.answer = async () => {
      await gate.promise;
      return { status: 200 };
    };
    const ids = [...(await w.receive({})), ...(await w.receive({}, {})), ...(await w.receive({}))];
    gate.resolve();
    await w.settled();
    expect(w.idsTold()).toEqual(ids);
  });

  it("is tried again by the schedule, with the same id, and nothing overtakes", async () => {
    await w.add();
    w.answer = () => ({ status: 500 });
    const ids = await w.receive({}, {});
    w.clock.move(4_000);
    await w.settled();
    expect(w.calls).toHaveLength(1);
    w.clock.move(6_000);
    await w.settled();
    expect(w.calls).toHaveLength(2);
    w.clock.move(4 * 60_000);
    await w.settled();
    expect(w.calls).toHaveLength(2);
    w.answer = () => ({ status: 200 });
    w.clock.move(3 * 60_000);
    await w.settled();
    expect(w.idsTold()).toEqual([ids[0], ids[0], ids[0], ids[1]]);
    expect(new Set(w.calls.slice(0, 3).map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  });

  it.each([301, 302, 307, 308])(
    "a redirect (%d) is not followed: the event is not taken",
    async (status) => {
      const { hook } = await w.add();
      w.answer = () => ({ status });
      await w.receive({});
      expect(w.hooks.desk.attempts(machine, hook.id, { limit: 9 })).toMatchObject([
        { status, code: "WEBHOOK_NOT_TAKEN" },
      ]);
    },
  );

  it("goes on where it was after the gateway was stopped in the middle", async () => {
    await w.add();
    w.answer = () => Promise.reject(new Fault("WEBHOOK_UNREACHABLE", "away"));
    const ids = await w.receive({}, {});
    w.answer = () => ({ status: 200 });
    await w.restart();
    await w.settled();
    expect(w.calls).toEqual([]);
    w.clock.move(10_000);
    await w.settled();
    expect(w.idsTold()).toEqual(ids);
  });

  it("stays away as long as the receiver asks, and no longer than a day", async () => {
    const { hook } = await w.add();
    w.answer = () => ({ status: 503, retryAfter: "120" });
    await w.receive({});
    expect(w.state(hook.id).nextTryAt).toBe(w.clock.now() + 120_000);
    const now = Date.UTC(1994, 10, 6, 8, 49, 37);
    expect(parseRetryAfter("Sun, 06 Nov 1994 08:50:37 GMT", now)).toBe(60_000);
    expect(parseRetryAfter("999999999", now)).toBe(day);
    expect(parseRetryAfter("0", now)).toBe(5_000);
    for (const text of [undefined, "soon", "-5", "1e9", "Sun, 36 Nov 1994 08:49:37 GMT", " 5"])
      expect(parseRetryAfter(text, now)).toBeUndefined();
  });

  it("waits ever longer, a little apart from others, up to about a day", () => {
    const waits = Array.from({ length: 12 }, (_, n) => retryDelay(n + 1, w.chance));
    const least = [
      5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400, 86_400, 86_400, 86_400,
    ];
    for (const [at, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(least[at]! * 1000);
      expect(wait).toBeLessThanOrEqual(least[at]! * 1200);
    }
    expect(new Set(waits.slice(8)).size).toBe(4);
  });

  it("ends at 410, and after five days of failures; who owns it sees why, and lets it work again", async () => {
    const { hook } = await w.add();
    w.answer = () => ({ status: 410 });
    const ids = await w.receive({});
    expect(w.state(hook.id)).toMatchObject({ state: "DISABLED", reason: "GONE" });
    expect(w.hooks.desk.notice()).toEqual({ active: 0, failing: 0, disabled: 1 });
    w.answer = () => ({ status: 500 });
    await w.hooks.desk.change(machine, { id: hook.id, state: "ACTIVE" }, keep);
    await w.settled();
    expect(w.hooks.desk.notice()).toEqual({ active: 1, failing: 1, disabled: 0 });
    for (let hours = 0; hours < 24 * 7; hours += 1) {
      w.clock.move(hour);
      await w.settled();
    }
    expect(w.state(hook.id)).toMatchObject({ state: "DISABLED", reason: "FAILED" });
    expect(w.calls.length).toBeLessThan(16);
    w.answer = () => ({ status: 200 });
    await w.hooks.desk.change(machine, { id: hook.id, state: "ACTIVE" }, keep);
    await w.settled();
    expect(w.idsTold().at(-1)).toBe(ids[0]);
    expect(w.state(hook.id)).toMatchObject({
      state: "ACTIVE",
      reason: undefined,
      failingSince: undefined,
    });
  });

  it("ten thousand that waited are told in order, with one in memory at a time", async () => {
    await w.add();
    let atOnce = 0;
    let most = 0;
    w.answer = () => Promise.reject(new Fault("WEBHOOK_UNREACHABLE", "away"));
    const ids = await w.receive(...Array.from({ length: 10_000 }, () => ({})));
    w.answer = async () => {
      most = Math.max(most, (atOnce += 1));
      await turn();
      atOnce -= 1;
      return { status: 200 };
    };
    w.clock.move(6_000);
    while (w.calls.length < ids.length) await turn();
    await w.settled();
    expect(w.idsTold()).toEqual(ids);
    expect(most).toBe(1);
  });

  it("whose place was cut off says so, once, and goes on with what is kept", async () => {
    const { hook } = await w.add();
    await w.hooks.desk.change(machine, { id: hook.id, state: "PAUSED" }, keep);
    await w.receive({}, {}, {});
    await w.store.write(() => w.store.changes.cut({ since: 0, most: 1, batch: 10 }));
    await w.hooks.desk.change(machine, { id: hook.id, state: "ACTIVE" }, keep);
    await w.settled();
    expect(w.told().map(({ type }) => type)).toEqual(["changes.cut", "message.stored"]);
  });

  it("of one webhook is not held up by another", async () => {
    await w.add({ url: "https://cases.example/slow" });
    await w.add({ url: "https://cases.example/quick" });
    const never = (signal: AbortSignal): Promise<never> =>
      new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(new Fault("WEBHOOK_UNREACHABLE", "stopped"))),
      );
    w.answer = ({ target, signal }) =>
      target.url.pathname === "/slow" ? never(signal) : { status: 200 };
    const ids = await w.receive({}, {});
    expect(w.idsTold()).toEqual(ids);
  });
}); // prettier-ignore
