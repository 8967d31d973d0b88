import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type ApiWorld, makeApiWorld, start } from "../../test/kit/api-world.ts";
import { honestSigner, makeShownLog } from "../../test/kit/log-hub.ts";
import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import { sha256, utf8 } from "../../schemas/ground/index.ts";
import { makeLogDesk } from "../proofs/index.ts";
import { openStore, type Store } from "../store/index.ts";

const hub = "ecowas/hub";
const [ours, theirs] = ["ours", "theirs"].map((word) => makeShownLog([utf8(word)]).note());
let dir: string;
let store: Store;
let world: ApiWorld;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "log-"));
  const clock = makeStillClock(start);
  store = openStore(join(dir, "store.db"), {}, clock);
  const register = () => ({ hubs: [{ hub }], logKeys: () => [honestSigner.verifierKey] });
  world = makeApiWorld({ log: makeLogDesk({ store, clock, register, hub: () => hub }) });
  const note = { origin: "atumpan/ecowas/hub", size: 1, root: sha256(utf8("root")), note: ours! };
  await store.write(() => {
    store.logHeads.put({ ...note, hub, since: start, at: start });
    store.logHeads.tell({ ...note, agency: "gh/tcu", at: start, state: "FORKED", waitedMs: 0 });
    store.logAlarms.raise({ code: "LOG_INCONSISTENT", hub, origin: note.origin, at: start, agency: "gh/tcu", ours, theirs });
  }); // prettier-ignore
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

function trust(body: unknown): ReturnType<ApiWorld["ask"]> {
  return world.ask("/v1/log:trust", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

describe("GET /v1/log", () => {
  it("shows what was verified, what others were shown, and each alarm with both signed notes", async () => {
    const { status, json } = await world.ask("/v1/log");
    expect(status).toBe(200);
    expect(json).toMatchObject({
      standing: { hub, state: "INCONSISTENT", size: 1, pending: 0, missing: 0 },
      heads: [{ origin: "atumpan/ecowas/hub", size: 1 }],
      told: [{ agency: "gh/tcu", state: "FORKED" }],
      alarms: [{ code: "LOG_INCONSISTENT", hub, agency: "gh/tcu", ours: Buffer.from(ours!).toString(), theirs: Buffer.from(theirs!).toString() }],
    }); // prettier-ignore
  });

  it("shows acts of this agency and whether each stands in the log, and no salt by which a line could be guessed", async () => {
    const salt = sha256(utf8("salt")).subarray(0, 16);
    const act = { act: "RIGHTS_CHANGED", at: start, salt };
    await store.write(() => {
      store.logActs.add({ ...act, position: 4, commitment: sha256(utf8("line 4")) });
      store.logActs.add({ ...act, position: 9, commitment: sha256(utf8("line 9")) });
      store.logActs.putOff(1, "QUOTA_EXCEEDED", start);
    });
    const { json, text } = await world.ask("/v1/log");
    expect(json["acts"]).toMatchObject([{ line: 9, state: "WAITING" }, { line: 4, state: "WAITING", code: "QUOTA_EXCEEDED" }]);
    expect(text).not.toContain(Buffer.from(salt).toString("hex"));
    const standing = { acts: { state: "WAITING", waiting: 2, code: "QUOTA_EXCEEDED" } };
    expect(json["standing"]).toMatchObject(standing);
    await store.write(() => store.logAlarms.raise({ code: "LOG_ACT_REFUSED", hub, origin: "", at: start, agency: "" }));
    expect((await world.ask("/v1/log")).json["standing"]).toMatchObject({ acts: { ...standing.acts, state: "REFUSED" } });
  }); // prettier-ignore

  it("is not there at a gateway that follows none", async () => {
    expect((await makeApiWorld().ask("/v1/log")).status).toBe(404);
  });
});

describe("POST /v1/log:trust", () => {
  it("ends the alarm in the name of who said so, and the log is met anew", async () => {
    const { status, json } = await trust({ hub });
    expect(status).toBe(200);
    expect(json).toMatchObject({ standing: { state: "WAITING" }, heads: [], told: [], alarms: [{ endedBy: "owner" }] }); // prettier-ignore
  });

  it.each([
    [{ hub: "sadc/hub" }, 404],
    [{ hub: "x" }, 400],
    [{ hub, also: 1 }, 400],
    [[], 400],
  ])("of %j is refused with %s, and nothing is changed", async (body, code) => {
    expect((await trust(body)).status).toBe(code);
    expect(store.logAlarms.open().length).toBe(1);
    expect(store.logHeads.of(hub)?.size).toBe(1);
  });
});
