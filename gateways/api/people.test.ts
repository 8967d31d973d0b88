import { afterEach, beforeEach, describe, expect, it } from "vitest";

import {
  type Browser,
  cookieOf,
  ownPage,
  type PeopleWorld,
  startPeopleWorld,
} from "../../test/kit/people-world.ts";
import { makeSoftPasskey, type PasskeyChange } from "../../test/kit/soft-passkey.ts";

let world: PeopleWorld;

beforeEach(async () => {
  world = await startPeopleWorld();
});

afterEach(async () => {
  await world.stop();
});

const invitation = { name: "A. Mensah", languages: ["en", "fr"], roles: ["administrator"] };

async function code(roles: readonly string[] = ["administrator"]): Promise<{ id: string; code: string }> {
  const { json, status } = await world.own("POST", "/v1/people", { ...invitation, roles });
  expect(status).toBe(201);
  return { id: String(json["id"]), code: String(json["code"]) };
} // prettier-ignore

async function begin(path: string, body?: unknown): Promise<{ ceremony: string; options: unknown }> {
  const { json } = await world.ask("POST", path, { body, headers: ownPage });
  return { ceremony: String(json["ceremony"]), options: json["options"] };
} // prettier-ignore

describe("an invitation", () => {
  it("enrols a passkey once, signs the person in, and is void from then on", async () => {
    const invited = await code();
    const browser = await world.enrol(invited.id, invited.code);
    const me = await browser.ask("GET", "/v1/session");
    expect(me.json).toMatchObject({ kind: "person", name: "A. Mensah", roles: ["administrator"] });
    const again = await world.ask("POST", "/v1/enrolment:begin", { body: { code: invited.code }, headers: ownPage });
    expect(again).toMatchObject({ status: 401, json: { code: "SIGN_IN_REFUSED" } });
    expect(world.notes.map(({ act }) => act)).toEqual(
      expect.arrayContaining(["PERSON_INVITED", "PERSON_ENROLLED", "PASSKEY_ADDED", "SIGNED_IN"]),
    );
  }); // prettier-ignore

  it("ends after seven days, and is refused like one that never was", async () => {
    const invited = await code();
    world.clock.move(7 * 86_400_000);
    const late = await world.ask("POST", "/v1/enrolment:begin", { body: { code: invited.code }, headers: ownPage });
    const never = await world.ask("POST", "/v1/enrolment:begin", { body: { code: "A".repeat(43) }, headers: ownPage });
    expect(late.json["detail"]).toBe(never.json["detail"]);
    expect([late.status, never.status]).toEqual([401, 401]);
  }); // prettier-ignore

  it("is not found in the store or its answer twice: only its digest is kept", async () => {
    const invited = await code();
    const listed = await world.own("GET", "/v1/people");
    expect(listed.text).not.toContain(invited.code);
    expect(world.store.people.invitation(Buffer.from(invited.code))).toBeUndefined();
  });

  it("a ceremony begun with one code is not finished with another", async () => {
    const first = await code(["officer"]);
    const second = await code(["officer"]);
    const passkey = makeSoftPasskey();
    const { ceremony, options } = await begin("/v1/enrolment:begin", { code: first.code });
    const answer = passkey.create(options, world.origin);
    const body = { code: second.code, ceremony, answer };
    const done = await world.ask("POST", "/v1/enrolment", { body, headers: ownPage });
    expect(done.json["code"]).toBe("SIGN_IN_REFUSED");
  });

  it.each<[string, PasskeyChange]>([
    ["another origin", { origin: "https://gateway.example" }],
    ["another name", { rpId: "gateway.example" }],
    ["another challenge", { challenge: "AAAA" }],
    ["an assertion's type", { type: "webauthn.get" }],
    ["nobody verified by the device", { flags: 0x01 }],
    ["nobody present", { flags: 0x04 }],
    ["an attestation we did not ask for", { fmt: "tpm" }],
  ])("a new passkey with %s is refused", async (_, change) => {
    const invited = await code();
    const passkey = makeSoftPasskey();
    const { ceremony, options } = await begin("/v1/enrolment:begin", { code: invited.code });
    const answer = passkey.create(options, world.origin, change);
    const body = { code: invited.code, ceremony, answer };
    const done = await world.ask("POST", "/v1/enrolment", { body, headers: ownPage });
    expect(done).toMatchObject({ status: 401, json: { code: "SIGN_IN_REFUSED" } });
    expect(world.people.people()[0]?.state).toBe("invited");
  });
});

describe("signing in by passkey", () => {
  let browser: Browser;

  beforeEach(async () => {
    const invited = await code();
    browser = await world.enrol(invited.id, invited.code);
  });

  async function tryIn(change: PasskeyChange = {}, passkey = browser.passkey): Promise<number> {
    const { ceremony, options } = await begin("/v1/session:begin");
    const body = { ceremony, answer: passkey.get(options, world.origin, change) };
    return (await world.ask("POST", "/v1/session", { body, headers: ownPage })).status;
  }

  it("a good answer opens a session; a cookie of HttpOnly and SameSite=Strict", async () => {
    const { ceremony, options } = await begin("/v1/session:begin");
    const body = { ceremony, answer: browser.passkey.get(options, world.origin) };
    const done = await world.ask("POST", "/v1/session", { body, headers: ownPage });
    expect(done.status).toBe(201);
    expect(done.headers.getSetCookie()[0]).toMatch(/^atumpan-session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
  }); // prettier-ignore

  it("the same answer a second time is refused", async () => {
    const { ceremony, options } = await begin("/v1/session:begin");
    const body = { ceremony, answer: browser.passkey.get(options, world.origin) };
    expect((await world.ask("POST", "/v1/session", { body, headers: ownPage })).status).toBe(201);
    const again = await world.ask("POST", "/v1/session", { body, headers: ownPage });
    expect(again.json["code"]).toBe("SIGN_IN_REFUSED");
  });

  it("an answer after five minutes is refused", async () => {
    const { ceremony, options } = await begin("/v1/session:begin");
    const body = { ceremony, answer: browser.passkey.get(options, world.origin) };
    world.clock.move(5 * 60_000);
    expect((await world.ask("POST", "/v1/session", { body, headers: ownPage })).status).toBe(401);
  });

  it.each<[string, PasskeyChange]>([
    ["of another origin", { origin: "http://localhost:1" }],
    ["of another name", { rpId: "example" }],
    ["to another question", { challenge: "AAAA" }],
    ["without the device's check of the person", { flags: 0x01 }],
    ["of a creation", { type: "webauthn.create" }],
  ])("an answer %s is refused", async (_, change) => {
    expect(await tryIn(change)).toBe(401);
  });

  it("an unknown passkey, and another key under a known name, are refused", async () => {
    expect(await tryIn({}, makeSoftPasskey())).toBe(401);
    const other = { ...makeSoftPasskey(), id: browser.passkey.id };
    expect(await tryIn({}, other)).toBe(401);
  });

  it("a counter that went back closes the passkey for good, and is written down", async () => {
    expect(await tryIn({ counter: 7 })).toBe(201);
    expect(await tryIn({ counter: 7 })).toBe(401);
    expect(await tryIn({ counter: 9 })).toBe(401);
    expect(world.people.person(browser.id).passkeys[0]?.isSuspect).toBe(true);
    expect(world.notes.some(({ outcome }) => outcome === "SIGN_IN_REFUSED")).toBe(true);
  });

  it("a second passkey opens the same person, and the lost one can be removed", async () => {
    const spare = makeSoftPasskey();
    const begun = await browser.ask("POST", "/v1/passkeys:begin");
    const answer = spare.create(begun.json["options"], world.origin);
    const added = await browser.ask("POST", "/v1/passkeys", { ceremony: begun.json["ceremony"], answer, name: "spare" });
    expect(added.status).toBe(201);
    const other = await world.signIn(spare, browser.id);
    expect((await other.ask("DELETE", `/v1/passkeys/${browser.passkey.id}`)).status).toBe(204);
    expect(await tryIn()).toBe(401);
    const last = await other.ask("DELETE", `/v1/passkeys/${spare.id}`);
    expect(last.json["code"]).toBe("LAST_ADMINISTRATOR");
  }); // prettier-ignore

  it("too many failures of one name are told to wait; the owner of another passkey still comes in", async () => {
    const stranger = makeSoftPasskey();
    for (let i = 0; i < 20; i += 1) {
      world.clock.move(1_100);
      await tryIn({}, stranger);
    }
    const { ceremony, options } = await begin("/v1/session:begin");
    const body = { ceremony, answer: stranger.get(options, world.origin) };
    let answer = await world.ask("POST", "/v1/session", { body, headers: ownPage });
    for (let i = 0; i < 5 && answer.status === 401; i += 1) {
      answer = await world.ask("POST", "/v1/session", { body, headers: ownPage });
    }
    expect(answer).toMatchObject({ status: 429, json: { code: "TOO_MANY_TRIES" } });
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await tryIn({ counter: 50 })).toBe(201);
  });
});

describe("a session", () => {
  let browser: Browser;

  beforeEach(async () => {
    const invited = await code();
    browser = await world.enrol(invited.id, invited.code);
  });

  it("ends after 15 minutes without a request, and not while it is used", async () => {
    for (let i = 0; i < 4; i += 1) {
      world.clock.move(14 * 60_000);
      expect((await browser.ask("GET", "/v1/session")).status).toBe(200);
    }
    world.clock.move(15 * 60_000);
    expect((await browser.ask("GET", "/v1/session")).status).toBe(401);
  });

  it("what a page asks by itself keeps nobody signed in at an unwatched PC, and says when it will be over", async () => {
    const ends = (await browser.ask("GET", "/v1/session")).json["idleEndsAt"];
    world.clock.move(14 * 60_000);
    const alone = await browser.ask("GET", "/v1/session", undefined, { "atumpan-unattended": "1" });
    expect([alone.status, alone.json["idleEndsAt"]]).toEqual([200, ends]);
    world.clock.move(2 * 60_000);
    expect((await browser.ask("GET", "/v1/session")).status).toBe(401);
  });

  it("ends after twelve hours however much it is used", async () => {
    for (let i = 0; i < 72; i += 1) {
      world.clock.move(10 * 60_000);
      await browser.ask("GET", "/v1/session");
    }
    expect((await browser.ask("GET", "/v1/session")).status).toBe(401);
  });

  it("signing out ends it at the gateway and takes the cookie back", async () => {
    const out = await browser.ask("DELETE", "/v1/session");
    expect(out).toMatchObject({ status: 200, json: { signedOut: true, leaveUrl: null } });
    expect(out.headers.getSetCookie()[0]).toMatch(/^atumpan-session=; Max-Age=0/);
    expect((await browser.ask("GET", "/v1/session")).json["code"]).toBe("NOT_AUTHENTICATED");
  });

  it("acts that sign want a proof of the last five minutes", async () => {
    world.clock.move(6 * 60_000);
    const officer = { ...invitation, roles: ["officer"] };
    expect((await browser.ask("POST", "/v1/people", officer)).json["code"]).toBe("STEP_UP_NEEDED");
    const begun = await browser.ask("POST", "/v1/session:prove-begin");
    const answer = browser.passkey.get(begun.json["options"], world.origin);
    const proved = await browser.ask("POST", "/v1/session:prove", { ceremony: begun.json["ceremony"], answer });
    expect(proved.status).toBe(200);
    expect((await browser.ask("POST", "/v1/people", officer)).status).toBe(202);
  }); // prettier-ignore

  it("another person's passkey proves nothing for it", async () => {
    const other = await world.person(["officer"]);
    const begun = await browser.ask("POST", "/v1/session:prove-begin");
    const answer = other.passkey.get(begun.json["options"], world.origin);
    const body = { ceremony: begun.json["ceremony"], answer };
    expect((await browser.ask("POST", "/v1/session:prove", body)).json["code"]).toBe(
      "SIGN_IN_REFUSED",
    );
  });

  it.each([
    ["another site's page", { "sec-fetch-site": "cross-site" }],
    ["a neighbouring site's page", { "sec-fetch-site": "same-site" }],
    ["another origin", { origin: "http://localhost:1" }],
    ["a page of no origin", { origin: "null" }],
  ])("a change asked by %s is refused", async (_, headers) => {
    const answer = await browser.ask("DELETE", "/v1/session", undefined, headers);
    expect(answer).toMatchObject({ status: 403, json: { code: "ORIGIN_FOREIGN" } });
  });

  it("a change without the mark of our pages is refused, such as a form's", async () => {
    const headers = { cookie: browser.cookie };
    const answer = await world.ask("DELETE", "/v1/session", { headers });
    expect(answer.json["code"]).toBe("ORIGIN_FOREIGN");
    const own = { ...headers, ...ownPage, origin: world.origin, "sec-fetch-site": "same-origin" };
    expect((await world.ask("DELETE", "/v1/session", { headers: own })).status).toBe(200);
  });

  it("one's own sessions are listed and ended; another's is answered like one that is not there", async () => {
    const officer = await world.person(["officer"]);
    const second = await world.signIn(officer.passkey, officer.id);
    const { json } = await officer.ask("GET", "/v1/sessions");
    expect(json["items"]).toHaveLength(2);
    const admin = (await browser.ask("GET", "/v1/sessions")).json["items"] as { id: string }[];
    const foreign = await officer.ask("DELETE", `/v1/sessions/${admin[0]?.id}`);
    const none = await officer.ask("DELETE", "/v1/sessions/0190aaaa-0000-7000-8000-000000000000");
    expect([foreign.status, foreign.json["detail"]]).toEqual([none.status, none.json["detail"]]);
    const [mine] = (await second.ask("GET", "/v1/sessions")).json["items"] as { id: string; isThis: boolean }[];
    expect((await officer.ask("DELETE", `/v1/sessions/${mine?.id}`)).status).toBe(204);
  }); // prettier-ignore

  it("only its digest is kept, and two sessions are two secrets", async () => {
    const secret = browser.cookie.split("=")[1] ?? "";
    expect(world.store.sessions.get(Buffer.from(secret))).toBeUndefined();
    const other = await world.signIn(browser.passkey, browser.id);
    expect(other.cookie).not.toBe(browser.cookie);
  });

  it("two cookies of one name are none", async () => {
    const headers = { cookie: `${browser.cookie}; ${browser.cookie}` };
    expect((await world.ask("GET", "/v1/session", { headers })).status).toBe(401);
  });
});

it("the page that signs in is ours: another's is refused before anything is asked", async () => {
  const headers = { ...ownPage, origin: "https://example.org" };
  const answer = await world.ask("POST", "/v1/session:begin", { headers });
  expect(answer.json["code"]).toBe("ORIGIN_FOREIGN");
  expect(cookieOf(answer)).toBe("");
});

it("a value that only pretends to have a length is a wrong request, no failure", async () => {
  const body = { code: { length: { toString: 1 } } };
  const answer = await world.ask("POST", "/v1/enrolment:begin", { body, headers: ownPage });
  expect(answer).toMatchObject({ status: 400, json: { code: "REQUEST_INVALID" } });
});
