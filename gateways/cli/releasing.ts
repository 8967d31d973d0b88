import { z } from "zod";

import type { Language } from "../../schemas/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderList } from "./render-lists.ts";
import { renderMinute } from "./render-minute.ts";
import { sayOf } from "./words.ts";

const releaseShape = z.looseObject({
  id: z.string(),
  state: z.string(),
  type: z.string(),
  handling: z.string(),
  urgency: z.string(),
  by: z.string(),
  reasons: z.array(z.string()),
  expiresAt: z.string(),
  reason: z.string().optional(),
  sentAs: z.string().optional(),
});
const pageShape = z.looseObject({ items: z.array(releaseShape) });
const names = z.array(z.string());
const shownShape = releaseShape.extend({
  version: z.string().optional(),
  problems: z.array(z.looseObject({ path: z.string(), code: z.string() })),
  now: z
    .looseObject({
      audience: names,
      joined: names,
      left: names,
      bytes: z.number(),
      seconds: z.number().optional(),
    })
    .optional(),
});
const sentShape = z.looseObject({ id: z.string(), created: z.boolean(), audience: names });

type Shown = z.infer<typeof shownShape>;

const pathOf = (id: string): string => `/v1/releases/${encodeURIComponent(id)}`;

/** Lists what waits for a second officer, or has waited. */
export async function runReleaseList(desk: Desk, { state }: { readonly state?: string }): Promise<number> {
  const search = state === undefined ? "" : `?state=${state}`;
  const page = await desk.client().askFor(pageShape, { path: `/v1/releases${search}` });
  const rows = page.items.map((one) => [one.id, one.state, one.type, one.handling, one.by, renderMinute(one.expiresAt)]);
  const heads = ["id", "state", "type", "handling", "asker", "until"];
  desk.result(page, renderList(rows, { say: sayOf(desk), none: "waiting", heads }));
  return exitCodes.ok;
} // prettier-ignore

function renderNow({ audience, joined, left, bytes, seconds }: NonNullable<Shown["now"]>): readonly string[] {
  return [
    `to be read by  ${audience.join(", ")}`,
    ...(joined.length === 0 ? [] : [`NEW since it was handed in: ${joined.join(", ")}`]),
    ...(left.length === 0 ? [] : [`no longer: ${left.join(", ")}`]),
    `size           ${bytes} bytes${seconds === undefined ? "" : `, about ${Math.ceil(seconds)} s`}`,
  ];
} // prettier-ignore

function renderShown({ id, state, by, reasons, expiresAt, reason, sentAs, now, problems }: Shown): string {
  return [
    `${id}  ${state}  until ${renderMinute(expiresAt)}`,
    `handed in by   ${by}; takes two: ${reasons.join(", ")}`,
    ...(reason === undefined ? [] : [`given back     ${reason}`]),
    ...(sentAs === undefined ? [] : [`sent as        ${sentAs}`]),
    ...(now === undefined ? [] : renderNow(now)),
    ...problems.map(({ path, code }) => `cannot be sent now: ${code} ${path}`),
  ].join("\n");
} // prettier-ignore

/** Shows exactly what would be sent now: who would read it, what it costs, and its words in a language. */
export async function runReleaseShow(desk: Desk, id: string, lang: Language): Promise<number> {
  const client = desk.client();
  const shown = await client.askFor(shownShape, { path: pathOf(id) });
  const accept = `text/plain;lang=${lang}`;
  const isWhole = shown.now !== undefined;
  const text = isWhole ? await (await client.ask({ path: pathOf(id), accept })).text() : "";
  desk.result(shown, `${renderShown(shown)}${isWhole ? `\n\n${text.trimEnd()}` : ""}`);
  if (shown.version !== undefined && shown.state === "WAITING") {
    desk.say(`Next: atumpan release approve ${id} --shown ${shown.version.replaceAll('"', "")}`);
  }
  return exitCodes.ok;
}

/** Sends it as the second officer, just as it was shown. */
export async function runApprove(desk: Desk, id: string, shown: string): Promise<number> {
  const headers = { "if-match": `"${shown.replaceAll('"', "").slice(0, 36)}"` };
  const question = { method: "POST", path: `${pathOf(id)}/release`, headers } as const;
  const sent = await desk.client().askFor(sentShape, question);
  desk.result(sent, sent.id);
  desk.say(`Released, to be read by ${sent.audience.join(", ")}.`);
  return exitCodes.ok;
}

/** Gives it back to who wrote it. */
export async function runReturn(desk: Desk, id: string, reason: string): Promise<number> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ reason });
  const question = { method: "POST", path: `${pathOf(id)}/return`, headers, body } as const;
  const release = await desk.client().askFor(releaseShape, question);
  desk.result(release, `${release.id}\nGiven back; it is not sent.`);
  return exitCodes.ok;
}

/** Takes back what one handed in. */
export async function runWithdraw(desk: Desk, id: string): Promise<number> {
  const question = { method: "POST", path: `${pathOf(id)}/withdraw` } as const;
  const release = await desk.client().askFor(releaseShape, question);
  desk.result(release, `${release.id}\nTaken back; it is not sent.`);
  return exitCodes.ok;
}

/** Stops a message before it leaves the gateway. */
export async function runStop(desk: Desk, id: string): Promise<number> {
  const path = `/v1/messages/${encodeURIComponent(id)}/stop`;
  const stopped = await desk.client().askFor(z.looseObject({ id: z.string() }), { method: "POST", path });
  desk.result(stopped, `${stopped.id}\nStopped; it is never sent.`);
  return exitCodes.ok;
} // prettier-ignore
