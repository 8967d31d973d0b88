import { useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useMemo } from "preact/hooks";

import { addressFields, innerFields, outerFields } from "../forms/envelope.ts";
import { Fields } from "../forms/fields.tsx";
import { type Form, getForm } from "../forms/form.ts";
import { type Fault, FormContext, type FormWork } from "../forms/work.ts";
import { checkMessage, type DraftWork, faultsOf, openDraft } from "../ground/draft.ts";
import { useLoad } from "../ground/load.ts";
import { textOf } from "../ground/members.ts";
import { go } from "../ground/place.ts";
import { session } from "../ground/session.ts";
import { language, say, typeName } from "../ground/words.ts";
import { holdWriting } from "../ground/writing.ts";
import { Act } from "../parts/act.tsx";
import { FaultSummary } from "../parts/fault-summary.tsx";
import { Heading } from "../parts/heading.tsx";
import { Panel } from "../parts/panel.tsx";
import { SavingLine } from "../parts/saving.tsx";
import { TwoTexts } from "../parts/two-texts.tsx";

function Section({ number, title, children }: { readonly number: number; readonly title: string; readonly children: ComponentChildren }): VNode {
  return (
    <section aria-labelledby={`section-${number}`}>
      <h2 id={`section-${number}`}>
        {number}. {title}
      </h2>
      {children}
    </section>
  );
} // prettier-ignore

/** What was typed is not at the gateway: the browser asks before the page goes. */
function useLeaving(draft: DraftWork): void {
  useEffect(() => {
    const timer = draft.keepSaving();
    const ask = (event: BeforeUnloadEvent): void => {
      if (draft.saving.value !== "saved") event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    const isDirty = (): boolean => draft.saving.peek() !== "saved";
    const release = holdWriting({ save: async () => await draft.save(), isDirty });
    return () => {
      release();
      timer.stop();
      removeEventListener("beforeunload", ask);
      // the next screen may be another draft; what is typed here goes to the gateway first
      draft.save().catch(() => undefined);
    };
  }, [draft]);
}

function Writing({ draft, form }: { readonly draft: DraftWork; readonly form: Form }): VNode {
  const faults = useSignal<readonly Fault[]>([]);
  useLeaving(draft);
  const work: FormWork = {
    draft: draft.id,
    form,
    faults: faults.value,
    lang: language.value,
    value: (path) => draft.value(path),
    change: (path, value) => draft.change(path, value),
  };
  // read, so that the fields show what was typed
  void draft.message.value;
  const check = async (): Promise<void> => {
    await draft.save();
    // two texts stand on top: one of them is chosen first
    if (draft.meanwhile.value !== undefined) return;
    const checked = await checkMessage(draft.message.value);
    faults.value = faultsOf(checked);
    if (faults.value.length === 0) go(`write/${draft.id}/check`);
  };
  return (
    <FormContext.Provider value={work}>
      {draft.value(["status"]) === "EXERCISE" ? (
        <p class="mark drill">{say("read.drill")}</p>
      ) : null}
      <TwoTexts draft={draft} form={form} />
      <FaultSummary faults={faults.value} />
      <form class="writing" data-lang={form.lang} onSubmit={(event) => event.preventDefault()}>
        <Section number={1} title={say("write.whom")}>
          <Fields fields={addressFields(form)} path={[]} />
        </Section>
        <Section number={2} title={say("write.about")}>
          <Fields fields={outerFields()} path={[]} />
        </Section>
        <Section number={3} title={say("write.content")}>
          <Fields fields={form.fields} path={["body"]} />
        </Section>
        <Section number={4} title={say("write.reasons")}>
          <Fields fields={innerFields(form)} path={["inner"]} />
        </Section>
      </form>
      <SavingLine of={draft} />
      <Act kind="main" name="check" act={check}>
        {say("write.check")}
      </Act>
    </FormContext.Provider>
  );
}

/** The form comes in the language of the page; in another language the same fields are shown, with what was typed. */
function Formed({ draft }: { readonly draft: DraftWork }): VNode {
  const type = textOf(draft.value(["type"]));
  const lang = language.value;
  const form = useLoad(`${type} ${lang}`, async () => await getForm(type, lang));
  return <Panel of={form}>{(of) => <Writing draft={draft} form={of} />}</Panel>;
}

/** Writing a message: one page, numbered sections; the gateway keeps it while it is written. */
export function Compose({ id }: { readonly id: string }): VNode {
  const opened = useLoad(id, async () => await openDraft(id, session.peek()?.id ?? ""));
  const type = opened.state.value.value?.value(["type"]);
  const title = useMemo(() => textOf(type), [type]);
  return (
    <>
      <Heading title={title === "" ? say("nav.write") : typeName(title)} />
      <Panel of={opened}>{(draft) => <Formed draft={draft} />}</Panel>
    </>
  );
}
