import type { ChartCard, ClinicalDocument, Encounter } from "@hm/client";
import type { ToolSlot } from "@hm/forms";
import { Bdi, ErrorState, PanelSkeleton, dateTimeIn } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { usePack } from "../../app/workspace";
import { LabResults } from "../../parts/lab/LabResults";
import { useToolPlaces } from "../../parts/FormTool";
import { PlacedOrder } from "../consult/CurrentOrders";
import { DocumentCard } from "../consult/DocumentCard";
import css from "./ChartCards.module.css";

/** What the pack of the chosen visit puts on a chart, card by card. */
export function ChartCards({ encounter }: { encounter: Encounter }) {
  const cards = usePack()?.chart ?? [];
  if (cards.length === 0) return null;
  return (
    <div className={css.cards}>
      {cards.map((card) => (
        <section key={card.code} className={css.card} data-wide={card.card === "documents" || card.card === "laboratory" || undefined} aria-label={card.title}>
          <h2>{card.title}</h2>
          <Body card={card} encounter={encounter} />
        </section>
      ))}
    </div>
  );
}

function Body({ card, encounter }: { card: ChartCard; encounter: Encounter }): ReactNode {
  switch (card.card) {
    case "trend":
      return <Tool encounter={encounter} slot={{ tool: "trend", title: card.title, config: { observations: card.observations ?? [] }, bind: {}, value: null }} />;
    case "tool":
      return card.template ? <DocumentTool card={card} encounter={encounter} /> : <Tool encounter={encounter} slot={{ tool: card.tool ?? "", title: card.title, config: {}, bind: {}, value: null }} />;
    case "latest_document":
      return <LatestDocument patientId={encounter.patient_id} template={card.template ?? ""} />;
    case "documents":
      return <Documents patientId={encounter.patient_id} />;
    case "laboratory":
      return <LabResults patientId={encounter.patient_id} />;
    case "orders":
      return <Orders patientId={encounter.patient_id} type={card.order_type} />;
    default:
      return null;
  }
}

type Shown = Pick<ToolSlot, "tool" | "title" | "config" | "bind" | "value">;

function Tool({ encounter, slot, summary, pack }: { encounter: Encounter; slot: Shown; summary?: string; pack?: string }) {
  const draw = useToolPlaces({ encounterId: encounter.id, pack: pack ?? encounter.pack, summary });
  // the same objects at every drawing: a tool takes others for news
  const key = JSON.stringify(slot);
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const stable = useMemo<ToolSlot>(() => ({ ...slot, at: "page", titles: {}, readOnly: true, onChange: () => {} }), [key]);
  return draw(stable);
}

/** A tool with what the newest document of its template holds, shown as that template shows it. */
function DocumentTool({ card, encounter }: { card: ChartCard; encounter: Encounter }) {
  const { t } = useTranslation();
  const documents = useQuery(read.documents({ patient_id: encounter.patient_id }));
  const document = newest(documents.data, card.template);
  const template = useQuery({ ...read.template(document?.template_code ?? "", document?.template_version, document?.pack), enabled: document !== undefined });
  const failed = documents.error ?? template.error;
  if (failed) return <ErrorState error={failed} onRetry={() => void Promise.all([documents.refetch(), document ? template.refetch() : null])} />;
  if (documents.data && !document) return <p className={css.quiet}>{t("chart.notYet")}</p>;
  if (!document || !template.data) return <PanelSkeleton lines={2} />;
  const place = template.data.tools.find(({ tool }) => tool === card.tool);
  const value = place?.at === "field" && place.field ? document.payload[place.field] : { ...document.payload, ...document.computed };
  return (
    <>
      <When document={document} />
      <Tool
        encounter={encounter}
        pack={document.pack}
        summary={document.summary}
        slot={{ tool: card.tool ?? "", title: card.title, config: (place?.config as Record<string, unknown> | undefined) ?? {}, bind: (place?.bind as Record<string, unknown> | undefined) ?? {}, value }}
      />
    </>
  );
}

const newest = (documents: ClinicalDocument[] | undefined, template: string | undefined) =>
  documents?.filter(({ template_code }) => template_code === template).toSorted((a, b) => b.created_at.localeCompare(a.created_at))[0];

function When({ document }: { document: ClinicalDocument }) {
  const { timeZone } = useWorkplace();
  return (
    <p className={css.when}>
      <Bdi>{dateTimeIn(timeZone, document.created_at)}</Bdi> <bdi className={css.summary}>{document.summary}</bdi>
    </p>
  );
}

function LatestDocument({ patientId, template }: { patientId: string; template: string }) {
  const { t } = useTranslation();
  const documents = useQuery(read.documents({ patient_id: patientId }));
  if (documents.isError) return <ErrorState error={documents.error} onRetry={() => void documents.refetch()} />;
  if (!documents.data) return <PanelSkeleton lines={2} />;
  const document = newest(documents.data, template);
  if (!document) return <p className={css.quiet}>{t("chart.notYet")}</p>;
  return (
    <>
      {document.summary ? (
        <p className={css.summary}>
          <bdi>{document.summary}</bdi>
        </p>
      ) : null}
      <DocumentCard document={document} />
    </>
  );
}

function Documents({ patientId }: { patientId: string }) {
  const { t } = useTranslation();
  const documents = useQuery(read.documents({ patient_id: patientId }));
  if (documents.isError) return <ErrorState error={documents.error} onRetry={() => void documents.refetch()} />;
  if (!documents.data) return <PanelSkeleton lines={2} />;
  if (documents.data.length === 0) return <p className={css.quiet}>{t("chart.notYet")}</p>;
  return documents.data.map((document) => <DocumentCard key={`${document.pack} ${document.template_code}`} document={document} />);
}

/** How many of a patient's orders a chart shows. */
const shownOrders = 5;

function Orders({ patientId, type }: { patientId: string; type: string | undefined }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const found = useQuery({ ...read.orders({ patient_id: patientId, order_type: type }), enabled: can("orders.can_read") });
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return can("orders.can_read") ? <PanelSkeleton lines={2} /> : null;
  if (found.data.length === 0) return <p className={css.quiet}>{t("chart.nothingOrdered")}</p>;
  return found.data.slice(0, shownOrders).map((order) => <PlacedOrder key={order.id} order={order} />);
}
