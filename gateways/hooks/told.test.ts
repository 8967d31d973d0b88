import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type HookWorld, startHookWorld } from "../../test/kit/hook-world.ts";
import { owner } from "../people/index.ts";
import type { Delivery } from "./call-out.ts";

const refused = (code: string): unknown => expect.objectContaining({ code });
let w: HookWorld;

beforeEach(async () => {
  w = await startHookWorld();
});

afterEach(() => w.stop());

describe("what a webhook is told", () => {
  it("is thin, signed by the specification, and goes to the checked address", async () => {
    const { secret } = await w.add();
    const [id] = await w.receive({});
    expect(w.told()).toEqual([
      {
        type: "message.stored",
        timestamp: "2026-03-09T00:00:00.000Z",
        data: { id, box: "in", state: "VERIFIED", href: `/v1/messages/${id}` },
      },
    ]);
    const [{ headers, body, target }] = w.calls as [Delivery];
    expect(target).toMatchObject({ address: "192.0.2.7" });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    // the peer's own check of the time is by the machine's w.clock
    const [version, signature] = String(headers["webhook-signature"]).split(",");
    expect(version).toBe("v1");
    const said = new Date(Number(headers["webhook-timestamp"]) * 1000);
    expect(new Webhook(secret).sign(String(headers["webhook-id"]), said, body)).toBe(
      `v1,${signature}`,
    );
    expect(said.getTime()).toBe(w.clock.now());
  });

  it("fat, bears the message's line in lists and never its content", async () => {
    await w.add({ fat: true });
    await w.receive({});
    const message = w.told()[0]?.data["message"] as Record<string, unknown>;
    expect(Object.keys(message).toSorted()).toEqual([
      "createdAt",
      "crimes",
      "expiresAt",
      "handling",
      "originator",
      "recs",
      "status",
      "storedAt",
      "type",
      "urgency",
    ]);
  });

  it.each([
    ["types", { types: ["alert.incident"] }, { type: "bulletin.red_flag" }],
    ["crimes", { crimes: ["drugs"] }, { crimes: ["ml"] }],
    ["boxes", { boxes: ["in"] }, { box: "out", state: "QUEUED" }],
    ["states", { states: ["VERIFIED"] }, { state: "QUARANTINED", code: "KEY_MISSING" }],
  ] as const)("is of its %s alone", async (_, wish, other) => {
    await w.add(wish, owner);
    const [, wanted] = await w.receive(other, {});
    expect(w.idsTold()).toEqual([wanted]);
  });

  it("is nothing above its owner's ceiling, above its own, or from quarantine", async () => {
    await w.add({ handlingUpTo: "H0" });
    const [low] = await w.receive(
      { handling: "H0" },
      { handling: "H1" },
      { handling: "H2" },
      { state: "QUARANTINED", handling: "H0" },
    );
    expect(w.idsTold()).toEqual([low]);
    await expect(w.add({ handlingUpTo: "H2" })).rejects.toEqual(refused("CEILING_EXCEEDED"));
  });

  it("is that a message was taken back, to whoever was told of it", async () => {
    await w.add();
    const [id] = await w.receive({});
    await w.store.write(() => w.store.messages.setState(1, "QUARANTINED", "CERT_REVOKED"));
    await w.wake();
    expect(w.told().map(({ type }) => type)).toEqual(["message.stored", "message.taken_back"]);
    expect(w.idsTold()).toEqual([id, id]);
  });

  it("ends with its owner's role", async () => {
    const { hook } = await w.add();
    await w.store.write(() => w.store.machines.drop("m1"));
    await w.receive({});
    expect(w.calls).toEqual([]);
    expect(w.state(hook.id)).toMatchObject({ state: "DISABLED", reason: "OWNER" });
  });
}); // prettier-ignore
