import { exampleOf } from "../../schemas/examples/index.ts";

type Json = Readonly<Record<string, unknown>>;

/** A message in JSON: what of it is encoded. */
export interface CutExample {
  readonly inner: Json;
  readonly body: Json;
}

/** What an alert of every day has: where and when, one person by name and papers, goods, a few sentences. */
const kept = {
  inner: ["caseRef", "purposes", "tlp"],
  body: ["kind", "occurredFrom", "place", "persons", "narrative", "caseStatus", "caseRef"],
  person: ["ref", "roles", "names", "sex", "birth", "nationalities", "documents"],
} as const; // prettier-ignore

function pick(json: Json, names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(json).filter(([name]) => names.includes(name)));
}

/** The example of an alert, which has far more, as an alert of about 1,000 characters of JSON. */
export function cutExample(): CutExample {
  const { inner, body } = exampleOf("alert.incident");
  const [first = {}] = Array.isArray(body["persons"]) ? (body["persons"] as Json[]) : [];
  const persons = [pick(first, kept.person)];
  return {
    inner: pick(inner, kept.inner),
    body: { ...pick(body, kept.body), persons },
  };
}
