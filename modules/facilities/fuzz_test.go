package facilities

import (
	"strings"
	"testing"
	"time"
)

// Settings that are accepted make MRNs: of one number, and of characters that an MRN may have.
func FuzzSettings(f *testing.F) {
	for _, c := range [][2]string{
		{"Asia/Kolkata", "{facility}-{yy}-{number:6}"}, {"Local", "{number}"}, {"", "{number}"}, {"../../etc/passwd", "{number}"}, {"UTC\x00", "{number}"}, {"Asia/Kolkata ", "{number}{number}"},
		{"UTC", ""}, {"UTC", "{number:0}"}, {"UTC", "{{number}}"}, {"UTC", "{num{number}ber}"}, {"UTC", "{number}é"}, {"UTC", "{number}\n"}, {"UTC", "{yyyy}{mm}/{number:9}"}, {"/UTC", "{number}"},
	} {
		f.Add(c[0], c[1])
	}
	f.Fuzz(func(t *testing.T, zone, pattern string) {
		if check(zone, pattern) != nil {
			return
		}
		if _, err := time.LoadLocation(zone); err != nil {
			t.Fatal(err)
		}
		made := strings.NewReplacer("{facility}", "MAIN", "{yyyy}", "2026", "{yy}", "26", "{mm}", "03").Replace(pattern)
		made = mrnNumber.ReplaceAllString(made, "1")
		if strings.Trim(made, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./_-") != "" {
			t.Fatalf("%q makes %q", pattern, made)
		}
	})
}
