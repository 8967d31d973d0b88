import { existsSync } from "node:fs";

import { type CDPSession, chromium } from "playwright-core";
import { describe, expect, it } from "vitest";

import { alert } from "../kit/gateway-office.ts";
import { cookieOf, type HttpAnswer, ownPage } from "../kit/people-world.ts";
import { type ReleaseWorld, startReleaseWorld } from "../kit/release-world.ts";
import { until } from "../kit/server.ts";

const browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = browsers.find((path) => existsSync(path));

/** What a page does with a passkey; runs in the browser. */
const inPage = `async ([kind, options]) => {
  const make = PublicKeyCredential[kind === "create" ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON"];
  const publicKey = make.call(PublicKeyCredential, options);
  const made = await navigator.credentials[kind]({ publicKey });
  return made.toJSON();
}`;

async function addAuthenticator(session: CDPSession): Promise<void> {
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

type Run = (kind: "create" | "get", options: unknown) => Promise<unknown>;
type Ask = (
  method: string,
  path: string,
  more?: { readonly body?: unknown; readonly headers?: Record<string, string> },
) => Promise<HttpAnswer>;

/** Who is signed in, asking as her browser does. */
async function signIn({ people }: ReleaseWorld, run: Run): Promise<Ask> {
  const post = async (path: string, body?: unknown): Promise<HttpAnswer> =>
    await people.ask("POST", path, { body, headers: { ...ownPage, origin: people.origin } });
  const invited = await people.own("POST", "/v1/people", {
    name: "A. Mensah",
    roles: ["officer", "approver"],
    handlingUpTo: "H2",
  });
  const { code } = invited.json;
  const begun = await post("/v1/enrolment:begin", { code });
  const answer = await run("create", begun.json["options"]);
  const enrolled = await post("/v1/enrolment", { code, ceremony: begun.json["ceremony"], answer });
  expect(enrolled.status).toBe(201);
  const question = await post("/v1/session:begin");
  const signed = await run("get", question.json["options"]);
  const done = await post("/v1/session", { ceremony: question.json["ceremony"], answer: signed });
  expect(done.status).toBe(201);
  const cookie = cookieOf(done);
  return async (method, path, { body, headers = {} } = {}) =>
    await people.ask(method, path, {
      body,
      headers: { ...ownPage, origin: people.origin, cookie, ...headers },
    });
}

/** Proves again that it is she. */
async function prove(ask: Ask, run: Run): Promise<void> {
  const begun = await ask("POST", "/v1/session:prove-begin");
  const answer = await run("get", begun.json["options"]);
  const proved = await ask("POST", "/v1/session:prove", {
    body: { ceremony: begun.json["ceremony"], answer },
  });
  expect(proved.status).toBe(200);
}

describe("a passkey of a real browser", () => {
  // no Chromium on this machine: the authenticator in software says the same (gateways/api/people.test.ts)
  it.skipIf(executablePath === undefined)("enrols, signs in, and releases what a command and a dropped file handed in", async () => {
    const world = await startReleaseWorld();
    const browser = await chromium.launch({ executablePath: executablePath ?? "", args: ["--no-sandbox"] });
    try {
      const page = await (await browser.newContext()).newPage();
      await addAuthenticator(await page.context().newCDPSession(page));
      await page.goto(`${world.people.origin}/livez`);
      const run: Run = async (kind, options) =>
        await page.evaluate(`(${inPage})(${JSON.stringify([kind, options])})`);
      const ask = await signIn(world, run);
      expect((await ask("GET", "/v1/session")).json).toMatchObject({ name: "A. Mensah", roles: ["officer", "approver"] });
      await releaseAll(world, { ask, run });
    } finally {
      await browser.close();
      await world.stop();
    }
  });
}); // prettier-ignore

interface Approver {
  readonly ask: Ask;
  readonly run: Run;
}

const idOf = (answer: HttpAnswer): unknown => answer.json["id"];

/** What waits, by the case it is of. */
async function waitingBy({ ask }: Approver): Promise<ReadonlyMap<unknown, string>> {
  const { json } = await ask("GET", "/v1/releases?state=WAITING");
  const ids = (json["items"] as { id: string }[]).map(({ id }) => id);
  const shown = await Promise.all(ids.map(async (id) => (await ask("GET", `/v1/releases/${id}`)).text));
  return new Map(["CLI-1", "DROP-1", "DROP-2"].map((ref) => [ref, ids[shown.findIndex((text) => text.includes(ref))] ?? ""]));
} // prettier-ignore

async function releaseAll(world: ReleaseWorld, approver: Approver): Promise<void> {
  const { ask, run } = approver;
  const of = (caseRef: string): object => ({ ...alert, body: { ...alert.body, caseRef } });
  const sent = (): number => world.exchange.list({ box: "out", limit: 10 }).items.length;
  for (const at of [1, 2]) world.put(`${at}.json`, of(`DROP-${at}`));
  const held = await world.run(of("CLI-1"), "message", "send", "said.json");
  expect([held.code, held.err]).toEqual([9, expect.stringMatching(/^It takes two officers\. [^]*Next: atumpan release show /)]);
  await until("the files wait", () => world.drop.state().working === 2 && world.drop.state().code === "RELEASE_NEEDED");
  const waiting = await waitingBy(approver);
  expect([waiting.get("CLI-1"), sent()]).toEqual([held.out.trim(), 0]);
  expect([...waiting.values()].includes("")).toBe(false);
  // she proved who she is when she signed in, and that was a while ago
  world.people.clock.move(6 * 60_000);
  const release = async (ref: string): Promise<HttpAnswer> => {
    const at = `/v1/releases/${waiting.get(ref)}`;
    const { headers } = await ask("GET", at);
    return await ask("POST", `${at}/release`, { headers: { "if-match": headers.get("etag") ?? "" } });
  };
  const early = await release("CLI-1");
  expect([early.json["code"], sent()]).toEqual(["STEP_UP_NEEDED", 0]);
  await prove(ask, run);
  const released = [await release("CLI-1"), await release("DROP-1")];
  expect(released.map(({ status }) => status)).toEqual([201, 201]);
  const back = await ask("POST", `/v1/releases/${waiting.get("DROP-2")}/return`, { body: { reason: "Say which port." } });
  expect([back.status, sent()]).toEqual([200, 2]);
  world.wait(60_000);
  await until("both files are dealt with", () => world.resultOf("done", "1.json") !== undefined && world.resultOf("rejected", "2.json") !== undefined);
  expect(world.resultOf("done", "1.json")).toMatchObject({ state: "SENT", items: [{ state: "SENT", id: idOf(released[1]!) }] });
  expect(world.resultOf("rejected", "2.json")).toMatchObject({ state: "REJECTED", items: [{ code: "RELEASE_ENDED", detail: "Say which port." }] });
  const again = await world.run(of("CLI-1"), "message", "send", "said.json");
  // 7: it is saved, and this gateway has no link
  expect([again.code, again.out.trim(), sent()]).toEqual([7, idOf(released[0]!), 2]);
} // prettier-ignore
