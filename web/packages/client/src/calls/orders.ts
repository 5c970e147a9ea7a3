import { transport } from "../transport";
import type { Override } from "../ruled";
import type { NewOrder } from "../types";

export interface OrderFilter {
  encounter_id?: string;
  patient_id?: string;
  order_type?: string;
  /** One of the statuses, or several with commas between. */
  status?: string;
  limit?: number;
  cursor?: string;
}

const data = <T>(answer: { data: T }): T => answer.data;

export const catalog = {
  search: (query: { q?: string; order_type?: string; pack?: string; limit?: number; cursor?: string }, signal?: AbortSignal) =>
    transport.send("GET", "/api/catalog", { query, signal }).then(data),
  orderSets: (pack: string | undefined, signal?: AbortSignal) =>
    transport.send("GET", "/api/order-sets", { query: { pack, limit: 200 }, signal }).then((answer) => answer.data.results),
};

export const orders = {
  list: (query: OrderFilter, signal?: AbortSignal) => transport.send("GET", "/api/orders", { query: { ...query }, signal }).then(data),
  place: (encounter_id: string, order: NewOrder, overrides: Override[]) =>
    transport.send("POST", "/api/orders", { body: { encounter_id, ...order, overrides } }).then(data),
  cancel: (id: string, reason: string) => transport.send("POST", "/api/orders/{id}/cancel", { path: { id }, body: { reason } }).then(data),
  completeItem: (id: string, item_id: string) =>
    transport.send("POST", "/api/orders/{id}/items/{item_id}/complete", { path: { id, item_id } }).then(data),
  cancelItem: (id: string, item_id: string, reason: string) =>
    transport.send("POST", "/api/orders/{id}/items/{item_id}/cancel", { path: { id, item_id }, body: { reason } }).then(data),
};
