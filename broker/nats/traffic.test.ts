import { describe, expect, it } from "vitest";

import { utf8 } from "../../schemas/ground/index.ts";
import type { Link } from "./connect.ts";
import { makeTrafficReader } from "./traffic.ts";

/** A connection on which every question has the same answer. */
function makeLink(answer: string, asked: string[] = []): Link {
  const silence = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) };
  const request = (subject: string): Promise<{ data: Uint8Array }> => {
    asked.push(subject);
    return Promise.resolve({ data: utf8(answer) });
  };
  return { request, status: () => silence } as unknown as Link;
}

describe("makeTrafficReader", () => {
  it("reads what the server counted of each account", async () => {
    const asked: string[] = [];
    const one = {
      acc: "AG_ng_tcu",
      conns: 2,
      received: { msgs: 9, bytes: 900 },
      sent: { msgs: 4, bytes: 80 },
    };
    const link = makeLink(JSON.stringify({ data: { account_statz: [one] }, more: 1 }), asked);
    expect(await makeTrafficReader(link)()).toEqual([
      { account: "AG_ng_tcu", connections: 2, messages: 9, bytes: 900, answers: 4 },
    ]);
    expect(asked).toEqual(["$SYS.REQ.ACCOUNT.PING.STATZ"]);
  });

  it.each(["", "{", "[]", '{"data":{}}', '{"data":{"account_statz":[{"acc":"x"}]}}'])(
    "an answer such as %s is a fault of the server's",
    async (answer) => {
      const reading = makeTrafficReader(makeLink(answer))();
      await expect(reading).rejects.toMatchObject({ code: "HUB_SERVER_FAILED" });
    },
  );
});
