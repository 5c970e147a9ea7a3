package notifications

import (
	"cmp"
	"embed"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"
)

// Channel is a way to a person.
type Channel string

// The channels. All but the first leave the app.
const (
	ChannelInApp Channel = "in_app"
	ChannelEmail Channel = "email"
	ChannelSMS   Channel = "sms"
	ChannelPush  Channel = "push"
)

// channels in the order in which they are shown.
var channels = []Channel{ChannelInApp, ChannelEmail, ChannelSMS, ChannelPush}

// The kinds of notification. Alerts of the house keep the kind that alertsapi gives them.
const (
	kindRuleAlert       = "rule_alert"
	kindEscalation      = "escalation"
	kindSuperseded      = "alert_superseded"
	kindVoided          = "alert_voided"
	kindResultReleased  = "result_released"
	kindResultCorrected = "result_corrected"
	kindReportCorrected = "report_corrected"
	kindRuleNotice      = "rule_notice"
)

// kinds in the order in which they are shown; each has a text in every built-in language and channel.
var kinds = []string{"critical_result", "test_overdue", "sample_rejected", "quality_control", kindRuleAlert, kindEscalation, kindSuperseded, kindVoided,
	kindResultReleased, kindResultCorrected, kindReportCorrected, kindRuleNotice}

// What stands in braces in a text. Outside the app nothing clinical can be said, whatever a template says: there is no
// placeholder for it. The patient is "a patient" there unless the tenant allows names.
var (
	placeholdersInside  = []string{"facility", "mrn", "patient", "service", "severity", "time", "title", "what"}
	placeholdersOutside = []string{"facility", "link", "patient", "recipient", "severity", "time", "what"}
)

func placeholdersOf(channel Channel) []string {
	if channel == ChannelInApp {
		return placeholdersInside
	}
	return placeholdersOutside
}

// text is what a template says. SMS has no subject; a push message's is its title.
type text struct {
	Subject string `yaml:"subject"`
	Body    string `yaml:"body"`
}

// words are all that is built in of one language.
type words struct {
	Kinds      map[string]string           `yaml:"kinds"`
	Severities map[string]string           `yaml:"severities"`
	Patient    string                      `yaml:"patient"`
	Templates  map[string]map[Channel]text `yaml:"templates"`
}

//go:embed texts/*.yaml
var textFiles embed.FS

// fallbackLanguage has every text.
const fallbackLanguage = "en"

// builtIn are the languages that HM brings.
var builtIn = readTexts("en", "hi")

func readTexts(languages ...string) map[string]words {
	all := map[string]words{}
	for _, language := range languages {
		file, err := textFiles.ReadFile("texts/" + language + ".yaml")
		if err != nil {
			panic(err)
		}
		var w words
		if err := yaml.UnmarshalWithOptions(file, &w, yaml.Strict()); err != nil {
			panic(fmt.Sprintf("texts/%s.yaml: %v", language, err))
		}
		all[language] = w
	}
	return all
}

// wordsIn gives the words of a language, of English where HM does not speak it.
func wordsIn(language string) words {
	if w, known := builtIn[language]; known {
		return w
	}
	return builtIn[fallbackLanguage]
}

// baseLanguage is the language of a locale: "hi" of "hi-IN", English where none is named.
func baseLanguage(locale string) string {
	base, _, _ := strings.Cut(strings.ToLower(locale), "-")
	return cmp.Or(base, fallbackLanguage)
}

// checkText says what is wrong with a text for a channel, in one sentence; "" when nothing is.
func checkText(channel Channel, s string) string {
	known := placeholdersOf(channel)
	for rest := s; ; {
		open := strings.IndexAny(rest, "{}")
		if open < 0 {
			return ""
		}
		if rest[open] == '}' {
			return "Has a } without its {."
		}
		end := strings.IndexAny(rest[open+1:], "{}")
		if end < 0 || rest[open+1+end] == '{' {
			return "Has a { without its }."
		}
		name := rest[open+1 : open+1+end]
		if !slices.Contains(known, name) {
			return fmt.Sprintf("There is no {%s} here; there are {%s}.", name, strings.Join(known, "}, {"))
		}
		rest = rest[open+end+2:]
	}
}

// fill puts facts in the place of their names. A fact that is not known leaves nothing behind; facts themselves are never
// read for names.
func fill(s string, facts map[string]string) string {
	var out strings.Builder
	for {
		open := strings.IndexByte(s, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(s[open:], '}')
		if end < 0 {
			break
		}
		out.WriteString(s[:open])
		out.WriteString(facts[s[open+1:open+end]])
		s = s[open+end+1:]
	}
	out.WriteString(s)
	return strings.TrimSpace(out.String())
}

// render fills a text. What becomes a header, a title or an SMS has no line breaks nor other control characters.
func render(channel Channel, t text, facts map[string]string) text {
	filled := text{Subject: oneLine(fill(t.Subject, facts)), Body: fill(t.Body, facts)}
	if channel != ChannelEmail {
		filled.Body = oneLine(filled.Body)
	}
	return filled
}

func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// templateKey names a text.
type templateKey struct {
	kind     string
	channel  Channel
	language string
}

// textOf gives the text of a kind in a language: the tenant's own, else the built-in one, else English likewise.
func textOf(own map[templateKey]text, kind string, channel Channel, language string) text {
	for _, language := range []string{language, fallbackLanguage} {
		if t, found := own[templateKey{kind, channel, language}]; found {
			return t
		}
		if t, found := builtIn[language].Templates[kind][channel]; found {
			return t
		}
	}
	return text{}
}
