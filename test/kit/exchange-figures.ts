import { expect } from "vitest";

import type { RegionPlan } from "../../deploy/local/plan.ts";
import type { Cases } from "./case-words.ts";
import { until } from "./server.ts";
import type { Talk } from "./talk.ts";

type Json = Readonly<Record<string, unknown>>;

/** The region as planned without what is at sea, and one reads the figures that agencies tell its community. */
export function planWithoutSea(
  usual: RegionPlan,
  { readsFigures }: { readonly readsFigures: string },
): RegionPlan {
  const figures = { types: ["statistics.*"], handlingUpTo: "H0" } as const;
  const rights = usual.mandates.filter(({ agency }) => !agency.endsWith("/moc"));
  const own = rights.filter(
    ({ agency, action, scope }) =>
      agency === readsFigures && action === "READ" && scope !== "direct",
  );
  return {
    ...usual,
    agencies: usual.agencies.filter(({ kind }) => kind !== "MOC"),
    mandates: [...rights, ...own.map((right) => ({ ...right, ...figures }))],
    releaseOf: (authority) => {
      const rules = usual.releaseOf(authority);
      const kinds = usual.agencies.flatMap(({ agency, kind }) => (agency === readsFigures ? [kind] : []));
      return [...rules, ...rules.slice(0, 1).map((rule) => ({ ...rule, kinds, ...figures }))];
    },
  };
} // prettier-ignore

/** Who sent twenty-six victims' records tells a centre how often he wrote, to the nearest five, and no more; refuses figures to the last one and of one recipient. */
export async function checkExchangeFigures({ talk, cases }: { readonly talk: Talk; readonly cases: Pick<Cases, "ask" | "figures"> }, from: string, reader: string): Promise<void> {
  const { exchange } = talk.gateway(from);
  const submission = await cases.figures(from, "statistics.exchange");
  const { json } = await cases.ask(from, "/v1/statistics?type=statistics.exchange");
  expect(json["items"]).toMatchObject([{ type: "statistics.exchange", state: "RUNNING", smallestCell: 11 }]);
  const { id } = await exchange.submit(submission, "figures of the exchange");
  await until("the centre has them", () => talk.gateway(reader).exchange.find(id) !== undefined);
  const read = talk.gateway(reader).exchange.find(id)?.body as Json & { readonly cells: readonly Json[] };
  const [sent] = read.cells.filter(({ indicator, side }) => indicator === "MESSAGES" && side === "OWN");
  expect(sent).toEqual({ indicator: "MESSAGES", side: "OWN", count: expect.any(Number) as number, treatment: "ROUNDED" });
  expect(Number(sent?.["count"])).toBeGreaterThanOrEqual(25);
  for (const { count = 0, treatment } of read.cells) expect([Number(count) % 5, treatment === "SUPPRESSED"]).toEqual([0, count === 0]);
  for (const name of ["gh/", "sn/", "ecowas/", "NG-V-26", "NG-1", id]) expect(JSON.stringify(read)).not.toContain(name);
  const refused = async (cell: Json): Promise<unknown> => {
    const told = { ...submission, body: { ...read, cells: [{ ...sent, ...cell }] } };
    return await exchange.submit(told, JSON.stringify(cell)).catch((error: unknown) => error);
  };
  expect(await refused({ count: 26, treatment: "EXACT" })).toMatchObject({ code: "SCHEMA_INVALID", violations: [{ code: "RULE_EXCHANGE_ROUNDED" }] });
  expect(await refused({ recipient: "gh/tcu" })).toMatchObject({ code: "SCHEMA_INVALID", violations: [{ code: "SCHEMA_FIELD_UNKNOWN" }] });
} // prettier-ignore
