import { ActionIcon, NumberInput, SegmentedControl, TextInput } from "@mantine/core";
import type { Priority } from "@hm/client";
import { ToneMark } from "@hm/ui";
import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { DataForm, asksForData } from "../../parts/DataForm";
import { useOrderTypeName } from "../../parts/orderWords";
import { type OrderLine, priorities } from "./orderLines";
import css from "./Orders.module.css";

interface OrderLineFormProps {
  line: OrderLine;
  /** Just picked: its first own field takes the focus. */
  fresh: boolean;
  orderedBefore: boolean;
  /** The server's, by field. */
  faults?: Record<string, string>;
  onChange: (line: OrderLine) => void;
  onDrop: () => void;
}

/** One service to be ordered, with what its kind asks for. */
export function OrderLineForm({ line, fresh, orderedBefore, faults = {}, onChange, onDrop }: OrderLineFormProps) {
  const { t } = useTranslation();
  const typeName = useOrderTypeName();
  const frame = useRef<HTMLElement>(null);
  const { service } = line;
  const hasData = asksForData(service.data_schema);
  useEffect(() => {
    if (fresh && hasData) frame.current?.querySelector<HTMLElement>("[data-service-data] input, [data-service-data] textarea")?.focus();
  }, [fresh, hasData]);
  const dataFaults = Object.fromEntries(Object.entries(faults).flatMap(([path, message]) => (path.startsWith("data.") ? [[path.slice(5), message]] : [])));
  const rest = Object.entries(faults).flatMap(([path, message]) => (path.startsWith("data.") || path === "quantity" || path === "instructions" ? [] : [message]));

  return (
    <article ref={frame} className={css.line} aria-label={service.name}>
      <header className={css.lineHead}>
        <strong>
          <bdi>{service.name}</bdi>
        </strong>
        <span className={css.kind}>{typeName(service.order_type)}</span>
        <ActionIcon className={css.drop} variant="subtle" color="gray" aria-label={t("orders.drop", { name: service.name })} onClick={onDrop}>
          <X size={16} aria-hidden />
        </ActionIcon>
      </header>
      {orderedBefore ? (
        <p className={css.again} role="status">
          <ToneMark tone="warn" />
          {t("orders.again")}
        </p>
      ) : null}
      {hasData ? (
        <div data-service-data>
          <DataForm schema={service.data_schema} value={line.data} onChange={(data) => onChange({ ...line, data })} faults={dataFaults} />
        </div>
      ) : null}
      <div className={css.lineFields}>
        <div className={css.priority}>
          <div className={css.legend} id={`priority-${line.key}`}>
            {t("orders.priority")}
          </div>
          <SegmentedControl
            size="xs"
            aria-labelledby={`priority-${line.key}`}
            value={line.priority}
            onChange={(priority) => onChange({ ...line, priority: priority as Priority })}
            data={priorities.map((value) => ({ value, label: t(`orders.priorities.${value}`) }))}
          />
        </div>
        <NumberInput
          className={css.quantity}
          size="xs"
          label={t("orders.quantity")}
          min={1}
          max={1000}
          allowDecimal={false}
          allowNegative={false}
          hideControls
          value={line.quantity}
          onChange={(quantity) => onChange({ ...line, quantity: typeof quantity === "number" && quantity >= 1 ? quantity : 1 })}
          error={faults.quantity}
        />
        <TextInput
          className={css.instructions}
          size="xs"
          label={t("orders.instructions")}
          placeholder={service.instructions}
          maxLength={2000}
          value={line.instructions}
          onChange={(event) => onChange({ ...line, instructions: event.currentTarget.value })}
          error={faults.instructions}
        />
      </div>
      {rest.map((message) => (
        <p key={message} className={css.fault} role="alert">
          {message}
        </p>
      ))}
    </article>
  );
}
