import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { beforeEach, describe, expect, it } from "vitest";

import { Fault } from "../../schemas/ground/index.ts";
import { languages, typeLabel } from "../../schemas/index.ts";
import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { makeCoastDirectory } from "../../test/kit/maritime-rows.ts";
import type { MemoryExchange } from "../../test/kit/memory-exchange.ts";

let world: CliWorld;
let ng: MemoryExchange;

beforeEach(() => {
  world = makeCliWorld(["ng/tcu", "gh/tcu"], makeCoastDirectory(["ecowas"]));
  ng = world.exchanges.get("ng/tcu")!;
});

/** A filled-in message in the folder. */
async function writeExample(type = "maritime.incident"): Promise<string> {
  const { out } = await world.run("message", "new", "--type", type);
  writeFileSync(join(world.dir, "message.json"), out);
  return "message.json";
}

describe("message ls, show; inbox ls; status; contexts", () => {
  it("lists as many as wanted over as many pages as that takes", async () => {
    for (let n = 0; n < 250; n += 1) ng.receive({});
    const { out, code } = await world.run(
      "--as",
      "ng/tcu",
      "--json",
      "inbox",
      "ls",
      "--limit",
      "240",
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ items: { length: 240 } });
  });

  it("an empty list is a sentence", async () => {
    expect(await world.run("--as", "ng/tcu", "message", "ls")).toMatchObject({
      code: 0,
      out: "No messages.\n",
    });
  });

  it("no control character of a message reaches the terminal through a list", async () => {
    ng.receive({ type: "x\u001b[2J\ny" });
    expect((await world.run("--as", "ng/tcu", "inbox", "ls")).out).toMatch(/x \[2J y/);
  });

  it("shows a message of ours in words with its ladder and whom it has not reached", async () => {
    const { out: id } = await world.run("--as", "ng/tcu", "message", "send", await writeExample());
    const stored = ng.find(id.trim())!;
    Object.assign(stored, {
      state: "ACCEPTED",
      audience: ["gh/moc", "tg/moc"],
      ladder: [
        {
          kind: "ACCEPTED",
          by: "ecowas/hub",
          at: stored.storedAt,
          channel: "c",
          stream: "FEED_ECOWAS",
          sequence: 4,
        },
        { kind: "DELIVERED", by: "gh/moc", at: stored.storedAt, channel: "c" },
      ],
    });
    const { out, code } = await world.run("--as", "ng/tcu", "message", "show", id.trim());
    expect(code).toBe(0);
    expect(out).toMatch(/type of message: /);
    expect(out).toMatch(/accepted +2026-03-09 14:05 UTC +ecowas\/hub +c +FEED_ECOWAS no\. 4/);
    expect(out).toMatch(/not yet delivered to: tg\/moc/);
    const french = await world.run("--as", "ng/tcu", "message", "show", id.trim(), "--lang", "fr");
    expect(french.out).toMatch(/pas encore remis à: tg\/moc/);
  });

  it("shows a message in the language and by the clock asked for", async () => {
    const { out: id } = await world.run("--as", "ng/tcu", "message", "send", await writeExample());
    const texts = new Set<string>();
    for (const lang of languages) {
      const args = ["--as", "ng/tcu", "message", "show", id.trim(), "--lang", lang];
      const { out, code } = await world.run(...args, "--zone", "Africa/Nairobi");
      expect([code, out.includes("2026-03-09 14:05 UTC, 17:05 Africa/Nairobi")]).toEqual([0, true]);
      texts.add(out);
    }
    expect(texts.size).toBe(languages.length);
    expect([...texts].join("")).toContain(typeLabel("maritime.incident", "ar"));
  });

  it.each([
    ["--zone", "Africa/Atlantis"],
    ["--zone", "UTC\r\nx-evil: 1"],
    ["--lang", "de"],
  ])("%s %j is told to the person, and nothing is asked: exit 2", async (...option) => {
    world.onRequest = () => expect.unreachable("nothing is asked");
    const id = "01890a5d-ac96-774b-bcce-b302099a8057";
    const { code, err } = await world.run("--as", "ng/tcu", "message", "show", id, ...option);
    expect([code, /USAGE_INVALID/.test(err)]).toEqual([2, true]);
  });

  it("a message that could not be proved is shown as such: exit 8", async () => {
    const { id } = ng.receive({ state: "QUARANTINED", code: "CERT_REVOKED" });
    const shown = await world.run("--as", "ng/tcu", "message", "show", id);
    expect(shown).toMatchObject({ code: 8, out: expect.stringMatching(/NOT VERIFIED/) as unknown });
  });

  it("a message that is not here: exit 5", async () => {
    const id = "01890a5d-ac96-774b-bcce-b302099a8057";
    expect(await world.run("--as", "ng/tcu", "message", "show", id)).toMatchObject({
      code: 5,
      out: "",
    });
  });

  it("status tells the link and what waits", async () => {
    ng.linkUp = false;
    const { out, code } = await world.run("--as", "ng/tcu", "status");
    expect(code).toBe(0);
    expect(out).toMatch(
      /gateway +answered in 0 ms\nlink to hub +down since .*; messages wait here/,
    );
  });

  it("status says in plain words what ends, and what is to be done", async () => {
    const end = { kind: "SIGNING", notAfter: Date.UTC(2026, 2, 20, 14, 5), daysLeft: 11 } as const;
    ng.ends = [{ ...end, level: "ok" }];
    expect((await world.run("--as", "ng/tcu", "status")).out).toMatch(/certificates +all hold/);
    ng.ends = [
      { ...end, level: "warning" },
      { ...end, kind: "LINK", level: "expired", daysLeft: 0 },
      { ...end, kind: "LIST", level: "notice", daysLeft: 1 },
    ];
    const { out } = await world.run("--as", "ng/tcu", "status");
    expect(out).toMatch(
      /certificates +our certificate for signing ends 2026-03-20 14:05 UTC \(days left: 11\): none newer came; ask/,
    );
    expect(out).toMatch(
      /our certificate for the link does not hold any more .*: call the authority/,
    );
    expect(out).toMatch(
      /a revocation list of our state ends .* \(days left: 1\): a newer one is due/,
    );
  });

  it("contexts are listed without asking any gateway, from a folder below too", async () => {
    world.onRequest = () => expect.unreachable("nothing is asked");
    expect((await world.run("contexts")).out).toMatch(/^ng\/tcu {2}http:\/\/127\.0\.0\.1:7400\n/);
  });
});

describe("message watch", () => {
  it("prints what happens and stops after --count", async () => {
    world.onRequest = () => void setImmediate(() => ng.receive({}));
    const { out, code } = await world.run("--as", "ng/tcu", "inbox", "watch", "--count", "1");
    expect(code).toBe(0);
    expect(out).toMatch(/^← [0-9a-f-]{36} {2}VERIFIED\n$/);
  });

  it("connects again when the gateway goes away, and says so", async () => {
    let tries = 0;
    world.onRequest = () => {
      tries += 1;
      if (tries < 3) throw new TypeError("fetch failed");
      setImmediate(() => ng.receive({}));
    };
    const { err, code } = await world.run("--as", "ng/tcu", "message", "watch", "--count", "1");
    expect(code).toBe(0);
    expect(err.match(/trying again/g)).toHaveLength(2);
  });

  it("what happened while the gateway was away is printed when it is back, once", async () => {
    let tries = 0;
    let ids: string[] = [];
    const receive = (): void => void ids.push(ng.receive({}).id);
    world.onRequest = () => {
      tries += 1;
      if (tries === 1) setImmediate(receive);
      if (tries === 2) {
        receive();
        throw new TypeError("fetch failed");
      }
      ng.failure = undefined;
    };
    // the first connection ends when the store is locked under it
    const locking = setInterval(() => {
      if (ids.length !== 1 || tries > 1) return;
      ng.failure = new Fault("STORE_LOCKED", "unlock it");
      ids.push(ng.receive({}).id);
    }, 20);
    const { out, code } = await world.run("--as", "ng/tcu", "inbox", "watch", "--count", "3");
    clearInterval(locking);
    expect(code).toBe(0);
    expect([...out.matchAll(/← (\S+)/g)].map(([, id]) => id)).toEqual(ids.slice(0, 3));
  });

  it("a refusal is no reason to try again: exit 4", async () => {
    writeFileSync(join(world.dir, "ng-tcu.token"), "y".repeat(43));
    expect(await world.run("--as", "ng/tcu", "inbox", "watch")).toMatchObject({ code: 4 });
  });
});
