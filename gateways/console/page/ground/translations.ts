import { type Submission, beginWord, keepDraft } from "./answers.ts";
import { api, had } from "./api.ts";
import { renderBase64url } from "./base64.ts";
import { membersOf, textOf } from "./members.ts";
import { getMessage, listThread, type Message } from "./messages.ts";
import { encodeText, type FreeText } from "./texts.ts";

/** A translation of one text of a message that somebody signed, as it stands here. */
export interface Translation {
  readonly id: string;
  readonly pointer: string;
  readonly text: string;
  readonly lang: string;
  /** A code of TRANSLATION_METHOD. */
  readonly method: string;
  readonly by: string;
  /** Whether it is of the very text it names; a code says why not. */
  readonly isBound: boolean;
  readonly code: string;
}

const product = "translation.product";
/** More than one message has in hardly any matter. */
const mostRead = 12;

async function readTranslation(id: string, of: string): Promise<readonly Translation[]> {
  const message = await getMessage(id);
  const said = membersOf(message.body);
  if (textOf(said["targetId"]) !== of) return [];
  const params = { path: { id } };
  const { bound, code = "" } = had((await api.GET("/v1/messages/{id}/translation-check", { params })).data);
  const { text, lang } = membersOf(said["text"]);
  return [
    {
      id,
      pointer: textOf(said["pointer"]),
      text: textOf(text),
      lang: textOf(lang),
      method: textOf(said["method"]),
      by: message.originator,
      isBound: bound,
      code,
    },
  ];
} // prettier-ignore

/** The translations of a message that stand in its thread, the newest first. */
export async function findTranslations({ id, threadId = id }: Message): Promise<readonly Translation[]> {
  const { items } = await listThread(threadId);
  const ids = items.flatMap((one) => (one.type === product && one.id !== undefined ? [one.id] : [])).slice(0, mostRead);
  return (await Promise.all(ids.map(async (one) => await readTranslation(one, id)))).flat();
} // prettier-ignore

/** A translation that the gateway's machine made; nothing of it is kept until somebody does. */
export async function translateByMachine(of: Message, pointer: string, to: string): Promise<Submission> {
  const { id, threadId = id, box, originator } = of;
  const params = { path: { id } };
  const made = had((await api.POST("/v1/messages/{id}/translations", { params, body: { pointer, to } })).data);
  // what nobody checked is for no court; in its thread it is found again by everybody who reads the original
  const inner = { ...membersOf(made.inner), courtUse: "NO" };
  // whoever wrote the original, or had it from us, is who may read it in other words
  const recipients = box === "in" ? [originator] : of.recipients;
  return { ...made, recipients, inner, threadId, inReplyTo: id };
} // prettier-ignore

/** Begins a request to those who translate, for one text; the draft's id. */
export async function askTranslator(of: Message, { pointer, text, lang, source }: FreeText, to: string): Promise<string> {
  const begun = await beginWord(of.id, "translation.request");
  const digest = await crypto.subtle.digest("SHA-256", encodeText(source));
  const segments = [{ pointer, sourceDigest: renderBase64url(digest), source: { text, lang } }];
  const body = { ...membersOf(begun.body), segments, language: to, quality: "HUMAN" };
  return await keepDraft({ ...begun, body });
} // prettier-ignore
