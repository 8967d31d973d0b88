import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import { getForm } from "../forms/form.ts";
import { namePath } from "../forms/names.ts";
import { readPointer } from "../forms/tree.ts";
import { keepDraft, type Submission } from "../ground/answers.ts";
import { api, had } from "../ground/api.ts";
import { tick } from "../ground/live.ts";
import { useLoad } from "../ground/load.ts";
import { membersOf, textOf } from "../ground/members.ts";
import type { Message } from "../ground/messages.ts";
import { getMessage } from "../ground/messages.ts";
import { go, hrefOf } from "../ground/place.ts";
import { may } from "../ground/session.ts";
import { findTexts, type FreeText, isOther } from "../ground/texts.ts";
import {
  askTranslator,
  findTranslations,
  translateByMachine,
  type Translation,
} from "../ground/translations.ts";
import { type Language, language, say } from "../ground/words.ts";
import { Act } from "./act.tsx";
import { Panel } from "./panel.tsx";

const byMachine = "MT_RAW";

interface Known {
  readonly message: Message;
  readonly translations: readonly Translation[];
  readonly methods: ReadonlyMap<string, string>;
  readonly nameOf: (text: FreeText) => string;
}

async function loadAll(id: string, lang: Language): Promise<Known> {
  const message = await getMessage(id);
  const params = { path: { list: "TRANSLATION_METHOD" }, query: { lang } };
  const [translations, form, list] = await Promise.all([
    findTranslations(message),
    getForm(message.type, lang),
    api.GET("/v1/codelists/{list}", { params }),
  ]);
  return {
    message,
    translations,
    methods: new Map(had(list.data).codes.map(({ code, label }) => [code, label])),
    nameOf: ({ pointer }) => namePath(form, ["body", ...readPointer(pointer)]),
  };
}

/** A translation that somebody signed. What a machine made and nobody checked says so, in words and by its frame. */
function Signed({ of, methods }: { readonly of: Translation; readonly methods: Known["methods"] }): VNode {
  const { id, text, lang, method, by, isBound, code } = of;
  return (
    <div class={method === byMachine ? "translation machine" : "translation"} data-translation={id} data-method={method}>
      {isBound ? (
        <q lang={lang} dir="auto">{text}</q>
      ) : (
        <p class="bad" role="alert">{say("translation.unbound")} <bdi dir="ltr">{code}</bdi></p>
      )}
      <p class="note">
        {method === byMachine ? <strong>{say("translation.machine")} </strong> : null}
        {methods.get(method) ?? method} · {say("translation.signed")} <bdi dir="ltr">{by}</bdi> · <a href={hrefOf(`message/${id}`)}>{say("act.show")}</a>
      </p>
    </div>
  );
} // prettier-ignore

/** What a machine made just now: nobody's word until somebody checks, signs and sends it. */
function Made({ of }: { readonly of: Submission }): VNode {
  const { text, lang } = membersOf(membersOf(of.body)["text"]);
  return (
    <div class="translation machine" data-made>
      <q lang={textOf(lang)} dir="auto">{textOf(text)}</q>
      <p class="note"><strong>{say("translation.machine")}</strong> {say("translation.unsigned")}</p>
      <Act name="keep-translation" act={async () => go(`write/${await keepDraft(of)}`)}>
        {say("translation.keep")}
      </Act>
    </div>
  );
} // prettier-ignore

function One({ text, of }: { readonly text: FreeText; readonly of: Known }): VNode {
  const made = useSignal<Submission | undefined>(undefined);
  const to = language.value;
  const { message, translations, methods, nameOf } = of;
  const own = translations.filter(({ pointer, lang }) => pointer === text.pointer && !isOther(lang, to));
  const machine = async (): Promise<void> => {
    made.value = await translateByMachine(message, text.pointer, to);
  };
  const ask = async (): Promise<void> => go(`write/${await askTranslator(message, text, to)}`);
  return (
    <li data-text={text.pointer}>
      <p><strong>{nameOf(text)}</strong> (<bdi>{text.lang}</bdi>)</p>
      <q lang={text.lang} dir="auto">{text.text}</q>
      {own.map((one) => <Signed key={one.id} of={one} methods={methods} />)}
      {own.length > 0 || made.value !== undefined ? null : <p class="note" data-untranslated>{say("translation.none")}</p>}
      {made.value === undefined ? null : <Made of={made.value} />}
      <div class="acts">
        {may("POST", "/v1/messages/{id}/translations") && made.value === undefined ? <Act name="translate" act={machine}>{say("translation.byMachine")}</Act> : null}
        {may("POST", "/v1/messages") ? <Act name="ask-translator" act={ask}>{say("translation.ask")}</Act> : null}
      </div>
    </li>
  );
} // prettier-ignore

/** The sender's own words in other languages than the reader's, each beside its translations; where there is none, that is said. */
export function Translations({ id }: { readonly id: string }): VNode {
  const lang = language.value;
  const known = useLoad(`${id} ${lang} ${tick.value}`, async () => await loadAll(id, lang));
  return (
    <Panel of={known}>
      {(of) => (
        <ul class="plain" data-part="translations">
          {findTexts(of.message.body)
            .filter((text) => isOther(text.lang, lang))
            .map((text) => <One key={text.pointer + lang} text={text} of={of} />)}
        </ul>
      )}
    </Panel>
  );
} // prettier-ignore
