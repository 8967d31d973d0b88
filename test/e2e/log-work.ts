import { cpSync, existsSync, globSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import type { RegionProcess } from "../kit/region-process.ts";
import { openRegionWork, type RegionWork, type Said } from "../kit/region-work.ts";
import { startServer, until } from "../kit/server.ts";

const isLong = process.env["ATUMPAN_LONG"] === "1";

/** The hub's log as auditors, senders and who runs the hub meet it, over a region that runs and is not needed afterwards. */
export function describeLog(region: () => RegionProcess): void {
  describe("the hub's log, command by command", () => {
    const [ng, gh] = ["ng/tcu", "gh/tcu"] as const;
    let work: RegionWork;
    let id = "";
    const hub = (...names: readonly string[]): string => join(region().home, ".atumpan", "hub", ...names);
    const trust = (): readonly string[] => {
      const folder = join(region().home, ".atumpan", "register");
      return ["--register", join(folder, "register.bin"), "--root", join(folder, "root.json")];
    };

    interface HubConfig {
      readonly hub: string;
      readonly server: { readonly listen: { readonly port: number } };
      readonly log: { readonly serve: { readonly port: number } };
    }
    const config = (): HubConfig => JSON.parse(readFileSync(hub("broker.json"), "utf8")) as HubConfig;
    const follow = (): Promise<Said> => {
      const { hub: name, log } = config();
      const address = `http://127.0.0.1:${log.serve.port}`;
      return work.run(ng, "log", "follow", address, "--into", "mirror", "--once", "--hub", name, ...trust());
    };

    beforeAll(() => {
      work = openRegionWork(region());
    });

    it("log follow: an auditor mirrors it from where it is served, and all of it is proved", async () => {
      await until("it has a checkpoint", () => existsSync(hub("log", "checkpoint")));
      // what lies there now is what somebody may put back later
      cpSync(hub("log"), join(region().home, "older"), { recursive: true });
      id = await work.say(ng, [gh], ["request.information", { crimes: ["drugs"] }]);
      const first = await follow();
      expect([first.code, first.out]).toEqual([0, expect.stringMatching(/^[1-9]\d* entries are proved/)]);
    });

    it("message evidence and verify evidence: one file proves one message without the hub", async () => {
      const shown = async (): Promise<unknown> => {
        const { json } = await work.ask(ng, `/v1/messages/${id}`);
        return (json["log"] as { state?: string }[] | undefined)?.[0]?.state;
      };
      await until("it is proved in the log", async () => (await shown()) === "PROVED");
      // the witness of this region comes every few seconds; before it did, evidence is given and says so
      let tries = 0;
      const make = (): Promise<Said> =>
        work.run(ng, "message", "evidence", id, "--for", "court", "--out", `${(tries += 1)}.evidence`, "--purpose", "INVESTIGATION", "--json");
      await until("witnesses stand behind it", async () => {
        const made = await make();
        expect([made.code, made.err]).toEqual([0, expect.not.stringContaining("Code ")]);
        return (JSON.parse(made.out) as { unwitnessed?: string }).unwitnessed === undefined;
      });
      const verified = await work.run(ng, "verify", "evidence", `${tries}.evidence`, ...trust());
      expect([verified.code, verified.err]).toEqual([0, ""]);
      expect(verified.out).toMatch(/log/i);
      const other = await work.run(ng, "verify", "evidence", "mirror/checkpoint", ...trust());
      expect(other.code).not.toBe(0);
    });

    // starting all of it again takes a minute: `ATUMPAN_LONG=1 npm test -- test/e2e/examples`
    it.skipIf(!isLong)("hub restore-log: the stream lost, and the folder put back from an older copy, it stands again as it was signed", async () => {
      const before = Number(/^(?<size>\d+)/m.exec((await follow()).out)?.groups?.["size"]);
      await region().stop();
      const [stream = ""] = globSync("store/jetstream/*/streams/LOG", { cwd: hub() });
      expect(stream).not.toBe("");
      rmSync(hub(stream), { recursive: true });
      rmSync(hub("log"), { recursive: true });
      cpSync(join(region().home, "older"), hub("log"), { recursive: true });
      const server = await startServer(hub("nats-server.conf"), config().server.listen.port);
      const restored = await work.run(ng, "hub", "restore-log");
      await server.stop();
      expect([restored.code, restored.err]).toEqual([0, ""]);
      expect(Number(restored.out.split(" ", 1)[0])).toBeGreaterThanOrEqual(before);
      await region().start();
      await until("it is served", async () => (await follow()).code === 0);
      const sent = await work.say(ng, [gh], ["request.information", { crimes: ["drugs"] }]);
      await until("it goes on", async () => (await work.ask(ng, `/v1/messages/${sent}`)).json["state"] === "DELIVERED");
      expect((await follow()).code).toBe(0);
    });
  });
} // prettier-ignore
