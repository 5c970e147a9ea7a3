import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/noto-sans-devanagari/wght.css";
import "@mantine/core/styles.layer.css";
import "@hm/ui/theme.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { sweepDrafts } from "./app/drafts";
import { startTranslations } from "./i18n/translations";

sweepDrafts();
void startTranslations().then(() => createRoot(document.getElementById("root")!).render(<App />));
