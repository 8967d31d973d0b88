import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import { areKeysOn, turnKeys } from "../ground/keys.ts";
import { say, type WordId } from "../ground/words.ts";
import { Heading } from "../parts/heading.tsx";

const keys: readonly (readonly [key: string, word: WordId])[] = [
  ["j / k", "keys.step"],
  ["Enter", "keys.open"],
  ["a", "answer.acknowledge"],
  ["h", "answer.hit"],
  ["n", "answer.noHit"],
  ["f", "answer.refuse"],
  ["q", "answer.clarify"],
  ["o", "read.original"],
  ["w", "nav.write"],
  ["/", "act.search"],
  ["g h", "nav.home"],
  ["g i", "nav.inbox"],
  ["g s", "nav.sent"],
  ["g d", "nav.drafts"],
  ["?", "nav.help"],
];

/** What keys do, and what the network can see; always at the same place, and without a line too. */
export function Help(): VNode {
  const isOn = useSignal(areKeysOn());
  return (
    <>
      <Heading title={say("nav.help")} />
      <h2>{say("keys.title")}</h2>
      <label>
        <input
          type="checkbox"
          checked={isOn.value}
          onChange={({ currentTarget: { checked } }) => {
            turnKeys(checked);
            isOn.value = checked;
          }}
        />
        {say("keys.on")}
      </label>
      <dl class="keys">
        {keys.map(([key, word]) => (
          <div key={key}>
            <dt>
              <kbd dir="ltr">{key}</kbd>
            </dt>
            <dd>{say(word)}</dd>
          </div>
        ))}
      </dl>
      <h2>{say("help.seenTitle")}</h2>
      <p>{say("help.seen")}</p>
      <h2>{say("help.keptTitle")}</h2>
      <p>{say("help.kept")}</p>
    </>
  );
}
