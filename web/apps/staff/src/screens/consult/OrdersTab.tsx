import { Button } from "@mantine/core";
import { type CatalogService, type Encounter, type OrderSet, catalog } from "@hm/client";
import { randomId } from "@hm/client";
import { toast } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { ListPlus } from "lucide-react";
import { Suspense, lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { RestoreBar } from "../../parts/RestoreBar";
import { CatalogSearch } from "./CatalogSearch";
import css from "./Consult.module.css";
import { CurrentOrders } from "./CurrentOrders";
import { OrderLineForm } from "./OrderLineForm";
import { type OrderLine, lineOf, linesOfSet } from "./orderLines";
import orderCss from "./Orders.module.css";
import type { Unsigned } from "./unsigned";

// read when there is something of the laboratory to show, not with the pad itself
const VisitLaboratory = lazy(() => import("../../parts/lab/VisitLaboratory").then((module) => ({ default: module.VisitLaboratory })));

/** What is ordered and prescribed in this visit, and what will be once it is signed. */
export function OrdersTab({ encounter, open, unsigned }: { encounter: Encounter; open: boolean; unsigned: Unsigned }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const { basket, lineFaults } = unsigned;
  const mayOrder = open && can("orders.can_create");
  const placed = useQuery({ ...read.orders({ encounter_id: encounter.id }), enabled: can("orders.can_read") });
  const sets = useQuery({ ...read.orderSets(encounter.pack), enabled: mayOrder });
  // the line whose own fields take the focus once it is drawn
  const [fresh, setFresh] = useState<string | null>(null);

  const add = (lines: OrderLine[]) => {
    basket.set([...basket.value, ...lines]);
    setFresh(lines[0]?.key ?? null);
  };
  const addSet = (set: OrderSet) =>
    // a set names its services; their forms are in the catalogue
    Promise.all(set.items.map(({ service_code }) => catalog.search({ q: service_code, pack: encounter.pack, limit: 20 }).then(({ results }) => results.find(({ code }) => code === service_code))))
      .then((services) => add(linesOfSet(set, services, () => randomId())))
      .catch(toast.failed);
  const change = (line: OrderLine) => basket.set(basket.value.map((one) => (one.key === line.key ? line : one)));
  const drop = (key: string) => basket.set(basket.value.filter((one) => one.key !== key));
  const orderedBefore = (code: string): boolean =>
    (placed.data ?? []).some((order) => order.items.some((item) => item.service_code === code && item.status !== "CANCELLED")) ||
    basket.value.filter(({ service }) => service.code === code).length > 1;

  return (
    <div className={css.form}>
      {mayOrder ? (
        <>
          <CatalogSearch pack={encounter.pack} onPick={(service: CatalogService) => add([lineOf(service, randomId())])} />
          {sets.data && sets.data.length > 0 ? (
            <div className={css.templates} role="group" aria-label={t("orders.sets")}>
              {sets.data.map((set) => (
                <Button key={set.code} size="compact-sm" variant="default" leftSection={<ListPlus size={14} aria-hidden />} onClick={() => void addSet(set)}>
                  {set.name}
                </Button>
              ))}
            </div>
          ) : null}
          <RestoreBar from={basket.restoredFrom} onDiscard={basket.clear} />
          {basket.value.length > 0 ? (
            <section className={orderCss.basket} aria-label={t("orders.basket")}>
              <h2>{t("orders.basket")}</h2>
              {basket.value.map((line) => (
                <OrderLineForm
                  key={line.key}
                  line={line}
                  fresh={line.key === fresh}
                  orderedBefore={orderedBefore(line.service.code)}
                  faults={lineFaults[line.key]}
                  onChange={change}
                  onDrop={() => drop(line.key)}
                />
              ))}
            </section>
          ) : null}
        </>
      ) : null}
      <CurrentOrders orders={placed} empty={basket.value.length === 0} mayOrder={mayOrder} />
      <Suspense fallback={null}>
        <VisitLaboratory encounterId={encounter.id} />
      </Suspense>
    </div>
  );
}
