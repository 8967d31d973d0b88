import type { Page } from "playwright-core";

/** Somebody at a page, by mouse or by keyboard alone; what acts is counted, typing and choosing in a field are not. */
export interface Hand {
  readonly name: "mouse" | "keyboard";
  /** Clicks and keys that did something since it was asked last. */
  takeSteps(): number;
  /** Presses what is found; by keyboard with its own key where it has one. */
  act(found: string, stroke?: string): Promise<void>;
  type(found: string, text: string): Promise<void>;
  tick(found: string): Promise<void>;
  /** Chooses in a list of one line: what comes first unless a value is said. */
  choose(found: string, value?: string): Promise<void>;
}

/** More fields than any form shows at once. */
const mostTabs = 400;

class Mouse implements Hand {
  readonly name = "mouse";
  readonly #page: Page;
  #steps = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  takeSteps(): number {
    const steps = this.#steps;
    this.#steps = 0;
    return steps;
  }

  async act(found: string): Promise<void> {
    this.#steps += 1;
    await this.#page.locator(found).first().click();
  }

  async type(found: string, text: string): Promise<void> {
    await this.#page.locator(found).first().fill(text);
  }

  async tick(found: string): Promise<void> {
    await this.#page.locator(found).first().check();
  }

  async choose(found: string, value?: string): Promise<void> {
    const list = this.#page.locator(found).first();
    // some lists come a moment after their field
    await list.locator("option").nth(1).waitFor({ state: "attached" });
    await list.selectOption(value ?? { index: 1 });
  }
}

class Keyboard implements Hand {
  readonly name = "keyboard";
  readonly #page: Page;
  #steps = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  takeSteps(): number {
    const steps = this.#steps;
    this.#steps = 0;
    return steps;
  }

  async #isAt(found: string): Promise<boolean> {
    return await this.#page.locator(found).first().evaluate((element) => element === element.ownerDocument.activeElement);
  } // prettier-ignore

  /** Moves the focus there with the Tab key alone. */
  async #reach(found: string): Promise<void> {
    await this.#page.locator(found).first().waitFor();
    for (let tabs = 0; tabs < mostTabs; tabs += 1) {
      if (await this.#isAt(found)) return;
      await this.#page.keyboard.press("Tab");
    }
    throw new Error(`no way by keyboard to ${found}`);
  }

  async act(found: string, stroke?: string): Promise<void> {
    this.#steps += 1;
    if (stroke === undefined) {
      await this.#reach(found);
      await this.#page.keyboard.press("Enter");
      return;
    }
    await this.#page.locator(found).first().waitFor();
    for (const key of stroke.split(" ")) await this.#page.keyboard.press(key);
  }

  async type(found: string, text: string): Promise<void> {
    await this.#reach(found);
    await this.#page.keyboard.press("Control+a");
    await this.#page.keyboard.insertText(text);
  }

  async tick(found: string): Promise<void> {
    await this.#reach(found);
    if (await this.#page.locator(found).first().isChecked()) return;
    await this.#page.keyboard.press("Space");
  }

  async choose(found: string, value?: string): Promise<void> {
    const list = this.#page.locator(found).first();
    await list.locator("option").nth(1).waitFor({ state: "attached" });
    await this.#reach(found);
    const values = await list.locator("option").evaluateAll((all) => all.map((one) => one.getAttribute("value")));
    const steps = (value === undefined ? 1 : values.indexOf(value)) - values.indexOf(await list.inputValue());
    for (let left = Math.abs(steps); left > 0; left -= 1) {
      await this.#page.keyboard.press(steps > 0 ? "ArrowDown" : "ArrowUp");
    }
  } // prettier-ignore
}

/** Both hands at a page. */
export function handsAt(page: Page): readonly Hand[] {
  return [new Mouse(page), new Keyboard(page)];
}
