import { Button, Skeleton } from "@mantine/core";
import { ApiError, NetworkError } from "@hm/client";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ToneMark } from "./StatusChip";
import css from "./States.module.css";

/** Nothing here: one line why, one thing to do. */
export function EmptyState({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={css.state}>
      <p>{children}</p>
      {action}
    </div>
  );
}

/** What went wrong, in words for people. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation();
  return (error) => {
    if (error instanceof NetworkError) return t("ui.error.network");
    if (error instanceof ApiError) {
      if (error.status === 429) return t("ui.error.tooMany", { seconds: error.retryAfter ?? 60 });
      if (error.status >= 500) return t("ui.error.server");
      // the server says why in English; where this app has its own words for it, they come in the language of who reads
      return t(`ui.error.refused.${error.code}` as "ui.error.refused.lab.result_changed", { defaultValue: error.message });
    }
    return t("ui.error.unexpected");
  };
}

export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const text = useErrorText();
  return (
    <div className={css.state} role="alert">
      <p className={css.error}>
        <ToneMark tone="critical" />
        {text(error)}
      </p>
      <RequestId error={error} />
      {onRetry ? (
        <Button variant="default" size="xs" onClick={onRetry}>
          {t("ui.error.retry")}
        </Button>
      ) : null}
    </div>
  );
}

/** The number to give to support. */
export function RequestId({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!(error instanceof ApiError) || !error.requestId) return null;
  return (
    <p className={css.requestId}>
      {t("ui.error.requestId")} <bdi>{error.requestId}</bdi>
    </p>
  );
}

/** The geometry of a table before its rows are here. */
export function TableSkeleton({ rows = 8 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <div className={css.tableSkeleton} role="status" aria-label={t("ui.loading")}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={css.skeletonRow}>
          <Skeleton height={10} width={`${34 + ((row * 17) % 22)}%`} />
          <Skeleton height={10} width="14%" />
          <Skeleton height={18} width={76} radius={9} />
        </div>
      ))}
    </div>
  );
}

/** The geometry of a panel of labelled values before they are here. */
export function PanelSkeleton({ lines = 4 }: { lines?: number }) {
  const { t } = useTranslation();
  return (
    <div className={css.panelSkeleton} role="status" aria-label={t("ui.loading")}>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line}>
          <Skeleton height={9} width={72} mb={8} />
          <Skeleton height={12} width={`${48 + ((line * 23) % 40)}%`} />
        </div>
      ))}
    </div>
  );
}
