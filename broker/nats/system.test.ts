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

/** Three servers, of which one may be out of reach; tells who was made to read its configuration. */
function makeThree(away: Set<string>): { link: Link; reloaded: string[] } {
  const silence = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) };
  const reloaded: string[] = [];
  const names = ["A", "B", "C"];
  const answer = (subject: string): string => {
    const [, , , id = "", verb] = subject.split(".");
    if (verb === "RELOAD") reloaded.push(id);
    const connections = [{ cid: 7, ip: "10.0.0.7", account: "HUB" }];
    return JSON.stringify(verb === "CONNZ" ? { data: { total: 1, connections } } : {});
  };
  const link = {
    info: { server_id: "A", server_name: "a" },
    request: (subject: string) => Promise.resolve({ data: utf8(answer(subject)) }),
    requestMany: () => Promise.resolve(
      names.filter((name) => !away.has(name)).map((id) => ({ data: utf8(JSON.stringify({ id, name: id.toLowerCase() })) })),
    ),
    status: () => silence,
  }; // prettier-ignore
  return { link: link as unknown as Link, reloaded };
}

describe("makeServerControl", () => {
  it("every server in reach reads its configuration, and one that comes back reads it then, once", async () => {
    const away = new Set(["C"]);
    const { link, reloaded } = makeThree(away);
    const control = makeServerControl(link, 3);
    await control.reload();
    await control.reloadOthers();
    expect(reloaded).toEqual(["A", "B"]);
    away.clear();
    await control.reloadOthers();
    await control.reloadOthers();
    expect(reloaded).toEqual(["A", "B", "C"]);
  });

  it("connections of all servers are told apart, though each counts for itself", async () => {
    const control = makeServerControl(makeThree(new Set()).link, 3);
    const found = await control.sessions();
    expect(found.map(({ id, server }) => `${server.name} ${id}`)).toEqual(["a 7", "b 7", "c 7"]);
  });

  it("a hub of which nobody answers is out of reach", async () => {
    const control = makeServerControl(makeThree(new Set(["A", "B", "C"])).link, 3);
    await expect(control.servers()).rejects.toMatchObject({ code: "HUB_UNREACHABLE" });
  });

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
