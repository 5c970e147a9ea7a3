package notifications

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEveryBuiltInTextIsThereAndRight(t *testing.T) {
	t.Parallel()
	for language, w := range builtIn {
		for _, severity := range []string{"INFO", "WARNING", "CRITICAL"} {
			if w.Severities[severity] == "" {
				t.Errorf("%s has no word for %s", language, severity)
			}
		}
		if w.Patient == "" || len(w.Kinds) != len(kinds) || len(w.Templates) != len(kinds) {
			t.Errorf("%s has %d kinds, %d templates, want %d", language, len(w.Kinds), len(w.Templates), len(kinds))
		}
		for _, kind := range kinds {
			if w.Kinds[kind] == "" {
				t.Errorf("%s has no word for %s", language, kind)
			}
			for _, channel := range channels {
				text := TemplateText{Kind: kind, Channel: channel, Language: language, Subject: w.Templates[kind][channel].Subject, Body: w.Templates[kind][channel].Body}
				if faults := text.check(); len(faults.Fields) > 0 {
					t.Errorf("%s %s %s: %v", language, kind, channel, faults.Fields)
				}
			}
		}
	}
}

func TestAFaultyTextIsToldWhatIsWrong(t *testing.T) {
	t.Parallel()
	for text, fault := range map[string]string{
		"Value {value} of {patient}": "There is no {value} here",
		"{mrn}":                      "There is no {mrn} here",
		"{title}":                    "There is no {title} here",
		"an open { brace":            "Has a { without its }.",
		"{patient {link}":            "Has a { without its }.",
		"a closing } brace":          "Has a } without its {.",
		"{}":                         "There is no {} here",
		"{Patient}":                  "There is no {Patient} here",
		"{patient} {link} {what}":    "",
		"plain":                      "",
	} {
		if got := checkText(ChannelEmail, text); got != fault && (fault == "" || !strings.HasPrefix(got, fault)) {
			t.Errorf("%s: it says %q", text, got)
		}
	}
	if got := checkText(ChannelInApp, "{title} {patient} {mrn} {service}"); got != "" {
		t.Errorf("in the app: %s", got)
	}
}

// What was checked is filled whole, and a fact's own braces are not read.
func TestWhatIsCheckedIsFilled(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		channel := rapid.SampledFrom(channels).Draw(t, "channel")
		pieces := rapid.SliceOf(rapid.SampledFrom(append([]string{"word", "{", "}", " ", "{unknown}", "{patient}"}, braced(placeholdersOf(channel))...))).Draw(t, "pieces")
		text := strings.Join(pieces, "")
		facts := map[string]string{}
		for _, name := range placeholdersOf(channel) {
			facts[name] = "<{patient}>"
		}
		filled := fill(text, facts)
		if checkText(channel, text) == "" && strings.Count(filled, "<{patient}>") != strings.Count(text, "{") {
			t.Fatalf("%q becomes %q", text, filled)
		}
	})
}

func braced(names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = "{" + name + "}"
	}
	return all
}

func TestWhatBecomesAHeaderHasOneLine(t *testing.T) {
	t.Parallel()
	facts := map[string]string{"facility": "Asha\r\nBcc: everybody@example.org", "patient": "a\x00b"}
	got := render(ChannelEmail, text{"At {facility}", "{patient}\nline"}, facts)
	if strings.ContainsAny(got.Subject, "\r\n\x00") || got.Subject != "At Asha Bcc: everybody@example.org" {
		t.Errorf("subject %q", got.Subject)
	}
	if sms := render(ChannelSMS, text{"", "one\ntwo"}, facts); sms.Body != "one two" {
		t.Errorf("SMS %q", sms.Body)
	}
}
