// Package isolation proves that no tenant and no facility learns anything of another: not by any operation of the
// OpenAPI document, with any id of theirs in path, query, header or body, in any role; not from what is refused; and
// not from how long it takes. Modules to come are under it as soon as the document names them.
//
//	go test ./prove/isolation                    a sample of the ids, in seconds (part of make test)
//	HM_PROVE=long go test -timeout 1h ./prove/isolation    many more ids, every side against every other, and times asserted
package isolation
