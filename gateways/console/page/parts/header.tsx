import type { VNode } from "preact";

import { status } from "../ground/live.ts";
import { hrefOf, place } from "../ground/place.ts";
import { choosePurpose, may, purpose, session, signOut } from "../ground/session.ts";
import {
  codesOf,
  isDraft,
  type Language,
  language,
  languages,
  say,
  speak,
  type WordId,
} from "../ground/words.ts";
import { Act } from "./act.tsx";
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

const rooms: readonly (readonly [path: string, word: WordId, asks: string])[] = [
  ["home", "nav.home", "/v1/messages"],
  ["inbox", "nav.inbox", "/v1/messages"],
  ["write", "nav.write", "/v1/drafts"],
  ["sent", "nav.sent", "/v1/messages"],
  ["drafts", "nav.drafts", "/v1/drafts"],
  ["approvals", "nav.approvals", "/v1/releases"],
  ["handover", "nav.handover", "/v1/handover"],
  ["analysis", "nav.analysis", "/v1/trends"],
  ["admin", "nav.admin", "/v1/people-changes"],
  ["oversight", "nav.oversight", "/v1/audit/check"],
];

function Navigation(): VNode {
  const [here] = place.value.path;
  return (
    <nav aria-label={say("nav.name")}>
      <ul>
        {rooms
          .filter(([, , asks]) => may("GET", asks))
          .map(([path, word]) => (
            <li key={path}>
              <a href={hrefOf(path)} aria-current={here === path ? "page" : undefined}>
                {say(word)}
              </a>
            </li>
          ))}
        <li>
          <a href={hrefOf("help")} aria-current={here === "help" ? "page" : undefined}>
            {say("nav.help")}
          </a>
        </li>
      </ul>
    </nav>
  );
}

/** Turns the page to another language at once; nothing typed is lost. */
export function LanguageChoice(): VNode {
  return (
    <label class="language">
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
      <Act act={signOut} name="sign-out">
        {say("act.signOut")}
      </Act>
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
      <LanguageChoice />
      <Person />
      {isDraft() ? <p class="note draft">{say("language.draft")}</p> : null}
    </header>
  );
} // prettier-ignore
