// Package figures keeps what the proofs measured: one JSON line a proof in the file that HM_PROVE_FIGURES names, and
// the same in the test's log. A proof that passes says that something never happened; its figures say out of how many.
package figures

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// FileVariable names the environment variable that holds the file's name. Without it figures are only logged.
const FileVariable = "HM_PROVE_FIGURES"

// LongVariable names the environment variable that asks for the proofs' long form by the value "long".
const LongVariable = "HM_PROVE"

// Long tells whether the proofs run in their long form (make prove) rather than the short one (make test).
func Long() bool { return os.Getenv(LongVariable) == "long" }

// Form gives the name of the form that runs: "long" or "short".
func Form() string {
	if Long() {
		return "long"
	}
	return "short"
}

// line is one line of the file.
type line struct {
	Proof  string         `json:"proof"`
	Test   string         `json:"test"`
	Form   string         `json:"form"`
	Passed bool           `json:"passed"`
	At     time.Time      `json:"at"`
	Values map[string]any `json:"figures"`
}

// Record logs a proof's figures and appends them to the figures file as one line. Values are what encoding/json can
// write. Call it once a test, at its end: Passed is what the test knows by then. A file that cannot be written fails
// the test, for a proof without its figures is half a proof.
func Record(t testing.TB, proof string, values map[string]any) {
	t.Helper()
	var text []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		text = append(text, fmt.Sprintf("%s=%v", name, values[name]))
	}
	t.Logf("%s (%s): %s", proof, Form(), strings.Join(text, " "))
	file := os.Getenv(FileVariable)
	if file == "" {
		return
	}
	if err := appendLine(file, line{Proof: proof, Test: t.Name(), Form: Form(), Passed: !t.Failed(), At: time.Now().UTC().Truncate(time.Second), Values: values}); err != nil {
		t.Errorf("the figures of %s could not be kept: %v", proof, err)
	}
}

// appendLine writes in one call, so that proofs of several processes may share the file.
func appendLine(name string, l line) error {
	encoded, err := json.Marshal(l)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644) //nolint:gosec // figures are for everyone
	if err != nil {
		return err
	}
	if _, err := file.Write(append(encoded, '\n')); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}
