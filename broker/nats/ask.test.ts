import { describe, expect, it } from "vitest";

import { Fault } from "../../schemas/ground/index.ts";
import type { Link } from "./connect.ts";
import { makeJetStream } from "./jetstream.ts";

/** A connection on which nothing is ever answered, and that is lost when told to. */
function makeSilentLink(): { link: Link; lose: () => void } {
  const { promise: lost, resolve: lose } = Promise.withResolvers<void>();
  const { promise: never } = Promise.withResolvers<never>();
  const status = async function* (): AsyncGenerator<{ type: string }> {
    await lost;
    yield { type: "disconnect" };
    await never;
  };
  const link = { request: () => never, status, isClosed: () => false };
  return { link: link as unknown as Link, lose: () => lose() };
}

describe("makeJetStream", () => {
  it("a question ends as soon as its connection is lost, not when its time is up", async () => {
    const { link, lose } = makeSilentLink();
    const asked = makeJetStream(link).stream("INTAKE");
    lose();
    const error = await asked.catch((fault: unknown) => fault);
    expect(error).toBeInstanceOf(Fault);
    expect(error).toMatchObject({ code: "HUB_UNREACHABLE" });
  }, 2_000);
});
