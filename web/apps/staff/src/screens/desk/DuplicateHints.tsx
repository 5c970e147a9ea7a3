import { UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { AgeText, RecordNumber, ToneMark, calendarDate } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import css from "./Desk.module.css";

interface Typed {
  full_name: string;
  date_of_birth?: string;
  phone?: string;
}

/** While a new patient is typed: people already registered who look the same. */
export function DuplicateHints({ of, onPick }: { of: Typed; onPick: (patientId: string) => void }) {
  const { t } = useTranslation();
  const { today } = useWorkplace();
  const [{ full_name, date_of_birth, phone }] = useDebouncedValue(of, 300);
  const found = useQuery({
    ...read.duplicates({ full_name, date_of_birth: date_of_birth || undefined, phone: phone || undefined }),
    // a hint that fails is no reason to disturb the one who types
    retry: false,
  });
  const alike = found.data ?? [];
  return (
    <div aria-live="polite">
      {alike.length > 0 ? (
        <section className={css.duplicates} aria-label={t("desk.duplicates")}>
          <h3>
            <ToneMark tone="warn" />
            {t("desk.duplicates")}
          </h3>
          <ul>
            {alike.slice(0, 4).map((patient) => (
              <li key={patient.id}>
                <UnstyledButton className={css.duplicate} onClick={() => onPick(patient.id)}>
                  <bdi className={css.name}>{patient.full_name}</bdi>
                  <span className={css.muted}>
                    {patient.date_of_birth ? (
                      <bdi>
                        {calendarDate(patient.date_of_birth)}{" "}
                        <AgeText today={today} born={patient.date_of_birth} estimated={patient.birth_date_estimated} />
                      </bdi>
                    ) : null}{" "}
                    {t(`patient.gender.${patient.gender}`)} <bdi>{patient.phone}</bdi>
                  </span>
                  <RecordNumber>{patient.mrn}</RecordNumber>
                </UnstyledButton>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  );
}
