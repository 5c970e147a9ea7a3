package figures_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"hmsoftware.com/hm/prove/figures"
)

func TestEveryRecordIsALineOfTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "figures.jsonl")
	t.Setenv(figures.FileVariable, file)
	t.Setenv(figures.LongVariable, "long")
	figures.Record(t, "first", map[string]any{"requests": 12})
	figures.Record(t, "second", map[string]any{"requests": 13})

	opened, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	var proofs []string
	for lines := bufio.NewScanner(opened); lines.Scan(); {
		var got struct {
			Proof, Test, Form string
			Passed            bool
			Figures           map[string]float64
		}
		if err := json.Unmarshal(lines.Bytes(), &got); err != nil {
			t.Fatalf("%s: %v", lines.Text(), err)
		}
		if got.Test != t.Name() || got.Form != "long" || !got.Passed || got.Figures["requests"] < 12 {
			t.Errorf("line: %s", lines.Text())
		}
		proofs = append(proofs, got.Proof)
	}
	if len(proofs) != 2 || proofs[0] != "first" || proofs[1] != "second" {
		t.Errorf("proofs: %v", proofs)
	}
}

func TestTheShortFormIsTheDefault(t *testing.T) {
	t.Setenv(figures.LongVariable, "")
	if figures.Long() || figures.Form() != "short" {
		t.Errorf("got %s", figures.Form())
	}
}
