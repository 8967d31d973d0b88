import { z } from "zod";

import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderList } from "./render-lists.ts";
import { renderMinute } from "./render-minute.ts";
import { sayOf } from "./words.ts";

const line = {
  id: z.string(),
  name: z.string(),
  standing: z.string(),
  opener: z.string(),
  from: z.string(),
  until: z.string(),
  archivedAt: z.string(),
  own: z.string().optional(),
  members: z.number(),
  messages: z.number(),
};
const listShape = z.looseObject({ items: z.array(z.looseObject(line)) });
const operationShape = z.looseObject({
  ...line,
  memberList: z.array(z.looseObject({ agency: z.string(), role: z.string(), standing: z.string() })),
  outside: z.array(z.looseObject({ id: z.string(), agency: z.string(), reason: z.string() })),
  alsoOpenedBy: z.array(z.string()),
}); // prettier-ignore
const targetsShape = z.looseObject({
  items: z.array(
    z.looseObject({
      measure: z.string(),
      country: z.string().optional(),
      commodity: z.string().optional(),
      goal: z.looseObject({ number: z.number() }).optional(),
      number: z.number().optional(),
      byMember: z.array(z.looseObject({ agency: z.string(), number: z.number() })),
      reported: z.number().optional(),
    }),
  ),
});

type Target = z.infer<typeof targetsShape>["items"][number];

/** Lists joint operations, the last opened first. */
export async function runOperations(desk: Desk): Promise<number> {
  const answer = await desk.client().askFor(listShape, { path: "/v1/operations" });
  const rows = answer.items.map((one) => [one.id, one.name, one.standing, renderMinute(one.from), renderMinute(one.until), one.own ?? "-", String(one.messages)]);
  const heads = ["operation", "name", "stands", "start", "until", "we", "messages"];
  desk.result(answer, renderList(rows, { say: sayOf(desk), none: "operations", heads }));
  return exitCodes.ok;
} // prettier-ignore

function renderReached({ measure, country, commodity, goal, number, byMember, reported }: Target): readonly string[] {
  const of = [measure, country, commodity].filter((one) => one !== undefined).join(" ");
  const members = byMember.map((one) => `${one.agency} ${one.number}`).join(", ");
  return [of, String(number ?? "-"), String(goal?.number ?? "-"), String(reported ?? "-"), members];
} // prettier-ignore

/** Shows an operation: who is of it, from when until when, and what was reached of what was aimed at. */
export async function runOperation(desk: Desk, id: string): Promise<number> {
  const path = `/v1/operations/${encodeURIComponent(id)}`;
  const one = await desk.client().askFor(operationShape, { path });
  const targets = await desk.client().askFor(targetsShape, { path: `${path}/targets` });
  const rows = targets.items.map(renderReached);
  const text = [
    `${one.name}  ${one.standing}  opened by ${one.opener}`,
    `from ${renderMinute(one.from)} until ${renderMinute(one.until)}; data gone or archived by ${renderMinute(one.archivedAt)}`,
    ...one.memberList.map(({ agency, role, standing }) => `  ${agency}  ${role}  ${standing}`),
    ...one.outside.map((message) => `  not of it: ${message.id} of ${message.agency} (${message.reason})`),
    ...one.alsoOpenedBy.map((agency) => `  ${agency} says that it opened it too`),
    ...(rows.length === 0 ? [] : [renderList(rows, { say: sayOf(desk), none: "operations", heads: ["figure", "counted", "aimed", "reported", "byMember"] })]),
  ].join("\n");
  desk.result({ ...one, targets: targets.items }, text);
  return exitCodes.ok;
} // prettier-ignore
