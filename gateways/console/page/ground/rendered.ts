/** A piece of what the gateway rendered: a mark of its own with what is in it, or text. */
export type Rendered =
  | string
  | {
      readonly tag: Tag;
      readonly lang?: string;
      readonly dir?: string;
      readonly children: readonly Rendered[];
    };

const tags = ["article", "h2", "dl", "dt", "dd", "bdi", "q", "small", "p", "strong"] as const;
/** The marks there are. */
export type Tag = (typeof tags)[number];

const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

function decode(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity);
}

interface Open {
  readonly tag: Tag;
  readonly lang?: string;
  readonly dir?: string;
  readonly children: Rendered[];
}

function readOpening(tag: Tag, attributes: string): Open {
  const said = (name: string): string | undefined =>
    new RegExp(`(?:^| )${name}="([\\w-]{1,35})"`).exec(attributes)?.[1];
  const [lang, dir] = [said("lang"), said("dir")];
  return {
    tag,
    children: [],
    ...(lang === undefined ? {} : { lang }),
    ...(dir === undefined ? {} : { dir }),
  };
}

/**
 * Reads what the gateway rendered of a message, as it writes it: a handful of marks, everything else escaped. No browser parses it, so
 * nothing in it can become a script; a mark that is none of ours stands there as text.
 */
export function readRendered(html: string): readonly Rendered[] {
  const top: Rendered[] = [];
  const open: Open[] = [];
  const put = (piece: Rendered): void => void (open.at(-1)?.children ?? top).push(piece);
  for (const [whole, text, closing, name, attributes = ""] of html.matchAll(
    /([^<]+)|<(\/?)([a-z]+\d?)((?: [a-z]+="[^"<>]*")*)>|</g,
  )) {
    const tag = tags.find((one) => one === name);
    if (text !== undefined || tag === undefined) put(decode(text ?? whole));
    else if (closing === "/") {
      const ended = open.pop();
      if (ended !== undefined) put(ended);
    } else open.push(readOpening(tag, attributes));
  }
  for (let left = open.pop(); left !== undefined; left = open.pop()) put(left);
  return top;
}
