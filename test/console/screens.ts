import type { ConsoleWorld, Officer } from "../kit/console-world.ts";
import { send, type Story, tellStory } from "../kit/console-story.ts";

/** Who sits before a screen. */
export type Seat = "officer" | "second" | "fiu" | "analyst" | "administrator" | "auditor";

/** What was made so that there is something on each screen. */
export interface Made {
  readonly story: Story;
  readonly draft: string;
  readonly answer: string;
  readonly release: string;
}

/** A screen of the console as somebody may come to it. */
export interface Screen {
  readonly name: string;
  readonly seat: Seat;
  readonly place: (made: Made) => string;
  /** What is done there first. */
  readonly first?: (officer: Officer) => Promise<void>;
}

/** A region in which something of everything happened, and who works in it. */
export interface Scene {
  readonly region: ConsoleWorld;
  readonly made: Made;
  readonly seats: Readonly<Record<Seat, Officer>>;
}

/** What waits until nothing of a page is under way but what never ends; a page counts for itself what it asks. */
export async function settled({ page }: Officer): Promise<void> {
  await page.waitForSelector("main h1");
  await page.waitForSelector(".skeleton", { state: "detached" });
  // what is asked after the first answers, and painted
  for (let quiet = 0, last = ""; quiet < 3; ) {
    await page.waitForTimeout(60);
    const now = String(await page.evaluate(`document.querySelector("main").innerText.length + " " + performance.getEntriesByType("resource").length`));
    quiet = now === last ? quiet + 1 : 0;
    last = now;
  }
} // prettier-ignore

async function press({ page }: Officer, act: string): Promise<void> {
  await page.click(`main button[data-act="${act}"]`);
}

/** A draft at an agency's gateway, as one who writes there has it. */
async function draft(officer: Officer, type: string): Promise<string> {
  await officer.go("write");
  await press(officer, type);
  await officer.page.waitForSelector("form.writing");
  return officer.page.url().split("/").at(-1) ?? "";
}

/** The draft that answers a question with what was found. */
async function answer(officer: Officer, story: Story): Promise<string> {
  await officer.go(`message/${story.asked}`);
  await press(officer, "noHit");
  await officer.page.waitForSelector('button[data-act="send"]');
  return officer.page.url().split("/").at(-2) ?? "";
}

async function hand({ page, go }: Officer): Promise<void> {
  await go("handover");
  await page.fill('textarea[name="note"]', "The lorry from Apapa is still out. Lagos calls at 22:00.");
  await page.click('[data-act="hand-over"]');
  await page.waitForSelector('[data-shift][data-taken="false"]');
} // prettier-ignore

/** What an intelligence unit reports is read for its own purpose. */
async function readAsAnalyst({ page }: Officer): Promise<void> {
  await page.evaluate(`document.querySelector("header .person").open = true`);
  await page.selectOption(".person select", "AML_CFT_ANALYSIS");
  await page.waitForSelector("article");
  await page.evaluate(`document.querySelector("header .person").open = false`);
}

const at =
  (who: Seat) =>
  (name: string, place: string | Screen["place"], first?: Screen["first"]): Screen => {
    const found = typeof place === "string" ? () => place : place;
    return { name, seat: who, place: found, ...(first === undefined ? {} : { first }) };
  };
const desk = at("officer");
const told = (name: string, which: keyof Story): Screen =>
  desk(name, ({ story }) => `message/${story[which]}`);

/** Every screen there is, with something on it. */
export const screens: readonly Screen[] = [
  desk("home", "home"),
  desk("inbox", "inbox?view=all"),
  desk("inbox-due", "inbox"),
  desk("inbox-nothing", "inbox?view=all&q=zzzz"),
  told("message-request", "asked"),
  told("message-alert", "alert"),
  told("message-flash", "flash"),
  told("message-drill", "drill"),
  told("message-check", "check"),
  told("message-withdrawn", "withdrawn"),
  told("message-quarantined", "quarantined"),
  told("message-question", "question"),
  told("message-ours", "ours"),
  desk("write", "write"),
  desk("compose", ({ draft: id }) => `write/${id}`),
  desk("compose-faults", ({ draft: id }) => `write/${id}`, async (who) => {
    await press(who, "check");
    await who.page.waitForSelector(".problem");
  }),
  desk("check", ({ answer: id }) => `write/${id}/check`),
  desk("drafts", "drafts"),
  desk("sent", "sent"),
  desk("approval-of-others", ({ release }) => `approvals/${release}`),
  desk("handover", "handover"),
  desk("help", "help"),
  desk("commands", "inbox", async ({ page }) => {
    await page.keyboard.press("Control+k");
    await page.waitForSelector("dialog[open]");
  }),
  at("second")("approvals", "approvals"),
  at("second")("approval", ({ release }) => `approvals/${release}`),
  at("fiu")("message-report", ({ story }) => `message/${story.report}`, readAsAnalyst),
  at("analyst")("analysis", "analysis"),
  at("analyst")("analysis-weeks", "analysis?by=week%2Ccrime"),
  at("administrator")("administration", "admin"),
  ...["people", "health", "certificates", "rules", "requests", "keys", "webhooks"].map((one) => at("administrator")(`admin-${one}`, `admin/${one}`)),
  at("auditor")("oversight", "oversight"),
]; // prettier-ignore

async function seat(region: ConsoleWorld): Promise<Scene["seats"]> {
  const sit = async (agency: string, ...roles: string[]): Promise<Officer> =>
    await region.officer(agency, { roles });
  const officer = await sit("gh/tcu", "officer");
  const fiu = await sit("gh/fiu", "officer");
  const analyst = await sit("gh/tcu", "analyst");
  const auditor = await sit("gh/tcu", "auditor");
  // what is strict takes two from the day there is somebody who may approve, and people from the day there is an administrator
  const second = await sit("gh/tcu", "officer", "approver");
  const administrator = await sit("gh/tcu", "administrator");
  return { officer, second, fiu, analyst, administrator, auditor };
}

/** Goes to a screen in a language and does there what makes it what it is. */
export async function show(scene: Scene, screen: Screen, lang: string): Promise<Officer> {
  const person = scene.seats[screen.seat];
  await person.go(screen.place(scene.made));
  await speak(person, lang);
  await settled(person);
  await screen.first?.(person);
  return person;
}

/** Turns the page to a language. */
export async function speak({ page }: Officer, lang: string): Promise<void> {
  // a window that stands open before the page goes first
  await page.keyboard.press("Escape");
  await page.selectOption(".language select", lang);
  await page.waitForSelector(`html[lang="${lang}"]`);
}

/** Lets a few days pass in a region, and seats one person of every role. */
export async function setScene(region: ConsoleWorld): Promise<Scene> {
  const story = await tellStory(region);
  const seats = await seat(region);
    const strict = { type: "alert.incident", recs: ["ecowas"], handling: "H2" } as const;
  const release = await send(region, "gh/tcu", strict);
  await hand(seats.officer);
  const made = { story, release, draft: await draft(seats.officer, "alert.incident"), answer: await answer(seats.officer, story) };
  return { region, made, seats };
} // prettier-ignore
