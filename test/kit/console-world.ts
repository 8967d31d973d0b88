import { existsSync } from "node:fs";

import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

import { type Api, loadToken, makeDirectory, startApi } from "../../gateways/api/index.ts";
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
  /** Stops what an agency's gateway answers by, and starts it again at the same port. */
  stopApi(agency: string): Promise<void>;
  stop(): Promise<void>;
} // prettier-ignore

async function addAuthenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
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

interface Running {
  readonly api: Api;
  readonly token: string;
  stop(): Promise<void>;
}

async function startGatewayApi(world: World, agency: string): Promise<Running> {
  const gateway = await world.gateway(agency);
  const dir = world.layout.gateway(agency);
  const ground = { clock: world.clock, chance: systemChance, log: silentLog };
  const own = makeServices({ gateway, dir, ...ground });
  const { services, callers } = own;
  const directory = makeDirectory(() => gateway.register(), world.clock);
  const { exchange } = gateway;
  const api = await startApi({ services, callers, exchange, directory, dir, host: "127.0.0.1", port: 0, ...ground });
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

/** Starts a region with a browser beside it. */
export async function startConsoleWorld(options: WorldOptions = { states: ["ng", "gh"] }): Promise<ConsoleWorld> {
  const world = await startWorld(options);
  const browser = await chromium.launch({ executablePath: browserPath ?? "", args });
  const running = new Map<string, Promise<Running>>();
  const find = async (agency: string): Promise<Running> => {
    const found = running.get(agency) ?? startGatewayApi(world, agency);
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
    await addAuthenticator(page);
    await page.goto(`${at}/console/`);
    await page.fill('input[name="code"]', String(invited["code"]));
    await page.click('button[data-act="enrol"]');
    await page.waitForSelector("header nav");
    const go = async (place: string): Promise<void> => void (await page.goto(`${at}/console/#/${place}`));
    return { page, context, ...seen, go };
  };
  return {
    world,
    browser,
    origin,
    own,
    officer,
    stopApi: async (agency) => {
      await (await find(agency)).api.stop();
    },
    stop: async () => {
      await browser.close();
      for (const one of running.values()) await (await one).stop();
      await world.stop();
    },
  };
} // prettier-ignore
