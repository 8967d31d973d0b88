import { describe, expect, it } from "vitest";

import { parseUtf8, silentLog, systemClock } from "../../schemas/ground/index.ts";
import { hubLimits, type Link, type Msg } from "../nats/index.ts";
import { findRoom, type IntakePulls, makeIntakePulls } from "./intake-pulls.ts";

interface Hub {
  readonly pulls: IntakePulls;
  /** Messages asked for, by stream. */
  readonly asked: ReadonlyMap<string, number>;
  /** Who had a message handed on, in order. */
  readonly handed: readonly string[];
  readonly errors: readonly string[];
  /** What was said of messages on their reply subjects. */
  readonly said: readonly string[];
  /** A message of an agency's intake comes. */
  bring(agency: string, subject?: string): Msg;
}

function makeHub(): Hub {
  const asked = new Map<string, number>();
  const ears = new Map<string, (error: null, message: Msg) => void>();
  const [handed, errors, said] = [[], [], []] as [string[], string[], string[]];
  const link = {
    isClosed: () => false,
    publish: (subject: string, payload: Uint8Array) => {
      const { batch } = JSON.parse(parseUtf8(payload)) as { batch: number };
      const stream = subject.split(".")[5] ?? "";
      asked.set(stream, (asked.get(stream) ?? 0) + batch);
    },
    subscribe: (subject: string, { callback }: { callback: (error: null, message: Msg) => void }) => {
      ears.set(subject, callback);
      return { unsubscribe: () => ears.delete(subject) };
    },
  } as unknown as Link;
  const pulls = makeIntakePulls({
    link,
    inbox: "_INBOX_X.p",
    clock: { ...systemClock, every: () => ({ stop: () => undefined }) },
    log: { ...silentLog, error: (event) => void errors.push(event) },
    onMessage: (agency) => void handed.push(agency),
  });
  return {
    pulls,
    asked,
    handed,
    errors,
    said,
    bring: (agency, subject = `in.${agency.replace("/", ".")}.msg.x`) => {
      const respond = (data: Uint8Array): boolean => said.push(parseUtf8(data)) > 0;
      const message = { subject, data: new Uint8Array(10), respond } as unknown as Msg;
      ears.get(`_INBOX_X.p.${agency.replace("/", "_")}.*`)?.(null, message);
      return message;
    },
  };
} // prettier-ignore

describe("makeIntakePulls", () => {
  it("pulls for the register's agencies and for nobody else, and each once", () => {
    const { pulls, asked, handed, bring } = makeHub();
    pulls.use(["ng/tcu", "gh/fiu"]);
    const first = new Map(asked);
    expect([...first.keys()]).toEqual(["INTAKE_ng_tcu", "INTAKE_gh_fiu"]);
    pulls.use(["gh/fiu", "sn/tcu"]);
    expect(asked.get("INTAKE_gh_fiu")).toBe(first.get("INTAKE_gh_fiu"));
    for (const agency of ["ng/tcu", "gh/fiu", "sn/tcu"]) bring(agency);
    expect(handed).toEqual(["gh/fiu", "sn/tcu"]);
  });

  it("of a flooder no more comes than its own part; another is asked for as before", () => {
    const { pulls, asked, handed, bring } = makeHub();
    pulls.use(["ng/tcu", "gh/fiu"]);
    for (let came = 0; came < (asked.get("INTAKE_ng_tcu") ?? 0); came += 1) bring("ng/tcu");
    expect(handed).toHaveLength(hubLimits.maxAgencyUnderWay);
    expect(pulls.underWay).toBe(hubLimits.maxAgencyUnderWay);
    bring("gh/fiu");
    expect(handed.at(-1)).toBe("gh/fiu");
  });

  it("what is finished with makes room for as much, and is finished with once", () => {
    const { pulls, asked, bring } = makeHub();
    pulls.use(["ng/tcu"]);
    const came: Msg[] = [];
    while (came.length < (asked.get("INTAKE_ng_tcu") ?? 0)) came.push(bring("ng/tcu"));
    const before = asked.get("INTAKE_ng_tcu") ?? 0;
    for (const message of [...came, ...came]) pulls.done(message);
    const more = (asked.get("INTAKE_ng_tcu") ?? 0) - before;
    expect(more).toBeLessThanOrEqual(hubLimits.maxAgencyUnderWay);
    expect(more).toBeGreaterThan(hubLimits.maxAgencyUnderWay - hubLimits.pullBatch);
    expect(pulls.underWay).toBe(0);
  });

  it("whoever is paused is not asked for, and the others are", () => {
    const { pulls, asked, bring } = makeHub();
    pulls.use(["ng/tcu", "gh/fiu"]);
    const before = new Map(asked);
    const all = ["ng/tcu", "gh/fiu"].map((agency) =>
      Array.from({ length: hubLimits.pullBatch }, () => bring(agency)),
    );
    const paused = new Map(asked);
    for (const messages of all) {
      const [first] = messages;
      if (messages === all[0] && first !== undefined) pulls.pause(first, 1000);
      for (const message of messages) pulls.done(message);
    }
    expect(asked.get("INTAKE_ng_tcu")).toBe(paused.get("INTAKE_ng_tcu"));
    expect(asked.get("INTAKE_gh_fiu")).toBeGreaterThan(before.get("INTAKE_gh_fiu") ?? 0);
  });

  it("what stands in an intake in another's name is not handed on", () => {
    const { pulls, handed, errors, said, bring } = makeHub();
    pulls.use(["ng/tcu"]);
    for (const subject of ["in.gh.fiu.msg.x", "feed.ecowas.x", "in.ng.tcux.msg.x"]) {
      bring("ng/tcu", subject);
    }
    expect([handed, said, pulls.underWay]).toEqual([[], ["+ACK", "+ACK", "+ACK"], 0]);
    expect(errors).toHaveLength(3);
  });
});

describe("findRoom", () => {
  it("is an equal part of all, never more than one may have, nor less than a pull brings", () => {
    expect(findRoom(0)).toEqual({ messages: 512, bytes: 8 * 2 ** 20 });
    expect(findRoom(16)).toEqual({ messages: 256, bytes: 4 * 2 ** 20 });
    expect(findRoom(1000)).toEqual({ messages: 32, bytes: hubLimits.pullBytes });
  });
});
