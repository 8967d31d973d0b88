import { renderUuid } from "../../schemas/ground/index.ts";
import { type MessageType, storedSubject } from "../../schemas/index.ts";
import { loadAgencySigner } from "./agency.ts";
import type { ConsoleWorld } from "./console-world.ts";
import { forge } from "./forge.ts";
import { until } from "./server.ts";
import { example, exampleNow } from "./submissions.ts";

/** Messages of a few busy days, by what each shows; as they lie at Accra unless it says otherwise. */
export interface Story {
  readonly asked: string;
  readonly alert: string;
  readonly flash: string;
  readonly drill: string;
  readonly check: string;
  readonly withdrawn: string;
  readonly quarantined: string;
  /** Of Accra: a question with an answer, and an alert. */
  readonly question: string;
  readonly ours: string;
  /** At gh/fiu: what Lagos reports to it. */
  readonly report: string;
}

interface Listed {
  readonly id: string;
  readonly type: string;
  readonly state: string;
}

/** What an agency has of a kind. */
export async function listAt(region: ConsoleWorld, agency: string, query: string): Promise<readonly Listed[]> {
  const { items } = await region.own(agency, `GET /v1/messages?${query}`);
  return items as Listed[];
} // prettier-ignore

/** Waits until a message lies at an agency. */
export async function untilAt(region: ConsoleWorld, agency: string, id: string): Promise<void> {
  await until(`${id} came to ${agency}`, async () =>
    (await listAt(region, agency, "box=in")).some((one) => one.id === id),
  );
}

/** What a message says otherwise than the example of its type. */
export interface Wish {
  readonly type: MessageType;
  readonly recipients?: readonly string[];
  readonly recs?: readonly string[];
  readonly crimes?: readonly string[];
  readonly handling?: string;
  readonly urgency?: string;
  readonly inner?: object;
  readonly body?: object;
}

/** Hands in the example of a type as an agency of this region would write it today. */
export async function send(region: ConsoleWorld, from: string, { type, inner: said, body: told, ...more }: Wish): Promise<string> {
  const { inner, body, crimes, handling } = exampleNow(type, Date.now());
  const { contact: _, ...rest } = inner as Record<string, unknown>;
  const { intendedRecipients: _i, leadId: _l, ...content } = body as Record<string, unknown>;
  const parts = { inner: { ...rest, ...said }, body: { ...content, ...told } };
  const { id } = await region.own(from, "POST /v1/messages", { type, crimes, handling, ...parts, ...more });
  return String(id);
} // prettier-ignore

/** Somebody inside the hub puts into the feed what another signed than who it says: only readers can tell. */
async function plantFalse({ world }: ConsoleWorld): Promise<void> {
  const { bytes, channel, id } = forge(loadAgencySigner(world, "ng/tcu"), {
    signedBy: loadAgencySigner(world, "ng/fiu"),
  });
  await world.desk.link.request(storedSubject(channel, "ng/tcu", renderUuid(id)), bytes);
}

/** Takes a message back, and waits until its copy at a reader is gone. */
async function takeBack(region: ConsoleWorld, id: string): Promise<void> {
  const deadline = new Date(Date.now() + 86_400_000).toISOString();
  await region.own("ng/tcu", "POST /v1/recalls", { ids: [id], reason: "SENT_IN_ERROR", deadline });
  await until("it is gone at Accra", async () =>
    (await listAt(region, "gh/tcu", "box=in&state=ERASED")).some((one) => one.id === id),
  );
} // prettier-ignore

/** Answers a question at Lagos: that it came, and what was found. */
async function answer(region: ConsoleWorld, question: string): Promise<void> {
  await untilAt(region, "ng/tcu", question);
  for (const type of ["request.acknowledge", "reply.final"]) {
    const { message } = await region.own(
      "ng/tcu",
      `GET /v1/messages/${question}/answer-draft?type=${type}`,
    );
    const { body, inner, ...begun } = message as { body?: object; inner?: object };
    const usual = exampleNow(type as MessageType, Date.now());
    const { inReplyTo: _, ...added } = usual.inner as Record<string, unknown>;
    const parts = { inner: { ...added, ...inner }, body: { ...usual.body, ...body } };
    await region.own("ng/tcu", "POST /v1/messages", { ...begun, ...parts });
  }
}

/** Fills a region of Ghana and Nigeria with what officers see in a day. */
export async function tellStory(region: ConsoleWorld): Promise<Story> {
  const lagos = (wish: Wish): Promise<string> => send(region, "ng/tcu", wish);
  const incident = { type: "alert.incident", recs: ["ecowas"] } as const;
  const request = { type: "request.information" } as const;
  const why = { urgencyReason: { text: "The lorry is an hour from the border.", lang: "en" } };
  const asked = await lagos({ ...request, recipients: ["gh/tcu"] });
  const alert = await lagos(incident);
  const flash = await lagos({ ...incident, urgency: "FLASH", crimes: ["arms"], inner: why });
  const check = await lagos({ type: "query.check", recipients: ["gh/tcu"] });
  const wrong = await lagos({ ...incident, crimes: ["vehicle"] });
  const { id: drill } = await region.own("ng/tcu", "POST /v1/messages", example("lagos-alert"));
  const question = await send(region, "gh/tcu", { ...request, recipients: ["ng/tcu"] });
  const ours = await send(region, "gh/tcu", incident);
  const report = await send(region, "ng/fiu", { type: "fiu.spontaneous", recipients: ["gh/fiu"] });
  for (const id of [asked, alert, flash, check, wrong, String(drill)]) await untilAt(region, "gh/tcu", id);
  await untilAt(region, "gh/fiu", report);
  await answer(region, question);
  await takeBack(region, wrong);
  await plantFalse(region);
  let quarantined = "";
  await until("what is false came to Accra", async () => {
    quarantined = (await listAt(region, "gh/tcu", "box=in&state=QUARANTINED"))[0]?.id ?? "";
    return quarantined !== "";
  });
  return { asked, alert, flash, drill: String(drill), check, withdrawn: wrong, quarantined, question, ours, report };
} // prettier-ignore
