import { ApiError } from "@hm/client";
import { useErrorText } from "@hm/ui";
import { renderHook } from "@testing-library/react";
import i18next from "i18next";
import { expect, it } from "vitest";
import hi from "./hi.json";
import { speak, startTranslations } from "./translations";

const refused = (code: string) => new ApiError(409, { code, detail: "The server's sentence." }, "", null);

it("words a refusal that the app knows in the language of who reads it, and leaves the rest to the server", async () => {
  await startTranslations();
  await speak("hi");
  const { result } = renderHook(() => useErrorText());
  expect(result.current(refused("lab.tests_waiting"))).toBe(hi.ui.error.refused.lab.tests_waiting);
  expect(result.current(refused("lab.of_no_such_code"))).toBe("The server's sentence.");
  expect(result.current(refused(""))).toBe("The server's sentence.");
  expect(i18next.language).toBe("hi");
});
