package testkit

import "time"

// FuzzLimit is how long one made-up input may take. It is far more than any needs, so that a busy machine does not
// look like a fault.
const FuzzLimit = 5 * time.Second

// Within makes a hang as much a fault as a crash is: only a crash makes the fuzzer keep the input.
func Within(what func()) {
	watchdog := time.AfterFunc(FuzzLimit, func() { panic("the input takes too long") })
	defer watchdog.Stop()
	what()
}
