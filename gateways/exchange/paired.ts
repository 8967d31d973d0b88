import {
  bodyMessageName,
  descriptors,
  isKnownType,
  type MessageType,
  regionalFields,
} from "../../schemas/index.ts";
import { type Bytes, Fault, isFault, parseUuid, renderUuid } from "../../schemas/ground/index.ts";
import type { Store, StoredMessage } from "../store/index.ts"; // prettier-ignore

/** A submission's members, or those of its body; nothing of them is believed. */
export type Members = Readonly<Record<string, unknown>>;

/** Two messages of ours that say the same, to those named and to the region. */
export interface HeldPair {
  readonly nominal: StoredMessage;
  readonly regional: StoredMessage;
}

/** Types that go where the message went that they act on. */
const acting: ReadonlySet<string> = new Set(["alert.update", "alert.cancel"]);

/** The members of what was handed in; none of what is no object. */
export function membersOf(value: unknown): Members {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function readId(value: unknown): Bytes | undefined {
  if (typeof value !== "string" || value.length !== 36) return undefined;
  try {
    return parseUuid(value);
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/** The message a submission acts on or stands in the place of. */
function actedOn({ type, supersedes, body }: Members): Bytes | undefined {
  if (typeof type !== "string") return undefined;
  const isActing = acting.has(type) || type === "data.correct";
  return isActing ? readId(membersOf(body)["targetId"]) : readId(supersedes);
}

/** Both editions of what a submission acts on, where there are two. */
export function findPair({ editions, messages }: Store, submission: Members): HeldPair | undefined {
  const id = actedOn(submission);
  const pair = id === undefined ? undefined : editions.pairOf(id);
  if (pair === undefined) return undefined;
  const [nominal, regional] = [messages.find(pair.nominal), messages.find(pair.regional)];
  return nominal === undefined || regional === undefined ? undefined : { nominal, regional };
} // prettier-ignore

/** For which edition ids are looked up. */
type Side = "nominal" | "regional";

/** The id of the same message in one edition; undefined for the region of what went to named readers alone. */
function idFor({ editions, messages }: Store, value: unknown, side: Side): unknown {
  const id = readId(value);
  if (id === undefined) return value;
  const pair = editions.pairOf(id);
  if (pair !== undefined) return renderUuid(pair[side]);
  const isNamedOnly = side === "regional" && messages.find(id)?.recs.length === 0;
  return isNamedOnly ? undefined : value;
}

/** A body that acts on messages, with the ids they have in one edition. */
export function bodyFor(store: Store, { type, body }: { readonly type: MessageType; readonly body: Members }, side: Side): Members {
  const names = new Set((descriptors[bodyMessageName(type)]?.fields ?? []).flatMap(({ name, format }) => (format === "uuid7" ? [name] : [])));
  const entries = Object.entries(body).flatMap(([name, value]): readonly [string, unknown][] => {
    if (!names.has(name)) return [[name, value]];
    if (Array.isArray(value)) return [[name, value.map((one: unknown) => idFor(store, one, side)).filter((one) => one !== undefined)]];
    const own = idFor(store, value, side);
    return own === undefined ? [] : [[name, own]];
  });
  return Object.fromEntries(entries);
} // prettier-ignore

function without(members: Members, name: string): Members {
  return Object.fromEntries(Object.entries(members).filter(([own]) => own !== name));
}

/** Whether an update tells the region more than that there is one. */
function tellsRegion(type: MessageType, body: Members): boolean {
  const shown = regionalFields(type);
  return type !== "alert.update" || Object.keys(body).some((name) => shown?.has(name) === true && name !== "targetId" && name !== "reason");
} // prettier-ignore

/** What acts on a message goes where that one went: neither to some of its readers alone, nor to others. */
function checkReach({ messages }: Store, submission: Members): void {
  const { type, project, recipients } = submission;
  if (typeof type !== "string" || !acting.has(type)) return;
  if (project !== undefined) {
    throw new Fault("COPY_NOT_POSSIBLE", "what this is about has no regional edition; leave project out");
  }
  const id = actedOn(submission);
  const held = id === undefined ? undefined : messages.find(id);
  if (held === undefined || held.recs.length === 0 || recipients === undefined) return;
  const message = "what this is about went to a feed; say recs, so that all who hold it hear of it";
  throw new Fault("SCHEMA_INVALID", message, { violations: [{ path: "/recipients", code: "SCHEMA_FIELD_UNKNOWN", message }] });
} // prettier-ignore

/** What acts on one of two editions, or stands in its place, made to act on both: to those named, with what the region is told. */
function withProject(store: Store, submission: Members, { nominal, regional }: HeldPair): Members {
  const { type, recs, recipients, handling, supersedes } = submission;
  if (typeof type !== "string" || !isKnownType(type)) return submission;
  const isForRegion = recs !== undefined && recipients === undefined;
  const body = membersOf(submission["body"]);
  const own: Members = {
    ...(isForRegion ? without(submission, "recs") : submission),
    recipients: recipients ?? nominal.audience,
    ...(supersedes === undefined ? {} : { supersedes: renderUuid(nominal.id) }),
    body: acting.has(type) ? bodyFor(store, { type, body }, "nominal") : submission["body"],
  };
  if (own["project"] !== undefined || !(isForRegion || tellsRegion(type, body))) return own;
  const project = isForRegion ? { recs, handling } : { recs: regional.recs, handling: regional.handling };
  return { ...own, project };
} // prettier-ignore

/**
 * A submission that acts on one of two editions of ours, or supersedes it, made to do so to both. All others are given back as
 * they are.
 *
 * @throws {Fault} COPY_NOT_POSSIBLE, SCHEMA_INVALID
 */
export function pairSubmission(store: Store, submission: Members, pair: HeldPair | undefined): Members {
  if (pair === undefined) {
    checkReach(store, submission);
    return submission;
  }
  const { type } = submission;
  const hasEditions = typeof type === "string" && regionalFields(type) !== undefined;
  return hasEditions ? withProject(store, submission, pair) : submission;
} // prettier-ignore
