import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { startApi } from "./index.ts";
import { silentLog, systemChance } from "../../schemas/ground/index.ts";
import { type Browser, type PeopleWorld, startPeopleWorld } from "../../test/kit/people-world.ts";

let world: PeopleWorld;
let first: Browser;

beforeEach(async () => {
  world = await startPeopleWorld();
  first = await world.person(["administrator"]);
});

afterEach(async () => {
  await world.stop();
});

const officer = { name: "K. Boateng", roles: ["officer"], handlingUpTo: "H1" };
const rights = (roles: readonly string[], handlingUpTo = "H1"): object => ({ roles, handlingUpTo });

async function waiting(asked: Promise<{ status: number; json: Record<string, unknown> }>): Promise<string> {
  const { status, json } = await asked;
  expect(status).toBe(202);
  return String(json["change"]);
} // prettier-ignore

async function decide(who: Browser, id: string, agrees = true): Promise<Record<string, unknown>> {
  return (await who.ask("POST", `/v1/people-changes/${id}/decision`, { agrees })).json;
}

describe("a lone administrator", () => {
  it("invites nobody alone: what gives anything waits for another's word", async () => {
    const id = await waiting(first.ask("POST", "/v1/people", officer));
    expect(world.people.people()).toHaveLength(1);
    expect(await decide(first, id)).toMatchObject({ code: "SECOND_PERSON_NEEDED" });
    const agreed = await world.own("POST", `/v1/people-changes/${id}/decision`, { agrees: true });
    expect(agreed.json).toMatchObject({ done: true });
    expect(String(agreed.json["code"])).toMatch(/^[\w-]{43}$/);
  });

  it.each([["officer"], ["approver"], ["administrator"], ["analyst"], ["integrator"]])("an inspector is nobody's %s besides: refused, and nothing waits", async (role) => {
    const asked = await first.ask("POST", "/v1/people", { ...officer, roles: ["inspector", role] });
    expect(asked.json["code"]).toBe("ROLES_APART");
    const other = await world.person([role]);
    const both = await first.ask("PUT", `/v1/people/${other.id}/rights`, rights(["inspector", role]));
    expect([both.json["code"], world.people.changes()]).toEqual(["ROLES_APART", []]);
    // what one role gives, and the record besides, is another matter
    await waiting(first.ask("PUT", `/v1/people/${other.id}/rights`, rights(["inspector", "auditor"])));
  }); // prettier-ignore

  it("what is only tried is told and not done, and leaves no proposal; another word than true is neither", async () => {
    const before = [world.people.people().length, world.people.changes().length];
    const tried = await first.ask("POST", "/v1/people?dryRun=true", officer);
    expect([tried.status, tried.json]).toEqual([200, { tried: true, done: false }]);
    for (const query of ["dryRun=false", "dryRun=", "dryRun=true&dryRun=true", "dryrun=true"]) {
      expect((await first.ask("POST", `/v1/people?${query}`, officer)).status).toBe(400);
    }
    expect([world.people.people().length, world.people.changes().length]).toEqual(before);
  });

  it.each([
    ["roles", rights(["administrator", "officer"])],
    ["a ceiling", { roles: ["administrator"], handlingUpTo: "H3" }],
  ])("does not give himself %s, with or without another's word", async (_, body) => {
    await world.stop();
    world = await startPeopleWorld();
    first = await world.person(["administrator"], "H0");
    const answer = await first.ask("PUT", `/v1/people/${first.id}/rights`, body);
    expect(answer).toMatchObject({ status: 403, json: { code: "SECOND_PERSON_NEEDED" } });
    expect(world.people.changes()).toEqual([]);
  });

  it("reads no content by that role", async () => {
    for (const path of [
      "/v1/events",
      "/v1/messages/0190aaaa-0000-7000-8000-000000000000/copies/court",
    ]) {
      expect((await first.ask("GET", path)).json["code"]).toBe("ROLE_MISSING");
    }
  });

  it.each([
    ["suspended", { state: "suspended" }],
    ["gone", { state: "left" }],
  ])("is not %s, whoever agrees: the last one stays", async (_, body) => {
    const id = await waiting(first.ask("PUT", `/v1/people/${first.id}/state`, body));
    const answer = await world.own("POST", `/v1/people-changes/${id}/decision`, { agrees: true });
    expect(answer).toMatchObject({ status: 409, json: { code: "LAST_ADMINISTRATOR" } });
    expect((await first.ask("GET", "/v1/session")).status).toBe(200);
  });

  it("does not lay the role down as the last one", async () => {
    const asked = await world.own("PUT", `/v1/people/${first.id}/rights`, rights(["auditor"], "H0"));
    expect(asked).toMatchObject({ status: 409, json: { code: "LAST_ADMINISTRATOR" } });
  }); // prettier-ignore

  it("who lost every device is let in again by the owner of the token", async () => {
    const answer = await world.own("POST", `/v1/people/${first.id}/code`);
    expect(answer.json).toMatchObject({ done: true, id: first.id });
    const again = await world.enrol(first.id, String(answer.json["code"]));
    expect((await again.ask("GET", "/v1/session")).json["id"]).toBe(`person:${first.id}`);
  });
});

describe("two administrators", () => {
  let second: Browser;

  beforeEach(async () => {
    second = await world.person(["administrator"]);
  });

  it("the one who agrees is shown the code, not the one who asked", async () => {
    const id = await waiting(first.ask("POST", "/v1/people", officer));
    const done = await decide(second, id);
    const kwesi = await world.enrol(String(done["id"]), String(done["code"]));
    expect((await kwesi.ask("GET", "/v1/session")).json).toMatchObject({ roles: ["officer"], handlingUpTo: "H1" });
    expect((await first.ask("GET", "/v1/people-changes")).json["items"]).toEqual([]);
  }); // prettier-ignore

  it("the owner of the token alone gives nothing either", async () => {
    await waiting(world.own("POST", "/v1/people", officer));
    await waiting(
      world.own("POST", "/v1/machines", { name: "case system", roles: ["integrator"] }),
    );
  });

  it("one does not remove the other alone, nor agree to what is done to him", async () => {
    const id = await waiting(
      first.ask("PUT", `/v1/people/${second.id}/state`, { state: "suspended" }),
    );
    expect(await decide(second, id)).toMatchObject({ code: "SECOND_PERSON_NEEDED" });
    expect(
      (await world.own("POST", `/v1/people-changes/${id}/decision`, { agrees: true })).status,
    ).toBe(200);
    expect((await second.ask("GET", "/v1/session")).status).toBe(401);
  });

  it("what somebody asked for who was suspended since is void", async () => {
    const id = await waiting(first.ask("POST", "/v1/people", officer));
    const away = await waiting(
      second.ask("PUT", `/v1/people/${first.id}/state`, { state: "suspended" }),
    );
    await world.own("POST", `/v1/people-changes/${away}/decision`, { agrees: true });
    const done = await decide(second, id);
    expect(done["code"]).toBeUndefined();
    expect(world.people.people()).toHaveLength(2);
  });

  it("a refused change is gone, and one that waited a week too", async () => {
    const refused = await waiting(first.ask("POST", "/v1/people", officer));
    expect(await decide(second, refused, false)).toMatchObject({ done: true });
    expect(await decide(second, refused)).toMatchObject({ code: "NOT_FOUND" });
    const old = await waiting(first.ask("POST", "/v1/people", officer));
    world.clock.move(7 * 86_400_000);
    expect((await world.own("POST", `/v1/people-changes/${old}/decision`, { agrees: true })).json["code"]).toBe("NOT_FOUND");
  }); // prettier-ignore

  it("what only takes away from an officer is done at once, and ends his sessions", async () => {
    const kwesi = await world.person(["officer", "analyst"], "H2");
    const answer = await first.ask("PUT", `/v1/people/${kwesi.id}/rights`, rights(["analyst"]));
    expect(answer).toMatchObject({ status: 200, json: { done: true } });
    expect((await kwesi.ask("GET", "/v1/session")).status).toBe(401);
    const back = await world.signIn(kwesi.passkey, kwesi.id);
    expect((await back.ask("GET", "/v1/session")).json).toMatchObject({ roles: ["analyst"], handlingUpTo: "H1" });
    expect((await first.ask("PUT", `/v1/people/${kwesi.id}/state`, { state: "suspended" })).status).toBe(200);
    await expect(world.signIn(kwesi.passkey, kwesi.id)).rejects.toThrow("SIGN_IN_REFUSED");
    await waiting(first.ask("PUT", `/v1/people/${kwesi.id}/state`, { state: "active" }));
  }); // prettier-ignore

  it("who left comes back by a new invitation only", async () => {
    const kwesi = await world.person(["officer"]);
    await first.ask("PUT", `/v1/people/${kwesi.id}/state`, { state: "left" });
    expect((await first.ask("POST", `/v1/people/${kwesi.id}/code`)).json["code"]).toBe("NOT_FOUND");
    expect(world.people.person(kwesi.id).passkeys).toEqual([]);
  });

  it("a lost device's passkey is removed by an administrator", async () => {
    const kwesi = await world.person(["officer"]);
    const path = `/v1/people/${kwesi.id}/passkeys/${kwesi.passkey.id}`;
    expect((await first.ask("DELETE", path)).status).toBe(200);
    expect((await kwesi.ask("GET", "/v1/session")).status).toBe(401);
    expect((await first.ask("DELETE", path)).json["code"]).toBe("NOT_FOUND");
  });

  it.each([
    ["no role", { roles: [] }],
    ["an unknown role", { roles: ["chief"] }],
    ["an unknown ceiling", { ...officer, handlingUpTo: "H9" }],
    ["a field we do not know", { ...officer, admin: true }],
    ["no name", { ...officer, name: " " }],
  ])("an invitation with %s is refused, field by field", async (_, body) => {
    const answer = await first.ask("POST", "/v1/people", { name: "K. Boateng", ...body });
    expect(answer).toMatchObject({ status: 400, json: { code: "REQUEST_INVALID" } });
    expect(answer.json["errors"]).toHaveLength(1);
  });
});

describe("the owner's token", () => {
  it("is switched off only once an administrator exists, and then opens nothing", async () => {
    await expect(startPeopleWorld({ token: "off" })).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    const dir = mkdtempSync(join(tmpdir(), "no-owner-"));
    const { exchange, clock, people, token } = world;
    const ground = { clock, chance: systemChance, log: silentLog };
    const directory = { agencies: () => [], servedRecs: () => [] };
    const place = { dir, host: "127.0.0.1", port: 0, token: "off" } as const;
    const api = await startApi({ exchange, directory, services: { people }, ...place, ...ground });
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${api.url}/v1/session`, { headers })).status).toBe(401);
    expect(existsSync(join(dir, "api-token"))).toBe(false);
    await api.stop();
    rmSync(dir, { recursive: true });
  }); // prettier-ignore
});
