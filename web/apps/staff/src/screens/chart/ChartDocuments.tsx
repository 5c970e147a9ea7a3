import { UnstyledButton } from "@mantine/core";
import type { ClinicalDocument } from "@hm/client";
import { StatusChip, dateTimeIn } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import css from "../consult/Consult.module.css";
import { DocumentBody } from "../consult/DocumentBody";
import chartCss from "./Chart.module.css";

/** The newest document of each template, over all visits. */
export function ChartDocuments({ patientId }: { patientId: string }) {
  const { t } = useTranslation();
  const documents = useQuery(read.documents({ patient_id: patientId }));
  if (!documents.data || documents.data.length === 0) return null;
  return (
    <section className={chartCss.visitRecord} aria-label={t("chart.documents")}>
      <h2>{t("chart.documents")}</h2>
      {documents.data.map((document) => (
        <Card key={document.id} document={document} />
      ))}
    </section>
  );
}

function Card({ document }: { document: ClinicalDocument }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const [shown, setShown] = useState(false);
  const template = useQuery(read.template(document.template_code, document.template_version));
  return (
    <article className={css.document}>
      <UnstyledButton className={css.documentHead} aria-expanded={shown} onClick={() => setShown(!shown)}>
        <strong>{template.data?.title ?? document.template_code}</strong>
        <bdi className={css.muted}>{document.summary}</bdi>
        <bdi className={css.muted}>{dateTimeIn(timeZone, document.created_at)}</bdi>
        <StatusChip tone={document.status === "AMENDED" ? "info" : "ok"}>{t(`documents.status.${document.status}`)}</StatusChip>
      </UnstyledButton>
      {shown ? <DocumentBody document={document} /> : null}
    </article>
  );
}
