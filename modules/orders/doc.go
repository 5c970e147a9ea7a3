// Package orders holds what is asked of others for a patient: tests, images, medicines, procedures, therapies and
// whatever a pack adds to them; and shows what can be ordered.
//
//	owns         orders and their items, and their life cycle; the catalogue belongs to packs and is shown here
//	tables       orders.order, orders.item
//	permissions  orders.can_read, orders.can_create, orders.can_cancel, orders.can_complete
//	publishes    orders.created, completed, cancelled, item_started, item_completed, item_cancelled (all .v1)
//	listens      in the same transaction to tasks (the work on an item's tasks is work on the item), to lab (an item of
//	             type LAB begins with its sample and is done with its released result, never by tasks alone) and to
//	             encounters (a cancelled encounter cancels what is still open of its orders; a closed one leaves them: a test that was
//	             asked for in a consultation is done after it)
//	asks         encounters, patients, facilities, iam, tasks; packs for the catalogue; rules whether an order may pass
//	locks        the encounter, then tasks, then orders: an act tells of an item before it locks the order, so that the
//	             tasks module takes the item's tasks first, as it does when a task of the item is done
//	callers      staff over the API; consultations through ordersapi.Placer; rules through ordersapi.Reader
package orders
