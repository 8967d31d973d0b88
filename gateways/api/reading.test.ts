import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";

import { type ApiWorld, makeApiWorld, message, start } from "../../test/kit/api-world.ts";

let world: ApiWorld;

beforeEach(() => {
  world = makeApiWorld();
});

const pageShape = z.object({ items: z.array(z.looseObject({ id: z.string() })) });

describe("GET /v1/messages", () => {
  it("gives pages that lead through all, newest first, with times in RFC 3339", async () => {
    for (let n = 0; n < 5; n += 1) world.exchange.receive({});
    const seen: { id: string }[] = [];
    let path: string | undefined = "/v1/messages?box=in&limit=2";
    let pages = 0;
    while (path !== undefined) {
      const { json, headers } = await world.ask(path);
      seen.push(...pageShape.parse(json).items);
      path = /^<([^>]+)>; rel="next"$/.exec(headers.get("link") ?? "")?.[1];
      expect(json["next"] === null).toBe(path === undefined);
      pages += 1;
    }
    expect(pages).toBe(3);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(5);
    expect(seen[0]).toMatchObject({ createdAt: "2026-03-09T14:05:00.000Z", state: "VERIFIED" });
  });

  it.each(["box=all", "limit=0", "limit=201", "limit=x", "state=NEW", "type=A", "crime=DRUGS", "cursor=%22",
    "box=in&box=out", "since=1"])("%s is refused", async (search) => {
    const answer = await world.ask(`/v1/messages?${search}`);
    expect(answer).toMatchObject({ status: 400, json: { code: "REQUEST_INVALID" } });
  }); // prettier-ignore
});

describe("GET /v1/messages/{id}", () => {
  const { body } = message;

  it("gives the message with its ladder in JSON", async () => {
    const ladder = [{ kind: "ACCEPTED", by: "ecowas/hub", at: start, channel: "c" } as const];
    const { id } = world.exchange.receive({ body, ladder });
    const answer = await world.ask(`/v1/messages/${id}`);
    expect(answer.json).toMatchObject({ id, ladder: [{ at: "2026-03-09T14:05:00.000Z" }], body });
  });

  it("an id that is none, and one that is not here, are refused", async () => {
    expect((await world.ask("/v1/messages/7")).json["code"]).toBe("ID_INVALID");
    const unknown = await world.ask("/v1/messages/01890a5d-ac96-774b-bcce-b302099a8057");
    expect(unknown).toMatchObject({ status: 404, json: { code: "NOT_FOUND" } });
  });
});
