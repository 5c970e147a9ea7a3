import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { KeysProvider, type KeyBinding, useKeys } from "./keys";

afterEach(cleanup);

function Bound({ bindings, overlay = false }: { bindings: KeyBinding[]; overlay?: boolean }) {
  useKeys(bindings, { overlay });
  return null;
}

it("runs single keys and chords outside inputs", async () => {
  const down = vi.fn();
  const queue = vi.fn();
  render(
    <KeysProvider>
      <Bound bindings={[{ keys: "j", run: down }, { keys: "g q", run: queue }]} />
    </KeysProvider>,
  );
  await userEvent.keyboard("jgq");
  expect(down).toHaveBeenCalledTimes(1);
  expect(queue).toHaveBeenCalledTimes(1);
});

it("is silent inside an input, but for Ctrl and Escape", async () => {
  const down = vi.fn();
  const save = vi.fn();
  const back = vi.fn();
  render(
    <KeysProvider>
      <Bound bindings={[{ keys: "j", run: down }, { keys: "mod+Enter", run: save }, { keys: "Escape", run: back }]} />
      <input aria-label="name" />
    </KeysProvider>,
  );
  await userEvent.type(screen.getByLabelText("name"), "j{Control>}{Enter}{/Control}{Escape}");
  expect(down).not.toHaveBeenCalled();
  expect(save).toHaveBeenCalledTimes(1);
  expect(back).toHaveBeenCalledTimes(1);
});

it("leaves the page's keys alone while a dialog is open", async () => {
  const page = vi.fn();
  const dialog = vi.fn();
  render(
    <KeysProvider>
      <Bound bindings={[{ keys: "n", run: page }, { keys: "mod+Enter", run: page }]} />
      <Bound bindings={[{ keys: "mod+Enter", run: dialog }]} overlay />
      <div role="dialog" aria-modal="true" aria-label="vitals" />
    </KeysProvider>,
  );
  await userEvent.keyboard("n{Control>}{Enter}{/Control}");
  expect(page).not.toHaveBeenCalled();
  expect(dialog).toHaveBeenCalledTimes(1);
});
