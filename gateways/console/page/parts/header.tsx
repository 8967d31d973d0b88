import type { VNode } from "preact";

import { isListShown } from "../ground/keys.ts";
import { status } from "../ground/live.ts";
import { hrefOf, place } from "../ground/place.ts";
import { mayEnter, roomOf, rooms } from "../ground/rooms.ts";
import { choosePurpose, purpose, session } from "../ground/session.ts";
import {
  codesOf,
  isDraft,
  type Language,
  language,
  languages,
  say,
  speak,
} from "../ground/words.ts";
import { SignOut } from "./sign-out.tsx";
import { StatusBar } from "./status-bar.tsx";

/** Languages by their own names; no flags. */
const ownNames: Readonly<Record<Language, string>> = {
  en: "English",
  fr: "Français",
  pt: "Português",
  es: "Español",
  ar: "العربية",
  sw: "Kiswahili",
};

function Navigation(): VNode {
  const [here = ""] = place.value.path;
  const room = roomOf(here);
  return (
    <nav aria-label={say("nav.name")}>
      <ul>
        {rooms.filter(mayEnter).map((one) => (
          <li key={one.path}>
            <a href={hrefOf(one.path)} aria-current={one === room ? "page" : undefined}>
              {say(one.word)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Turns the page to another language at once; nothing typed is lost. */
export function LanguageChoice({ kind = "language" }: { readonly kind?: string }): VNode {
  return (
    <label class={kind}>
      <span class="unseen">{say("language.choose")}</span>
      <select
        value={language.value}
        onChange={({ currentTarget }) => {
          const chosen = languages.find((one) => one === currentTarget.value);
          if (chosen !== undefined) void speak(chosen);
        }}
      >
        {languages.map((one) => (
          <option key={one} value={one} lang={one}>
            {ownNames[one]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Person(): VNode | null {
  const who = session.value;
  if (who === undefined) return null;
  return (
    <details class="person">
      <summary>
        <bdi>{who.name}</bdi>
      </summary>
      <label>
        {say("person.purpose")}
        <select
          value={purpose.value}
          disabled={who.purpose !== null}
          onChange={({ currentTarget }) => choosePurpose(currentTarget.value)}
        >
          {codesOf("PURPOSE").map(([code, label]) => (
            <option key={code} value={code}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <SignOut />
    </details>
  );
}

/** What stands at the top of every screen. */
export function Header(): VNode {
  return (
    <header>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.querySelector("h1")?.focus(); }}>
        {say("nav.skip")}
      </a>
      <p class="agency">
        <bdi dir="ltr">{status.value?.agency ?? "Atumpan"}</bdi>
      </p>
      <Navigation />
      <StatusBar />
      <button type="button" data-act="commands" aria-keyshortcuts="Control+K" onClick={() => (isListShown.value = true)}>
        {say("keyboard.commands")}
      </button>
      <LanguageChoice />
      <Person />
      {isDraft() ? <p class="note draft">{say("language.draft")}</p> : null}
    </header>
  );
} // prettier-ignore
