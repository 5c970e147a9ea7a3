import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useKeys } from "@hm/ui";
import { Outlet, useLocation, useNavigate, useParams } from "@tanstack/react-router";
import { Search, UserPlus } from "lucide-react";
import { createContext, useContext, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient, read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { useScreenTitle } from "../../shell/navigation";
import { Split } from "../../shell/Pane";
import css from "./Desk.module.css";
import { DeskSearch } from "./DeskSearch";
import { Today } from "./Today";

/** What the desk's panes may ask of the desk. */
const DeskContext = createContext<{ nextPerson: () => void }>({ nextPerson: () => {} });
export const useDesk = () => useContext(DeskContext);

/** Reception: one search box, today's list, and one pane for the person at the counter. */
export function Desk() {
  const { t } = useTranslation();
  const screenTitle = useScreenTitle("desk");
  const { can } = useWorkplace();
  const navigate = useNavigate();
  const path = useLocation({ select: (location) => location.pathname.replace(/\/$/, "") });
  const { patientId } = useParams({ strict: false });
  const box = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 200);
  const mayRegister = can("patients.can_create");

  const focusBox = () => {
    box.current?.focus();
    box.current?.select();
  };
  /** Enter, also a scanner's, opens the patient when there is only one who is meant. */
  async function openOnly(text: string) {
    const { results } = await queryClient.fetchQuery(read.patientSearch(text)).catch(() => ({ results: [] }));
    const meant = results.find(({ mrn }) => mrn.toLowerCase() === text.toLowerCase()) ?? (results.length === 1 ? results[0] : undefined);
    if (meant) await navigate({ to: "/desk/patients/$patientId", params: { patientId: meant.id } });
  }
  const register = () => void navigate({ to: "/desk/walk-in", search: { typed: typed.trim() || undefined } });
  const desk = useMemo(
    () => ({
      nextPerson: () => {
        setTyped("");
        void navigate({ to: "/desk" }).then(() => box.current?.focus());
      },
    }),
    [navigate],
  );
  useKeys([
    { keys: "/", label: t("desk.search"), run: focusBox },
    { keys: "n", label: t("desk.walkIn"), run: () => mayRegister && register() },
  ]);

  const list = (
    <>
      <header className={css.header}>
        <TextInput
          ref={box}
          className={css.box}
          size="md"
          autoFocus
          type="search"
          leftSection={<Search size={17} aria-hidden />}
          aria-label={t("desk.search")}
          placeholder={t("desk.searchHint")}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape" && typed) {
              event.stopPropagation();
              setTyped("");
            }
            if (event.key === "Enter" && typed.trim()) void openOnly(typed.trim());
          }}
        />
        {mayRegister ? (
          <Button className={css.walkIn} size="md" leftSection={<UserPlus size={16} aria-hidden />} onClick={register}>
            {t("desk.walkInShort")}
          </Button>
        ) : null}
      </header>
      {q ? <DeskSearch q={q} onRegister={mayRegister ? register : undefined} /> : <Today selectedPatient={patientId ?? null} />}
    </>
  );

  return (
    <DeskContext value={desk}>
      <Split
        title={screenTitle}
        list={list}
        showsDetail={path !== "/desk"}
        detail={path === "/desk" ? <p className={css.hint}>{t("desk.pickSomebody")}</p> : <Outlet />}
      />
    </DeskContext>
  );
}
