import { existsSync } from "node:fs";

import { type CDPSession, chromium } from "playwright-core";
import { describe, expect, it } from "vitest";

import { cookieOf, ownPage, startPeopleWorld } from "../kit/people-world.ts";

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

describe("a passkey of a real browser", () => {
  // no Chromium on this machine: the authenticator in software says the same (gateways/api/people.test.ts)
  it.skipIf(executablePath === undefined)("enrols and signs in", async () => {
    const world = await startPeopleWorld({ start: Date.now() });
    const browser = await chromium.launch({ executablePath: executablePath ?? "", args: ["--no-sandbox"] });
    try {
      const context = await browser.newContext();
      const page = await context.newPage();
      await addAuthenticator(await context.newCDPSession(page));
      await page.goto(`${world.origin}/livez`);
      const run = async (kind: "create" | "get", options: unknown): Promise<unknown> =>
        await page.evaluate(`(${inPage})(${JSON.stringify([kind, options])})`);
      const post = async (path: string, body?: unknown): ReturnType<typeof world.ask> =>
        await world.ask("POST", path, { body, headers: { ...ownPage, origin: world.origin } });

      const invited = await world.own("POST", "/v1/people", { name: "A. Mensah", roles: ["officer"] });
      const { code } = invited.json;
      const begun = await post("/v1/enrolment:begin", { code });
      const answer = await run("create", begun.json["options"]);
      const enrolled = await post("/v1/enrolment", { code, ceremony: begun.json["ceremony"], answer });
      expect(enrolled.status).toBe(201);

      const question = await post("/v1/session:begin");
      const signed = await run("get", question.json["options"]);
      const done = await post("/v1/session", { ceremony: question.json["ceremony"], answer: signed });
      expect(done.status).toBe(201);
      const me = await world.ask("GET", "/v1/session", { headers: { cookie: cookieOf(done) } });
      expect(me.json).toMatchObject({ name: "A. Mensah", roles: ["officer"] });
    } finally {
      await browser.close();
      await world.stop();
    }
  });
}); // prettier-ignore
