import { Combobox, Modal, TextInput, UnstyledButton, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { AgeText, EmptyState, ErrorState, Key, RecordNumber, useKeys } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { mayOpen } from "../app/permissions";
import { read } from "../app/queries";
import { useWorkplace } from "../app/workplace";
import css from "./Finder.module.css";

/** Ctrl+K from anywhere: a patient by name, phone, record number or identifier. */
export function Finder() {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  // what is searched for at first: nothing, or what was scanned; null while closed
  const [start, setStart] = useState<string | null>(null);
  const allowed = mayOpen("chart", can);
  const open = () => setStart("");
  const close = () => setStart(null);
  useKeys(
    allowed
      ? [
          { keys: "mod+k", label: t("shell.find.open"), run: open },
          { keys: "scan", run: (_, scanned) => setStart(scanned) },
        ]
      : [],
  );
  if (!allowed) return <span className={css.gap} />;
  return (
    <>
      <UnstyledButton className={css.opener} onClick={open}>
        <Search size={15} aria-hidden />
        <span className={css.hint}>{t("shell.find.hint")}</span>
        <span className={css.keys} dir="ltr">
          <Key>{t("ui.keys.ctrl")}</Key> <Key>K</Key>
        </span>
      </UnstyledButton>
      <Modal.Root opened={start !== null} onClose={close} yOffset="10dvh" size={560} transitionProps={{ duration: 80 }}>
        <Modal.Overlay backgroundOpacity={0.28} />
        <Modal.Content aria-label={t("shell.find.open")}>
          <FinderBody start={start ?? ""} onDone={close} />
        </Modal.Content>
      </Modal.Root>
    </>
  );
}

function FinderBody({ start, onDone }: { start: string; onDone: () => void }) {
  const { t } = useTranslation();
  const { today } = useWorkplace();
  const navigate = useNavigate();
  const [typed, setTyped] = useState(start);
  const [q] = useDebouncedValue(typed.trim(), 180);
  const found = useQuery(read.patientSearch(q));
  const combobox = useCombobox({ opened: true });
  const results = found.data?.results ?? [];
  const go = (patientId: string) => {
    onDone();
    void navigate({ to: "/patients/$patientId", params: { patientId } });
  };

  // a scan that means exactly one patient has done its work
  const scanned = start !== "" && q === start && found.isSuccess && !found.isPlaceholderData ? results : null;
  const only = scanned?.find(({ mrn }) => mrn.toLowerCase() === q.toLowerCase()) ?? (scanned?.length === 1 ? scanned[0] : undefined);
  useEffect(() => {
    if (only) go(only.id);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [only?.id]);

  return (
    <Combobox
      store={combobox}
      withinPortal={false}
      onOptionSubmit={go}
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
