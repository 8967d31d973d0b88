import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import { now, instantMs, renderTime } from "../ground/clock.ts";
import { membersOf, textOf } from "../ground/members.ts";
import { zone } from "../ground/moments.ts";
import { say } from "../ground/words.ts";
import { useCodes } from "./codes.ts";
import type { Field } from "./form.ts";
import type { Path } from "./tree.ts";
import { useForm } from "./work.ts";

/** One input: which field, where its value stands, and the id its label is for. */
export interface InputProps {
  readonly field: Field;
  readonly path: Path;
  readonly id: string;
}

/** What every input tells of its faults. */
function useMarks(id: string): { readonly id: string; readonly "aria-invalid"?: true; readonly "aria-describedby"?: string } {
  const { faults } = useForm();
  if (!faults.some(({ pointer }) => pointer === id)) return { id };
  return { id, "aria-invalid": true, "aria-describedby": `${id}!` };
} // prettier-ignore

function TextInput({ field, path, id }: InputProps): VNode {
  const { value, change } = useForm();
  const marks = useMarks(id);
  const text = textOf(value(path));
  const { characters } = field;
  return (
    <input
      {...marks}
      type="text"
      dir="auto"
      maxLength={characters}
      value={text}
      onInput={({ currentTarget }) => change(path, currentTarget.value)}
    />
  );
}

/** A sender's own words, with the language they are in. */
function WordsInput({ path, id }: InputProps): VNode {
  const { value, change, lang } = useForm();
  const marks = useMarks(id);
  const said = membersOf(value(path));
  const tongue = textOf(said["lang"]) === "" ? lang : textOf(said["lang"]);
  const put = (text: string, its: string): void =>
    change(path, text === "" ? undefined : { text, lang: its });
  return (
    <>
      <textarea
        {...marks}
        rows={4}
        dir="auto"
        lang={tongue}
        maxLength={2000}
        value={textOf(said["text"])}
        onInput={({ currentTarget }) => put(currentTarget.value, tongue)}
      />
      <label class="aside">
        {say("form.language")}
        <input
          dir="ltr"
          size={6}
          value={tongue}
          onChange={({ currentTarget }) => put(textOf(said["text"]), currentTarget.value.trim())}
        />
      </label>
    </>
  );
}

function CodeInput({ field, path, id }: InputProps): VNode {
  const { value, change } = useForm();
  const marks = useMarks(id);
  const known = useCodes(field.list);
  const held = textOf(value(path));
  // what is said already stays to be seen, also where the list has not come yet
  const codes = held === "" || known.some(([code]) => code === held) ? known : [...known, [held, held] as const];
  return (
    <select {...marks} value={held} onChange={({ currentTarget }) => change(path, currentTarget.value)}>
      <option value="">{say("form.choose")}</option>
      {codes.map(([code, label]) => (
        <option key={code} value={code}>
          {label}
        </option>
      ))}
    </select>
  );
} // prettier-ignore

/** How a number may be written while it is not yet one. */
function NumberInput({ field, path, id }: InputProps): VNode {
  const { value, change } = useForm();
  const marks = useMarks(id);
  const held = value(path);
  return (
    <>
      <input
        {...marks}
        type="text"
        inputMode="decimal"
        dir="ltr"
        size={12}
        value={typeof held === "number" || typeof held === "string" ? String(held) : ""}
        onChange={({ currentTarget }) => {
          const text = currentTarget.value.trim();
          const number = Number(text);
          change(path, text === "" ? undefined : Number.isNaN(number) ? text : number);
        }}
      />{" "}
      <span class="unit">{field.unit}</span>
    </>
  );
}

function YesNoInput({ path, id }: InputProps): VNode {
  const { value, change } = useForm();
  const marks = useMarks(id);
  const held = value(path);
  const said = held === true ? "yes" : held === false ? "no" : "";
  return (
    <select
      {...marks}
      value={said}
      onChange={({ currentTarget: { value: chosen } }) =>
        change(path, chosen === "" ? undefined : chosen === "yes")
      }
    >
      <option value="">{say("form.choose")}</option>
      <option value="yes">{say("yes")}</option>
      <option value="no">{say("no")}</option>
    </select>
  );
}

const typed = /^(\d{4}-\d{2}-\d{2})[ T](\d{1,2}):(\d{2})$/;

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

/** A time as it is typed here: 2026-11-22 21:05, by this PC's clock. */
function renderTyped(instant: string): string {
  const ms = instantMs(instant);
  if (Number.isNaN(ms)) return instant;
  const parts = new Intl.DateTimeFormat("en-CA", {
    dateStyle: "short",
    timeStyle: "short",
    hour12: false,
    numberingSystem: "latn",
  }).formatToParts(ms);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")} ${pad(Number(part("hour")) % 24)}:${part("minute")}`;
}

function readTyped(text: string): string | undefined {
  const [, day = "", hour = "", minute = ""] = typed.exec(text.trim()) ?? [];
  const ms = instantMs(`${day}T${hour.padStart(2, "0")}:${minute}:00`);
  return Number.isNaN(ms) ? undefined : renderTime(ms);
}

function MomentInput({ path, id }: InputProps): VNode {
  const { value, change } = useForm();
  const marks = useMarks(id);
  const text = useSignal<string | undefined>(undefined);
  const held = textOf(value(path));
  return (
    <>
      <input
        {...marks}
        type="text"
        dir="ltr"
        size={17}
        placeholder="2026-11-22 21:05"
        value={text.value ?? (held === "" ? "" : renderTyped(held))}
        onInput={({ currentTarget }) => (text.value = currentTarget.value)}
        onBlur={() => {
          const said = (text.value ?? "").trim();
          if (text.value !== undefined) change(path, said === "" ? undefined : (readTyped(said) ?? said));
          text.value = undefined;
        }}
      />{" "}
      <span class="aside">
        <bdi dir="ltr">{zone}</bdi>{" "}
        <button type="button" onClick={() => change(path, renderTime(now()))}>
          {say("form.now")}
        </button>
      </span>
    </>
  );
} // prettier-ignore

const dateParts = ["day", "month", "year"] as const;

/** A date of which only a part may be known: three boxes, whatever the locale of the PC. */
function DateInput({ path, id }: InputProps): VNode {
  const { value, change } = useForm();
  const marks = useMarks(id);
  const said = membersOf(value(path));
  return (
    <span class="date">
      {dateParts.map((part) => (
        <label key={part}>
          {say(`form.${part}`)}
          <input
            {...(part === "day" ? marks : {})}
            inputMode="numeric"
            dir="ltr"
            size={part === "year" ? 4 : 2}
            value={typeof said[part] === "number" ? String(said[part]) : ""}
            onChange={({ currentTarget }) => {
              const number = Number(currentTarget.value.trim());
              const { [part]: _, ...others } = said;
              const next = number > 0 ? { ...others, [part]: number } : others;
              change(path, Object.keys(next).length === 0 ? undefined : next);
            }}
          />
        </label>
      ))}
    </span>
  );
}

/** The input of one value of a field. */
export function Input(props: InputProps): VNode {
  switch (props.field.widget) {
    case "words":
      return <WordsInput {...props} />;
    case "code":
    case "codes":
      return <CodeInput {...props} />;
    case "number":
      return <NumberInput {...props} />;
    case "yes-no":
      return <YesNoInput {...props} />;
    case "moment":
      return <MomentInput {...props} />;
    case "date":
      return <DateInput {...props} />;
    default:
      return <TextInput {...props} />;
  }
}
