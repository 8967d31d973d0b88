import { exampleInstant, exampleOf, shiftInstants } from "../../schemas/examples/index.ts";
import { type MessageType, typeOptions } from "../../schemas/index.ts";

/** Who plays in an example: the sender, and its readers in the order of the example's recipients. */
export interface Cast {
  readonly sender: string;
  readonly readers: readonly string[];
}

type Rename = (text: string) => string;

/** Two states change places, wherever one is named as a country, an authority or in an agency's name. */
function swapStates(one: string, other: string): Rename {
  const swapped = new Map([[one, other], [other, one]]); // prettier-ignore
  return (text) => {
    const [, state = "", rest = ""] = /^([A-Za-z]{2})(\/.*)?$/s.exec(text) ?? [];
    const found = swapped.get(state.toLowerCase());
    if (found === undefined) return text;
    return `${state === state.toUpperCase() ? found.toUpperCase() : found}${rest}`;
  };
}

function stateOf(agency: string): string {
  return agency.slice(0, agency.indexOf("/"));
}

/** How the agencies of an example are called in the cast, so that rules over who says what hold as they do there. */
function makeRename(type: MessageType, { sender, readers }: Cast): Rename {
  const { originator, recipients = [] } = exampleOf(type);
  const renames: Rename[] = [];
  const rename: Rename = (text) => renames.reduce((now, one) => one(now), text);
  const pairs = [[originator, sender], ...readers.map((one, i) => [recipients[i] ?? one, one])];
  for (const [from = "", to = ""] of pairs) {
    const state = stateOf(rename(from));
    const taken = pairs
      .slice(0, renames.length / 2)
      .some(([, held = ""]) => stateOf(held) === state);
    renames.push(taken ? (text) => text : swapStates(state, stateOf(to)));
    const now = rename(from);
    renames.push((text) => (text === now ? to : text));
  }
  return rename;
}

function recast(json: unknown, rename: Rename): unknown {
  if (Array.isArray(json)) return json.map((item) => recast(item, rename));
  if (typeof json === "string") return rename(json);
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, recast(value, rename)]),
  );
}

/** What an example takes from elsewhere: an operation that nobody opened here, permissions that nobody gave. */
function withoutElsewhere(type: MessageType, body: object): object {
  const members = Object.entries(body).filter(([name]) => type.startsWith("operation.") || name !== "operationId");
  const isGiven = (one: unknown): boolean => typeof one === "object" && one !== null && "permissionId" in one;
  return Object.fromEntries(
    members.map(([name, value]): readonly [string, unknown] => [name, Array.isArray(value) ? value.filter((one) => !isGiven(one)) : value]),
  );
} // prettier-ignore

const ownMembers = ["inReplyTo", "threadId", "supersedes"];

/** A type's example as the sender of a cast would write it now, into the feed of a community when it is for a feed. */
export function recastExample(
  type: MessageType,
  cast: Cast,
  { now, rec }: { readonly now: number; readonly rec: string },
): Record<string, unknown> {
  const { crimes, handling, urgency, inner, body } = exampleOf(type);
  const rename = makeRename(type, cast);
  const own = ownMembers.filter((name) => inner[name] !== undefined);
  const rest = Object.entries(inner).filter(([name]) => !ownMembers.includes(name));
  const write = (json: unknown): unknown =>
    recast(shiftInstants(json, now - exampleInstant), rename);
  return {
    type,
    ...(typeOptions(type)?.scope === "FEED" ? { recs: [rec] } : { recipients: cast.readers }),
    crimes,
    handling,
    ...(urgency === undefined ? {} : { urgency }),
    status: "EXERCISE",
    ...Object.fromEntries(own.map((name) => [name, inner[name]])),
    inner: write(Object.fromEntries(rest)),
    body: write(withoutElsewhere(type, body)),
  };
}
