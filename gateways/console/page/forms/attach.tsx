import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";

import { dropUpload } from "../ground/carrier.ts";
import { arrivalOf, choose, chosen, forget, letGo, takeArrived } from "../ground/chosen.ts";
import { status } from "../ground/live.ts";
import { listOf, membersOf, textOf } from "../ground/members.ts";
import { Refusal } from "../ground/problem.ts";
import { renderSize, renderWait } from "../ground/sizes.ts";
import type { Attached, UploadJob } from "../ground/upload.ts";
import { say } from "../ground/words.ts";
import { Act } from "../parts/act.tsx";
import { ProblemBox } from "../parts/problem.tsx";
import type { Field } from "./form.ts";
import { Input } from "./input.tsx";
import { type Path, renderPointer } from "./tree.ts";
import { useForm } from "./work.ts";

interface AttachProps {
  readonly field: Field;
  readonly path: Path;
}

/** For each byte so many travel, as the gateway reckons. */
const overhead = 1.1;

/** How long so many bytes take over the line to the network, at the speed it had last; undefined while none was seen. */
function secondsFor(size: number): number | undefined {
  const speed = membersOf(status.value?.hub)["sentPerSecond"];
  return typeof speed === "number" ? (size * overhead) / Math.max(1, speed) : undefined;
}

function Cost({ size }: { readonly size: number }): VNode {
  const seconds = secondsFor(size);
  return (
    <>
      {renderSize(size)}
      {seconds === undefined ? null : ` – ${say("attach.takes", { time: renderWait(seconds) })}`}
    </>
  );
}

/** What a refused upload says: the gateway's no, or what it found in the file. */
function Why({ error }: { readonly error: unknown }): VNode {
  if (error instanceof Refusal || error instanceof Error) return <ProblemBox error={error} />;
  const { code, detail } = membersOf(error);
  return (
    <p class="bad" role="alert">
      {say("attach.refused")} <span lang="en" dir="ltr">{textOf(detail)}</span> <bdi dir="ltr">{textOf(code)}</bdi>
    </p>
  );
} // prettier-ignore

/** A file on its way to the gateway. */
function Coming({ job }: { readonly job: UploadJob }): VNode {
  const { name, size } = job;
  const state = job.state.value;
  return (
    <div class="item" data-upload={state}>
      <p>
        <bdi data-file-name>{name}</bdi> · <Cost size={size} />
      </p>
      {state === "failed" ? (
        <Why error={job.error.value} />
      ) : (
        <p role="status">
          <progress max={size} value={job.done.value} aria-label={name} /> {say(state === "waiting" ? "attach.waiting" : "attach.coming")}
        </p>
      )}
      <button type="button" onClick={() => letGo(job)}>
        {say("form.remove", { name })}
      </button>
    </div>
  );
} // prettier-ignore

const part = (name: string, more: Partial<Field>): Field => ({
  name, says: name, widget: "text", isRequired: true, list: "", group: "", unit: "", most: undefined, characters: undefined, ...more,
}); // prettier-ignore

/** A file that the message names: what it is for, and what it costs. */
function Attachment({ path, name, onRemove }: { readonly path: Path; readonly name: string; readonly onRemove: () => void }): VNode {
  const { value, form } = useForm();
  const isLater = useSignal(false);
  const said = membersOf(value(path));
  const digest = textOf(said["digest"]);
  const size = typeof said["size"] === "number" ? said["size"] : 0;
  const arrival = arrivalOf(digest);
  const role = [...path, "role"];
  const says = form.groups["Attachment"]?.find((one) => one.name === "role")?.says ?? "";
  const id = renderPointer(role);
  const later = async (): Promise<void> => {
    if (arrival !== undefined) await dropUpload(arrival.upload);
    forget(digest);
    isLater.value = true;
  };
  return (
    <div class="item" data-attached={digest}>
      <p>
        {arrival === undefined ? null : <><bdi data-file-name>{arrival.name}</bdi> · </>}
        <bdi dir="ltr">{textOf(said["mediaType"])}</bdi> · <Cost size={size} />
      </p>
      <p class="field">
        <label for={id}>{says}</label>
        <Input field={part("role", { widget: "code", list: "ATTACHMENT_ROLE" })} path={role} id={id} />
      </p>
      {arrival === undefined ? null : (
        <Act name="send-later" act={later}>
          {say("attach.later")}
        </Act>
      )}
      {isLater.value ? <p class="note" role="status">{say("attach.named")}</p> : null}
      <button type="button" onClick={onRemove}>
        {say("form.remove", { name })}
      </button>
    </div>
  );
} // prettier-ignore

/** What a file is most often for; whoever writes may say otherwise. */
function roleOf({ mediaType }: Attached): string {
  if (mediaType.startsWith("image/")) return "PHOTO";
  return mediaType === "application/pdf" ? "DOC_SCAN" : "OTHER";
}

function Choose({ place, isList }: { readonly place: string; readonly isList: boolean }): VNode {
  return (
    <label>
      {say("attach.choose")}
      <input
        type="file"
        multiple={isList}
        onChange={({ currentTarget }) => {
          choose(place, currentTarget.files ?? []);
          currentTarget.value = "";
        }}
      />
    </label>
  );
}

/** Where files of a field stand in the draft, and what is on its way to there. */
interface Places {
  readonly place: string;
  readonly items: readonly unknown[];
  readonly coming: readonly UploadJob[];
  readonly at: (index: number) => Path;
}

function usePlaces({ field, path }: AttachProps): Places {
  const { value, change, draft } = useForm();
  const place = `${draft}${renderPointer(path)}`;
  const isList = field.most !== undefined;
  const held = value(path);
  const items = isList ? listOf(held) : held === undefined ? [] : [held];
  const coming = chosen.value.filter((one) => one.place === place).map(({ job }) => job);
  const arrived = coming.filter((job) => job.result.value !== undefined).length;
  useEffect(() => {
    const all = takeArrived(place).map((one) => ({ ...one, role: roleOf(one) }));
    if (all.length > 0) change(path, isList ? [...items, ...all] : all[0]);
  }, [arrived]);
  return { place, items, coming, at: (index) => (isList ? [...path, index] : path) };
}

/**
 * Files of a message: chosen here, brought to the gateway at once and piece by piece, named by the message when they are there. The
 * message goes first; its files follow it over the line.
 */
export function Attach({ field, path }: AttachProps): VNode {
  const { change } = useForm();
  const { place, items, coming, at } = usePlaces({ field, path });
  const isFull = items.length + coming.length >= (field.most ?? 1);
  return (
    <fieldset id={renderPointer(path)} tabIndex={-1} class="attach">
      <legend>
        {field.says}
        {field.isRequired ? null : <span class="aside"> ({say("form.optional")})</span>}
      </legend>
      {items.map((_, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the same file may be named twice
        <Attachment key={index} path={at(index)} name={`${field.says} ${index + 1}`} onRemove={() => change(at(index), undefined)} />
      ))}
      {coming.map((job) => <Coming key={job.name + job.size} job={job} />)}
      {isFull ? null : <Choose place={place} isList={field.most !== undefined} />}
      <p class="note">{say("attach.note")}</p>
    </fieldset>
  );
} // prettier-ignore

/** Whether a field holds files. */
export function isAttach({ group }: Pick<Field, "group">): boolean {
  return group === "Attachment";
}
