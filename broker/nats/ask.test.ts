import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";

import type { Link } from "./connect.ts";
import { makeJetStream } from "./jetstream.ts";

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
  return { link: { request, status } as unknown as Link, turn, asked };
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
