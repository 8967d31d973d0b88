import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  browserPath,
  type ConsoleWorld,
  type Officer,
  startConsoleWorld,
} from "../kit/console-world.ts";
import { listAt, send, untilAt } from "../kit/console-story.ts";
import { until } from "../kit/server.ts";
import { type Hand, handsAt } from "./hands.ts";
import { describeHostile } from "./hostile.ts";
import { describeScreens } from "./judged.ts";
import { describePrinted } from "./printed.ts";
import { type Scene, setScene, speak } from "./screens.ts";

const isLong = process.env["ATUMPAN_LONG"] === "1";
/** In CI each hand in one language; the long form has both in both. */
const turns = isLong
  ? (["mouse en", "mouse ar", "keyboard en", "keyboard ar"] as const)
  : (["mouse ar", "keyboard en"] as const);

let region: ConsoleWorld;
let scene: Scene;
let officer: Officer;
let second: Officer;
let auditor: Officer;
let administrator: Officer;

const field = (pointer: string, inside = ""): string => `[id="${pointer}"]${inside}`;
const button = (name: string): string => `main button[data-act="${name}"]`;
const asked = (form: string, name: string): string => `#${form} ~ form [name="${name}"]`;
const place = (path: string): string => `main a[href="#/${path}"]`;

/** What a flow needs of its own before it begins. */
type Before = () => Promise<string>;

interface Flow {
  readonly name: string;
  /** How many steps console.md §4.2 has for it. */
  readonly most: number;
  readonly who?: () => Officer;
  readonly from?: string;
  readonly before?: Before;
  readonly run: (hand: Hand, id: string) => Promise<void>;
  /** What is so at the other side, or here, when it is done. */
  readonly after: (id: string) => Promise<void>;
}

let requests = 0;

/** A request that has to be answered sooner than all before it, so that it stands first on the screen of Home. */
async function ask(): Promise<string> {
  requests += 1;
  const replyBy = new Date(Date.now() + 20 * 3_600_000 - requests * 60_000).toISOString();
  const askedItems = [{ item: "COMPANY_REG", refs: ["o1"] }];
  const id = await send(region, "ng/tcu", { type: "request.information", recipients: ["gh/tcu"], body: { replyBy, askedItems } });
  await untilAt(region, "gh/tcu", id);
  return id;
} // prettier-ignore

async function alert(handling: "H1" | "H2"): Promise<string> {
  return await send(region, "gh/tcu", { type: "alert.incident", recs: ["ecowas"], handling });
}

/** Whether Lagos has an answer of a kind to a message. */
async function answered(id: string, type: string): Promise<void> {
  await until(`${type} came to Lagos`, async () =>
    (await listAt(region, "ng/tcu", `thread=${id}`)).some((one) => one.type === type),
  );
}

const open = async (hand: Hand, id: string): Promise<void> => {
  await hand.act(place(`message/${id}`));
  await officer.page.waitForSelector("article");
};

const sent = async ({ page }: Officer): Promise<void> => {
  await page.waitForSelector("[data-sent]");
};

/** Fills what an alert has to say. */
async function fillAlert(hand: Hand): Promise<void> {
  await hand.tick(field("/recs", " input"));
  await hand.tick(field("/crimes", " input"));
  await hand.choose(field("/body/kind"), "drugs");
  await hand.type(field("/body/occurredFrom"), "2026-11-20 22:15");
  await hand.type(field("/body/place/country"), "GH");
  await hand.type(field("/body/narrative"), "written at a keyboard");
  await hand.choose(field("/body/caseStatus"));
  await hand.type(field("/body/caseRef"), "EX-78");
  await hand.type(field("/inner/caseRef"), "EX-78");
  await hand.tick(field("/inner/purposes", " input"));
}

const flows: readonly Flow[] = [
  {
    name: "acknowledge",
    most: 2,
    before: ask,
    run: async (hand, id) => {
      await open(hand, id);
      await hand.act(button("acknowledge"), "a");
      await officer.page.waitForSelector('.acts [role="status"]');
    },
    after: async (id) => await answered(id, "request.acknowledge"),
  },
  {
    name: "answer that nothing was found",
    most: 3,
    before: ask,
    run: async (hand, id) => {
      await open(hand, id);
      await hand.act(button("noHit"), "n");
      await hand.act(button("send"));
      await sent(officer);
    },
    after: async (id) => await answered(id, "reply.final"),
  },
  {
    name: "answer what was found",
    most: 4,
    before: ask,
    run: async (hand, id) => {
      await open(hand, id);
      await hand.act(button("hit"), "h");
      await hand.type(field("/body/itemAnswers/0/text"), "Founded in 2023, one owner");
      await hand.choose(field("/inner/evaluation/scheme"), "EUROPOL_4X4");
      await hand.choose(field("/inner/evaluation/sourceGrade"), "EUROPOL_B");
      await hand.choose(field("/inner/evaluation/informationGrade"), "EUROPOL_2");
      await hand.act(button("check"));
      await hand.act(button("send"));
      await sent(officer);
    },
    after: async (id) => await answered(id, "reply.final"),
  },
  {
    name: "refuse on a ground",
    most: 4,
    before: ask,
    run: async (hand, id) => {
      await open(hand, id);
      await hand.act(button("refuse"), "f");
      await hand.tick(field("/body/refusals", " input"));
      await hand.act(button("check"));
      await hand.act(button("send"));
      await sent(officer);
    },
    after: async (id) => await answered(id, "reply.refuse"),
  },
  {
    name: "write an alert",
    most: 5,
    run: async (hand) => {
      await hand.act('nav a[href="#/write"]', "w");
      await hand.act(button("alert.incident"));
      await fillAlert(hand);
      await hand.act(button("check"));
      await hand.act(button("send"));
      await sent(officer);
    },
    after: async () => {
      const id = (await officer.page.getAttribute("[data-sent]", "data-sent")) ?? "";
      await untilAt(region, "ng/tcu", id);
    },
  },
  {
    name: "correct an alert",
    most: 4,
    from: "sent",
    before: async () => await alert("H1"),
    run: async (hand, id) => {
      await open(hand, id);
      await hand.act(button("correct"));
      await hand.choose(field("/body/reason"));
      await hand.type(field("/body/summary"), "the seal is another");
      await hand.act(button("check"));
      await hand.act(button("send"));
      await sent(officer);
    },
    after: async (id) => await answered(id, "alert.update"),
  },
  {
    name: "take an alert back",
    most: 4,
    from: "sent",
    before: async () => await alert("H1"),
    run: async (hand, id) => {
      await open(hand, id);
      await hand.act(button("withdraw"));
      await hand.choose(field("/body/reason"), "RESOLVED");
      await hand.act(button("check"));
      await hand.act(button("send"));
      await sent(officer);
    },
    after: async (id) => await answered(id, "alert.cancel"),
  },
  {
    name: "let go what another wrote",
    most: 3,
    who: () => second,
    before: async () => await alert("H2"),
    run: async (hand, id) => {
      await hand.act(place("approvals"));
      await hand.act(`main a[data-release="${id}"]`);
      await hand.act(button("release"));
      await sent(second);
    },
    after: async (id) => {
      const { state } = await region.own("gh/tcu", `GET /v1/releases/${id}`);
      expect(state).toBe("RELEASED");
    },
  },
  {
    name: "ask for a new agency",
    most: 6,
    who: () => administrator,
    run: async (hand) => {
      await hand.act('nav a[href="#/admin"]');
      await hand.act(place("admin/requests"));
      await hand.type(asked("enrol", "agency"), "gh/customs");
      await hand.choose(asked("enrol", "agencyKind"), "CUSTOMS");
      await hand.type(asked("enrol", "languages"), "en");
      await hand.type(asked("enrol", "like"), "gh/tcu");
      await hand.type(asked("enrol", "reason"), "a unit at the port");
      await hand.act(button("ask-enrol"));
      await administrator.page.waitForSelector("[data-request] .fingerprint");
    },
    after: async () => await Promise.resolve(),
  },
  {
    name: "ask that an agency be stopped",
    most: 3,
    who: () => administrator,
    run: async (hand) => {
      await hand.act('nav a[href="#/admin"]');
      await hand.act(place("admin/requests"));
      await hand.type(asked("revoke", "agency"), "gh/fiu");
      await hand.type(asked("revoke", "reason"), "a laptop was stolen");
      await hand.act(button("ask-revoke"));
      await administrator.page.waitForSelector("[data-request] .fingerprint");
    },
    after: async () => await Promise.resolve(),
  },
  {
    name: "ask whether a digest is known",
    most: 2,
    who: () => auditor,
    run: async (hand) => {
      await hand.act('nav a[href="#/oversight"]');
      await hand.type('input[name="digest"]', "0".repeat(64));
      await hand.act(button("challenge"));
      await auditor.page.waitForSelector('main [role="status"]');
    },
    after: async () => await Promise.resolve(),
  },
];

beforeAll(async () => {
  if (browserPath === undefined) return;
  region = await startConsoleWorld();
  scene = await setScene(region);
  ({ officer, second, auditor, administrator } = scene.seats);
});

afterAll(async () => {
  await region?.stop();
});

describe.skipIf(browserPath === undefined)("the console", () => {
  describeScreens(() => scene);
  describeHostile(() => scene);
  describePrinted(() => scene);
});

describe.skipIf(browserPath === undefined).each(turns)("by %s", (turn) => {
  const [means, lang = ""] = turn.split(" ");

  it.each(flows)("one can $name in $most steps", async ({ most, who = () => officer, from = "home", before, run, after }) => {
    const person = who();
    const [hand] = handsAt(person.page).filter(({ name }) => name === means);
    const id = (await before?.()) ?? "";
    await speak(person, lang);
    await person.go("help");
    await person.go(from);
    await run(hand!, id);
    expect(hand!.takeSteps()).toBeLessThanOrEqual(most);
    await after(id);
    expect([person.strays, person.violations]).toEqual([[], []]);
  }); // prettier-ignore

  it("one can change the language in one step, and what was typed stays", async () => {
    const [hand] = handsAt(officer.page).filter(({ name }) => name === means);
    await speak(officer, lang);
    await officer.go("handover");
    await hand!.type('textarea[name="note"]', "typed before");
    const other = lang === "en" ? "fr" : "sw";
    await hand!.choose(".language select", other);
    await officer.page.waitForSelector(`html[lang="${other}"]`);
    expect(await officer.page.inputValue('textarea[name="note"]')).toBe("typed before");
    await officer.page.fill('textarea[name="note"]', "");
  });
});
