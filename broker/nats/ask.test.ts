import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";

import { makeSeededChance, systemClock } from "../../schemas/ground/index.ts";
import { appendAfter } from "./append.ts";
import type { Link } from "./connect.ts";
import { type JetStream, makeJetStream } from "./jetstream.ts";
import { readMessages } from "./read-messages.ts";

/** A connection on which nothing is ever answered, that comes and goes when told to. */
function makeSilentLink(): { link: Link; turn: (type: string) => Promise<void>; asked: string[] } {
  const { promise: never } = Promise.withResolvers<never>();
  const turns = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const status = async function* (): AsyncGenerator<{ type: string }> {
    for (const { promise } of turns) yield { type: await promise };
    await never;
  };
  const asked: string[] = [];
  const request = (subject: string): Promise<never> => {
    asked.push(subject);
    return never;
  };
  const rest = [...turns];
  const turn = async (type: string): Promise<void> => {
    rest.shift()?.resolve(type);
    await setImmediate();
  };
  const silent = {
    subscribe: () => ({ unsubscribe: () => undefined }),
    publish: (subject: string) => void asked.push(subject),
    isClosed: () => false,
  };
  return { link: { request, status, ...silent } as unknown as Link, turn, asked };
}

const lost = { code: "HUB_UNREACHABLE" };

describe("makeJetStream", () => {
  it("a question ends as soon as its connection is lost, not when its time is up", async () => {
    const { link, turn } = makeSilentLink();
    const outcome = expect(makeJetStream(link).stream("INTAKE")).rejects.toMatchObject(lost);
    await turn("disconnect");
    await outcome;
  });

  it("nothing is asked while the connection is down, and again when it is back", async () => {
    const { link, turn, asked } = makeSilentLink();
    const jetStream = makeJetStream(link);
    await turn("disconnect");
    await expect(jetStream.stream("INTAKE")).rejects.toMatchObject(lost);
    expect(asked).toEqual([]);
    await turn("reconnect");
    void jetStream.stream("INTAKE");
    expect(asked).toEqual(["$JS.API.STREAM.INFO.INTAKE"]);
  });
});

const ground = { clock: systemClock, chance: makeSeededChance("ask"), inbox: "_INBOX_x" };

describe("what is under way when the connection is lost ends with it", () => {
  it("an entry's fate is not known", async () => {
    const { link, turn, asked } = makeSilentLink();
    const appended = appendAfter(link, {
      subject: "log.batch",
      payload: new Uint8Array(1),
      after: 0,
    });
    expect(asked).toEqual(["log.batch"]);
    await turn("disconnect");
    expect(await appended).toMatchObject({ kind: "unknown", fault: lost });
  });

  it("a stream is not read any further", async () => {
    const { link, turn, asked } = makeSilentLink();
    const jetStream = {
      putConsumer: async () => "reader",
      deleteConsumer: async () => undefined,
    } as unknown as JetStream;
    const source = { ...ground, link, jetStream };
    const read = readMessages(source, { stream: "LOG", from: 1 }, () => undefined);
    const outcome = expect(read).rejects.toMatchObject(lost);
    while (asked.length === 0) await setImmediate();
    await turn("disconnect");
    await outcome;
  });
});
