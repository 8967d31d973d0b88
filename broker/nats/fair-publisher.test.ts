import { describe, expect, it } from "vitest";

import { Fault } from "../../schemas/ground/index.ts";
import { type FairPublisher, makeFairPublisher } from "./fair-publisher.ts";
import { hubLimits } from "./limits.ts";
import type { Publisher, StoreOutcome, ToStore } from "./publisher.ts";

const lost = { kind: "unknown", fault: new Fault("HUB_STREAM_WRITE_FAILED", "lost") } as const;

interface Streams {
  readonly fair: FairPublisher;
  /** Everything handed to the server, in order. */
  readonly handed: readonly ToStore[];
  /** Answers the oldest that was not answered. */
  answer(): void;
}

function makeStreams(): Streams {
  const handed: ToStore[] = [];
  const open: ((outcome: StoreOutcome) => void)[] = [];
  let sequence = 0;
  const end = (): void => {
    for (const done of open.splice(0)) done(lost);
  };
  const publisher: Publisher = {
    send: (item, done) => {
      handed.push(item);
      open.push(done);
    },
    reset: end,
    stop: end,
    get underWay() {
      return open.length;
    },
  };
  return {
    fair: makeFairPublisher(publisher),
    handed,
    answer: () => {
      sequence += 1;
      open.shift()?.({ kind: "stored", stream: "FEED_ECOWAS", sequence });
    },
  };
}

const payload = new Uint8Array();
const feed = "feed.ecowas.drugs.h1.alert.incident.x.y.1";
const none = (): void => undefined;

describe("makeFairPublisher", () => {
  it("hands one stream a window at a time, everything once, in each agency's order", () => {
    const { fair, handed, answer } = makeStreams();
    const numbers = Array.from({ length: 500 }, (_, at) => `feed.ecowas.${at}`);
    const ended: string[] = [];
    for (const subject of numbers) {
      fair.send({ by: "ng/tcu", subject, payload }, () => ended.push(subject));
    }
    expect(handed).toHaveLength(hubLimits.streamWindow);
    expect(fair.underWay).toBe(500);
    for (let at = 0; at < 500; at += 1) answer();
    expect(handed.map(({ subject }) => subject)).toEqual(numbers);
    expect(ended).toEqual(numbers);
    expect(fair.underWay).toBe(0);
  });

  it("of whoever comes to a stream that one floods, his is handed over after one turn of the flooder's", () => {
    const { fair, handed, answer } = makeStreams();
    for (let at = 0; at < 1000; at += 1) fair.send({ by: "ng/tcu", subject: feed, payload }, none);
    for (const by of ["gh/tcu", "sn/tcu"]) {
      fair.send({ by, subject: `${feed}.${by}`, payload }, none);
    }
    const before = handed.length;
    for (let at = 0; at < hubLimits.turnMessages + 2; at += 1) answer();
    const others = handed.slice(before).filter(({ subject }) => subject !== feed);
    expect(others.map(({ subject }) => subject)).toEqual([`${feed}.gh/tcu`, `${feed}.sn/tcu`]);
  });

  it("a stream that does not answer keeps nobody from another", () => {
    const { fair, handed } = makeStreams();
    for (let at = 0; at < 1000; at += 1) fair.send({ by: "ng/tcu", subject: feed, payload }, none);
    const others = ["feed.sadc.x", "direct.a.b", "receipt.ng.tcu", "quarantine.ng.tcu"];
    for (const subject of others) fair.send({ by: "ng/tcu", subject, payload }, none);
    expect(handed.slice(-others.length).map(({ subject }) => subject)).toEqual(others);
  });

  it.each(["reset", "stop"] as const)(
    "at a %s everything ends as unknown, once, and nothing more is handed over",
    (act) => {
      const { fair, handed } = makeStreams();
      const kinds: string[] = [];
      for (let at = 0; at < 200; at += 1) {
        fair.send({ by: "ng/tcu", subject: feed, payload }, ({ kind }) => kinds.push(kind));
      }
      fair[act]();
      expect(kinds).toEqual(Array.from({ length: 200 }, () => "unknown"));
      expect(handed).toHaveLength(hubLimits.streamWindow);
      expect(fair.underWay).toBe(0);
    },
  );

  it("a connection that refuses at once ends a whole flood of them", () => {
    const refusing: Publisher = {
      send: (_, done) => done(lost),
      reset: none,
      stop: none,
      underWay: 0,
    };
    const fair = makeFairPublisher(refusing);
    let left = 20_000;
    const again = (): void => {
      left -= 1;
      if (left > 0) fair.send({ by: "ng/tcu", subject: feed, payload }, again);
    };
    fair.send({ by: "ng/tcu", subject: feed, payload }, again);
    expect([left, fair.underWay]).toEqual([0, 0]);
  });
});
