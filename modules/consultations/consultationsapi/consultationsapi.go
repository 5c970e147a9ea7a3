// Package consultationsapi is the contract of the consultations module. It has no rows and no events of its own: what is
// signed is told of by the modules whose it is.
package consultationsapi

// CanSign lets a user sign a consultation. Each part needs the permission of its own module besides.
const CanSign = "consultations.can_sign"
