// Package injection proves that nothing that is sent is taken for anything but data: hostile strings through every
// parameter of every operation of the OpenAPI document, one at a time beside valid ones, and bodies that are no sense
// at all. No string is executed, delays an answer, shows something of the inside, comes back other than it went in, or
// changes a row of anybody else. Modules to come are under it as soon as the document names them.
//
//	go test ./prove/injection                  some strings for each place, in seconds (part of make test)
//	HM_PROVE=long go test -timeout 1h ./prove/injection    every string in every place
package injection
