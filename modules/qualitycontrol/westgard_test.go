package qualitycontrol_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"

	"hmsoftware.com/hm/modules/qualitycontrol"
)

// values makes controls of a glucose level: mean 100 mg/dL, SD 2. The last is the newest.
func values(texts ...string) []qualitycontrol.Control {
	all := make([]qualitycontrol.Control, len(texts))
	for i, text := range texts {
		all[i] = qualitycontrol.Control{Value: decimal.MustParse(text), Mean: decimal.MustParse("100"), SD: decimal.MustParse("2")}
	}
	return all
}

// judge says which rules the last of a series breaks.
func judge(series, peers []qualitycontrol.Control) string {
	former := slices.Clone(series[:len(series)-1])
	slices.Reverse(former)
	broken := qualitycontrol.Judge(series[len(series)-1], former, peers)
	words := make([]string, len(broken))
	for i, rule := range broken {
		words[i] = string(rule)
	}
	return strings.Join(words, " ")
}

// Each rule by its textbook series (Westgard, Basic QC Practices), and by what just misses it.
func TestEachRuleByItsSeries(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		series, peers string
		want          string
	}{
		"in control":                             {series: "101 99.5 100 102 98.5", want: ""},
		"on the mean":                            {series: "100", want: ""},
		"1-2s above":                             {series: "101 99 104.01", want: "1-2s"},
		"1-2s below":                             {series: "101 99 95.99", want: "1-2s"},
		"on the limit of 2 SD":                   {series: "104", want: ""},
		"1-3s above":                             {series: "100 101 106.1", want: "1-3s"},
		"1-3s below":                             {series: "100 101 93.9", want: "1-3s"},
		"on the limit of 3 SD":                   {series: "106", want: "1-2s"},
		"2-2s across runs":                       {series: "100 104.5 104.2", want: "2-2s"},
		"2-2s below":                             {series: "100 95.5 95.8", want: "2-2s"},
		"2-2s with one between":                  {series: "104.5 100 104.2", want: "1-2s"},
		"2-2s on both sides is not":              {series: "104.5 95.5", want: "1-2s"},
		"2-2s in one run":                        {series: "100 104.5", peers: "104.2", want: "2-2s"},
		"R-4s":                                   {series: "100 104.5", peers: "95.5", want: "R-4s"},
		"R-4s the other way":                     {series: "100 95.5", peers: "104.5", want: "R-4s"},
		"R-4s needs both beyond 2 SD":            {series: "100 105.9", peers: "96.1", want: "1-2s"},
		"R-4s among three levels":                {series: "100 104.5", peers: "100.2 95.5", want: "R-4s"},
		"R-4s is never of two runs":              {series: "95 105", want: "1-2s"},
		"a peer alone breaks nothing of this":    {series: "100 101", peers: "95", want: ""},
		"4-1s above":                             {series: "100 102.1 102.5 103 102.2", want: "4-1s"},
		"4-1s below":                             {series: "97.9 97.5 97 97.8", want: "4-1s"},
		"4-1s with one on the limit":             {series: "102.1 102 103 102.2", want: ""},
		"4-1s wants four":                        {series: "102.1 103 102.2", want: ""},
		"10x above":                              {series: "100.1 101 100.5 101.2 100.3 100.9 101.1 100.2 100.7 100.4", want: "10x"},
		"10x below":                              {series: "99.9 99 99.5 98.8 99.7 99.1 98.9 99.8 99.3 99.6", want: "10x"},
		"10x with one on the mean":               {series: "100.1 101 100.5 101.2 100 100.9 101.1 100.2 100.7 100.4", want: ""},
		"10x wants ten":                          {series: "100.1 101 100.5 101.2 100.3 100.9 101.1 100.2 100.7", want: ""},
		"all at once, the gravest first":         {series: "102.5 102.5 102.5 102.5 102.5 102.5 102.5 102.5 104.5 107", peers: "93", want: "1-3s 2-2s R-4s 4-1s 10x"},
		"only the last ten count":                {series: "90 100.1 101 100.5 101.2 100.3 100.9 101.1 100.2 100.7 100.4", want: "10x"},
		"what was before does not trouble a run": {series: "110 110 100", want: ""},
	} {
		if got := judge(values(strings.Fields(c.series)...), values(strings.Fields(c.peers)...)); got != c.want {
			t.Errorf("%s: broke %q, want %q", name, got, c.want)
		}
	}
}

func TestTheWarningIsTheOnlyRuleThatDoesNotReject(t *testing.T) {
	t.Parallel()
	for _, rule := range []qualitycontrol.Rule{qualitycontrol.Rule12s, qualitycontrol.Rule13s, qualitycontrol.Rule22s, qualitycontrol.RuleR4s, qualitycontrol.Rule41s, qualitycontrol.Rule10x} {
		if rule.Rejects() == (rule == "1-2s") {
			t.Errorf("%s rejects: %v", rule, rule.Rejects())
		}
	}
}

// Levels have means and SDs of their own: the same distance in SD is the same judgement.
func TestPeersAreWeighedByTheirOwnTarget(t *testing.T) {
	t.Parallel()
	now := values("104.5")[0]
	for text, want := range map[string]qualitycontrol.Rule{"330.1": qualitycontrol.Rule22s, "269.9": qualitycontrol.RuleR4s, "330": qualitycontrol.Rule12s} {
		peer := qualitycontrol.Control{Value: decimal.MustParse(text), Mean: decimal.MustParse("300"), SD: decimal.MustParse("15")}
		if got := qualitycontrol.Judge(now, nil, []qualitycontrol.Control{peer}); !slices.Equal(got, []qualitycontrol.Rule{want}) {
			t.Errorf("peer %s: %v, want %s", text, got, want)
		}
	}
}

// drawn is a series in hundredths of an SD, newest first, and its peers.
type drawn struct{ now, former, peers []int64 }

func draw(t *rapid.T) drawn {
	hundredths := rapid.Int64Range(-450, 450)
	return drawn{rapid.SliceOfN(hundredths, 1, 1).Draw(t, "now"), rapid.SliceOfN(hundredths, 0, 12).Draw(t, "former"), rapid.SliceOfN(hundredths, 0, 2).Draw(t, "peers")}
}

// at lays hundredths of an SD on a target: value = mean + hundredths x sd / 100.
func at(hundredths []int64, sign int64, mean, sd decimal.Decimal) []qualitycontrol.Control {
	all := make([]qualitycontrol.Control, len(hundredths))
	for i, h := range hundredths {
		distance, err := sd.Mul(decimal.MustNew(sign*h, 2))
		if err != nil {
			panic(err)
		}
		value, err := mean.Add(distance)
		if err != nil {
			panic(err)
		}
		all[i] = qualitycontrol.Control{Value: value, Mean: mean, SD: sd}
	}
	return all
}

func (d drawn) judge(sign int64, mean, sd string) []qualitycontrol.Rule {
	m, s := decimal.MustParse(mean), decimal.MustParse(sd)
	return qualitycontrol.Judge(at(d.now, sign, m, s)[0], at(d.former, sign, m, s), at(d.peers, sign, m, s))
}

func TestJudgementKnowsNoUnitAndNoSide(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		plain := d.judge(1, "0", "1")
		for _, target := range [][2]string{{"100", "2"}, {"-12.5", "0.7"}, {"4.02", "0.013"}, {"250000", "15500"}} {
			if moved := d.judge(1, target[0], target[1]); !slices.Equal(moved, plain) {
				t.Fatalf("around %v: %v, around 0 and 1: %v", target, moved, plain)
			}
			if mirrored := d.judge(-1, target[0], target[1]); !slices.Equal(mirrored, plain) {
				t.Fatalf("mirrored: %v, plain: %v", mirrored, plain)
			}
		}
	})
}

// A model of the rules that looks at them another way: in hundredths of an SD, as their words say it.
func TestJudgementIsWhatTheWordsSay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		level := append(slices.Clone(d.now), d.former...)
		stretch := func(n int, limit int64) bool {
			if len(level) < n {
				return false
			}
			return slices.Min(level[:n]) > limit || slices.Max(level[:n]) < -limit
		}
		now, want := d.now[0], []qualitycontrol.Rule{}
		if now > 300 || now < -300 {
			want = append(want, qualitycontrol.Rule13s)
		}
		high := func(h int64) bool { return h > 200 }
		low := func(h int64) bool { return h < -200 }
		if stretch(2, 200) || high(now) && slices.ContainsFunc(d.peers, high) || low(now) && slices.ContainsFunc(d.peers, low) {
			want = append(want, qualitycontrol.Rule22s)
		}
		if high(now) && slices.ContainsFunc(d.peers, low) || low(now) && slices.ContainsFunc(d.peers, high) {
			want = append(want, qualitycontrol.RuleR4s)
		}
		if stretch(4, 100) {
			want = append(want, qualitycontrol.Rule41s)
		}
		if stretch(10, 0) {
			want = append(want, qualitycontrol.Rule10x)
		}
		if len(want) == 0 && (now > 200 || now < -200) {
			want = append(want, qualitycontrol.Rule12s)
		}
		if got := d.judge(1, "100", "2"); !slices.Equal(got, want) {
			t.Fatalf("%v: broke %v, want %v", d, got, want)
		}
	})
}

// Values that swing around the mean within one SD break nothing, however long the series.
func TestAQuietSeriesBreaksNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.Int64Range(0, 100), 1, 40).Draw(t, "sizes")
		for i := range sizes {
			if i%2 == 1 {
				sizes[i] = -sizes[i]
			}
		}
		for i := range sizes {
			d := drawn{sizes[i : i+1], slices.Clone(sizes[:i]), sizes[:min(i, 2)]}
			slices.Reverse(d.former)
			if got := d.judge(1, "5.2", "0.11"); len(got) > 0 {
				t.Fatalf("run %d broke %v", i, got)
			}
		}
	})
}
