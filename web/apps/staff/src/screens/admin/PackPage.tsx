import { Tabs, TextInput, UnstyledButton } from "@mantine/core";
import type { CatalogService, PackDetails, Rule } from "@hm/client";
import { Bdi, type Column, DataTable, EmptyState, ErrorState, Labelled, PanelSkeleton, TableSkeleton } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { PackProvider, usePackOf } from "../../app/workspace";
import { nameOfLanguage } from "../../i18n/translations";
import { inWords, momentInWords } from "../../parts/inWords";
import { useOrderTypeName } from "../../parts/orderWords";
import css from "./Admin.module.css";
import { AdminPage } from "./AdminPage";
import { FormPreview } from "./FormPreview";
import packCss from "./Packs.module.css";
import { RulePanel } from "./RulePanel";
import { SignedOff } from "./SignedOff";

/** One pack as it teaches this hospital: every form to be tried, its rules, its catalogue and its workflows. */
export function PackPage() {
  const { packId } = useParams({ from: "/person/workplace/admin/packs/$packId" });
  const pack = useQuery(read.pack(packId));
  return (
    <AdminPage>
      {pack.isError ? (
        <ErrorState error={pack.error} onRetry={() => void pack.refetch()} />
      ) : pack.data ? (
        <PackProvider pack={packId}>
          <Shown key={packId} pack={pack.data} />
        </PackProvider>
      ) : (
        <PanelSkeleton lines={8} />
      )}
    </AdminPage>
  );
}

const tabs = ["forms", "rules", "catalogue", "workflows"] as const;

function Shown({ pack }: { pack: PackDetails }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const [tab, setTab] = useState<string | null>("forms");
  return (
    <div className={packCss.pack}>
      <header className={packCss.head}>
        <Link to="/admin/packs" className={packCss.back} aria-label={t("shell.back")}>
          <ArrowLeft size={18} aria-hidden />
        </Link>
        <h2>
          <bdi>{pack.name}</bdi>
        </h2>
        <SignedOff signOff={pack.sign_off} />
      </header>
      {pack.problem ? (
        <p className={packCss.problem} role="alert">
          <strong>{t("packs.notInUse")}</strong> <bdi>{pack.problem}</bdi>
        </p>
      ) : null}
      {pack.sign_off.clinician ? null : <p className={packCss.unsigned}>{t("packs.unsignedWhy")}</p>}
      <dl className={packCss.facts}>
        <Labelled label={t("packs.column.version")}>
          <Bdi>{pack.version}</Bdi>
        </Labelled>
        <Labelled label={t("packs.column.kind")}>{t(`packs.kinds.${pack.kind}`)}</Labelled>
        <Labelled label={t("packs.column.origin")}>{t(`packs.origins.${pack.origin}`)}</Labelled>
        <Labelled label={t("packs.extends")}>
          <bdi>{pack.extends.join(", ") || t("packs.nothing")}</bdi>
        </Labelled>
        <Labelled label={t("packs.column.languages")}>
          <bdi>{pack.locales.map(nameOfLanguage).join(", ")}</bdi>
        </Labelled>
      </dl>
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List>
          {tabs
            .filter((name) => name !== "rules" || can("rules.can_tune"))
            .filter((name) => name !== "catalogue" || can("orders.can_read"))
            .map((name) => (
              <Tabs.Tab key={name} value={name}>
                {t(`packs.tab.${name}`)}
              </Tabs.Tab>
            ))}
        </Tabs.List>
        <Tabs.Panel value="forms" className={packCss.panel}>
          <Forms pack={pack} />
        </Tabs.Panel>
        <Tabs.Panel value="rules" className={packCss.panel}>
          <PackRules pack={pack} />
        </Tabs.Panel>
        <Tabs.Panel value="catalogue" className={packCss.panel}>
          <Catalogue pack={pack.id} />
        </Tabs.Panel>
        <Tabs.Panel value="workflows" className={packCss.panel}>
          <Workflows pack={pack.id} />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}

function Forms({ pack }: { pack: PackDetails }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(pack.templates[0]?.code ?? null);
  if (pack.templates.length === 0) return <EmptyState>{t("packs.noForms")}</EmptyState>;
  return (
    <div className={packCss.forms}>
      <nav aria-label={t("packs.tab.forms")}>
        <ul>
          {pack.templates.map(({ code, title, version }) => (
            <li key={code}>
              <UnstyledButton className={packCss.form} aria-current={code === chosen ? "true" : undefined} onClick={() => setChosen(code)}>
                <bdi>{title}</bdi> <bdi className={packCss.version}>{version}</bdi>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      </nav>
      {chosen ? <FormPreview key={chosen} pack={pack.id} code={chosen} /> : null}
    </div>
  );
}

/** A pack's own rules and those of the packs it extends: all that hold for its visits. */
function PackRules({ pack }: { pack: PackDetails }) {
  const { t } = useTranslation();
  const rules = useQuery(read.rules(pack.id));
  const [opened, setOpened] = useState<string | null>(null);
  const columns: Column<Rule>[] = [
    { id: "rule", header: t("admin.rule.rule"), width: "240px", cell: (rule) => <span className={css.name}>{inWords(rule.code)}</span> },
    { id: "message", header: t("packs.says"), hide: "narrow", cell: (rule) => <bdi className={packCss.message}>{rule.message}</bdi> },
    { id: "on", header: t("admin.rule.on"), width: "150px", hide: "tiny", cell: (rule) => momentInWords(rule.on) },
    { id: "effect", header: t("admin.rule.effect"), width: "150px", cell: (rule) => t(`admin.rule.effects.${rule.effect}`) },
  ];
  if (rules.isPending) return <TableSkeleton />;
  if (rules.isError) return <ErrorState error={rules.error} onRetry={() => void rules.refetch()} />;
  return (
    <>
      {rules.data.length === 0 ? <EmptyState>{t("packs.noRules")}</EmptyState> : <DataTable label={t("packs.tab.rules")} rows={rules.data} columns={columns} rowKey={(rule) => rule.code} selectedKey={opened} onOpen={(rule) => setOpened(rule.code)} />}
      <RulePanel code={opened} onClose={() => setOpened(null)} />
    </>
  );
}

function Catalogue({ pack }: { pack: string }) {
  const { t } = useTranslation();
  const typeName = useOrderTypeName(pack);
  const services = useQuery(read.services(pack));
  const [typed, setTyped] = useState("");
  const columns: Column<CatalogService>[] = [
    { id: "name", header: t("packs.service"), cell: (service) => <bdi className={css.name}>{service.name}</bdi> },
    { id: "code", header: t("admin.facility.code"), width: "160px", hide: "tiny", cell: (service) => <bdi>{service.code}</bdi> },
    { id: "type", header: t("orders.column.type"), width: "180px", cell: (service) => typeName(service.order_type) },
    { id: "instructions", header: t("orders.instructions"), hide: "medium", cell: (service) => <bdi className={packCss.message}>{service.instructions}</bdi> },
  ];
  if (services.isPending) return <TableSkeleton />;
  if (services.isError) return <ErrorState error={services.error} onRetry={() => void services.refetch()} />;
  if (services.data.length === 0) return <EmptyState>{t("packs.noServices")}</EmptyState>;
  const wanted = typed.trim().toLowerCase();
  const rows = services.data.filter(({ name, code, synonyms }) => [name, code, ...synonyms].some((text) => text.toLowerCase().includes(wanted)));
  return (
    <>
      <TextInput className={packCss.filter} type="search" aria-label={t("orders.search")} placeholder={t("orders.search")} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
      <DataTable label={t("packs.tab.catalogue")} rows={rows} columns={columns} rowKey={(service) => service.code} />
    </>
  );
}

/** Each kind of visit as the steps it goes through. */
function Workflows({ pack: id }: { pack: string }) {
  const { t } = useTranslation();
  const pack = usePackOf()(id);
  if (!pack) return <EmptyState>{t("packs.notHere")}</EmptyState>;
  return (
    <div className={packCss.workflows}>
      {pack.workflows.map(({ encounter_type, steps, close }) => (
        <section key={encounter_type}>
          <h3>
            <bdi>{pack.encounter_types.find(({ code }) => code === encounter_type)?.name ?? encounter_type}</bdi>
          </h3>
          <ol className={packCss.steps}>
            {steps.map((step) => (
              <li key={step.code}>
                <bdi className={css.name}>{step.title}</bdi>
                <span className={css.muted}>
                  <bdi>{pack.labels[step.role] ?? inWords(step.role)}</bdi>
                  {step.optional ? ` · ${t("steps.optional")}` : ""}
                  {close.tasks.includes(step.code) ? ` · ${t("packs.neededToClose")}` : ""}
                </span>
              </li>
            ))}
          </ol>
          {close.documents.length > 0 ? (
            <p className={css.muted}>
              {t("packs.documentsToClose")} <bdi>{close.documents.map((code) => pack.templates.find((one) => one.code === code)?.title ?? inWords(code)).join(", ")}</bdi>
            </p>
          ) : null}
        </section>
      ))}
    </div>
  );
}
