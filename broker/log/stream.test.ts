import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { silentLog, systemChance, systemClock, utf8 } from "../../schemas/ground/index.ts";
import { type LogWorld, makeLogWorld } from "../../test/kit/log-world.ts";
import type { JetStream, Link, Msg } from "../nats/index.ts";
import { type LogStream, makeLogStream } from "./stream.ts";

let world: LogWorld;

beforeAll(async () => {
  world = await makeLogWorld();
  await world.jetStream.createStream({
    name: "LOG",
    subjects: ["log.batch"],
    metadata: { instance: "one" },
  });
  for (const entry of ["one", "two", "three", "four"]) {
    await world.link.request("log.batch", utf8(entry));
  }
});
afterAll(() => world.stop());

let readers = 0;

function makeStream(jetStream: JetStream, link: Link = world.link): LogStream {
  readers += 1;
  const inbox = `_INBOX.reader${readers}`;
  const ground = { clock: systemClock, chance: systemChance, log: silentLog };
  return makeLogStream({ ...ground, link, jetStream, inbox, maxBytes: 1024 * 1024 });
}

async function readAll(stream: LogStream): Promise<readonly number[]> {
  const read: number[] = [];
  await stream.last();
  await stream.read(1, ({ sequence }) => void read.push(sequence));
  return read;
}

/** A connection on which one of the stream's entries is lost. */
function losing(sequence: number): Link {
  const subscribe: Link["subscribe"] = (subject, options) => {
    let count = 0;
    return world.link.subscribe(subject, {
      ...options,
      callback: (error, message: Msg) => {
        count += 1;
        if (count !== sequence) void options?.callback?.(error, message);
      },
    });
  };
  return new Proxy(world.link, {
    get: (link, name) => {
      const value: unknown = name === "subscribe" ? subscribe : Reflect.get(link, name);
      return typeof value === "function" ? value.bind(link) : value;
    },
  });
}

const unreachable = { code: "HUB_UNREACHABLE" };

describe("the log's stream", () => {
  it("is read in order, from its first entry to its last", async () => {
    expect(await readAll(makeStream(world.jetStream))).toEqual([1, 2, 3, 4]);
  });

  it("is not told of by who may lead it no more", async () => {
    const stream = makeStream({
      ...world.jetStream,
      stream: async (name) => {
        const state = await world.jetStream.stream(name);
        return state === undefined ? undefined : { ...state, isDoubtful: true };
      },
    });
    await expect(stream.last()).rejects.toMatchObject(unreachable);
  });

  it("misses nothing that was lost on the way: it is read again", async () => {
    await expect(readAll(makeStream(world.jetStream, losing(2)))).rejects.toMatchObject(
      unreachable,
    );
  });

  it("is read again when the copy that was read is behind", async () => {
    const stream = makeStream({
      ...world.jetStream,
      stream: async (name) => {
        const state = await world.jetStream.stream(name);
        return state === undefined ? undefined : { ...state, lastSequence: state.lastSequence + 1 };
      },
    });
    await expect(readAll(stream)).rejects.toMatchObject(unreachable);
  });

  it("misses an entry that is gone where it stood", async () => {
    await world.jetStream.erase("LOG", 2);
    await expect(readAll(makeStream(world.jetStream))).rejects.toMatchObject({
      code: "LOG_INCONSISTENT",
    });
  });
});
