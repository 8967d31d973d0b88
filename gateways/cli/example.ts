import {
  bodyMessageName,
  codeList,
  descriptors,
  fieldLabel,
  isKnownType,
  type MessageType,
  messageTypes,
  renderInstant,
  typeOptions,
} from "../../schemas/index.ts";
import {
  type Chance,
  type Clock,
  Fault,
  makeUuid,
  renderUuid,
} from "../../schemas/ground/index.ts";
import type { Submission } from "../exchange/index.ts";

type Field = NonNullable<(typeof descriptors)[string]>["fields"][number];

interface Setting {
  readonly crime: string;
  readonly now: number;
}

const dayMs = 86_400_000;

/** One value of each format; crimes are the message's own. */
const byFormat: Readonly<Record<string, string>> = {
  agency: "gh/fiu",
  bcp47: "en",
  country: "GH",
  currency: "XOF",
  decimal: "12.5",
  time_of_day: "09:45",
};

const byKind: Readonly<Record<string, unknown>> = { bool: false, uint32: 1, sint32: 1, double: 1 };

/** Messages of which a rule asks more, or something clearer, than their required fields. */
const whole: Readonly<Record<string, (setting: Setting) => unknown>> = {
  GeoPoint: () => ({ lat: 4.05, lon: 6.98, text: { text: "Where it happened", lang: "en" } }),
  PartialDate: ({ now }) => {
    const [year, month, day] = renderInstant(now).slice(0, 10).split("-").map(Number);
    return { year, month, day };
  },
  IncidentTime: (setting) => ({
    date: exampleMessage("PartialDate", setting),
    timeUtc: "09:45",
    timeKnown: "KNOWN",
  }),
  FiuSubject: (setting) => ({ person: exampleMessage("Person", setting) }),
  FiuConsent: ({ now }) => ({
    decision: "GRANTED",
    recipients: ["gh/fiu"],
    purposes: ["INVESTIGATION"],
    expiresAt: renderInstant(now + 90 * dayMs),
  }),
};

function exampleText({ name, max = 60 }: Field): string {
  return `Write here: ${fieldLabel(name, "en")}`.slice(0, max);
}

function exampleOne(field: Field, setting: Setting): unknown {
  const { kind, code, format, message } = field;
  if (message !== undefined) return exampleMessage(message, setting);
  if (kind === "time") return renderInstant(setting.now - dayMs);
  if (code !== undefined) return codeList(code)?.codes[0]?.code;
  if (format === "crime") return setting.crime;
  if (format !== undefined) return byFormat[format];
  return byKind[kind] ?? exampleText(field);
}

function exampleMessage(name: string, setting: Setting): unknown {
  const made = whole[name];
  if (made !== undefined) return made(setting);
  const fields = (descriptors[name]?.fields ?? []).filter(
    ({ required, min = 0, repeated }) => required || (repeated && min > 0),
  );
  return Object.fromEntries(
    fields.map((field) => {
      const one = exampleOne(field, setting);
      return [field.name, field.repeated ? [one] : one];
    }),
  );
}

const mainCrimes: Readonly<Record<MessageType, string>> = {
  "alert.incident": "drugs",
  "bulletin.red_flag": "drugs",
  "fiu.request": "ml",
  "fiu.reply": "ml",
  "maritime.incident": "piracy",
};

function parseType(type: string): MessageType {
  if (isKnownType(type)) return type;
  throw new Fault("SCHEMA_UNKNOWN_TYPE", `the types are ${messageTypes.join(", ")}`);
}

/**
 * A message of this type to be filled in: an example value for every field that is required, an EXERCISE
 * until the writer says otherwise. Valid as it stands.
 *
 * @throws {Fault} SCHEMA_UNKNOWN_TYPE
 */
export function makeExample(type: string, clock: Clock, chance: Chance): Submission {
  const known = parseType(type);
  const options = typeOptions(known);
  const now = Math.floor(clock.now() / 60_000) * 60_000;
  const crime = mainCrimes[known];
  const isUrgent = options?.urgency === "FLASH" || options?.urgency === "URGENT_DIRECT";
  return {
    type: known,
    ...(options?.scope === "DIRECT" ? { recipients: ["gh/fiu"] } : { recs: ["ecowas"] }),
    crimes: [crime],
    handling: options?.form === "SEALED" ? "H1" : "H0",
    urgency: isUrgent ? "ROUTINE" : (options?.urgency ?? "ROUTINE"),
    status: "EXERCISE",
    languages: ["en"],
    ...(known === "fiu.reply" ? { inReplyTo: renderUuid(makeUuid(now, chance)) } : {}),
    body: exampleMessage(bodyMessageName(known), { crime, now }),
  };
}
