import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

import { type Api, loadToken, makeDirectory, startApi } from "../../gateways/api/index.ts";
import { type ConsolePages, openConsole } from "../../gateways/console/index.ts";
import type { PeopleChoice } from "../../gateways/people/index.ts";
import { makeServices } from "../../gateways/services.ts";
import { silentLog, systemChance } from "../../schemas/ground/index.ts";
import { startWorld, type World, type WorldOptions } from "./world.ts";

const browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The browser of this machine; undefined where there is none, and what needs one is skipped. */
export const browserPath: string | undefined = browsers.find((path) => existsSync(path));

const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];

/** An officer at her own PC: a browser that holds her passkey, signed in at her agency's gateway. */
export interface Officer {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Addresses outside the gateway that her pages asked for, and what they may not have done. */
  readonly strays: readonly string[];
  readonly violations: readonly string[];
  /** Puts away the passkeys of this PC, as if another sat there; what it gives puts them back, and away those made since. */
  putAwayPasskeys(): Promise<() => Promise<void>>;
  /** Goes to a place of the console, such as `inbox`. */
  go(place: string): Promise<void>;
}

/** What an officer is. */
export interface OfficerWish {
  readonly roles?: readonly string[];
  readonly lang?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** A region with a hub, gateways with their pages, and a real browser. */
export interface ConsoleWorld {
  readonly world: World;
  readonly browser: Browser;
  /** The address of an agency's gateway, as its officers' browsers call it. */
  origin(agency: string): Promise<string>;
  /** Asks an agency's gateway as the owner of its token. */
  own(agency: string, asked: `${"GET" | "POST" | "PUT"} ${string}`, body?: unknown): Promise<Record<string, unknown>>;
  /** A new person of an agency, enrolled and signed in through the pages themselves. */
  officer(agency: string, wish?: OfficerWish): Promise<Officer>;
  /** Stops what an agency's gateway answers by. */
  stopApi(agency: string): Promise<void>;
  /** Starts it again at the same port, with the same store. */
  startApi(agency: string): Promise<void>;
  /** From now on the pages are those of another version, which names itself in the page. */
  renewPages(version: string): void;
  stop(): Promise<void>;
} // prettier-ignore

async function addAuthenticator(page: Page): Promise<Officer["putAwayPasskeys"]> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return async () => {
    const { credentials } = await session.send("WebAuthn.getCredentials", { authenticatorId });
    await session.send("WebAuthn.clearCredentials", { authenticatorId });
    return async () => {
      await session.send("WebAuthn.clearCredentials", { authenticatorId });
      for (const credential of credentials) {
        await session.send("WebAuthn.addCredential", { authenticatorId, credential });
      }
    };
  };
}

interface Running {
  readonly api: Api;
  readonly token: string;
  stop(): Promise<void>;
}

/** Where the pages were made; another folder for who tries pages of his own. */
const builtPages = process.env["ATUMPAN_CONSOLE_BUILT"];

/** The pages as they were made, until another version of them is served: its page names it, and its worker has the page's new digest. */
function makePages(): { readonly pages: ConsolePages; renew(version: string): void } {
  const built = builtPages === undefined ? openConsole() : openConsole(builtPages);
  let edited: ReadonlyMap<string, string> = new Map();
  const folder = builtPages ?? join(import.meta.dirname, "../../gateways/console/built");
  return {
    renew: (version) => {
      const index = readFileSync(join(folder, "index.html"), "utf8").replace("<title>", `<meta name="version" content="${version}" /><title>`);
      const worker = readFileSync(join(folder, "sw.js"), "utf8");
      const [, digest = "none"] = /index\.html[`"'], ?"?revision"?: ?[`"']([0-9a-f]+)/.exec(worker) ?? [];
      const renewed = worker.replace(digest, version.padStart(16, "0"));
      if (renewed === worker) throw new Error("the worker does not name the page");
      edited = new Map([["", index], ["index.html", index], ["sw.js", renewed]]);
    },
    pages: {
      isBuilt: built.isBuilt,
      find: (name, encodings) => {
        const found = built.find(name, encodings);
        const text = edited.get(name);
        if (found === undefined || text === undefined) return found;
        found.headers.delete("content-encoding");
        return new Response(text, { headers: found.headers });
      },
    },
  };
} // prettier-ignore

interface Place {
  readonly agency: string;
  readonly pages: ConsolePages;
  readonly people?: PeopleChoice | undefined;
  readonly port?: number;
}

async function startGatewayApi(world: World, { agency, pages, people, port = 0 }: Place): Promise<Running> {
  const gateway = await world.gateway(agency);
  const dir = world.layout.gateway(agency);
  const ground = { clock: world.clock, chance: systemChance, log: silentLog };
  const own = makeServices({ gateway, dir, people, ...ground });
  const { callers } = own;
  const services = { ...own.services, console: pages };
  const directory = makeDirectory(() => gateway.register(), world.clock);
  const { exchange } = gateway;
  const api = await startApi({ services, callers, exchange, directory, dir, host: "127.0.0.1", port, ...ground });
  const stop = async (): Promise<void> => {
    await api.stop();
    await own.stop();
  };
  return { api, token: loadToken(dir, systemChance), stop };
} // prettier-ignore

/** Whether a page may have asked for it: its own gateway, or what never leaves the browser. */
function isOwn(url: string, origin: string): boolean {
  return url.startsWith(`${origin}/`) || url.startsWith("data:") || url.startsWith("blob:");
}

function watch(page: Page, origin: string): Pick<Officer, "strays" | "violations"> {
  const strays: string[] = [];
  const violations: string[] = [];
  page.on("request", (request) => {
    if (!isOwn(request.url(), origin)) strays.push(request.url());
  });
  page.on("console", (message) => {
    const text = message.text();
    if (/Content Security Policy|Trusted/i.test(text)) violations.push(text);
  });
  page.on("pageerror", (error) => violations.push(String(error)));
  return { strays, violations };
}

/** What a region with pages is made with. */
export interface ConsoleOptions extends WorldOptions {
  /** By what persons sign in at every gateway; by passkey when left out. */
  readonly people?: PeopleChoice;
}

/** Starts a region with a browser beside it. */
export async function startConsoleWorld({ people, ...options }: ConsoleOptions = {}): Promise<ConsoleWorld> {
  const world = await startWorld({ states: ["ng", "gh"], ...options });
  const browser = await chromium.launch({ executablePath: browserPath ?? "", args });
  const running = new Map<string, Promise<Running>>();
  const { pages, renew } = makePages();
  const find = async (agency: string): Promise<Running> => {
    const found = running.get(agency) ?? startGatewayApi(world, { agency, pages, people });
    running.set(agency, found);
    return await found;
  };
  const origin = async (agency: string): Promise<string> => (await find(agency)).api.url.replace("127.0.0.1", "localhost");
  const own: ConsoleWorld["own"] = async (agency, asked, body) => {
    const [method = "", path = ""] = asked.split(" ");
    const { api, token } = await find(agency);
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": systemChance.bytes(16).join(".") };
    const response = await fetch(`${api.url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  };
  const officer: ConsoleWorld["officer"] = async (agency, { roles = ["officer"], lang = "en", viewport = { width: 1024, height: 768 } } = {}) => {
    const at = await origin(agency);
    const invited = await own(agency, "POST /v1/people", { name: `Officer ${lang}`, roles, handlingUpTo: "H3" });
    const context = await browser.newContext({ locale: lang, viewport });
    // far beyond what any step takes on a quiet machine
    context.setDefaultTimeout(120_000);
    const page = await context.newPage();
    const seen = watch(page, at);
    const putAwayPasskeys = await addAuthenticator(page);
    await page.goto(`${at}/console/`);
    await page.fill('input[name="code"]', String(invited["code"]));
    await page.click('button[data-act="enrol"]');
    await page.waitForSelector("header nav");
    const go = async (place: string): Promise<void> => void (await page.goto(`${at}/console/#/${place}`));
    return { page, context, ...seen, putAwayPasskeys, go };
  };
  return {
    world,
    browser,
    origin,
    own,
    officer,
    stopApi: async (agency) => {
      await (await find(agency)).stop();
    },
    startApi: async (agency) => {
      const port = Number(new URL((await find(agency)).api.url).port);
      const again = startGatewayApi(world, { agency, pages, people, port });
      running.set(agency, again);
      await again;
    },
    renewPages: renew,
    stop: async () => {
      await browser.close();
      for (const one of running.values()) await (await one).stop();
      await world.stop();
    },
  };
} // prettier-ignore
