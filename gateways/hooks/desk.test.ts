import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type HookWorld, keep, machine, startHookWorld } from "../../test/kit/hook-world.ts";
import { listChanges } from "../exchange/changes.ts";
import type { Caller } from "../people/index.ts";

const hour = 3_600_000;
const administrator: Caller = {
  id: "person:p1",
  kind: "person",
  name: "admin",
  roles: new Set(["administrator"]),
  handlingUpTo: "H0",
};
const refused = (code: string): unknown => expect.objectContaining({ code });
let w: HookWorld;

beforeEach(async () => {
  w = await startHookWorld();
});

afterEach(() => w.stop());

describe("a webhook", () => {
  it("is seen by its owner and administrators, and to others is not there", async () => {
    const { hook } = await w.add();
    const stranger = { ...machine, id: "machine:m2" };
    expect(w.hooks.desk.list(stranger)).toEqual([]);
    expect(() => w.hooks.desk.get(stranger, hook.id)).toThrow(refused("NOT_FOUND"));
    expect(() => w.hooks.desk.get(stranger, "none")).toThrow(refused("NOT_FOUND"));
    await expect(w.hooks.desk.remove(stranger, hook.id, keep)).rejects.toEqual(refused("NOT_FOUND"));
    expect(w.hooks.desk.list(administrator)).toHaveLength(1);
  });

  it("an administrator pauses and removes it, and leads it nowhere else and learns no secret", async () => {
    const { hook, secret } = await w.add();
    expect(JSON.stringify(w.hooks.desk.list(machine))).not.toContain(secret);
    await expect(w.hooks.desk.change(administrator, { id: hook.id, url: "https://cases.example/mine" }, keep)).rejects.toEqual(refused("ROLE_MISSING"));
    await expect(w.hooks.desk.change(administrator, { id: hook.id, fat: true }, keep)).rejects.toEqual(refused("ROLE_MISSING"));
    await expect(w.hooks.desk.rotate(administrator, { id: hook.id }, keep)).rejects.toEqual(refused("ROLE_MISSING"));
    expect(await w.hooks.desk.change(administrator, { id: hook.id, state: "PAUSED" }, keep)).toMatchObject({ state: "PAUSED" });
    await w.receive({});
    expect(w.calls).toEqual([]);
    await w.hooks.desk.remove(administrator, hook.id, keep);
    expect(w.hooks.desk.list(machine)).toEqual([]);
  });

  it("is signed by both secrets while one goes over to the other, and then by the new one", async () => {
    const { hook, secret } = await w.add();
    const next = await w.hooks.desk.rotate(machine, { id: hook.id, overlapHours: 2 }, keep);
    expect(next.secret).not.toBe(secret);
    await w.receive({});
    w.clock.move(2 * hour);
    await w.receive({});
    const signed = w.calls.map(({ headers, body }) => {
      const said = new Date(Number(headers["webhook-timestamp"]) * 1000);
      const by = (one: string) => headers["webhook-signature"]!.split(" ").includes(new Webhook(one).sign(headers["webhook-id"]!, said, body));
      return [by(secret), by(next.secret)];
    });
    expect(signed).toEqual([[true, true], [false, true]]);
  });

  it("is tried without anything of it changing", async () => {
    const { hook } = await w.add();
    w.answer = () => ({ status: 404 });
    expect(await w.hooks.desk.test(machine, hook.id)).toMatchObject({ status: 404, code: "WEBHOOK_NOT_TAKEN" });
    expect(w.told()[0]).toMatchObject({ type: "webhook.test", data: {} });
    expect(w.state(hook.id)).toEqual(hook);
  });

  it("is told again from a cursor or a time on, and not from a cursor that is gone", async () => {
    const { hook } = await w.add();
    const { next } = listChanges(w, { limit: 1 });
    const first = await w.receive({});
    w.clock.move(hour);
    const second = await w.receive({});
    await w.hooks.desk.replay(machine, { id: hook.id, from: { since: "2026-03-09T00:30:00Z" } }, keep);
    await w.settled();
    await w.hooks.desk.replay(machine, { id: hook.id, from: { cursor: next } }, keep);
    await w.settled();
    expect(w.idsTold()).toEqual([...first, ...second, ...second, ...first, ...second]);
    const gone = w.hooks.desk.replay(machine, { id: hook.id, from: { cursor: "A".repeat(22) } }, keep);
    await expect(gone).rejects.toEqual(refused("CURSOR_GONE"));
    await expect(w.hooks.desk.replay(machine, { id: hook.id, from: { since: "yesterday" } }, keep)).rejects.toEqual(refused("REQUEST_INVALID"));
  });

  it("there are at most sixteen of one owner", async () => {
    for (let n = 0; n < 16; n += 1) await w.add();
    await expect(w.add()).rejects.toEqual(refused("QUOTA_EXCEEDED"));
  });

  it("its attempts are a page at a time, newest first, and not kept without end", async () => {
    const { hook } = await w.add();
    await w.receive(...Array.from({ length: 700 }, () => ({})));
    const page = w.hooks.desk.attempts(machine, hook.id, { limit: 10 });
    expect(page[0]!.seq).toBe(700);
    expect(w.hooks.desk.attempts(machine, hook.id, { limit: 10, before: page.at(-1)!.seq })[0]!.seq).toBe(690);
    expect(w.hooks.desk.attempts(machine, hook.id, { limit: 1000 }).length).toBeLessThan(560);
  });

  it("at an address that is not listed is refused, when it is made and when it is changed", async () => {
    const url = "https://evil.example/";
    await expect(w.add({ url })).rejects.toEqual(refused("EGRESS_REFUSED"));
    const { hook } = await w.add();
    await expect(w.hooks.desk.change(machine, { id: hook.id, url }, keep)).rejects.toEqual(refused("EGRESS_REFUSED"));
  });
}); // prettier-ignore
