import { type ReadonlySignal, signal } from "@preact/signals";

import type { paths } from "../../../client/api-types.ts";
import { type Path, valueAt, withValue } from "../forms/tree.ts";
import type { Fault } from "../forms/work.ts";
import { keepDraft, type Sending, type Submission } from "./answers.ts";
import { api, had } from "./api.ts";
import { every, now, type Timer } from "./clock.ts";
import { dropLocal, findLocal, keepLocal } from "./local.ts";
import { listOf, membersOf, textOf } from "./members.ts";
import { Refusal } from "./problem.ts";
import { language } from "./words.ts";

type Kept = paths["/v1/drafts/{id}"]["get"]["responses"]["200"]["content"]["application/json"];

/** Whether what was typed is at the gateway. `changed`: somebody else changed the draft meanwhile. */
export type Saving = "saved" | "typed" | "saving" | "here" | "changed";

/** What the gateway holds of a draft that somebody changed meanwhile. */
export interface Meanwhile {
  readonly message: unknown;
  readonly by: string;
  readonly at: string;
}

/** Which of two texts is gone on with. */
export type Choice = "mine" | "theirs";

/** A message that is being written. The gateway keeps it; this browser holds an encrypted copy of what has not reached it yet. */
export interface DraftWork {
  readonly id: string;
  readonly message: ReadonlySignal<unknown>;
  readonly saving: ReadonlySignal<Saving>;
  /** The other text, where somebody changed the draft meanwhile. */
  readonly meanwhile: ReadonlySignal<Meanwhile | undefined>;
  /** When the gateway last took it, in milliseconds since 1970; undefined before. */
  readonly savedAt: ReadonlySignal<number | undefined>;
  value(path: Path): unknown;
  change(path: Path, value: unknown): void;
  /** Brings it to the gateway now. @throws {Refusal} as the gateway refuses */
  save(): Promise<void>;
  /** Goes on with one of two texts; the other becomes a draft of its own, whose id is answered. @throws {Refusal} as the gateway refuses */
  settle(choice: Choice): Promise<string>;
  /** Sends it, once. @throws {Refusal} as the gateway refuses */
  submit(): Promise<Sending>;
  /** Every few seconds brings to the gateway what was typed, until it is stopped. */
  keepSaving(): Timer;
}

const saveMs = 5_000;

/** What is on its way to the gateway, by draft: who opens it waits for that, or two would write over each other. */
const underWay = new Map<string, Promise<void>>();

interface Versioned {
  readonly draft: Kept;
  readonly version: string;
}

async function getDraft(id: string): Promise<Versioned> {
  const { data, response } = await api.GET("/v1/drafts/{id}", { params: { path: { id } } });
  return { draft: had(data), version: response.headers.get("etag") ?? "" };
}

class OpenDraft implements DraftWork {
  readonly id: string;
  readonly message = signal<unknown>({});
  readonly saving = signal<Saving>("saved");
  readonly savedAt = signal<number | undefined>(undefined);
  readonly meanwhile = signal<Meanwhile | undefined>(undefined);
  readonly #person: string;
  readonly #shared: boolean;
  #version: string;
  #edits = 0;

  constructor(id: string, person: string, kept: Versioned) {
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

  /** Takes up what an earlier page of this browser could not bring to the gateway; where somebody changed it since, both are shown. */
  async takeUp(kept: Kept): Promise<void> {
    const copy = await findLocal(this.#person, this.id);
    if (copy === undefined) return;
    const text: unknown = JSON.parse(copy.text);
    if (JSON.stringify(text) === JSON.stringify(kept.message)) return;
    this.message.value = text;
    if (copy.version === this.#version) {
      this.#typed();
      return;
    }
    this.#differ(kept);
  }

  /** Somebody changed it: what he wrote is held beside what was typed here, until one is chosen. */
  #differ({ message, changedBy: by, changedAt: at }: Kept): void {
    this.saving.value = "changed";
    if (JSON.stringify(message) !== JSON.stringify(this.message.value)) {
      this.meanwhile.value = { message, by, at };
      return;
    }
    this.saving.value = "saved";
  }

  async #meet(): Promise<void> {
    const { draft, version } = await getDraft(this.id);
    this.#version = version;
    this.#differ(draft);
  }

  async settle(choice: Choice): Promise<string> {
    const theirs = this.meanwhile.value;
    if (theirs === undefined) return "";
    const other = choice === "mine" ? theirs.message : this.message.value;
    const kept = await keepDraft(asSubmission(other));
    this.meanwhile.value = undefined;
    if (choice === "mine") {
      this.saving.value = "typed";
      await this.save();
      return kept;
    }
    this.message.value = theirs.message;
    this.saving.value = "saved";
    await dropLocal(this.#person, this.id);
    return kept;
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
    // which of two texts is meant is for a person to say
    if (this.saving.value === "saved" || this.meanwhile.value !== undefined) return;
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
      if (!isChanged) throw error;
      // no fault of the writer's: both texts are shown, and he chooses
      await this.#meet();
      return;
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
    if (this.meanwhile.value !== undefined)
      throw new Error("which of two texts is meant is not said yet");
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
  const kept = await getDraft(id);
  const draft = new OpenDraft(id, person, kept);
  await draft.takeUp(kept.draft);
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
