import type { CatalogService, NewOrder, OrderSet, Priority } from "@hm/client";

/** One service in the basket, not ordered yet. */
export interface OrderLine {
  /** Tells lines of the same service apart. */
  key: string;
  service: Pick<CatalogService, "code" | "name" | "order_type" | "instructions" | "data_schema">;
  priority: Priority;
  quantity: number;
  instructions: string;
  data: Record<string, unknown>;
}

export const priorities: Priority[] = ["ROUTINE", "URGENT", "STAT"];

export function lineOf(service: OrderLine["service"], key: string): OrderLine {
  const { code, name, order_type, instructions, data_schema } = service;
  return { key, service: { code, name, order_type, instructions, data_schema }, priority: "ROUTINE", quantity: 1, instructions: "", data: {} };
}

/** The lines of a set, each with its service as the catalogue has it; one that the catalogue lacks is left out. */
export function linesOfSet(set: OrderSet, services: (CatalogService | undefined)[], key: (index: number) => string): OrderLine[] {
  return set.items.flatMap((item, index) => {
    const service = services[index];
    if (!service) return [];
    return [{ ...lineOf(service, key(index)), priority: item.priority ?? "ROUTINE", quantity: item.quantity || 1, instructions: item.instructions === service.instructions ? "" : item.instructions, data: item.data ?? {} }];
  });
}

/** The orders of a basket: one for each kind, and where each line went, to bring faults back to it. */
export function ordersOf(lines: OrderLine[]): { orders: NewOrder[]; places: string[][] } {
  const kinds = [...new Set(lines.map(({ service }) => service.order_type))];
  const places: string[][] = [];
  const orders = kinds.map((order_type) => {
    const own = lines.filter(({ service }) => service.order_type === order_type);
    places.push(own.map(({ key }) => key));
    return {
      order_type,
      items: own.map(({ service, priority, quantity, instructions, data }) => ({
        service_code: service.code,
        ...(priority === "ROUTINE" ? {} : { priority }),
        ...(quantity === 1 ? {} : { quantity }),
        ...(instructions.trim() ? { instructions: instructions.trim() } : {}),
        ...(Object.keys(data).length > 0 ? { data } : {}),
      })),
    };
  });
  return { orders, places };
}

/** The faults of a refused request by line: `orders[0].items[1].data.dose_ml` is `data.dose_ml` of that line. */
export function faultsByLine(faults: { location: string; message: string }[], places: string[][]): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {};
  for (const { location, message } of faults) {
    const at = /^(?:body\.)?orders(?:\[|\.)(\d+)\]?\.items(?:\[|\.)(\d+)\]?\.?(.*)$/.exec(location);
    const key = at && places[Number(at[1])]?.[Number(at[2])];
    if (!key) continue;
    const field = at[3]!.replaceAll(/\[(\d+)\]/g, ".$1") || "service_code";
    found[key] = { [field]: message, ...found[key] };
  }
  return found;
}
