import { Combobox, Modal, TextInput, UnstyledButton, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { AgeText, EmptyState, ErrorState, Key, RecordNumber, useKeys } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { mayOpen } from "../app/permissions";
import { read } from "../app/queries";
import { useWorkplace } from "../app/workplace";
import css from "./Finder.module.css";

/** Ctrl+K from anywhere: a patient by name, phone, record number or identifier. */
export function Finder() {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const [opened, setOpened] = useState(false);
  const allowed = mayOpen("chart", can);
  useKeys(allowed ? [{ keys: "mod+k", label: t("shell.find.open"), run: () => setOpened(true) }] : []);
  if (!allowed) return <span className={css.gap} />;
  return (
    <>
      <UnstyledButton className={css.opener} onClick={() => setOpened(true)}>
        <Search size={15} aria-hidden />
        <span className={css.hint}>{t("shell.find.hint")}</span>
        <span className={css.keys} dir="ltr">
          <Key>{t("ui.keys.ctrl")}</Key> <Key>K</Key>
        </span>
      </UnstyledButton>
      <Modal.Root opened={opened} onClose={() => setOpened(false)} yOffset="10dvh" size={560} transitionProps={{ duration: 80 }}>
        <Modal.Overlay backgroundOpacity={0.28} />
        <Modal.Content aria-label={t("shell.find.open")}>
          <FinderBody onDone={() => setOpened(false)} />
        </Modal.Content>
      </Modal.Root>
    </>
  );
}

function FinderBody({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const { today } = useWorkplace();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 180);
  const found = useQuery(read.patientSearch(q));
  const combobox = useCombobox({ opened: true });
  const results = found.data?.results ?? [];

  return (
    <Combobox
      store={combobox}
      withinPortal={false}
      onOptionSubmit={(patientId) => {
        onDone();
        void navigate({ to: "/patients/$patientId", params: { patientId } });
      }}
    >
      <Combobox.EventsTarget>
        <TextInput
          data-autofocus
          variant="unstyled"
          className={css.input}
          leftSection={<Search size={17} aria-hidden />}
          placeholder={t("shell.find.hint")}
          aria-label={t("shell.find.hint")}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            combobox.resetSelectedOption();
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape") onDone();
          }}
        />
      </Combobox.EventsTarget>
      <div className={css.results}>
        {found.isError ? (
          <ErrorState error={found.error} onRetry={() => void found.refetch()} />
        ) : q && found.data && results.length === 0 ? (
          <EmptyState>{t("shell.find.nobody", { q })}</EmptyState>
        ) : (
          <Combobox.Options aria-label={t("shell.find.results")}>
            {results.map((patient) => (
              <Combobox.Option key={patient.id} value={patient.id} className={css.option}>
                <bdi className={css.name}>{patient.full_name}</bdi>
                <span className={css.facts}>
                  {patient.date_of_birth ? <AgeText today={today} born={patient.date_of_birth} estimated={patient.birth_date_estimated} /> : null}{" "}
                  {t(`patient.gender.${patient.gender}`)}
                </span>
                <RecordNumber>{patient.mrn}</RecordNumber>
              </Combobox.Option>
            ))}
          </Combobox.Options>
        )}
      </div>
    </Combobox>
  );
}
