import {
  checkHeaders,
  checkWhole,
  type MessageType,
  parseBody,
  parseInnerHeader,
  typeOptions,
} from "../../schemas/body/index.ts";
import { exampleInstant, exampleOf } from "../../schemas/examples/index.ts";
import { Fault } from "../../schemas/ground/index.ts";

/** Values by JSON Pointer into the whole example; null takes a field away. */
export type Edits = Readonly<Record<string, unknown>>;

function setAt(root: unknown, pointer: string, value: unknown): void {
  const steps = pointer.split("/").slice(1);
  const last = steps.pop() ?? "";
  let at: unknown = root;
  for (const step of steps) at = Reflect.get(Object(at), step);
  if (value === null) Reflect.deleteProperty(Object(at), last);
  else Reflect.set(Object(at), last, value);
}

/**
 * The codes and places the example of this type is refused for, edited at the given pointers: into the whole
 * example, `null` takes a field away.
 */
export function refusals(type: MessageType, edits: Edits = {}): readonly string[] {
  const example = structuredClone(exampleOf(type));
  for (const [pointer, value] of Object.entries(edits)) setAt(example, pointer, value);
  const { urgency, scope, retentionDays } = typeOptions(type)!;
  const header = {
    type,
    handling: example.handling,
    urgency: example.urgency ?? urgency,
    inner: parseInnerHeader(example.inner),
  };
  try {
    const body = parseBody(type, example.body);
    checkHeaders(header);
    checkWhole({
      ...header,
      body,
      scope,
      originator: example.originator,
      createdAt: exampleInstant,
      expiresAt: exampleInstant + retentionDays * 86_400_000,
    });
    return [];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.violations.map(({ code, path }) => `${code} ${path}`);
  }
}
