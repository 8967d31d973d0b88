import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { listOf } from "../ground/members.ts";
import { say } from "../ground/words.ts";
import { Attach, isAttach } from "./attach.tsx";
import { useCodes } from "./codes.ts";
import type { Field } from "./form.ts";
import { Input } from "./input.tsx";
import { type Path, renderPointer } from "./tree.ts";
import { useForm } from "./work.ts";

interface FieldProps {
  readonly field: Field;
  readonly path: Path;
}

/** What is wrong here, beside the field, in the words of the summary on top. */
function Wrong({ pointer }: { readonly pointer: string }): VNode | null {
  const { faults } = useForm();
  const found = faults.filter((fault) => fault.pointer === pointer);
  if (found.length === 0) return null;
  return (
    <span class="wrong" id={`${pointer}!`}>
      {found.map(({ says }) => says).join(" ")}
    </span>
  );
}

function Name({ field }: { readonly field: Field }): VNode {
  return (
    <>
      {field.says}
      {field.isRequired ? null : <span class="aside"> ({say("form.optional")})</span>}
    </>
  );
}

function Single({ field, path }: FieldProps): VNode {
  const id = renderPointer(path);
  return (
    <p class="field">
      <label for={id}>
        <Name field={field} />
      </label>
      <Wrong pointer={id} />
      <Input field={field} path={path} id={id} />
    </p>
  );
}

/** Several codes of one list: every one a box of its own, for lists are never dragged. */
function Codes({ field, path }: FieldProps): VNode {
  const { value, change } = useForm();
  const chosen = listOf(value(path));
  const id = renderPointer(path);
  const all = useCodes(field.list);
  return (
    <fieldset id={id} tabIndex={-1}>
      <legend>
        <Name field={field} />
      </legend>
      <Wrong pointer={id} />
      <div class="codes">
        {all.map(([code, label]) => (
          <label key={code}>
            <input
              type="checkbox"
              checked={chosen.includes(code)}
              onChange={({ currentTarget: { checked } }) =>
                change(path, checked ? [...chosen, code] : chosen.filter((one) => one !== code))
              }
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Item({ field, path }: FieldProps): VNode {
  const id = renderPointer(path);
  if (field.widget === "group") return <Group field={field} path={path} />;
  return (
    <>
      <Wrong pointer={id} />
      <Input field={field} path={path} id={id} />
    </>
  );
}

/** A field that may be said several times. */
function Several({ field, path }: FieldProps): VNode {
  const { value, change } = useForm();
  const items = listOf(value(path));
  const id = renderPointer(path);
  const name = field.says;
  const blank = field.widget === "group" || field.widget === "words" ? {} : "";
  return (
    <fieldset id={id} tabIndex={-1}>
      <legend>
        <Name field={field} />
      </legend>
      <Wrong pointer={id} />
      {items.map((_, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- items have no name of their own
        <div class="item" key={at} role="group" aria-label={`${name} ${at + 1}`}>
          <Item field={field} path={[...path, at]} />
          <button type="button" onClick={() => change([...path, at], undefined)}>
            {say("form.remove", { name: `${name} ${at + 1}` })}
          </button>
        </div>
      ))}
      {items.length < (field.most ?? Infinity) ? (
        <button type="button" onClick={() => change([...path, items.length], blank)}>
          {say("form.add", { name })}
        </button>
      ) : null}
    </fieldset>
  );
}

/** The fields of one group; what must be said first, the rest folded away until it is asked for or filled. */
function Group({ field, path }: FieldProps): VNode {
  const { form } = useForm();
  return <Fields fields={form.groups[field.group] ?? []} path={path} />;
}

function OneGroup({ field, path }: FieldProps): VNode {
  const { value, change } = useForm();
  const id = renderPointer(path);
  const name = field.says;
  const isThere = value(path) !== undefined || field.isRequired;
  return (
    <fieldset id={id} tabIndex={-1}>
      <legend>
        <Name field={field} />
      </legend>
      <Wrong pointer={id} />
      {isThere ? (
        <Group field={field} path={path} />
      ) : (
        <button type="button" onClick={() => change(path, {})}>
          {say("form.add", { name })}
        </button>
      )}
    </fieldset>
  );
}

/** One field, as it is to be filled. */
function FieldView({ field, path }: FieldProps): VNode {
  if (isAttach(field)) return <Attach field={field} path={path} />;
  if (field.widget === "codes") return <Codes field={field} path={path} />;
  if (field.most !== undefined) return <Several field={field} path={path} />;
  if (field.widget === "group") return <OneGroup field={field} path={path} />;
  return <Single field={field} path={path} />;
}

/** Fields in their order: those that must be said or are, and the others folded away. */
export function Fields({ fields, path }: { readonly fields: readonly Field[]; readonly path: Path }): VNode {
  const { value } = useForm();
  // as it was when they were first shown: a field that is being filled does not move from under the hands
  const [shown] = useState(() => {
    const open = fields.filter(({ isRequired, name }) => isRequired || value([...path, name]) !== undefined);
    // of a group in which nothing must be said, something will be: nothing is folded away
    return open.length === 0 ? fields : open;
  });
  const isShown = (field: Field): boolean => shown.some(({ name }) => name === field.name);
  const folded = fields.filter((field) => !isShown(field));
  const view = (field: Field): VNode => (
    <FieldView key={field.name} field={field} path={[...path, field.name]} />
  );
  return (
    <>
      {fields.filter(isShown).map(view)}
      {folded.length === 0 ? null : (
        <details>
          <summary>{say("form.more", { n: folded.length })}</summary>
          {folded.map(view)}
        </details>
      )}
    </>
  );
} // prettier-ignore
