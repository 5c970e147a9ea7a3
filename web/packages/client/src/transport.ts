import { makeTransport } from "./request";

/** The one connection of this page to its server. */
export const transport = makeTransport();
export const session = transport.session;
