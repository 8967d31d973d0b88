import { bodyMessageName, isKnownType } from "../body/index.ts";
import type { FieldDescriptor } from "../codec/index.ts";
import { faultSentence, fieldLabel, type Language, languages } from "../codes/index.ts";
import { descriptors } from "../gen/index.ts";
import type { FaultCode, Violation } from "../ground/index.ts";

/** One thing wrong with one field, in words of all languages. */
export interface Explanation {
  /** JSON Pointer into what was sent. */
  readonly path: string;
  readonly code: FaultCode;
  /** The field's name for people, from the outside in: `persons › names › full name`. */
  readonly field: Readonly<Record<Language, string>>;
  readonly sentence: Readonly<Record<Language, string>>;
  /** What the schema allows, without words: `1…20`, `[CRIME]`, `decimal`. */
  readonly limit?: string;
}

/** The messages in which a pointer starts, by its first step; anything else is a field of the submission. */
function rootOf(type: string | undefined, step: string): string | undefined {
  if (step === "inner") return "InnerHeader";
  if (step === "body" && type !== undefined && isKnownType(type)) return bodyMessageName(type);
  return undefined;
}

interface Step {
  readonly owner: string;
  readonly name: string;
  readonly field: FieldDescriptor | undefined;
}

/** The fields along a pointer; indices are left out. */
function stepsOf(path: string, type: string | undefined): readonly Step[] {
  const [first = "", ...rest] = path.split("/").slice(1);
  const root = rootOf(type, first);
  if (root === undefined) {
    if (first === "") return [];
    const field = descriptors["Envelope"]?.fields.find(({ name }) => name === first);
    return [{ owner: "Envelope", name: first, field }];
  }
  const steps: Step[] = [];
  let owner: string | undefined = root;
  for (const name of rest.filter((step) => !/^\d{1,6}$/.test(step)).slice(0, 20)) {
    const field: FieldDescriptor | undefined =
      owner === undefined ? undefined : descriptors[owner]?.fields.find((one) => one.name === name);
    steps.push({ owner: owner ?? "", name, field });
    owner = field?.message;
  }
  return steps;
}

function range(least: number | undefined, most: number | undefined): string | undefined {
  if (least === undefined && most === undefined) return undefined;
  if (least === undefined || least === 0) return `≤ ${most ?? "∞"}`;
  return most === undefined ? `≥ ${least}` : `${least}…${most}`;
}

function limitOf(code: FaultCode, field: FieldDescriptor | undefined): string | undefined {
  if (field === undefined) return undefined;
  const { min, max, atLeast, atMost, format } = field;
  if (code === "SCHEMA_FIELD_LENGTH" || code === "SCHEMA_FIELD_ITEMS") return range(min, max);
  if (code === "SCHEMA_FIELD_RANGE") return range(atLeast, atMost);
  if (code === "SCHEMA_CODE_UNKNOWN") return `[${field.code ?? "CRIME"}]`;
  if (code === "SCHEMA_FIELD_PATTERN") return format ?? field.code;
  return undefined;
}

function byLanguage(render: (lang: Language) => string): Record<Language, string> {
  const [en, fr, pt, ar, es, sw] = languages.map(render);
  return { en: en ?? "", fr: fr ?? "", pt: pt ?? "", ar: ar ?? "", es: es ?? "", sw: sw ?? "" };
}

/** One violation in words. `type` is the message's type when it is known. */
export function explainViolation({ path, code }: Violation, type?: string): Explanation {
  const steps = stepsOf(path, type);
  const limit = limitOf(code, steps.at(-1)?.field);
  return {
    path,
    code,
    field: byLanguage((lang) =>
      steps.map(({ owner, name }) => fieldLabel(name, lang, owner)).join(" › "),
    ),
    sentence: byLanguage((lang) => faultSentence(code, lang)),
    ...(limit === undefined ? {} : { limit }),
  };
}

/** Every violation in words, in their order. */
export function explainViolations(
  violations: readonly Violation[],
  type?: string,
): readonly Explanation[] {
  return violations.map((violation) => explainViolation(violation, type));
}

/** One explanation as a line: `/body/persons/0/sex  sex: a required field is missing  (SCHEMA_FIELD_MISSING)`. */
export function renderExplanation(
  { path, code, field, sentence, limit }: Explanation,
  lang: Language,
): string {
  const name = field[lang] === "" ? "" : `${field[lang]}${lang === "fr" ? "\u00a0:" : ":"} `;
  const allowed = limit === undefined ? "" : ` ${limit}`;
  return `${path === "" ? "/" : path}  ${name}${sentence[lang]}${allowed}  (${code})`;
}
