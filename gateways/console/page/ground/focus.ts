let wish: string | undefined;

/** Says what takes the focus on the screen one goes to, instead of its heading. */
export function wishFocus(selector: string): void {
  wish = selector;
}

/** Gives the focus to what was wished for, once; false where nothing was, or it is not there. */
export function focusWished(): boolean {
  const found = wish === undefined ? null : document.querySelector<HTMLElement>(wish);
  wish = undefined;
  found?.focus();
  return found !== null;
}
