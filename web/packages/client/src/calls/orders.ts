import { transport } from "../transport";
import type { Override } from "../ruled";
import type { CatalogService, NewOrder, Order, OrderSet } from "../orders";

export interface OrderFilter {
  encounter_id?: string;
  patient_id?: string;
  order_type?: string;
  status?: Order["status"];
  limit?: number;
  cursor?: string;
}

export const catalog = {
  search: (query: { q?: string; order_type?: string; pack?: string; limit?: number; cursor?: string }, signal?: AbortSignal) =>
    transport.send("GET", "/api/catalog" as never, { query, signal }).then((answer) => answer.data as unknown as { results: CatalogService[]; next: string | null }),
  orderSets: (pack: string | undefined, signal?: AbortSignal) =>
    transport.send("GET", "/api/order-sets" as never, { query: { pack }, signal }).then((answer) => (answer.data as unknown as { results: OrderSet[] }).results),
};

export const orders = {
  list: (query: OrderFilter, signal?: AbortSignal) =>
    transport.send("GET", "/api/orders" as never, { query: { ...query }, signal }).then((answer) => answer.data as unknown as { results: Order[]; next: string | null }),
  place: (encounter_id: string, order: NewOrder, overrides: Override[]) =>
    transport.send("POST", "/api/orders" as never, { body: { encounter_id, ...order, overrides } }).then((answer) => answer.data as unknown as Order),
  cancel: (id: string, reason: string) =>
    transport.send("POST", "/api/orders/{id}/cancel" as never, { path: { id }, body: { reason } }).then((answer) => answer.data as unknown as Order),
  completeItem: (id: string, item_id: string) =>
    transport.send("POST", "/api/orders/{id}/items/{item_id}/complete" as never, { path: { id, item_id } }).then((answer) => answer.data as unknown as Order),
  cancelItem: (id: string, item_id: string, reason: string) =>
    transport.send("POST", "/api/orders/{id}/items/{item_id}/cancel" as never, { path: { id, item_id }, body: { reason } }).then((answer) => answer.data as unknown as Order),
};
