import { z } from "zod";

import { renderInstant } from "../../schemas/index.ts";
import { Fault, tryShape } from "../../schemas/ground/index.ts";
import type { MessageChange } from "../exchange/index.ts";
import { sightOf } from "../people/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";

/** A change as events, pages and webhooks tell it. */
export const changeShape = z
  .strictObject({
    cursor: z.string(),
    kind: z.enum([
      "stored",
      "moved",
      "taken-back",
      "removed",
      "release",
      "overdue",
      "escalated",
      "unproved",
      "log",
    ]),
    id: z.string(),
    box: z.enum(["in", "out"]),
    state: z.string(),
    at: z.string(),
    href: z.string(),
    breaches: z.string().optional().meta({
      description:
        "of a deadline that passed: where it stands of whom, and of one overdue twice whom to call",
    }),
  })
  .meta({ id: "Change" });

/** A page of changes. */
export const changePageShape = z.strictObject({
  items: z.array(changeShape),
  next: z.string(),
  hasMore: z.boolean(),
});

const maxLimit = 200;
/** Below the time after which proxies cut an answer that does not come. */
const maxWaitSeconds = 55;

const cursor = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,60}$/, "is the cursor of a change or page, unchanged");
const wholeUpTo = (most: number): z.ZodType<number> =>
  z
    .string()
    .regex(/^[0-9]{1,3}$/)
    .transform(Number)
    .refine((given) => given <= most, `is a whole number up to ${most}`);

/** What a page of changes is asked with. */
export const changesQuery = z.strictObject({
  cursor: cursor.optional(),
  from: z.enum(["now", "beginning"]).optional(),
  limit: wholeUpTo(maxLimit)
    .refine((given) => given > 0)
    .optional(),
  wait: wholeUpTo(maxWaitSeconds).optional(),
});
/** What the stream is asked with. */
export const eventsQuery = z.strictObject({ cursor: cursor.optional() });

/**
 * The query of a request in the shape it must have, each parameter once.
 *
 * @throws {Fault} REQUEST_INVALID
 */
export function parseLiveQuery<T extends z.ZodObject>(shape: T, search: URLSearchParams): z.infer<T> {
  const given = [...search];
  const parsed = tryShape(shape, Object.fromEntries(given));
  if (parsed.success && new Set(given.map(([name]) => name)).size === given.length) return parsed.data;
  const names = Object.keys(shape.shape).join(", ");
  const [field = ""] = parsed.error?.issues[0]?.path.map(String) ?? [];
  throw new Fault("REQUEST_INVALID", `the query takes ${names}, each once and as the API says${Object.hasOwn(shape.shape, field) ? `: ${field} is not` : ""}`);
} // prettier-ignore

/** A change in JSON. */
export function renderChange({ at, ...change }: MessageChange): z.infer<typeof changeShape> {
  const place = change.kind === "release" ? "releases" : "messages";
  const isLate = change.kind === "overdue" || change.kind === "escalated";
  const late = isLate ? { breaches: `/v1/breaches?opening=${change.id}` } : {};
  return { ...change, at: renderInstant(at), href: `/v1/${place}/${change.id}`, ...late };
}

/** The next changes after a cursor; waits for one where there is none and the caller wants to. */
export async function getChanges({ streams }: Desk, { url, caller, request, record }: Call): Promise<Response> {
  const { limit = 50, wait = 0, ...asked } = parseLiveQuery(changesQuery, url.searchParams);
  const { signal } = request;
  const page = await streams.poll({ ...asked, limit, waitMs: wait * 1000, signal, sight: sightOf(caller) });
  record.count(page.items.length);
  return renderAnswer({ items: page.items.map(renderChange), next: page.next, hasMore: page.hasMore });
} // prettier-ignore
