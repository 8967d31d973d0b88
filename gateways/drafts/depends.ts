import { type MessageType, typeOptions } from "../../schemas/index.ts";
import { exampleInstant, exampleOf } from "../../schemas/examples/index.ts";
import { checkSubmission } from "../../schemas/explain/index.ts";

/** A place in a submission where something may be wanted, and the rule that wants it. */
export interface Dependent {
  /** JSON Pointer into the submission. */
  readonly path: string;
  readonly code: string;
}

type Members = Readonly<Record<string, unknown>>;

/** A message of the type, cut into what can be left out. */
interface Cut {
  readonly rest: Members;
  readonly originator: string;
  readonly inner: Members;
  readonly body: Members;
}

/** What a submission says beside its inner header. */
const beside = ["inReplyTo", "threadId", "supersedes"];

function cutExample(type: MessageType): Cut {
  const { originator, inner, body, recipients, ...rest } = exampleOf(type);
  const parted = Object.entries(inner);
  const own = parted.filter(([name]) => beside.includes(name));
  const place = typeOptions(type)?.scope === "FEED" ? { recs: ["au"] } : { recipients };
  return {
    rest: { ...rest, ...place, ...Object.fromEntries(own) },
    originator,
    inner: Object.fromEntries(parted.filter(([name]) => !beside.includes(name))),
    body,
  };
}

function without(cut: Cut, part: "inner" | "body", name: string): Cut {
  const { [name]: _left, ...kept } = cut[part];
  return { ...cut, [part]: kept };
}

/** The first thing that is wrong with it; undefined of a good one. */
function faultOf({ rest, originator, inner, body }: Cut): string | undefined {
  const { violations } = checkSubmission(
    { ...rest, inner, body },
    { now: exampleInstant, originator },
  );
  return violations[0]?.code;
}

function findDepends(type: MessageType): readonly Dependent[] {
  let least = cutExample(type);
  const parts = (["inner", "body"] as const).flatMap((part) =>
    Object.keys(least[part]).map((name) => ({ part, name })),
  );
  const needed: Dependent[] = [];
  for (const { part, name } of parts) {
    const less = without(least, part, name);
    const code = faultOf(less);
    if (code === undefined) least = less;
    else needed.push({ path: `/${part}/${name}`, code });
  }
  return needed.filter(({ code }) => code.startsWith("RULE_"));
}

const found = new Map<MessageType, readonly Dependent[]>();

/**
 * What a message of a type needs, or not, depending on what it says: the members without which its published example
 * would break a rule. Only their names are taken from the example. What is wanted whatever it says is not among them.
 */
export function dependsOf(type: MessageType): readonly Dependent[] {
  const known = found.get(type) ?? findDepends(type);
  found.set(type, known);
  return known;
}
