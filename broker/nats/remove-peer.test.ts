import { describe, expect, it } from "vitest";

import { parseUtf8, utf8 } from "../../schemas/ground/index.ts";
import type { Link } from "./connect.ts";
import { removePeer } from "./remove-peer.ts";

const noMember = '{"error":{"code":400,"err_code":10044}}';
const done = '{"success":true}';

/** A connection whose questions have these answers, one after another. */
function makeLink(...answers: readonly string[]): { link: Link; asked: string[] } {
  const silence = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) };
  const asked: string[] = [];
  const link = {
    request: (_subject: string, payload: Uint8Array) => {
      asked.push(parseUtf8(payload));
      return Promise.resolve({ data: utf8(answers[asked.length - 1] ?? "") });
    },
    status: () => silence,
  };
  return { link: link as unknown as Link, asked };
}

describe("removePeer", () => {
  it("names the server, and where nobody knows its name what the servers call it among themselves", async () => {
    const named = makeLink(done);
    expect(await removePeer(named.link, "au_hub-one-b")).toBe(true);
    expect(named.asked).toEqual(['{"peer":"au_hub-one-b"}']);
    const unnamed = makeLink(noMember, done);
    expect(await removePeer(unnamed.link, "au_hub-one-b")).toBe(true);
    expect(unnamed.asked[1]).toMatch(/^\{"peer_id":"[0-9A-Za-z]{8}"\}$/);
  });

  it("says when it was none of them", async () => {
    expect(await removePeer(makeLink(noMember, noMember).link, "au_hub-one-b")).toBe(false);
  });

  it.each(["", "none", "[]", '{"error":{"code":500,"err_code":10202}}', '{"error":{"err_code":"x"}}'])("an answer that is no yes is none: %s", async (answer) => {
    const { link, asked } = makeLink(answer, done);
    await expect(removePeer(link, "au_hub-one-b")).rejects.toMatchObject({ code: "HUB_SERVER_FAILED" });
    expect(asked).toHaveLength(1);
  }); // prettier-ignore
});
