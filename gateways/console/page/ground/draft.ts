import { type ReadonlySignal, signal } from "@preact/signals";

import type { paths } from "../../../client/api-types.ts";
import { type Path, valueAt, withValue } from "../forms/tree.ts";
import type { Fault } from "../forms/work.ts";
import type { Sending, Submission } from "./answers.ts";
import { api, had } from "./api.ts";
import { every, now, type Timer } from "./clock.ts";
import { dropLocal, findLocal, keepLocal } from "./local.ts";
import { listOf, membersOf, textOf } from "./members.ts";
import { Refusal } from "./problem.ts";
import { language } from "./words.ts";

type Kept = paths["/v1/drafts/{id}"]["get"]["responses"]["200"]["content"]["application/json"];

/** Whether what was typed is at the gateway. `changed`: somebody else changed the draft meanwhile. */
export type Saving = "saved" | "typed" | "saving" | "here" | "changed";

/** A message that is being written. The gateway keeps it; this browser holds an encrypted copy of what has not reached it yet. */
export interface DraftWork {
  readonly id: string;
  readonly message: ReadonlySignal<unknown>;
  readonly saving: ReadonlySignal<Saving>;
  /** When the gateway last took it, in milliseconds since 1970; undefined before. */
  readonly savedAt: ReadonlySignal<number | undefined>;
  value(path: Path): unknown;
  change(path: Path, value: unknown): void;
  /** Brings it to the gateway now. @throws {Refusal} as the gateway refuses */
  save(): Promise<void>;
  /** Sends it, once. @throws {Refusal} as the gateway refuses */
  submit(): Promise<Sending>;
  /** Every few seconds brings to the gateway what was typed, until it is stopped. */
  keepSaving(): Timer;
}

const saveMs = 5_000;

/** What is on its way to the gateway, by draft: who opens it waits for that, or two would write over each other. */
const underWay = new Map<string, Promise<void>>();

class OpenDraft implements DraftWork {
  readonly id: string;
  readonly message = signal<unknown>({});
  readonly saving = signal<Saving>("saved");
  readonly savedAt = signal<number | undefined>(undefined);
  readonly #person: string;
  readonly #shared: boolean;
  #version: string;
  #edits = 0;

  constructor(
    id: string,
    person: string,
    kept: { readonly draft: Kept; readonly version: string },
  ) {
    this.id = id;
    this.#person = person;
    this.#shared = kept.draft.shared;
    this.#version = kept.version;
    this.message.value = kept.draft.message;
  }

  value(path: Path): unknown {
    return valueAt(this.message.value, path);
  }

  change(path: Path, value: unknown): void {
    this.message.value = withValue(this.message.value, path, value);
    this.#typed();
  }

  /** Takes up what an earlier page of this browser could not bring to the gateway, where nobody changed it since. */
  async takeUp(): Promise<void> {
    const copy = await findLocal(this.#person, this.id);
    if (copy === undefined) return;
    if (copy.version !== this.#version) return;
    this.message.value = JSON.parse(copy.text);
    this.#typed();
  }

  #typed(): void {
    this.#edits += 1;
    if (this.saving.value !== "changed") this.saving.value = "typed";
    const text = JSON.stringify(this.message.value);
    void keepLocal(this.#person, this.id, { text, version: this.#version });
  }

  async save(): Promise<void> {
    const saved = this.#save();
    underWay.set(this.id, saved);
    await saved;
  }

  async #save(): Promise<void> {
    if (this.saving.value === "saved") return;
    const edits = this.#edits;
    this.saving.value = "saving";
    try {
      const params = { path: { id: this.id }, header: { "if-match": this.#version } };
      const body = { message: membersOf(this.message.value), shared: this.#shared };
      const { response } = await api.PUT("/v1/drafts/{id}", { params, body });
      this.#version = response.headers.get("etag") ?? this.#version;
    } catch (error) {
      const isChanged = error instanceof Refusal && error.message === "PRECONDITION_FAILED";
      this.saving.value = isChanged ? "changed" : "here";
      throw error;
    }
    this.savedAt.value = now();
    if (this.#edits !== edits) {
      this.#typed();
      return;
    }
    this.saving.value = "saved";
    await dropLocal(this.#person, this.id);
  }

  async submit(): Promise<Sending> {
    await this.save();
    const params = { path: { id: this.id }, header: { "if-match": this.#version } };
    const sent = had((await api.POST("/v1/drafts/{id}/submit", { params })).data);
    return { id: sent.id, waits: !("created" in sent) };
  }

  keepSaving(): Timer {
    const timer = every(saveMs, () => {
      // said by the line about saving, and tried again
      if (this.saving.value === "typed" || this.saving.value === "here") this.save().catch(() => undefined);
    });
    return timer;
  } // prettier-ignore
}

/** Opens a draft of one's own, or a shared one. */
export async function openDraft(id: string, person: string): Promise<DraftWork> {
  // whether it came there is asked of the gateway itself
  await underWay.get(id)?.catch(() => undefined);
  const { data, response } = await api.GET("/v1/drafts/{id}", { params: { path: { id } } });
  const kept = { draft: had(data), version: response.headers.get("etag") ?? "" };
  const draft = new OpenDraft(id, person, kept);
  await draft.takeUp();
  return draft;
}

/** What the gateway finds wrong with a message, and what sending it would come to. */
export type Checked =
  paths["/v1/messages:validate"]["post"]["responses"]["200"]["content"]["application/json"];

/** A message that is being written, as the API takes it; what is missing in it the gateway says. */
export function asSubmission(message: unknown): Submission {
  const said = membersOf(message);
  const crimes = listOf(said["crimes"]).map(textOf);
  return { ...said, type: textOf(said["type"]), crimes, body: said["body"] ?? {} };
}

/** Asks the gateway what is wrong with it; nothing is stored. */
export async function checkMessage(message: unknown): Promise<Checked> {
  return had((await api.POST("/v1/messages:validate", { body: asSubmission(message) })).data);
}

/** What is wrong, as the page says it: the field's name and one sentence, in the page's language. */
export function faultsOf({ problems }: Checked): readonly Fault[] {
  return problems.map(({ path, sentence, field, message }) => {
    const name = textOf(membersOf(field)[language.value]);
    const says = textOf(membersOf(sentence)[language.value]);
    const text = says === "" ? message : says;
    return { pointer: path, says: name === "" ? text : `${name}: ${text}` };
  });
}
