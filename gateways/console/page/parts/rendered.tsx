import { type ComponentChild, Fragment, h, type VNode } from "preact";

import { readRendered, type Rendered } from "../ground/rendered.ts";

/** Headings of what is shown inside a screen stand below the screen's own. */
function elementOf(tag: string): string {
  return tag === "h2" ? "h3" : tag;
}

function show(piece: Rendered, at: number): ComponentChild {
  if (typeof piece === "string") return piece;
  const { tag, lang, dir, children } = piece;
  return h(elementOf(tag), { key: at, lang, dir }, children.map(show));
}

/** A message as the gateway rendered it: text stays text, whatever stands in it. */
export function RenderedMessage({ html }: { readonly html: string }): VNode {
  return h(Fragment, null, readRendered(html).map(show));
}
