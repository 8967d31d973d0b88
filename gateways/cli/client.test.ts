import { describe, expect, it } from "vitest";
import { z } from "zod";

import { type Fault, isFault } from "../../schemas/ground/index.ts";
import { makeHastyClock } from "../../test/kit/cli-world.ts";
import { makeClient } from "./client.ts";

async function faultOf(response: Response): Promise<Fault> {
  const client = makeClient({
    url: "http://127.0.0.1:1",
    token: () => "t",
    fetch: () => Promise.resolve(response),
    clock: makeHastyClock(0),
    timeoutMs: 100_000,
    signal: new AbortController().signal,
  });
  try {
    await client.askFor(z.object({ id: z.string() }), { path: "/" });
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
  return expect.unreachable("it is refused");
}

function problem(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status });
}

describe("makeClient", () => {
  it("a problem becomes the fault of its code with its violations", async () => {
    const violations = [{ path: "/a", code: "SCHEMA_FIELD_MISSING", message: "a is missing" }];
    const errors = [{ pointer: "/a", code: "SCHEMA_FIELD_MISSING", detail: "a is missing" }];
    const fault = await faultOf(problem(422, { code: "SCHEMA_INVALID", detail: "d", errors }));
    expect(fault).toMatchObject({ code: "SCHEMA_INVALID", detail: "d", violations });
  });

  it.each([
    [422, "REQUEST_INVALID"],
    [500, "INTERNAL"],
  ])("a code of a newer gateway (%i) is kept in the detail", async (status, code) => {
    const fault = await faultOf(problem(status, { code: "NEW_CODE", title: "New" }));
    expect(fault).toMatchObject({ code, detail: "NEW_CODE: New" });
  });

  it.each([
    new Response("<html>secret</html>", { status: 502 }),
    new Response('{"error":1}', { status: 404 }),
    new Response('{"id":7}', { status: 200 }),
    new Response("<html>secret</html>", { status: 200 }),
    new Response("", { status: 200 }),
  ])("what does not answer like a gateway is none", async (response) => {
    const fault = await faultOf(response);
    expect(fault.code).toBe("GATEWAY_UNREACHABLE");
    expect(fault.detail).not.toContain("secret");
  });
});
