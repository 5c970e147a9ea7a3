import { Button } from "@mantine/core";
import { type AuditEvent, type AuditProof, audit, hasCode } from "@hm/client";
import { Bdi, FormError, Labelled, SidePanel, StatusChip, dateTimeIn } from "@hm/ui";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useWorkplace } from "../../app/workplace";
import css from "./Audit.module.css";
import { outcomeTones } from "./outcomes";

/** One entry in full, and its place in the sealed tree. */
export function EventPanel({ event, onClose }: { event: AuditEvent | null; onClose: () => void }) {
  // the panel keeps its entry while it slides away
  const [shown, setShown] = useState(event);
  if (event && event !== shown) setShown(event);
  return (
    <SidePanel opened={event !== null} onClose={onClose} title={<code className={css.title}>{shown?.code}</code>} size={560}>
      {shown ? <Entry key={shown.id} event={shown} /> : null}
    </SidePanel>
  );
}

function Entry({ event }: { event: AuditEvent }) {
  const { t } = useTranslation();
  const { timeZone, can } = useWorkplace();
  const facts: [string, string | null][] = [
    [t("audit.column.at"), dateTimeIn(timeZone, event.at)],
    [t("audit.column.actor"), event.actor ? event.actor.name || event.actor.id : t("audit.system")],
    [t("audit.column.entity"), [event.entity_type, event.entity_id].filter(Boolean).join(" ")],
    [t("audit.origin"), event.origin],
    [t("ui.error.requestId"), event.request_id],
    [t("audit.entry"), event.id],
  ];
  const detail = Object.entries(event.detail);
  return (
    <div className={css.entry}>
      <div>
        <StatusChip tone={outcomeTones[event.outcome]}>{t(`audit.outcome.${event.outcome}`)}</StatusChip>
      </div>
      <dl className={css.facts}>
        {facts.map(([label, value]) =>
          value ? (
            <Labelled key={label} label={label}>
              <Bdi>{value}</Bdi>
            </Labelled>
          ) : null,
        )}
        {event.patient_ids.length === 1 ? (
          <Labelled label={t("task.column.patient")}>
            <Link to="/patients/$patientId" params={{ patientId: event.patient_ids[0]! }}>
              {t("desk.openChart")}
            </Link>
          </Labelled>
        ) : event.patient_ids.length > 1 ? (
          <Labelled label={t("task.column.patient")}>{t("audit.patients", { count: event.patient_ids.length })}</Labelled>
        ) : null}
      </dl>
      {detail.length > 0 ? (
        <section>
          <h3>{t("audit.detail")}</h3>
          <dl className={css.detail}>
            {detail.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
              </div>
            ))}
          </dl>
        </section>
      ) : null}
      {can("audit.can_verify") ? <Proof event={event} /> : null}
    </div>
  );
}

/** Shows that the entry is a leaf under a signed root: from the leaf upwards, hash by hash. */
function Proof({ event }: { event: AuditEvent }) {
  const { t } = useTranslation();
  const prove = useMutation({
    mutationFn: () => audit.proof(event.id),
    // sealed within about a second of being written
    retry: (tries, error) => tries < 5 && hasCode(error, "audit.not_sealed_yet"),
    retryDelay: 700,
  });
  return (
    <section className={css.proof} aria-labelledby="audit-proof">
      <h3 id="audit-proof">{t("audit.proof.title")}</h3>
      {prove.data ? (
        <ProofPath proof={prove.data} />
      ) : (
        <div>
          <Button variant="default" leftSection={<ShieldCheck size={15} aria-hidden />} loading={prove.isPending} onClick={() => prove.mutate()}>
            {t("audit.proof.ask")}
          </Button>
        </div>
      )}
      <FormError error={prove.error} />
    </section>
  );
}

function ProofPath({ proof }: { proof: AuditProof }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  return (
    <>
      <div className={css.proven} role="status">
        <StatusChip tone={proof.valid ? "ok" : "critical"}>{t(proof.valid ? "audit.proof.holds" : "audit.proof.broken")}</StatusChip>
        <p>{t("audit.proof.place", { leaf: proof.leaf_index, size: proof.tree_size, time: dateTimeIn(timeZone, proof.seal.sealed_at) })}</p>
      </div>
      <ol className={css.path} aria-label={t("audit.proof.path")}>
        {proof.hashes.map((hash, step) => (
          <li key={hash}>
            <span className={css.muted}>{t("audit.proof.step", { step: step + 1 })}</span> <code className={css.hash} dir="ltr">{hash}</code>
          </li>
        ))}
        <li>
          <strong>{t("audit.root")}</strong> <code className={css.hash} dir="ltr">{proof.root_hash}</code>
        </li>
      </ol>
      <details>
        <summary>{t("audit.proof.seal")}</summary>
        <pre className={css.note} tabIndex={0}>
          {proof.seal.note}
        </pre>
        <p className={css.muted}>{t("audit.proof.key")}</p>
        <code className={css.hash} dir="ltr">{proof.seal.verifier_key}</code>
      </details>
    </>
  );
}
