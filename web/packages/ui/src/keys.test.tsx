import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
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
  await waitFor(() => expect(down).toHaveBeenCalledTimes(1));
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
  await waitFor(() => expect(dialog).toHaveBeenCalled());
  expect(page).not.toHaveBeenCalled();
  expect(dialog).toHaveBeenCalledTimes(1);
});

it("takes a burst of keys that ends in Enter for a scan, and for nothing else", async () => {
  const scan = vi.fn();
  const other = vi.fn();
  render(
    <KeysProvider>
      <Bound bindings={[{ keys: "scan", run: (_, scanned) => scan(scanned) }, { keys: "n", run: other }, { keys: "Enter", run: other }]} />
      <button type="button" onClick={other} onKeyDown={other} />
    </KeysProvider>,
  );
  const button = screen.getByRole("button");
  button.focus();
  for (const key of "MAIN-26-000042") fireEvent.keyDown(document.body, { key });
  fireEvent.keyDown(button, { key: "Enter" });
  await new Promise((done) => setTimeout(done, 120));
  expect(scan.mock.calls).toEqual([["MAIN-26-000042"]]);
  expect(other).not.toHaveBeenCalled();
});

it("lets somebody who types slowly, or little, do what the keys do", async () => {
  const scan = vi.fn();
  const down = vi.fn();
  render(
    <KeysProvider>
      <Bound bindings={[{ keys: "scan", run: scan }, { keys: "j", run: down }]} />
    </KeysProvider>,
  );
  for (let press = 0; press < 6; press++) {
    fireEvent.keyDown(document.body, { key: "j" });
    await new Promise((done) => setTimeout(done, 70));
  }
  fireEvent.keyDown(document.body, { key: "Enter" });
  expect(down).toHaveBeenCalledTimes(6);
  expect(scan).not.toHaveBeenCalled();
});

it("saves by Ctrl+Enter also from a field that takes Enter for itself", async () => {
  const save = vi.fn();
  render(
    <KeysProvider>
      <Bound bindings={[{ keys: "mod+Enter", run: save }]} />
      <input aria-label="list" onKeyDown={(event) => event.key === "Enter" && event.preventDefault()} />
    </KeysProvider>,
  );
  screen.getByLabelText("list").focus();
  await userEvent.keyboard("{Enter}{Control>}{Enter}{/Control}");
  expect(save).toHaveBeenCalledTimes(1);
});
