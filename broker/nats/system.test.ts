import { describe, expect, it } from "vitest";

import { Fault, utf8 } from "../../schemas/ground/index.ts";
import type { Link } from "./connect.ts";
import { makeServerControl } from "./system.ts";

/** A connection on which every question has the same answer. */
function makeLink(answer: string): Link {
  const silence = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) };
  const link = {
    info: { server_id: "NSERVER" },
    request: () => Promise.resolve({ data: utf8(answer) }),
    status: () => silence,
  };
  return link as unknown as Link;
}

async function codeOf(answer: string): Promise<string> {
  try {
    await makeServerControl(makeLink(answer)).reload();
    return "reloaded";
  } catch (error) {
    return error instanceof Fault ? error.code : String(error);
  }
}

describe("makeServerControl", () => {
  it("a reload that the server confirms is one", async () => {
    expect(await codeOf('{"server":{}}')).toBe("reloaded");
  });

  it.each([
    ["refuses", '{"error":{"description":"no"}}'],
    ["answers with no JSON", "{"],
    ["answers with nothing", ""],
    ["answers with another thing", "[]"],
  ])("a reload that the server %s is a fault of ours", async (_, answer) => {
    expect(await codeOf(answer)).toBe("HUB_SERVER_FAILED");
  });
});
