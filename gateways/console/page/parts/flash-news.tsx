import type { VNode } from "preact";

import { unreadFlash } from "../ground/flash.ts";
import { hrefOf } from "../ground/place.ts";
import { say } from "../ground/words.ts";

/** FLASH messages that nobody here has read are said on every screen. */
export function FlashNews(): VNode {
  const n = unreadFlash.value.length;
  return (
    <div role="status" class="flash-news" data-flash={n}>
      {n === 0 ? null : (
        <a class="strip bad" href={hrefOf("inbox", { view: "flash" })}>
          {say("flash.unread", { n })}
        </a>
      )}
    </div>
  );
}
