package limit

import (
	"slices"
	"strings"
	"testing"

	"hmsoftware.com/hm/bench/acts"
)

func TestEveryComparedActHasItsScript(t *testing.T) {
	t.Parallel()
	var names, scripted []string
	for _, act := range acts.Compared() {
		names = append(names, act.Name)
	}
	for _, s := range Scripts() {
		scripted = append(scripted, s.Act)
		text, err := s.Text()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(text, `\startpipeline`) != 1 || strings.Count(text, `\endpipeline`) != 1 {
			t.Errorf("%s is not one pipeline", s.file)
		}
		all := statements(text)
		if s.Event != "" && (strings.TrimSpace(all[0]) != "BEGIN" || strings.TrimSpace(all[len(all)-1]) != "COMMIT") {
			t.Errorf("%s is not one transaction: %q", s.file, all)
		}
	}
	if !slices.Equal(names, scripted) {
		t.Errorf("the acts are %v, the scripts %v", names, scripted)
	}
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	hm := Footprint{"a.same": {1, 100}, "a.longer": {1, 100}, "a.more": {2, 100}, "a.ours": {1, 10}}
	limit := Footprint{"a.same": {1, 90}, "a.longer": {1, 200}, "a.more": {1, 100}, "a.theirs": {1, 10}}
	want := []string{
		"a.longer: HM writes 100 bytes, the limit 200", "a.more: HM writes 2 rows, the limit 1",
		"a.ours: HM writes 1 rows, the limit 0", "a.theirs: HM writes 0 rows, the limit 1",
	}
	if got := Differences(hm, limit); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if got := Differences(hm, hm); got != nil {
		t.Errorf("it differs from itself: %q", got)
	}
}

func TestReadingWhatPgbenchPrints(t *testing.T) {
	t.Parallel()
	const good = "number of transactions actually processed: 57612\nnumber of failed transactions: 0 (0.000%)\nlatency average = 0.416 ms\n" +
		"initial connection time = 7.871 ms\ntps = 19220.614461 (without initial connection time)\n"
	r, err := parse(good)
	if err != nil || r.Done != 57612 || r.Rate < 19220 || r.Rate > 19221 || r.Mean.Microseconds() != 416 {
		t.Errorf("%+v %v", r, err)
	}
	for _, bad := range []string{"", strings.Replace(good, "transactions: 0", "transactions: 3", 1), good + "Run was aborted; the above results are incomplete.\n"} {
		if _, err := parse(bad); err == nil {
			t.Errorf("taken for good:\n%s", bad)
		}
	}
}

func TestWithoutPgbenchItSaysHowToGetIt(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Find(t.TempDir()); err == nil || !strings.Contains(err.Error(), "apt-get install") || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v", err)
	}
}
