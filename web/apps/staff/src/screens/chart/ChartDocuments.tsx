import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { DocumentCard } from "../consult/DocumentCard";
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
        <DocumentCard key={document.template_code} document={document} />
      ))}
    </section>
  );
}
