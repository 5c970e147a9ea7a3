import { hasCode } from "@hm/client";
import { toast } from "@hm/ui";
import i18next from "i18next";

/** How long a tab may take to read what it was given. */
const readingTime = 60_000;

/**
 * Shows a file in a tab of its own. The tab is opened at once, while the browser still knows that somebody asked for
 * it, and filled when the file has come.
 */
export async function openFile(ask: () => Promise<{ name: string; content: Blob }>): Promise<void> {
  const tab = window.open("", "_blank");
  if (tab) tab.document.title = i18next.t("reports.making");
  try {
    const { name, content } = await ask();
    const url = URL.createObjectURL(content);
    if (tab) tab.location.replace(url);
    else save(url, name);
    setTimeout(() => URL.revokeObjectURL(url), readingTime);
  } catch (error) {
    tab?.close();
    if (hasCode(error, "labprint.typesetter_missing")) toast.warn(i18next.t("reports.noTypesetter"));
    else toast.failed(error);
  }
}

/** Saves a file that is not for reading, such as what a label printer is sent. */
export async function saveFile(ask: () => Promise<{ name: string; content: Blob }>): Promise<void> {
  try {
    const { name, content } = await ask();
    const url = URL.createObjectURL(content);
    save(url, name);
    setTimeout(() => URL.revokeObjectURL(url), readingTime);
  } catch (error) {
    toast.failed(error);
  }
}

function save(url: string, name: string) {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}
