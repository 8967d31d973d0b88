import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Route } from "../../gateways/api/route.ts";
import { routes } from "../../gateways/api/routes.ts";
import { type Role, roles } from "../../gateways/people/index.ts";
import {
  type Browser,
  type HttpAnswer,
  type PeopleWorld,
  startPeopleWorld,
} from "../kit/people-world.ts";

/**
 * T-23: every route, asked by every role, with ids of others, ids of nothing and ids of another kind. A route that is new
 * falls into it by itself; only `planted` grows where it has ids of a kind that is not here yet.
 */
let world: PeopleWorld;
const browsers = new Map<Role, Browser>();

const nothing = "0190aaaa-0000-7000-8000-000000000000";
const odd = ["..%2f..%2fstore.db", "%00", "a".repeat(400), "owner", "1 OR 1=1", "%F0%9F%94%91"];
/** Streams stay open: they are asked and cut. */
const isStream = ({ path }: Route): boolean =>
  path.endsWith("/events") || path.endsWith("/changes");
/** What stands in the store of somebody else, by the path that leads to it. */
const planted = new Map<string, string>();
/** In nobody's answer who may not see people. */
const canary = "Canary Mensah";

beforeAll(async () => {
  world = await startPeopleWorld();
  for (const role of roles) browsers.set(role, await world.person([role]));
  const asked = await world.own("POST", "/v1/people", { name: canary, roles: ["officer"], handlingUpTo: "H3" });
  const other = await world.person(["officer"]);
  const machine = await world.own("POST", "/v1/machines", { name: canary, roles: ["integrator"] });
  const [session] = (await other.ask("GET", "/v1/sessions")).json["items"] as { id: string }[];
  planted.set("/v1/people", other.id);
  planted.set("/v1/people-changes", String(asked.json["change"]));
  planted.set("/v1/machines", String(machine.json["change"]));
  planted.set("/v1/sessions", session?.id ?? "");
  planted.set("/v1/passkeys", other.passkey.id);
  const message = await world.own("POST", "/v1/messages:validate", {});
  expect(message.status).toBeLessThan(500);
}); // prettier-ignore

afterAll(async () => {
  await world.stop();
});

function plantedFor({ path }: Route): string {
  const found = [...planted].filter(([start]) => path.startsWith(`${start}/`));
  return found[0]?.[1] ?? nothing;
}

function fill(path: string, id: string): string {
  return path.replaceAll(/(?<=\/):[A-Za-z]+(?=\/|$)/g, id);
}

function isOpen({ open }: Route): boolean {
  return open === true;
}

async function ask(role: Role | undefined, route: Route, id: string): Promise<HttpAnswer> {
  const path = fill(route.path, id);
  const body = route.method === "GET" || route.method === "HEAD" || route.method === "DELETE" ? undefined : {};
  const browser = role === undefined ? undefined : browsers.get(role);
  // one minute a request: nobody is to be told to wait, and nobody's session to end
  world.clock.move(1_000);
  if (browser === undefined) return await world.ask(route.method, path, { body });
  return await browser.ask(route.method, path, body, { "idempotency-key": "k" });
} // prettier-ignore

/** What a refusal says, without what is new each time. */
function sayOf({ status, json }: HttpAnswer): unknown {
  const { instance: _instance, traceId: _traceId, ...said } = json;
  return { status, said };
}

const named = routes.filter((route) => !isOpen(route) && !isStream(route));
const withIds = named.filter(({ path }) => /\/:[a-z]/i.test(path));
const pairs = named.flatMap((route) =>
  roles.filter((role) => !route.for.includes(role)).map((role) => ({ role, route })),
);

async function refreshed(role: Role): Promise<void> {
  const browser = browsers.get(role);
  if (browser === undefined || (await browser.ask("GET", "/v1/session")).status === 200) return;
  const again = await world.signIn(browser.passkey, browser.id);
  browser.cookie = again.cookie;
}

describe("T-23: every route and every role", () => {
  it("the table names what is open: ways in, health, and what we publish to everybody, and nothing else", () => {
    const open = routes.filter(isOpen).map(({ path }) => path);
    const known = /^\/(?:livez|readyz|metrics|openapi\.json|asyncapi\.(?:yaml|json)|docs(?:\/.*)?|faults\/:code|console(?:\/.*)?|v1\/(?:(?:schemas|codelists|labels|protos)(?:\/.*)?|unlock|session|session:(?:begin|ways)|enrolment|enrolment:begin|oidc:begin|oidc\/return|oauth\/token|store(?:[/:].*)?))$/;
    expect(open.filter((path) => !known.test(path))).toEqual([]);
    expect(routes.filter((route) => !isOpen(route) && route.for.length === 0)).toEqual([]);
  }); // prettier-ignore

  it("without a proof of who asks, no route that is not open says more than that", async () => {
    const answers = new Set<string>();
    for (const route of named) {
      const answer = await ask(undefined, route, plantedFor(route));
      // failures of one address are told to wait; the way of saying no is all there is
      answers.add(`${answer.status} ${JSON.stringify(answer.json["code"])}`);
      world.clock.move(60_000);
    }
    for (const role of roles) await refreshed(role);
    expect([...answers]).toEqual(['401 "NOT_AUTHENTICATED"']);
  });

  it("a role that a route does not name gets the same no, whatever id it tries", async () => {
    const leaks: string[] = [];
    for (const { role, route } of pairs) {
      await refreshed(role);
      const mine = sayOf(await ask(role, route, plantedFor(route)));
      const none = sayOf(await ask(role, route, nothing));
      const isNo = JSON.stringify(mine).includes('"ROLE_MISSING"');
      if (!isNo || JSON.stringify(mine) !== JSON.stringify(none)) leaks.push(`${role} ${route.method} ${route.path}`);
    }
    expect(leaks).toEqual([]);
  }, 240_000); // prettier-ignore

  it("an id that is another's is answered like one that is nobody's", async () => {
    const own = withIds.filter(({ path }) => /^\/v1\/(?:sessions|passkeys)\//.test(path));
    const leaks: string[] = [];
    for (const route of own) {
      for (const role of route.for.filter((one) => one !== "administrator")) {
        await refreshed(role);
        const proof = await world.signIn(browsers.get(role)!.passkey, browsers.get(role)!.id);
        browsers.get(role)!.cookie = proof.cookie;
        const foreign = sayOf(await ask(role, route, plantedFor(route)));
        const none = sayOf(await ask(role, route, nothing));
        if (JSON.stringify(foreign) !== JSON.stringify(none)) leaks.push(`${role} ${route.method} ${route.path}`);
      }
    }
    expect(own.length).toBeGreaterThan(0);
    expect(leaks).toEqual([]);
    expect(world.people.person(planted.get("/v1/people") ?? "").passkeys).toHaveLength(1);
  }); // prettier-ignore

  it("odd ids are never a failure of ours", async () => {
    const failures: string[] = [];
    for (const route of withIds) {
      const [role = "officer"] = route.for;
      await refreshed(role);
      for (const id of odd) {
        const { status } = await ask(role, route, id);
        if (status >= 500 && status !== 503) failures.push(`${route.method} ${route.path} ${id.slice(0, 20)} ${status}`);
      }
    }
    expect(failures).toEqual([]);
  }, 240_000); // prettier-ignore

  it("who may not see people never meets a name of theirs", async () => {
    const seen: string[] = [];
    const readable = named.filter(({ method, path }) => method === "GET" && !/^\/v1\/(?:people|machines)/.test(path));
    for (const role of ["officer", "approver", "integrator", "analyst"] as const) {
      await refreshed(role);
      for (const route of readable) {
        if ((await ask(role, route, plantedFor(route))).text.includes(canary)) seen.push(`${role} ${route.path}`);
      }
    }
    expect(seen).toEqual([]);
    expect((await world.own("GET", "/v1/people-changes")).text).toContain(canary);
  }); // prettier-ignore
});
